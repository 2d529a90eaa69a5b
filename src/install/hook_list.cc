#include "install/hook_list.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::install {
namespace {

constexpr const char* format = "hooks/1";
constexpr Seconds longest_limit = std::chrono::days(1);

using Commands = std::vector<std::string>;

std::string file_of(const store::Entry& entry) {
  return os::path_in(entry.folder(), std::string(hooks_file));
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

StoredHooks parse(const std::string& text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  store::require_format(json, format, subject);
  store::require_known_members(json,
                               {"certo", "pre", "deploy", "post", "timeout", "settled", "version", "done",
                                "failures", "failed_at", "error", "begun_with"},
                               subject);
  const Fields fields(json, subject, Exit::bad_input);
  StoredHooks hooks;
  for (const HookKind kind : every_hook_kind) hooks.of(kind) = fields.strings(name(kind));
  hooks.limit = Seconds(fields.optional_integer("timeout").value_or(hooks.limit.count()));
  if (hooks.limit < Seconds(1) || hooks.limit > longest_limit)
    throw Error(Exit::bad_input, subject + ": \"timeout\" is not a number of seconds from 1 to 86400");
  hooks.settled = fields.optional_string("settled").value_or("");
  hooks.version = fields.optional_string("version").value_or("");
  hooks.done = fields.strings("done");
  if (const auto at = store::optional_time(fields, "failed_at")) {
    const int64_t failures = fields.optional_integer("failures").value_or(1);
    hooks.trouble = {static_cast<int>(std::clamp<int64_t>(failures, 1, 1000)), *at,
                     fields.optional_string("error").value_or("")};
  }
  hooks.begun_with = fields.optional_string("begun_with");
  return hooks;
}

bool is_litter(const std::string& name) {
  return name.starts_with('.') || name.ends_with('~') || name.find(".dpkg-") != name.npos ||
         name.ends_with(".rpmsave") || name.ends_with(".rpmnew");
}

/// New hooks in `now` must still run for the live version; the earlier ones have run.
void owe_new_deploy_hooks(StoredHooks& hooks, std::vector<Hook> before, const std::string& live) {
  if (live.empty() || hooks.settled != live) return;
  const auto is_new = [&](const std::string& command) {
    return std::ranges::find(before, command, &Hook::command) == before.end();
  };
  if (std::ranges::none_of(hooks.of(HookKind::deploy), is_new)) return;
  hooks.settled.clear();
  hooks.version = live;
  hooks.done.clear();
  for (Hook& hook : before) hooks.done.push_back(std::move(hook.command));
}

}  // namespace

std::string_view name(HookKind kind) {
  switch (kind) {
    case HookKind::pre: return "pre";
    case HookKind::deploy: return "deploy";
    case HookKind::post: return "post";
  }
  return "";
}

HookKind hook_kind(const std::string& text) {
  for (const HookKind kind : every_hook_kind)
    if (name(kind) == text) return kind;
  throw Error(Exit::usage, "'" + text + "' is not a kind of hook", "one of: pre, deploy, post");
}

bool Hook::is_program() const { return command.starts_with('/') && os::exists(command); }

std::string Hook::subject() const {
  constexpr size_t longest_shown = 80;
  return std::string(name(kind)) + " hook " + printable(command, longest_shown);
}

void Hook::require_trusted() const {
  if (is_program()) {
    os::trusted_program(command);
  } else {
    os::require_trusted_command(command);
  }
}

std::optional<StoredHooks> stored_hooks(const store::Entry& entry) {
  const std::optional<std::string> text = os::read_trusted_if(file_of(entry), os::of_state);
  if (!text) return {};
  const std::string file = file_of(entry);
  try {
    return parse(*text, file);
  } catch (const store::NewerFormat&) {
    throw;
  } catch (const Error& error) {
    const size_t subject = error.message.starts_with(file + ": ") ? file.size() + 2 : 0;
    throw Error(error.code, file + ": it is damaged: " + error.message.substr(subject),
                error.hint.empty() ? "correct it, or remove it and give the hooks again" : error.hint);
  }
}

void save(const store::Entry& entry, const StoredHooks& hooks) {
  Json json = store::new_file(format);
  for (const HookKind kind : every_hook_kind) json.set(name(kind), to_json(hooks.of(kind)));
  json.set("timeout", hooks.limit.count()).set("settled", hooks.settled);
  if (!hooks.version.empty()) json.set("version", hooks.version).set("done", to_json(hooks.done));
  if (hooks.trouble) {
    json.set("failures", hooks.trouble->failures).set("failed_at", rfc3339(hooks.trouble->at));
    json.set("error", hooks.trouble->error);
  }
  if (hooks.begun_with) json.set("begun_with", *hooks.begun_with);
  os::write_file(file_of(entry), to_pretty_json(json), 0600);
}

std::string live_version(const store::Entry& entry) {
  return os::read_link(entry.folder() + "/live").value_or("");
}

std::string hook_folder(const store::Home& home, std::string_view kind) {
  return home.path() + "/hooks/" + std::string(kind);
}

std::vector<std::string> files_of_hooks(const std::string& folder) {
  std::vector<std::string> paths;
  for (const std::string& name : os::list_folder(folder)) {
    const std::string path = os::path_in(folder, name);
    if (!is_litter(name) && !os::is_folder(path)) paths.push_back(path);
  }
  return paths;
}

std::vector<Hook> hooks_of(HookKind kind, const store::Home& home, const StoredHooks& stored) {
  std::vector<Hook> hooks;
  for (std::string& path : files_of_hooks(hook_folder(home, name(kind))))
    hooks.push_back({kind, std::move(path)});
  for (const std::string& command : stored.of(kind)) hooks.push_back({kind, command});
  return hooks;
}

void store_hooks(const store::Home& home, const store::Entry& entry, const WantedHooks& wanted) {
  const bool says_nothing =
      std::ranges::none_of(wanted.commands, [](const auto& one) { return one.has_value(); });
  if (says_nothing && !wanted.limit) return;
  const std::optional<StoredHooks> known = stored_hooks(entry);
  StoredHooks hooks = known.value_or(StoredHooks{});
  const std::string live = live_version(entry);
  if (!known) hooks.settled = live;
  std::vector<Hook> before = hooks_of(HookKind::deploy, home, hooks);

  for (const HookKind kind : every_hook_kind) {
    std::optional<std::vector<std::string>> given = wanted.commands[static_cast<size_t>(kind)];
    if (!given) continue;
    std::erase(*given, "");
    for (const std::string& command : *given) Hook{kind, command}.require_trusted();
    hooks.of(kind) = *std::move(given);
  }
  if (wanted.limit) hooks.limit = *wanted.limit;
  hooks.trouble.reset();
  owe_new_deploy_hooks(hooks, std::move(before), live);
  save(entry, hooks);
}

void add_hooks(const store::Entry& entry, const WantedHooks& wanted) {
  const std::optional<StoredHooks> known = stored_hooks(entry);
  StoredHooks hooks = known.value_or(StoredHooks{});
  if (!known) hooks.settled = live_version(entry);
  bool is_new = false;
  for (const HookKind kind : every_hook_kind) {
    for (const std::string& command : wanted.commands[static_cast<size_t>(kind)].value_or(Commands{})) {
      if (command.empty() || std::ranges::count(hooks.of(kind), command) > 0) continue;
      Hook{kind, command}.require_trusted();
      hooks.of(kind).push_back(command);
      is_new = true;
    }
  }
  if (wanted.limit) {
    is_new = is_new || hooks.limit != *wanted.limit;
    hooks.limit = *wanted.limit;
  }
  if (is_new) save(entry, hooks);
}

size_t remove_hook(const store::Entry& entry, std::optional<HookKind> kind, const std::string& command) {
  std::optional<StoredHooks> hooks = stored_hooks(entry);
  if (!hooks) return 0;
  size_t count = 0;
  for (const HookKind one : every_hook_kind)
    if (!kind || *kind == one) count += std::erase(hooks->of(one), command);
  if (count > 0) save(entry, *hooks);
  return count;
}

}  // namespace certo::install
