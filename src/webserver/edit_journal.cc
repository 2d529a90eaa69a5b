#include "webserver/edit_journal.h"

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::webserver {
namespace {

constexpr const char* format = "webserver-edits/1";
constexpr size_t size_limit = 16 << 20;

EditPart parse_part(const std::string& word, const std::string& subject) {
  const auto found = std::ranges::find(all_parts, word, [](EditPart part) { return text(part); });
  if (found == std::end(all_parts))
    throw Error(Exit::bad_input, subject + ": \"part\": '" + word + "' is unknown");
  return *found;
}

/// A configuration is bytes, and JSON is UTF-8.
std::string encoded(const std::string& bytes) {
  return base64({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::string decoded(const Fields& fields, const char* key) {
  const auto bytes = from_base64(fields.string(key));
  if (!bytes) throw Error(Exit::bad_input, fields.subject() + ": \"" + key + "\" is not base64");
  return {bytes->begin(), bytes->end()};
}

bool is_in_own_folder(const std::string& path, const std::string& config) {
  const std::string name = os::name_of(path);
  return os::folder_of(path) == os::path_in(os::folder_of(config), "certo") && !name.empty() && name != "." &&
         name != "..";
}

/// With a damaged journal certo removes only what it wrote itself.
void require_ours(const Change& change, const std::string& config, const std::string& subject) {
  const size_t at = change.added.find(mark_start);
  if (at == change.added.npos || mark_after(change.added, at).empty())
    throw Error(Exit::bad_input, subject + ": \"added\" is not one of certo's lines");
  if (!change.moved_to.empty() && !is_in_own_folder(change.moved_to, config))
    throw Error(Exit::bad_input, subject + ": \"moved_to\" is not a file of certo's: " + change.moved_to);
}

/// As a2enmod of Debian makes it.
bool is_link_to_module(const OwnFile& file, const std::string& config) {
  return file.path == os::path_in(os::folder_of(config), "mods-enabled/" + os::name_of(file.path)) &&
         file.target == "../mods-available/" + os::name_of(file.path);
}

void require_ours(const OwnFile& file, const std::string& config, const std::string& subject) {
  if (file.target.empty() ? !is_in_own_folder(file.path, config) : !is_link_to_module(file, config))
    throw Error(Exit::bad_input, subject + ": \"path\" is not a file of certo's: " + file.path);
}

std::string absolute_member(const Fields& fields, const char* key) {
  std::string path = fields.string(key);
  if (path.starts_with('/') && path.find('\0') == path.npos) return path;
  throw Error(Exit::bad_input, fields.subject() + ": \"" + key + "\" is not an absolute path");
}

Json to_json(const Edits& edits) {
  Json changes = Json::array(), files = Json::array();
  for (const Change& one : edits.changes) {
    Json json(Json::Object{{"part", text(one.part)},
                           {"file", one.file},
                           {"removed", encoded(one.removed)},
                           {"added", encoded(one.added)}});
    if (!one.moved_to.empty()) json.set("moved_to", one.moved_to);
    changes.push(std::move(json));
  }
  for (const OwnFile& one : edits.files) {
    Json json(Json::Object{{"part", text(one.part)}, {"path", one.path}, {"content", encoded(one.content)}});
    if (!one.target.empty()) json.set("target", one.target);
    if (!one.is_shared) json.set("shared", false);
    files.push(std::move(json));
  }
  return Json(Json::Object{{"changes", std::move(changes)}, {"files", std::move(files)}});
}

Edits read_edits(const Fields& all, const char* key, const std::string& config) {
  const Json* const json = all.optional_object(key);
  if (!json) return {};
  const Fields lists(*json, all.subject() + ": \"" + key + "\"", Exit::bad_input);
  Edits edits;
  for (const Json& one : lists.array("changes")) {
    const Fields fields(one, lists.subject(), Exit::bad_input);
    edits.changes.push_back({.part = parse_part(fields.string("part"), lists.subject()),
                             .file = absolute_member(fields, "file"),
                             .at = 0,
                             .removed = decoded(fields, "removed"),
                             .added = decoded(fields, "added"),
                             .moved_to = fields.optional_string("moved_to").value_or("")});
    require_ours(edits.changes.back(), config, lists.subject());
  }
  for (const Json& one : lists.array("files")) {
    const Fields fields(one, lists.subject(), Exit::bad_input);
    edits.files.push_back({.part = parse_part(fields.string("part"), lists.subject()),
                           .path = absolute_member(fields, "path"),
                           .content = decoded(fields, "content"),
                           .target = fields.optional_string("target").value_or(""),
                           .is_shared = fields.boolean("shared", true)});
    require_ours(edits.files.back(), config, lists.subject());
  }
  return edits;
}

EditJournal parse_edit_journal(const std::string& text, const std::string& file) {
  const Json json = parse_json(text, file, Exit::bad_input, size_limit);
  store::require_format(json, format, file);
  const Fields fields(json, file, Exit::bad_input);
  const std::string config = absolute_member(fields, "config");
  EditJournal journal{.server = fields.optional_string("server").value_or("nginx"),
                      .config = config,
                      .id = fields.string("id"),
                      .standing = read_edits(fields, "standing", config),
                      .unsettled = read_edits(fields, "unsettled", config),
                      .hashes = {}};
  if (journal.server != "nginx" && journal.server != "apache")
    throw Error(Exit::bad_input, file + ": \"server\" is neither nginx nor apache");
  // It becomes part of names of files.
  if (journal.id.empty() || journal.id.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw Error(Exit::bad_input, file + ": \"id\" is not one of certo's");
  for (const Json& one : fields.array("files")) {
    const Fields hashes(one, file, Exit::bad_input);
    FileHashes& read = journal.hashes[absolute_member(hashes, "path")];
    read.before = hashes.string("before");
    read.after = hashes.string("after");
    if (hashes.optional_string("old_content")) read.old_content = decoded(hashes, "old_content");
  }
  return journal;
}

}  // namespace

EditJournal read_edit_journal(const std::string& file) {
  const auto text = os::read_trusted_if(file, os::of_state, size_limit);
  if (!text) return {};
  try {
    return parse_edit_journal(*text, file);
  } catch (Error& error) {
    if (error.hint.empty())
      error.hint =
          "restore it from a backup; or remove it, and each line of the server's configuration that ends with '" +
          std::string(trim(mark_start)) + "…', yourself";
    throw;
  }
}

void write_edit_journal(const std::string& file, const EditJournal& journal) {
  if (journal.empty()) {
    os::remove_file(file);
    os::sync_folder(os::folder_of(file));
    return;
  }
  Json files = Json::array();
  for (const auto& [path, hashes] : journal.hashes) {
    Json one(Json::Object{{"path", path}, {"before", hashes.before}, {"after", hashes.after}});
    if (!hashes.old_content.empty()) one.set("old_content", encoded(hashes.old_content));
    files.push(std::move(one));
  }
  Json json = store::new_file(format);
  if (journal.server != "nginx") json.set("server", journal.server);
  json.set("config", journal.config);
  json.set("id", journal.id);
  json.set("standing", to_json(journal.standing));
  json.set("unsettled", to_json(journal.unsettled));
  json.set("files", std::move(files));
  os::write_file(file, to_pretty_json(json), 0600);
}

std::string edit_journal_of(const std::string& certificate_folder) {
  return os::path_in(certificate_folder, "webserver.json");
}

}  // namespace certo::webserver
