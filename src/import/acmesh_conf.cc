#include "import/acmesh_conf.h"

#include <algorithm>
#include <cctype>
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

bool is_name(std::string_view text) {
  const auto may_stand = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && std::ranges::all_of(text, may_stand);
}

/// Up to the last quote of the line, because acme.sh escapes nothing. Nothing if the quote is not closed.
std::optional<std::string_view> unquoted(std::string_view text) {
  if (text.empty() || (text.front() != '\'' && text.front() != '"')) return text;
  const size_t end = text.rfind(text.front());
  if (end == 0) return {};
  return text.substr(1, end - 1);
}

}  // namespace

Conf parse_conf(std::string_view text) {
  constexpr std::string_view exported = "export ";
  Conf conf;
  for (const std::string& whole : split(text, '\n')) {
    std::string_view line = trim(whole);
    if (line.starts_with(exported)) line = trim(line.substr(exported.size()));
    const size_t equals = line.find('=');
    if (equals == line.npos || !is_name(line.substr(0, equals))) continue;
    if (const auto value = unquoted(line.substr(equals + 1)))
      conf[std::string(line.substr(0, equals))] = decoded(*value);
  }
  return conf;
}

std::string value(const Conf& conf, const std::string& key) {
  const auto found = conf.find(key);
  return found == conf.end() ? "" : found->second;
}

}  // namespace certo::imports
