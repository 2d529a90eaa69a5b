#include "commands/programs.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "store/format.h"

namespace certo::commands {
namespace {

constexpr size_t program_limit = 128 << 20;  // bytes
constexpr const char* format = "upgrading/1";

std::string journal_of(const std::string& certo) { return certo + ".upgrading"; }

/// In a folder such as /tmp others can make files next to certo.
void require_own(const std::string& path) {
  const auto found = os::facts(path);
  const bool is_own = found && found->kind == os::Kind::file &&
                      (found->owner == 0 || found->owner == os::own_user()) && (found->mode & 0022) == 0;
  if (!is_own)
    throw Error(Exit::config, path + ": is not a file of root or of this user, so it is not used",
                "remove it");
}

std::vector<Program> read_journal(const std::string& certo) {
  const std::string file = journal_of(certo);
  require_own(file);
  const Json json = parse_json(os::read_file(file), file, Exit::bad_input);
  store::require_format(json, format, file);
  std::vector<Program> programs;
  for (const Json& one : Fields(json, file, Exit::bad_input).array("programs")) {
    const Fields fields(one, file, Exit::bad_input);
    programs.push_back({fields.string("path"), fields.string("sha256")});
  }
  // Only programs of this installation are changed, whatever the file says.
  const std::vector<std::string> known = program_paths(certo);
  for (const Program& program : programs)
    if (std::ranges::find(known, program.path) == known.end())
      throw Error(Exit::bad_input, file + ": " + program.path + " does not belong to " + certo);
  return programs;
}

void complete(const std::string& certo) {
  const std::vector<Program> programs = read_journal(certo);
  const bool is_whole = std::ranges::all_of(programs, [](const Program& one) {
    return has_checksum(one.next(), one.sha256) || has_checksum(one.path, one.sha256);
  });
  if (!is_whole)
    throw Error(Exit::bad_input, "an upgrade was interrupted, and its new files are not complete",
                "run 'certo upgrade' again");
  const auto waits = [](const Program& one) { return os::exists(one.next()); };  // was not renamed yet
  for (const Program& one : programs)
    if (waits(one)) require_own(one.next());
  for (const Program& one : programs)
    if (waits(one) && has_checksum(one.next(), one.sha256)) os::rename(one.next(), one.path);
}

}  // namespace

std::vector<std::string> program_paths(const std::string& certo) {
  const std::string folder = os::folder_of(certo);
  std::vector<std::string> paths;
  for (const std::string& place : {folder, os::folder_of(folder) + "/libexec/certo"}) {
    const std::string path = os::path_in(place, "certo-provider-host");
    if (os::exists(path) && paths.empty()) paths.push_back(path);
  }
  paths.push_back(certo);
  return paths;
}

bool has_checksum(const std::string& path, const std::string& sha256) {
  const auto content = os::read_file_if(path, program_limit);
  return content && hex(crypto::sha256(*content)) == sha256;
}

void begin_exchange(const std::vector<Program>& programs) {
  Json list = Json::array();
  for (const Program& one : programs) {
    os::write_file(one.old(), os::read_file(one.path, program_limit), 0755);
    list.push(Json(Json::Object{{"path", one.path}, {"sha256", one.sha256}}));
  }
  Json json = store::new_file(format);
  json.set("programs", std::move(list));
  os::write_file(journal_of(programs.back().path), to_pretty_json(json), 0644);
}

void exchange(const std::vector<Program>& programs) {
  begin_exchange(programs);
  const std::string journal = journal_of(programs.back().path);
  size_t done = 0;
  try {
    for (; done < programs.size(); ++done) os::rename(programs[done].next(), programs[done].path);
  } catch (...) {
    os::remove_file(journal);
    while (done-- > 0)
      os::write_file(programs[done].path, os::read_file(programs[done].old(), program_limit), 0755);
    throw;
  }
  os::remove_file(journal);
}

bool complete_exchange(const std::string& certo) {
  if (certo.empty() || !os::exists(journal_of(certo))) return false;
  try {
    os::Places places;
    places.open(os::folder_of(certo));
    places.lock(Millis(0));
    if (!os::exists(journal_of(certo))) return false;
    os::probe_writable(os::folder_of(certo));
    try {
      complete(certo);
    } catch (const Error& error) {
      if (error.code == Exit::bad_input) os::remove_file(journal_of(certo));
      throw;
    }
    os::remove_file(journal_of(certo));
    log::say("an upgrade of " + certo + " was interrupted, and is complete now");
    return true;
  } catch (const Error& error) {
    const bool is_for_another = error.code == Exit::later || error.code == Exit::not_permitted;
    if (!is_for_another) log::warn(error.message + (error.hint.empty() ? "" : "; " + error.hint));
    return false;
  }
}

}  // namespace certo::commands
