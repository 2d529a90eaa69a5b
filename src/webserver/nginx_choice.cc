#include "webserver/nginx_choice.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/terminal.h"

namespace certo::webserver {
namespace {

Error none_found(const Search& search) {
  if (!search.contained.empty())
    return Error(Exit::usage,
                 "nginx (process " + std::to_string(search.contained.front()) +
                     ") runs in a container or chroot, and its files are not those that certo sees",
                 "run certo in there, or prove names with --webroot and a folder that both see");
  if (!search.foreign.empty())
    return Error(Exit::not_permitted,
                 "nginx (process " + std::to_string(search.foreign.front()) + ") belongs to another user",
                 "run certo as that user");
  return Error(Exit::config, "nginx does not run here, and there is no nginx on PATH",
               "name its main file: --nginx-conf FILE");
}

/// The nginx that uses a named file, if one does.
std::vector<Nginx> with_config(Search search, const std::string& file) {
  for (Nginx& nginx : search.found)
    if (nginx.config == file) return {std::move(nginx)};
  Nginx nginx;
  nginx.config = file;
  nginx.is_root = os::is_root();
  return {std::move(nginx)};
}

}  // namespace

std::vector<Nginx> wanted_nginx(const std::string& config) {
  Search search = find_nginx();
  for (const pid_t process : search.contained)
    if (!search.found.empty())
      log::say("nginx (process " + std::to_string(process) +
               ") runs in a container or chroot, and is not shown");
  if (!config.empty()) return with_config(std::move(search), config);
  if (!search.found.empty()) return std::move(search.found);
  if (search.contained.empty() && search.foreign.empty())
    if (auto installed = installed_nginx()) return {std::move(*installed)};
  throw none_found(search);
}

const Nginx& only_one(const std::vector<Nginx>& servers) {
  if (servers.size() == 1) return servers.front();
  std::vector<std::string> files;
  for (const Nginx& one : servers) files.push_back(one.config);
  throw Error(Exit::usage, "several nginx run here: " + join(files, ", "),
              "choose one with --nginx-conf FILE");
}

Nginx running_nginx(const std::string& config) {
  Nginx nginx = only_one(wanted_nginx(config));
  if (nginx.process != 0 && nginx.is_root && !os::is_root())
    throw Error(Exit::not_permitted,
                "root's nginx (process " + std::to_string(nginx.process) + ") reads " + nginx.config +
                    ", which this user cannot change",
                "run certo as root, for example with sudo");
  if (nginx.process != 0) return nginx;
  // One that certo does not obey may run with this file.
  if (const Search search = find_nginx(); !search.contained.empty() || !search.foreign.empty())
    throw none_found(search);
  throw Error(Exit::config, nginx.config + ": no nginx runs with this file, and certo does not start one",
              "start nginx, then run the same command again");
}

}  // namespace certo::webserver
