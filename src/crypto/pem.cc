#include "crypto/pem.h"

namespace certo::crypto {

namespace {

constexpr std::string_view begin_line = "-----BEGIN ";
constexpr std::string_view dashes = "-----";
constexpr size_t longest_label = 128;
constexpr size_t columns = 64;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

}  // namespace

PemText read_pem(std::string_view text) {
  PemText result;
  while (true) {
    const size_t begin = text.find(begin_line);
    if (!is_blank(text.substr(0, begin))) result.stray = true;
    if (begin == text.npos) return result;
    text.remove_prefix(begin + begin_line.size());

    const std::string_view start = text.substr(0, longest_label + dashes.size());
    const size_t label_end = start.substr(0, start.find('\n')).find(dashes);
    const std::string label(text.substr(0, label_end));
    const std::string end_line = "-----END " + label + "-----";
    const size_t end = label_end == text.npos ? text.npos : text.find(end_line, label_end + dashes.size());
    if (end == text.npos) {
      result.damaged = true;
      return result;
    }

    const size_t body = label_end + dashes.size();
    auto der = from_base64(text.substr(body, end - body));
    if (der && !der->empty()) {
      result.blocks.push_back({label, std::move(*der)});
    } else {
      result.damaged = true;
    }
    text.remove_prefix(end + end_line.size());
  }
}

std::string write_pem(std::string_view label, std::span<const uint8_t> der) {
  const std::string body = base64(der);
  std::string pem = "-----BEGIN " + std::string(label) + "-----\n";
  for (size_t at = 0; at < body.size(); at += columns) pem.append(body, at, columns).append("\n");
  return pem + "-----END " + std::string(label) + "-----\n";
}

}  // namespace certo::crypto
