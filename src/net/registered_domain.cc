#include "net/registered_domain.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "base/text.h"
#include "net/idn.h"

namespace certo::net {
namespace {

#include <public_suffixes.h>  // suffix_heads and suffix_tails, by scripts/deps.sh

enum class RuleKind { name, all_below, exception };

/// As build_publicsuffix in scripts/deps.sh calculates it.
uint64_t number_of(std::string_view rule, RuleKind kind) {
  uint64_t hash = 0;
  for (const unsigned char byte : rule) hash = (hash * 263 + byte) % 274877906899;
  return hash * 4 + static_cast<uint64_t>(kind);
}

bool is_listed(std::string_view rule, RuleKind kind) {
  const uint64_t number = number_of(rule, kind);
  const auto heads =
      std::equal_range(std::begin(suffix_heads), std::end(suffix_heads), static_cast<uint32_t>(number >> 8));
  const auto tails = std::begin(suffix_tails);
  return std::binary_search(tails + (heads.first - suffix_heads), tails + (heads.second - suffix_heads),
                            static_cast<uint8_t>(number));
}

/// The list has its names in Unicode.
std::string listed_form(std::string_view name) {
  if (name.find("xn--") == name.npos) return std::string(name);
  std::vector<std::string> labels = split(std::string(name), '.');
  for (std::string& label : labels)
    if (std::string unicode = to_unicode(label); !unicode.empty()) label = std::move(unicode);
  return join(labels, ".");
}

}  // namespace

std::string registered_domain(std::string_view name) {
  const std::string listed = listed_form(name);
  // From the whole name to its last label: the longest rule counts. `before` is one label longer than `here`.
  std::string_view before = name, here = name, here_listed = listed;
  for (;;) {
    if (is_listed(here_listed, RuleKind::exception)) return std::string(here);
    const size_t dot = here.find('.'), dot_listed = here_listed.find('.');
    // A name below no rule: its last label is the suffix.
    if (dot == here.npos || is_listed(here_listed, RuleKind::name)) return std::string(before);
    if (is_listed(here_listed.substr(dot_listed + 1), RuleKind::all_below)) return std::string(before);
    before = here;
    here.remove_prefix(dot + 1);
    here_listed.remove_prefix(dot_listed + 1);
  }
}

std::string counted_network(const std::string& address) {
  in6_addr bits{};
  if (::inet_pton(AF_INET6, address.c_str(), &bits) != 1) return address;
  std::fill(std::begin(bits.s6_addr) + 8, std::end(bits.s6_addr), 0);
  char text[INET6_ADDRSTRLEN];
  return std::string(::inet_ntop(AF_INET6, &bits, text, sizeof text)) + "/64";
}

}  // namespace certo::net
