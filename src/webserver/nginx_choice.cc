#include "webserver/nginx_choice.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/terminal.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

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
  if (const auto error = out_of_reach("nginx", search.contained, search.foreign)) throw Error(*error);
  if (auto installed = installed_nginx()) return {std::move(*installed)};
  throw Error(Exit::config, "nginx does not run here, and there is no nginx on PATH",
              "name its main file: --nginx-conf FILE");
}

const Nginx& only_one(const std::vector<Nginx>& servers) {
  if (servers.size() == 1) return servers.front();
  std::vector<std::string> files;
  for (const Nginx& one : servers) files.push_back(one.config);
  throw Error(Exit::usage, "several nginx run here: " + join(files, ", "),
              "choose one with --nginx-conf FILE");
}

Nginx running_nginx(const std::string& config) {
  Search search = find_nginx();
  if (!config.empty()) std::erase_if(search.found, [&](const Nginx& one) { return one.config != config; });
  if (search.found.empty()) {
    // One that certo does not obey may run with this file.
    if (const auto error = out_of_reach("nginx", search.contained, search.foreign)) throw Error(*error);
    throw Error(Exit::config,
                (config.empty() ? "no nginx runs here" : config + ": no nginx runs with this file") +
                    ", and certo does not start one",
                "start nginx, then run the same command again");
  }
  const Nginx& nginx = only_one(search.found);
  if (nginx.is_root && !os::is_root())
    throw Error(Exit::not_permitted,
                "root's nginx (process " + std::to_string(nginx.process) + ") reads " + nginx.config +
                    ", which this user cannot change",
                "run certo as root, for example with sudo");
  return nginx;
}

}  // namespace certo::webserver
