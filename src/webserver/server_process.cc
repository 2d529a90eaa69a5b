#include "webserver/server_process.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/terminal.h"

namespace certo::webserver {
namespace {

using Stat = struct stat;

std::optional<Stat> facts_of(const std::string& path) {
  Stat facts{};
  if (::stat(path.c_str(), &facts) != 0) return {};
  return facts;
}

/// The fields of a line of /proc/PID/status; `title`: "Uid".
std::vector<std::string> status_fields(pid_t process, const std::string& title) {
  const std::string status = text_of_process(process, "status");
  const std::string line_start = "\n" + title + ":\t";
  const size_t at = status.find(line_start);
  if (at == status.npos) return {};
  const size_t begin = at + line_start.size();
  return split(status.substr(begin, status.find('\n', begin) - begin), '\t');
}

/// The user of a process; nothing unless its real and its effective user are the same: a program that is set
/// to root's user can have any words as its command line.
std::optional<uid_t> user_of(pid_t process) {
  const std::vector<std::string> ids = status_fields(process, "Uid");
  if (ids.size() < 3 || ids[0] != ids[1] || ids[0] != ids[2]) return {};
  const auto user = number(ids[0], 0, UINT32_MAX);
  return user ? std::optional(static_cast<uid_t>(*user)) : std::nullopt;
}

/// "same" also if this user may not look, because then only files are read that the user may read.
bool sees_other_files(pid_t process) {
  const auto theirs = facts_of(folder_of_process(process) + "/root/"), ours = facts_of("/");
  return theirs && ours && (theirs->st_dev != ours->st_dev || theirs->st_ino != ours->st_ino);
}

std::string without_end(std::string text, std::string_view end) {
  if (text.ends_with(end)) text.resize(text.size() - end.size());
  return text;
}

}  // namespace

std::string folder_of_process(pid_t process) { return "/proc/" + std::to_string(process); }

std::string text_of_process(pid_t process, const std::string& name) {
  try {
    return os::read_file(folder_of_process(process) + "/" + name);
  } catch (const Error& error) {  // also ESRCH: it ended after the file was opened
    log::debug(error.message);
    return {};
  }
}

Trust trust_in(pid_t process) {
  const auto user = user_of(process);
  if (!user) return Trust::ended;
  if (*user != 0 && *user != ::geteuid()) return Trust::foreign;
  return sees_other_files(process) ? Trust::contained : Trust::obeyed;
}

std::optional<Error> out_of_reach(const std::string& name, const std::vector<pid_t>& contained,
                                  const std::vector<pid_t>& foreign) {
  const auto subject = [&](pid_t process) { return name + " (process " + std::to_string(process) + ")"; };
  if (!contained.empty())
    return Error(Exit::usage,
                 subject(contained.front()) +
                     " runs in a container or chroot, and its files are not those that certo sees",
                 "run certo in there, or prove names with --webroot and a folder that both see");
  if (!foreign.empty())
    return Error(Exit::not_permitted, subject(foreign.front()) + " belongs to another user",
                 "run certo as that user");
  return {};
}

bool is_of_root(pid_t process) { return user_of(process) == uid_t{0}; }

pid_t parent_of(pid_t process) {
  const std::vector<std::string> fields = status_fields(process, "PPid");
  const auto parent = fields.empty() ? std::nullopt : number(fields.front(), 0, INT32_MAX);
  return parent ? static_cast<pid_t>(*parent) : 0;
}

std::string program_of(pid_t process, const std::string& named) {
  if (const auto link = os::read_link(folder_of_process(process) + "/exe"))
    return without_end(*link, " (deleted)");
  if (named.starts_with('/')) return named;
  return os::find_program(os::name_of(named)).value_or("");
}

std::string working_folder_of(pid_t process) {
  return os::read_link(folder_of_process(process) + "/cwd").value_or("/");
}

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> found;
  // All threads may have children, but the first one of a server's has all.
  const std::string list = text_of_process(process, "task/" + std::to_string(process) + "/children");
  for (const std::string& word : split(list, ' '))
    if (const auto child = number(trim(word), 1, INT32_MAX)) found.push_back(static_cast<pid_t>(*child));
  return found;
}

std::string unit_in(std::string_view cgroup) {
  for (const std::string& line : split(cgroup, '\n')) {
    // Version 2 has one line, "0::/system.slice/nginx.service"; version 1 has "…:name=systemd:/…", too.
    const size_t path = line.find(":/");
    const bool is_of_systemd = line.starts_with("0::") || line.find(":name=systemd:") != line.npos;
    if (path == line.npos || !is_of_systemd) continue;
    const std::string name = os::name_of(line.substr(path + 1));
    if (line.substr(path + 1).starts_with("/system.slice/") && name.ends_with(".service")) return name;
  }
  return {};
}

std::string unit_of(pid_t process) {
  if (!os::exists("/run/systemd/system")) return {};
  return unit_in(text_of_process(process, "cgroup"));
}

std::vector<std::string> unit_command(const std::string& verb, const std::string& unit) {
  const auto systemctl = unit.empty() ? std::nullopt : os::find_program("systemctl");
  return systemctl ? std::vector<std::string>{*systemctl, verb, unit} : std::vector<std::string>{};
}

os::Finished run_control(const std::vector<std::string>& words, Millis limit,
                         std::vector<std::string> environment, const std::string& folder) {
  os::Command command;
  command.path = os::trusted_program(words.front());
  command.argv = words;
  command.environment = std::move(environment);
  if (command.environment.empty()) {
    command.environment = os::clean_environment();
    if (const std::string folders = os::environment("LD_LIBRARY_PATH"); !folders.empty())
      command.environment.push_back("LD_LIBRARY_PATH=" + folders);
  }
  if (!folder.empty()) command.folder = folder;
  command.deadline = limit;
  return os::run(command);
}

std::string absolute_to(const std::string& folder, const std::string& path) {
  return path.starts_with('/') ? path : os::path_in(without_end(folder, "/"), path);
}

}  // namespace certo::webserver
