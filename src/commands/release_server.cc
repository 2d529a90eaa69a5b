#include "commands/release_server.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "commands/programs.h"
#include "crypto/hash.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/program.h"
#include "os/terminal.h"

namespace certo::commands {
namespace {

constexpr size_t program_limit = 32 << 20;  // bytes; a program is about 5 MB

void require_key() {
  if (std::string_view(release_key()).empty()) require_signature({}, {}, {});
}

std::string own_path() {
  std::string certo = os::self_path();
  if (certo.empty())
    throw Error(Exit::config, "certo cannot find out where it is installed", "start certo by its full path");
  return certo;
}

net::HttpSettings settings(const std::string& ca_bundle) {
  net::HttpSettings settings;
  settings.user_agent = std::string("certo/") + version();
  settings.ca_bundle = ca_bundle;
  return settings;
}

}  // namespace

ReleaseServer::ReleaseServer(const std::string& ca_bundle) : http_(settings(ca_bundle)) {
  const std::string given = os::environment("CERTO_BASE_URL");
  url_ = given.empty() ? releases_url() : given;
  while (url_.ends_with('/')) url_.pop_back();
  subject_ = given.empty() ? "the server of releases" : "CERTO_BASE_URL";
}

Release ReleaseServer::newest() {
  // Before any request.
  require_key();
  const std::string sums = get("latest/SHA256SUMS", 64 << 10);
  require_signature(sums, get("latest/SHA256SUMS.sig", 4 << 10), release_key());
  Release release = parse_release(sums);
  require_fresh(release, now());
  return release;
}

std::string ReleaseServer::get(const std::string& path, size_t limit) {
  net::HttpRequest request;
  request.url = parsed(url_ + "/" + path);
  request.body_limit = limit;
  request.redirects = 5;
  request.timeout = Seconds(600);
  const log::Waiting waiting("fetching " + os::name_of(path));
  const net::HttpReply reply = http_.send(request).get();
  if (reply.status == 200) return reply.body;
  throw Error(Exit::unreachable, request.url.text + ": the server answers " + std::to_string(reply.status),
              "nothing was changed; try again later");
}

net::Url ReleaseServer::parsed(const std::string& url) const {
  try {
    return net::parse_url(url, subject_, Exit::config);
  } catch (Error& error) {
    if (error.hint.empty()) error.hint = "give the https URL of the folder that has latest/SHA256SUMS";
    throw;
  }
}

namespace {

/// A program, and the name of its file in a release.
struct Part {
  Program program;
  std::string release_name;
};

std::vector<Part> parts(const Release& release) {
  const std::string certo = own_path();
  const std::string tail = "-" + release.version + "-" + std::string(architecture());
  std::vector<Part> found;
  for (const std::string& path : program_paths(certo)) {
    const std::string name = (path == certo ? "certo" : "certo-provider-host") + tail;
    const auto sum = release.sums.find(name);
    if (sum == release.sums.end()) {
      throw Error(Exit::failed, "release " + release.version + " has no " + name,
                  "it is not made for this machine; build certo from its source");
    }
    found.push_back({{path, sum->second}, name});
  }
  return found;
}

void require_own_installation(const std::vector<std::string>& paths) {
  if (paths.back() == "/usr/bin/certo" && os::exists("/var/lib/dpkg/info/certo.list")) {
    throw Error(Exit::config,
                "this certo belongs to the Debian package certo, which would overwrite the new program",
                "upgrade the package: apt-get install --only-upgrade certo");
  }
  for (const std::string& path : paths) {
    os::trusted_program(path);
    os::probe_writable(os::folder_of(path));
  }
}

/// "" if it does not run.
std::string version_of(const std::string& program) {
  os::Command command;
  command.argv = {program, "version"};
  command.environment = os::clean_environment();
  command.deadline = Seconds(20);
  try {
    const os::Finished said = os::run(command);
    const std::string text(trim(said.output));
    return said.status == 0 && text.starts_with("certo ") ? text.substr(6) : "";
  } catch (const Error& error) {
    return {};
  }
}

/// Writes the new program next to the old one and starts it once.
void prepare(ReleaseServer& server, const Release& release, const Part& part) {
  const Program& program = part.program;
  const std::string content = server.get("v" + release.version + "/" + part.release_name, program_limit);
  if (hex(crypto::sha256(content)) != program.sha256) {
    throw Error(Exit::protocol,
                part.release_name + ": checksum mismatch: the download is not the file that was signed",
                "nothing was changed; try again later");
  }
  os::write_file(program.next(), content, 0755);
  // Not every system has the libc that the host needs. If the old host does not run, the new one need not
  // run.
  const std::string said = version_of(program.next());
  if (said == release.version || (said.empty() && version_of(program.path).empty())) return;
  throw Error(Exit::failed,
              part.release_name + ": the new program does not run on this machine" +
                  (said.empty() ? "" : ": " + said),
              "nothing was changed; certo " + std::string(version()) + " is still installed");
}

/// The new program writes its manual and completions; only existing files are replaced.
void refresh_documents(const std::string& program) {
  const std::string share = os::folder_of(os::folder_of(program)) + "/share/";
  std::vector<std::pair<std::string, std::vector<std::string>>> documents = {
      {"man/man1/certo.1", {"help", "--man"}},
      {"bash-completion/completions/certo", {"completion", "bash"}},
      {"zsh/site-functions/_certo", {"completion", "zsh"}},
      {"fish/vendor_completions.d/certo.fish", {"completion", "fish"}},
  };
  constexpr std::string_view start = "certo-", end = ".7";  // man pages of topics
  for (const std::string& page : os::list_folder(share + "man/man7")) {
    if (!page.starts_with(start) || !page.ends_with(end)) continue;
    const std::string topic = page.substr(start.size(), page.size() - start.size() - end.size());
    documents.push_back({"man/man7/" + page, {"help", "--man", topic}});
  }
  for (const auto& [name, words] : documents) {
    if (!os::exists(share + name)) continue;
    os::Command command;
    command.argv = {program};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    command.environment = os::clean_environment();
    command.output_limit = 1 << 20;
    const os::Finished said = os::run(command);
    if (said.status == 0 && !said.truncated) os::write_file(share + name, said.output, 0644);
  }
}

}  // namespace

void require_upgradable() {
  require_key();
  require_own_installation(program_paths(own_path()));
}

bool upgrade(ReleaseServer& server, const Release& release, Millis lock_timeout) {
  const std::vector<Part> all = parts(release);
  require_own_installation(program_paths(os::self_path()));
  std::vector<Program> programs;
  os::Places folders;
  for (const Part& part : all) {
    programs.push_back(part.program);
    folders.open(os::folder_of(part.program.path));
  }
  folders.lock(lock_timeout);
  const std::string& certo = programs.back().path;
  if (std::ranges::all_of(programs, [](const Program& one) { return has_checksum(one.path, one.sha256); })) {
    log::say("certo " + release.version + " is already installed as " + certo);
    return false;
  }
  try {
    for (const Part& part : all) prepare(server, release, part);
    exchange(programs);
  } catch (const Error&) {
    for (const Program& one : programs) os::remove_file(one.next());
    throw;
  }
  log::say("upgraded to certo " + release.version + "; " + std::string(version()) + " is kept as " +
           programs.back().old());
  try {
    refresh_documents(certo);
  } catch (const Error& error) {
    log::warn("the man page and the completions were not updated: " + error.message);
  }
  return true;
}

void undo_upgrade(Millis lock_timeout) {
  std::vector<Program> programs;
  os::Places folders;
  for (const std::string& path : program_paths(os::self_path())) {
    programs.push_back({path, {}});
    folders.open(os::folder_of(path));
  }
  folders.lock(lock_timeout);
  for (Program& one : programs) {
    if (!os::exists(one.old()))
      throw Error(Exit::failed, one.old() + " does not exist: there was no upgrade to undo",
                  "install.sh --version N.N.N installs an older release");
    const std::string content = os::read_file(one.old(), program_limit);
    os::write_file(one.next(), content, 0755);
    one.sha256 = hex(crypto::sha256(content));
  }
  exchange(programs);
}

}  // namespace certo::commands
