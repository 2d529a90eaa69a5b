// Settings that a program prints, so that no file has to hold them:
// `--dns-credentials "exec:/usr/bin/pass show dns"`.
#pragma once

#include <string>

#include "provider/reference.h"

namespace certo::provider {

/// What the program prints. It gets a clean environment and 30 s. The output is used for five minutes,
/// because one certificate needs it several times and a token may be short-lived. Throws Error{config} if the
/// program fails, with its last line on stderr, and if it is not trustworthy.
std::string printed_credentials(const Program& program);

}  // namespace certo::provider
