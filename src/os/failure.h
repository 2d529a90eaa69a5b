// The system's error numbers in words, with advice.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace certo::os {

/// "no space left on device": the system's words, to be used inside a sentence.
std::string reason(int error);

/// Throws "<subject>: <what>: <reason>" as Error{not_permitted} for EACCES and EPERM,
/// {cannot_write} with a hint for a disk that is full, read-only or broken, and
/// {otherwise} for the rest.
[[noreturn]] void fail(const std::string& subject, std::string_view what, int error, Exit otherwise);

}  // namespace certo::os
