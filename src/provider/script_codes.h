// The codes and digests of acme.sh's scripts: each takes what comes on stdin and returns what goes to stdout.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certo::provider {

/// `words`: the name of the code and its arguments. Nothing for an unknown name. Throws Error{bad_input} for
/// an input that it cannot take.
///
///   base64 [lines]  dbase64  hex-dump  from-hex  url-encode [upper-hex]
///   digest ALGORITHM [hex]           base64 without `hex`
///   hmac ALGORITHM [hex]             the first line of the input is the key in hex; raw bytes without `hex`
///   sign KEY-FILE ALGORITHM          base64; of RSA by PKCS#1 or, if ALGORITHM says so as for openssl, PSS
///   is-rsa KEY-FILE                  fails if it is not
///   idn NAME[,NAME…]
std::optional<std::string> script_code(const std::vector<std::string>& words, std::string_view input);

}  // namespace certo::provider
