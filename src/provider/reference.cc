#include "provider/reference.h"

#include "base/text.h"
#include "crypto/hash.h"

namespace certo::provider {
namespace {

constexpr std::string_view program_prefix = "exec:";
constexpr std::string_view script_prefix = "acmesh:";

constexpr size_t longest_name = 200;  // file names end at 255 bytes

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

Name parse_name(const std::string& text) {
  const size_t dot = text.find('.');
  if (dot == text.npos) return Name{text};
  return Name{text.substr(0, dot), text.substr(dot + 1)};
}

}  // namespace

std::optional<Program> as_program(const std::string& text) {
  if (!text.starts_with(program_prefix)) return std::nullopt;
  return Program{text.substr(program_prefix.size())};
}

std::optional<Program> as_program_with_words(const std::string& text) {
  const auto program = as_program(text);
  if (!program) return std::nullopt;
  const std::vector<std::string> words = split(trim(program->path), ' ');
  return Program{words.front(), {words.begin() + 1, words.end()}};
}

std::string to_text(const Program& program) {
  std::string text = std::string(program_prefix) + program.path;
  for (const std::string& word : program.words) text += " " + word;
  return text;
}

bool is_plugin_file(const std::string& text) {
  return text.find('/') != text.npos && (text.ends_with(".so") || text.ends_with(".json")) &&
         !as_program(text);
}

bool is_script_file(const std::string& text) {
  return text.find('/') != text.npos && text.ends_with(".sh") && !as_program(text);
}

Reference parse_reference(const std::string& text) {
  if (auto program = as_program(text)) return *std::move(program);
  if (is_plugin_file(text)) return PluginFile{text};
  const bool is_script = text.starts_with(script_prefix);
  const std::string rest = is_script ? text.substr(script_prefix.size()) : text;
  if (is_script_file(rest)) return ScriptName{rest};
  Name name = parse_name(rest);
  if (is_script) return ScriptName{std::move(name.name), std::move(name.account)};
  return name;
}

std::string file_name_of(const std::string& provider) {
  std::string name;
  for (const char c : provider) {
    const bool stays = is_plain(c) || (c == '.' && !name.empty());
    const uint8_t byte[] = {static_cast<uint8_t>(c)};
    name += stays ? std::string(1, c) : "%" + hex(byte);
  }
  if (name.size() <= longest_name) return name;
  const crypto::Sha256 digest = crypto::sha256(provider);
  return name.substr(0, longest_name - 2 * digest.size()) + hex(digest);
}

}  // namespace certo::provider
