// What the readers of other clients' folders have in common.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/shell_word.h"
#include "store/request.h"

namespace certo::imports {

/// Runs `act`. If it throws, `left` gets a sentence about `subject`. A signal, and a store that cannot be
/// written, are thrown on.
void attempt(std::vector<std::string>& left, const std::string& subject, const std::function<void()>& act);

/// The URL of the same CA's directory today: Let's Encrypt's first servers have been replaced.
std::string current_directory(const std::string& url);

/// The value for Standalone::listen; "" if both are empty.
std::string listen_on(const std::string& address, const std::string& port, int usual_port);

/// Why a client's number of days is not taken over.
inline constexpr const char* when_renewed = "certo renews when the CA says so, or by the lifetime";

/// Groups names that are proven the same way. The way of the last name is the usual one.
store::Ways ways_of(const std::vector<crypto::Identifier>& identifiers,
                    const std::function<store::Way(size_t)>& way_of);

}  // namespace certo::imports
