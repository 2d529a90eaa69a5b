#include "import/acmesh_conf.h"

#include <optional>

#include "base/text.h"

namespace certo::imports {
namespace {

constexpr std::string_view mark = "__ACME_BASE64__START_", end_mark = "__ACME_BASE64__END_";

std::string decoded(std::string_view value) {
  const bool is_base64 =
      value.size() >= mark.size() + end_mark.size() && value.starts_with(mark) && value.ends_with(end_mark);
  if (!is_base64) return std::string(value);
  value.remove_prefix(mark.size());
  value.remove_suffix(end_mark.size());
  const std::optional<Bytes> bytes = from_base64(value);
  return bytes ? std::string(as_text(*bytes)) : std::string();
}

}  // namespace

Conf parse_conf(std::string_view text) {
  Conf conf;
  for (const std::string& line : split(text, '\n')) {
    const size_t equals = line.find("='");
    const size_t end = line.rfind('\'');
    if (equals == line.npos || equals == 0 || end < equals + 2) continue;
    conf[line.substr(0, equals)] = decoded(std::string_view(line).substr(equals + 2, end - equals - 2));
  }
  return conf;
}

std::string value(const Conf& conf, const std::string& key) {
  const auto found = conf.find(key);
  return found == conf.end() ? "" : found->second;
}

}  // namespace certo::imports
