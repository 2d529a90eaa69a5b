#include "install/targets.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::install {
namespace {

constexpr const char* format = "targets/1";

constexpr std::array names = {
    std::pair{Part::certificate, "certificate"}, std::pair{Part::key, "key"}, std::pair{Part::chain, "chain"},
    std::pair{Part::fullchain, "fullchain"},     std::pair{Part::pem, "pem"}, std::pair{Part::pfx, "pfx"},
    std::pair{Part::folder, "folder"},
};

std::string file(const store::Entry& entry) { return entry.folder() + "/targets.json"; }

std::string octal(mode_t mode) {
  char text[16] = "0";
  const auto end = std::to_chars(text + 1, text + sizeof text, mode, 8).ptr;
  return std::string(text, end);
}

std::optional<mode_t> read_mode(const Fields& fields) {
  const auto text = fields.optional_string("mode");
  if (!text) return {};
  const auto mode = number(*text, 0, 0777, 8);
  if (!mode) throw Error(Exit::bad_input, fields.subject() + ": \"mode\" is not an octal mode like \"0640\"");
  return static_cast<mode_t>(*mode);
}

Json to_json(const Target& target) {
  Json json = Json::object();
  json.set("part", name(target.part)).set("path", target.path);
  if (!target.owner.empty()) json.set("owner", target.owner);
  if (!target.group.empty()) json.set("group", target.group);
  if (target.mode) json.set("mode", octal(*target.mode));
  return json;
}

Target parse_target(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  store::require_known_members(json, {"part", "path", "owner", "group", "mode"}, subject);
  const std::string part = fields.string("part");
  const auto found = std::ranges::find(names, part, [](const auto& row) { return std::string(row.second); });
  if (found == names.end()) throw Error(Exit::bad_input, subject + ": there is no part \"" + part + "\"");
  Target target;
  target.part = found->first;
  target.path = fields.string("path");
  if (!target.path.starts_with('/'))
    throw Error(Exit::bad_input, subject + ": \"path\" is not absolute: " + target.path);
  target.owner = fields.optional_string("owner").value_or("");
  target.group = fields.optional_string("group").value_or("");
  target.mode = read_mode(fields);
  return target;
}

Installation parse(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  store::require_known_members(json,
                               {"targets", "reload", "reload_timeout", "verify", "pfx_password_file",
                                "version", "failures", "failed_at", "error"},
                               subject);
  Installation installation;
  if (const Json::Array* targets = fields.optional_array("targets"))
    for (const Json& one : *targets) installation.targets.push_back(parse_target(one, subject));
  installation.reload = fields.optional_string("reload").value_or("");
  const int64_t limit = fields.optional_integer("reload_timeout").value_or(120);
  if (limit < 1 || limit > 86400)
    throw Error(Exit::bad_input, subject + ": \"reload_timeout\" is not from 1 to 86400 seconds");
  installation.reload_limit = Seconds(limit);
  installation.verify = fields.strings("verify");
  installation.pfx_password_file = fields.optional_string("pfx_password_file").value_or("");
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

bool Installation::shares_a_path_with(const Installation& other) const {
  return std::ranges::any_of(targets, [&](const Target& mine) {
    return std::ranges::find(other.targets, mine.path, &Target::path) != other.targets.end();
  });
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
  if (!installation.version.empty()) json.set("version", installation.version);
  if (installation.failures > 0) json.set("failures", installation.failures);
  if (installation.failed_at) json.set("failed_at", rfc3339(*installation.failed_at));
  if (!installation.error.empty()) json.set("error", printable(installation.error));
  return json;
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
