// Which certificates of the store are for a name, without reading all requests as JSON.
#pragma once

#include <string>
#include <vector>

#include "store/entry.h"

namespace certo::store {

/// The certificates whose requests may name one of `values` (as in crypto::Identifier), in natural order: all
/// that do, and perhaps others.
std::vector<std::string> mentioning(const Home& home, const std::vector<std::string>& values);

/// The first of `names` whose request is `wanted`. One that cannot be read is passed over: commands for that
/// certificate report the damage.
std::optional<std::string> find_entry(
    const Home& home, const std::vector<std::string>& names,
    const std::function<bool(const std::string& name, const Request& request)>& wanted);

}  // namespace certo::store
