#include "install/hook_environment.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/trust.h"

namespace certo::install {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

/// certbot's names, and ours below live/.
constexpr std::array<std::pair<const char*, const char*>, 4> lineage_links = {
    {{"privkey.pem", "key.pem"},
     {"cert.pem", "cert.pem"},
     {"chain.pem", "chain.pem"},
     {"fullchain.pem", "fullchain.pem"}}};

/// The folder ends with the certificate's name, because hooks read the name from it.
std::string lineage(const store::Entry& entry) {
  std::string folder = entry.folder() + "/certbot/" + entry.name();
  os::make_folder(folder, 0700);
  for (const auto& [theirs, ours] : lineage_links) {
    if (!os::exists(entry.folder() + "/live/" + ours)) continue;  // a key that is elsewhere
    const std::string path = os::path_in(folder, theirs);
    const std::string target = std::string("../../live/") + ours;
    if (os::read_link(path) != target) os::switch_link(path, target);
  }
  return folder;
}

void add_paths(Variables& variables, const std::string& live) {
  const auto add = [&](const char* file, const char* ours, const char* of_acme_sh) {
    const std::string path = os::path_in(live, file);
    if (os::exists(path)) variables[ours] = variables[of_acme_sh] = path;
  };
  add("key.pem", "CERTO_KEY_PATH", "CERT_KEY_PATH");
  add("cert.pem", "CERTO_CERT_PATH", "CERT_PATH");
  add("chain.pem", "CERTO_CHAIN_PATH", "CA_CERT_PATH");
  add("fullchain.pem", "CERTO_FULLCHAIN_PATH", "CERT_FULLCHAIN_PATH");
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && digits.find(name.front()) == digits.npos && std::ranges::all_of(name, [](char c) {
    return letters.find(c) != letters.npos || digits.find(c) != digits.npos;
  });
}

std::string unquoted(std::string_view value) {
  const bool is_quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '\'' || value.front() == '"');
  return std::string(is_quoted ? value.substr(1, value.size() - 2) : value);
}

}  // namespace

Variables hook_variables(HookKind kind, const store::Entry& entry, const HookFacts& facts) {
  const std::string names = join(facts.names, " ");
  Variables variables = {{"CERTO_HOOK", std::string(name(kind))},
                         {"CERTO_NAME", entry.name()},
                         {"CERTO_NAMES", names},
                         {"Le_Domain", facts.names.empty() ? entry.name() : facts.names.front()}};
  add_paths(variables, entry.folder() + "/live");
  if (kind != HookKind::pre) {
    variables["RENEWED_DOMAINS"] = facts.is_renewed ? names : "";
    if (kind == HookKind::post) variables["FAILED_DOMAINS"] = facts.is_renewed ? "" : names;
  }
  if (live_version(entry).empty()) return variables;

  variables["RENEWED_LINEAGE"] = lineage(entry);
  const std::string path = entry.folder() + "/live/cert.pem";
  try {
    const auto chain = crypto::parse_chain(os::read_trusted(path, os::of_state), path, Exit::bad_input);
    variables["CERTO_SERIAL"] = chain.front().serial_hex();
    variables["CERTO_NOT_AFTER"] = rfc3339(chain.front().not_after);
  } catch (const Error&) {
    if (kind == HookKind::deploy) throw;  // a damaged one must not be deployed, but must be renewed
  }
  return variables;
}

std::string hook_settings_file(const store::Home& home, const std::string& path) {
  std::string name = os::name_of(path);
  if (name.ends_with(".sh")) name.resize(name.size() - 3);
  const size_t number = name.find_first_not_of(digits);
  if (number != 0 && number != name.npos && name[number] == '-') name.erase(0, number + 1);
  return os::path_in(home.credentials(), "hook-" + name);
}

Variables hook_settings(const store::Home& home, const std::string& path) {
  const std::string file = hook_settings_file(home, path);
  if (!os::exists(file)) return {};
  Variables settings;
  int number = 0;
  for (const std::string& line : split(os::read_private(file), '\n')) {
    const std::string subject = file + ":" + std::to_string(++number);
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const size_t equals = std::min(text.find('='), text.size());
    const std::string_view key = trim(text.substr(0, equals));
    if (equals == text.size() || !is_variable_name(key) || text.find('\0') != text.npos)
      throw Error(Exit::config, subject + ": not KEY=value",
                  "one setting a line; KEY is the variable's name");
    settings[std::string(key)] = unquoted(trim(text.substr(equals + 1)));
  }
  return settings;
}

std::vector<std::string> hook_environment(const Variables& settings, const Variables& variables) {
  Variables all = variables;
  all.insert(settings.begin(), settings.end());
  for (const std::string& line : os::clean_environment()) {
    const size_t equals = line.find('=');
    all.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  std::vector<std::string> list;
  for (const auto& [name, value] : all) list.push_back(name + "=" + value);
  return list;
}

}  // namespace certo::install
