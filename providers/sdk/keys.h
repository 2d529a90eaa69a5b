// Services that give each name a key of its own.
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

/// The name that a challenge at `name` is for: without "_acme-challenge.".
std::string challenged(const std::string& name);

/// Of "example.com:key, www.example.com:key": the key of `name`, or of the name that the challenge is for;
/// nothing if there is none.
std::optional<std::string> key_of(const std::string& list, const std::string& name);

}  // namespace certo::sdk
