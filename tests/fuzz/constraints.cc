// The extensions of a server's chain, which net/path_rules.h reads itself.
#include <algorithm>

#include "base/text.h"
#include "net/path_rules.h"
#include "target.h"

using namespace certo;

namespace {

std::string fault(std::string_view of_ca, std::string_view of_server) {
  const uint8_t ca[] = {0x30, 0x02, 0x31, 0x00}, nobody[] = {0x30, 0x00};
  net::PathRules rules;
  rules.add({.issuer = ca, .subject = ca, .extensions = {}, .is_root = true});
  rules.add({.issuer = ca, .subject = nobody, .extensions = as_bytes(of_ca)});
  rules.add({.issuer = nobody, .subject = nobody, .extensions = as_bytes(of_server), .is_server = true});
  return rules.fault();
}

/// The first byte says how many belong to the CA's certificate.
void run(std::string_view input) {
  if (input.empty()) return;
  const size_t length = std::min<size_t>(static_cast<uint8_t>(input[0]), input.size() - 1);
  const std::string_view of_ca = input.substr(1, length), of_server = input.substr(1 + length);
  fuzz::promise(fault(of_ca, of_server) == fault(of_ca, of_server), "the rules are the same each time");
  if (of_ca.size() == 1) fuzz::promise(!fault(of_ca, of_server).empty(), "damaged extensions are a fault");
}

const fuzz::Registered registered("constraints", run);

}  // namespace
