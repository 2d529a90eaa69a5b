#include "provider/recognize.h"

#include <algorithm>

#include "base/text.h"

namespace certo::provider {
namespace {

bool knows(const Descriptor& descriptor, const std::string& server) {
  return std::ranges::any_of(descriptor.name_servers,
                             [&](const std::string& pattern) { return fits(pattern, server); });
}

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool fits(std::string_view pattern, std::string_view host) {
  size_t p = 0, h = 0;
  size_t star = pattern.npos, retry = 0;  // the last '*', and the host's first character after what it took
  while (h < host.size()) {
    const bool is_same =
        p < pattern.size() && (pattern[p] == '?' || lower_letter(pattern[p]) == lower_letter(host[h]));
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = h;
    } else if (is_same) {
      ++p, ++h;
    } else if (star != pattern.npos) {
      p = star + 1;
      h = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Recognized recognize(const std::vector<Descriptor>& all, const std::vector<std::string>& servers) {
  std::vector<std::string> known;
  std::ranges::copy_if(servers, std::back_inserter(known), [&](const std::string& server) {
    return std::ranges::any_of(all, [&](const Descriptor& one) { return knows(one, server); });
  });
  Recognized found;
  for (const Descriptor& one : all) {
    const auto count =
        std::ranges::count_if(known, [&](const std::string& server) { return knows(one, server); });
    if (count == 0) continue;
    (count == std::ssize(known) ? found.whole : found.parts).push_back(&one);
  }
  return found;
}

}  // namespace certo::provider
