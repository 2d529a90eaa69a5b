#include "install/targets.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/shell_word.h"
#include "base/sort.h"
#include "base/text.h"
#include "os/file.h"
#include "os/place.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::install {
namespace {

constexpr const char* format = "targets/1";
constexpr mode_t closed_mode = 0600;  // of a new file with a key

constexpr std::array names = {
    std::pair{Part::certificate, "certificate"}, std::pair{Part::key, "key"}, std::pair{Part::chain, "chain"},
    std::pair{Part::fullchain, "fullchain"},     std::pair{Part::pem, "pem"}, std::pair{Part::pfx, "pfx"},
    std::pair{Part::folder, "folder"},
};

const char* option(Part part) {
  switch (part) {
    case Part::certificate: return "--cert-file";
    case Part::key: return "--key-file";
    case Part::chain: return "--chain-file";
    case Part::fullchain: return "--fullchain-file";
    case Part::pem: return "--pem-file";
    case Part::pfx: return "--pfx-file";
    case Part::folder: return "--target-dir";
  }
  return "";
}

std::string file(const store::Entry& entry) { return entry.folder() + "/targets.json"; }

std::optional<mode_t> read_mode(const Fields& fields, const std::string& member) {
  const auto text = fields.optional_string(member);
  if (!text) return {};
  const auto mode = number(*text, 0, 0777, 8);
  if (!mode)
    throw Error(Exit::bad_input,
                fields.subject() + ": \"" + member + "\" is not an octal mode like \"0640\"");
  return static_cast<mode_t>(*mode);
}

bool opens_to_others(mode_t mode) { return (mode & S_IRWXO) != 0; }

/// certo 0.1 stored the mode of a folder's key.pem as "mode", and had no "key_mode".
void read_old_folder_mode(Target& target) {
  if (target.part != Part::folder || !target.mode || target.key_mode) return;
  if (opens_to_others(*target.mode)) return;
  target.key_mode = target.mode;
  target.mode.reset();
}

Json to_json(const Target& target) {
  Json json = Json::object();
  json.set("part", name(target.part)).set("path", target.path);
  if (!target.owner.empty()) json.set("owner", target.owner);
  if (!target.group.empty()) json.set("group", target.group);
  if (target.mode) json.set("mode", os::octal(*target.mode));
  // A folder's "mode" alone would be read as certo 0.1 wrote it.
  const bool is_folder = target.part == Part::folder && target.mode;
  if (target.key_mode || is_folder) json.set("key_mode", os::octal(target.key_mode.value_or(closed_mode)));
  return json;
}

Target parse_target(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  store::require_known_members(json, {"part", "path", "owner", "group", "mode", "key_mode"}, subject);
  const std::string part = fields.string("part");
  const auto found = std::ranges::find(names, part, [](const auto& row) { return std::string(row.second); });
  if (found == names.end()) throw Error(Exit::bad_input, subject + ": unknown part \"" + part + "\"");
  Target target;
  target.part = found->first;
  target.path = fields.string("path");
  if (!target.path.starts_with('/'))
    throw Error(Exit::bad_input, subject + ": \"path\" is not absolute: " + target.path);
  target.owner = fields.optional_string("owner").value_or("");
  target.group = fields.optional_string("group").value_or("");
  target.mode = read_mode(fields, "mode");
  target.key_mode = read_mode(fields, "key_mode");
  read_old_folder_mode(target);
  return target;
}

Installation parse(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  store::require_known_members(json,
                               {"targets", "reload", "reload_timeout", "verify", "pfx_password_file",
                                "web_server", "version", "failures", "failed_at", "error"},
                               subject);
  Installation installation;
  if (const Json::Array* targets = fields.optional_array("targets"))
    for (const Json& one : *targets) installation.targets.push_back(parse_target(one, subject));
  installation.reload = fields.optional_string("reload").value_or("");
  const int64_t limit = fields.optional_integer("reload_timeout").value_or(120);
  if (limit < 1 || limit > 86400)
    throw Error(Exit::bad_input, subject + ": \"reload_timeout\" is not a number of seconds from 1 to 86400");
  installation.reload_limit = Seconds(limit);
  installation.verify = fields.strings("verify");
  installation.pfx_password_file = fields.optional_string("pfx_password_file").value_or("");
  installation.web_server = fields.optional_string("web_server").value_or("");
  installation.version = fields.optional_string("version").value_or("");
  installation.failures = static_cast<int>(fields.optional_integer("failures").value_or(0));
  installation.failed_at = store::optional_time(fields, "failed_at");
  installation.error = fields.optional_string("error").value_or("");
  return installation;
}

}  // namespace

std::string_view name(Part part) {
  return std::ranges::find(names, part, [](const auto& row) { return row.first; })->second;
}

bool holds_key(Part part) { return part == Part::key || part == Part::pem || part == Part::pfx; }

std::optional<mode_t> Target::mode_of(Part file) const {
  if (!holds_key(file)) return mode;
  if (key_mode) return key_mode;
  if (part == Part::folder || !mode) return {};
  if (opens_to_others(*mode))
    throw Error(Exit::usage, path + ": mode " + os::octal(*mode) + " would open the private key to all users",
                "put --mode after the files with the key, or give --key-mode " + os::octal(*mode) +
                    " if all users should be able to read the key");
  return mode;
}

Json to_json(const Installation& installation) {
  Json targets = Json::array(), verify = Json::array();
  for (const Target& one : installation.targets) targets.push(to_json(one));
  for (const std::string& one : installation.verify) verify.push(one);
  Json json = Json::object();
  json.set("targets", std::move(targets));
  if (!installation.reload.empty()) {
    json.set("reload", installation.reload);
    json.set("reload_timeout", static_cast<int64_t>(installation.reload_limit.count()));
  }
  if (!installation.verify.empty()) json.set("verify", std::move(verify));
  if (!installation.pfx_password_file.empty()) json.set("pfx_password_file", installation.pfx_password_file);
  if (!installation.web_server.empty()) json.set("web_server", installation.web_server);
  if (!installation.version.empty()) json.set("version", installation.version);
  if (installation.failures > 0) json.set("failures", installation.failures);
  if (installation.failed_at) json.set("failed_at", rfc3339(*installation.failed_at));
  if (!installation.error.empty()) json.set("error", printable(installation.error));
  return json;
}

std::string words_of(const Installation& installation) {
  std::string words;
  Target last;
  const auto add = [&](const char* option, const std::string& value) {
    words += std::string(" ") + option + " " + shell_word(value);
  };
  // An option holds until the next one, so targets without it come first.
  std::vector<Target> targets = installation.targets;
  sort_stably(targets, {}, [](const Target& one) {
    return !one.owner.empty() + !one.group.empty() + one.mode.has_value() + one.key_mode.has_value();
  });
  for (const Target& one : targets) {
    if (one.owner != last.owner) add("--owner", one.owner);
    if (one.group != last.group) add("--group", one.group);
    if (one.mode && one.mode != last.mode) add("--mode", os::octal(*one.mode));
    if (one.key_mode && one.key_mode != last.key_mode) add("--key-mode", os::octal(*one.key_mode));
    add(option(one.part), one.path);
    last = one;
  }
  if (!installation.pfx_password_file.empty()) add("--pfx-password-file", installation.pfx_password_file);
  if (!installation.reload.empty()) add("--reloadcmd", installation.reload);
  for (const std::string& server : installation.verify) add("--verify", server);
  return words;
}

std::vector<Installation> installations(const store::Entry& entry) {
  const std::string subject = file(entry);
  const auto text = os::read_trusted_if(subject, os::of_state);
  if (!text) return {};
  const Json json = parse_json(*text, subject, Exit::bad_input);
  store::require_format(json, format, subject);
  store::require_known_members(json, {"certo", "installations"}, subject);
  const Fields fields(json, subject, Exit::bad_input);
  std::vector<Installation> list;
  for (const Json& one : fields.array("installations")) list.push_back(parse(one, subject));
  return list;
}

void save(const store::Entry& entry, const std::vector<Installation>& installations) {
  if (installations.empty()) return os::remove_file(file(entry));
  Json list = Json::array();
  for (const Installation& one : installations) list.push(to_json(one));
  Json json = store::new_file(format);
  json.set("installations", std::move(list));
  os::write_file(file(entry), to_pretty_json(json), 0600);
}

}  // namespace certo::install
