#include "commands/targets.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "net/probe.h"
#include "os/file.h"
#include "webserver/server.h"

namespace certo::commands {
namespace {

struct FileOption {
  Option option;
  install::Part part;
};
constexpr FileOption file_options[] = {
    {flag::cert_file, install::Part::certificate},
    {flag::key_file, install::Part::key},
    {flag::chain_file, install::Part::chain},
    {flag::ca_file, install::Part::chain},
    {flag::fullchain_file, install::Part::fullchain},
    {flag::pem_file, install::Part::pem},
    {flag::pfx_file, install::Part::pfx},
    {flag::target_dir, install::Part::folder},
};

mode_t octal_mode(const std::string& option, const std::string& text) {
  if (const auto mode = number(text, 1, 0777, 8)) return static_cast<mode_t>(*mode);
  throw Error(Exit::usage, option + " '" + text + "' is not an octal file mode", "like 600, 0640 or 644");
}

Seconds reload_limit(const Args& args) {
  return args.has(flag::reload_timeout) ? seconds(args, flag::reload_timeout, 1, 86400) : Seconds(120);
}

/// Whether the option applies to a file of this part.
bool counts_for(const std::string& flag, install::Part part) {
  return flag != "--key-mode" || install::holds_key(part) || part == install::Part::folder;
}

/// Files in the order given: --owner, --group, --mode and --key-mode apply to the files that follow them.
std::vector<install::Target> targets(const Args& args) {
  std::vector<install::Target> list;
  install::Target next;
  std::string unused;  // an option that no file follows
  for (const auto& [option, value, is_default] : args.given()) {
    if (option == flag::owner) next.owner = value;
    if (option == flag::group) next.group = value;
    if (option == flag::mode) next.mode = octal_mode(long_flag(option), value);
    if (option == flag::key_mode) next.key_mode = octal_mode(long_flag(option), value);
    if (option == flag::owner || option == flag::group || option == flag::mode || option == flag::key_mode)
      unused = long_flag(option);
    const auto row = std::ranges::find(file_options, option, &FileOption::option);
    if (row == std::end(file_options)) continue;
    next.part = row->part;
    next.path = absolute(value);
    if (counts_for(unused, next.part)) unused.clear();
    if (value.ends_with('/') && next.part != install::Part::folder)
      throw Error(Exit::usage, long_flag(option) + " '" + value + "' names a folder",
                  "give a file in this folder");
    while (next.path.size() > 1 && next.path.ends_with('/')) next.path.pop_back();
    list.push_back(next);
    if (!counts_for("--key-mode", next.part)) list.back().key_mode.reset();
    if (install::holds_key(next.part) && next.key_mode) list.back().mode.reset();
  }
  if (!unused.empty())
    throw Error(Exit::usage, unused + " is not followed by a file that it applies to",
                "put it in front of the files");
  return list;
}

std::string target_text(const install::Target& target) {
  std::string text = std::string(name(target.part)) + " " + target.path;
  if (!target.owner.empty() || !target.group.empty()) text += " " + target.owner + ":" + target.group;
  return text;
}

bool is_there(const install::Installation& one, const std::string& live) { return one.version == live; }

std::string live_version(const store::Entry& entry) {
  return os::read_link(entry.folder() + "/live").value_or("");
}

}  // namespace

std::optional<install::Installation> installation(const Args& args) {
  install::Installation one;
  one.targets = targets(args);
  one.reload = args.get(flag::reloadcmd);
  one.reload_limit = reload_limit(args);
  one.verify = args.all(flag::verify);
  one.pfx_password_file = absolute(args.get(flag::pfx_password_file));
  for (const std::string& server : one.verify) net::parse_tls_server(server);
  const bool has_pfx = std::ranges::count(one.targets, install::Part::pfx, &install::Target::part) > 0;
  if (!one.pfx_password_file.empty() && !has_pfx)
    throw Error(Exit::usage, "--pfx-password-file belongs to --pfx-file");
  if (args.has(flag::reload_timeout) && one.reload.empty())
    throw Error(Exit::usage, "--reload-timeout belongs to --reloadcmd");
  if (one.targets.empty() && one.reload.empty() && one.verify.empty()) return {};
  return one;
}

Exit deliver_and_tell(const Args& args, const store::Home& home, const std::string& name, Which which) {
  const std::vector<install::Delivery> all = install::deliver(
      home, {name},
      {.lock_timeout = lock_timeout(args), .force = which == Which::all, .over_real = args.has(flag::force)});
  Exit code = Exit::ok;
  for (const install::Delivery& one : all) {
    say(one);
    code = worst(code, one.failure.code);
  }
  return code;
}

void say(const install::Delivery& delivery) {
  if (delivery.failure.code == Exit::ok) return log::say(delivery.name + ": installed");
  report(delivery.name + ": not installed", delivery.failure);
}

std::string title_of_server(const std::string& word) {
  const auto kind = webserver::kind_of(word);
  return kind ? title(*kind) : word;
}

Rows rows(const std::vector<install::Installation>& installations, const std::string& live) {
  Rows rows;
  for (const install::Installation& one : installations) {
    std::vector<std::string> parts;
    for (const install::Target& target : one.targets) parts.push_back(target_text(target));
    if (!one.web_server.empty())
      parts.push_back(title_of_server(one.web_server) + ", which reads the files of the store");
    rows.push_back({"installed to", parts.empty() ? "(nowhere, reload only)" : join(parts, ", ")});
    rows.push_back({"  reload", one.reload});
    rows.push_back({"  proven by", join(one.verify, ", ")});
    rows.push_back({"  state", is_there(one, live) ? "in place" : "pending"});
    rows.push_back({"  last error", one.error});
  }
  return rows;
}

std::string brief(const store::Entry& entry) {
  const std::vector<install::Installation> all = install::installations(entry);
  if (all.empty()) return {};
  const std::string live = live_version(entry);
  for (const install::Installation& one : all) {
    if (is_there(one, live)) continue;
    return one.error.empty() ? "not installed yet" : "not installed: " + printable(one.error, 200);
  }
  return {};
}

Json targets_json(const store::Entry& entry) {
  const std::string live = live_version(entry);
  Json list = Json::array();
  try {
    for (const install::Installation& one : install::installations(entry)) {
      Json json = to_json(one);
      json.set("pending", !is_there(one, live));
      list.push(std::move(json));
    }
  } catch (const Error&) {
    return {};  // its damage is shown elsewhere
  }
  return list;
}

}  // namespace certo::commands
