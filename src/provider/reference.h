// The values of --dns, and the programs that --dns and --dns-credentials name as "exec:/path/to/program".
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace certo::provider {

struct Program {
  std::string path;
  std::vector<std::string>
      words{};  // its arguments; two blanks have an empty word between them, which is none
};

/// "exec:/path/to/program": all that follows is the path. Nothing for other text.
std::optional<Program> as_program(const std::string& text);
/// "exec:/path/to/program WORD…", separated by blanks.
std::optional<Program> as_program_with_words(const std::string& text);
std::string to_text(const Program& program);

/// A .so or a recipe by its path.
struct PluginFile {
  std::string path;
};

/// Whether `text` is such a path: it contains a '/' and ends in .so or .json.
bool is_plugin_file(const std::string& text);

/// A script of acme.sh: by its path, or by its name after "acmesh:".
struct ScriptName {
  std::string name;  // "dns_cf" or "/path/to/dns_cf.sh"
  std::optional<std::string> account{};
  bool is_path() const { return name.find('/') != name.npos; }
};

/// Whether `text` is the path of such a script, or one after "acmesh:": it contains a '/' and ends in .sh.
bool is_script_file(const std::string& text);

/// "cloudflare", or "cloudflare.work" for the account `work`.
struct Name {
  std::string name;
  std::optional<std::string> account{};
};

using Reference = std::variant<Program, PluginFile, ScriptName, Name>;

Reference parse_reference(const std::string& text);

/// One readable file name for a provider: other bytes than letters, digits, '-', '_' and inner '.' become
/// %XX.
std::string file_name_of(const std::string& provider);

}  // namespace certo::provider
