// Settings that a program prints, so that they need not lie in a file: `--dns-credentials "exec:/usr/bin/pass
// show dns"`.
#pragma once

#include <string>

namespace certo::provider {

/// "exec:/path/to/program WORD…"; everything else is the path of a file.
bool is_credentials_program(const std::string& given);

/// What the program prints. It gets a clean environment and 30 s. Its words are cut at spaces. What it said
/// counts for five minutes, because one certificate needs it several times and a token may be short-lived.
/// Throws Error{config} with its last line on stderr, and when it is not to be trusted.
std::string printed_credentials(const std::string& given);

}  // namespace certo::provider
