// Which hooks a certificate has, and hooks.json of its folder: its own ones, and how far it has come with
// all.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "install/trouble.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::install {

inline constexpr std::string_view hooks_file = "hooks.json";  // in the certificate's folder

enum class HookKind { pre, deploy, post };
inline constexpr HookKind every_hook_kind[] = {HookKind::pre, HookKind::deploy, HookKind::post};
std::string_view name(HookKind kind);
/// Error{usage} for another word than pre, deploy, post.
HookKind hook_kind(const std::string& name);

struct Hook {
  HookKind kind = HookKind::deploy;
  std::string command;  // the absolute path of an existing file is executed; anything else is for /bin/sh -c

  bool is_program() const;
  /// "deploy hook /etc/certo/reload", shortened if it is long.
  std::string subject() const;
  /// Error{config} for a program that is not executable, or that another user can change or exchange.
  void require_trusted() const;
};

struct StoredHooks {
  std::array<std::vector<std::string>, 3> commands;  // by HookKind
  Seconds limit{120};                                // of each hook

  // How far it has come.
  std::string settled;                    // the live version for which no deploy hook is owed
  std::string version;                    // the one that deploy hooks are being run for; empty: none
  std::vector<std::string> done;          // those that have succeeded for it
  std::optional<Trouble> trouble;         // deploy hooks have failed for it, and are tried again
  std::optional<std::string> begun_with;  // while post hooks are owed: the live version before the run

  std::vector<std::string>& of(HookKind kind) { return commands[static_cast<size_t>(kind)]; }
  const std::vector<std::string>& of(HookKind kind) const { return commands[static_cast<size_t>(kind)]; }
};

/// Nothing if there is no hooks.json. Throws Error{bad_input} that names the member.
std::optional<StoredHooks> stored_hooks(const store::Entry& entry);
void save(const store::Entry& entry, const StoredHooks& hooks);

/// The name of the version folder that is live; empty for none. No file is read.
std::string live_version(const store::Entry& entry);

/// <home>/hooks/<kind>/
std::string hook_folder(const store::Home& home, std::string_view kind);
/// The files in a folder of hooks, in name order, without those that an editor or a package manager left
/// (".x", "x~", "x.dpkg-old").
std::vector<std::string> files_of_hooks(const std::string& folder);
/// The hooks of the folder, which are for every certificate, then the certificate's own.
std::vector<Hook> hooks_of(HookKind kind, const store::Home& home, const StoredHooks& stored);

/// The values of --pre-hook, --deploy-hook, --post-hook and --hook-timeout. Hooks of a given kind replace the
/// stored hooks of that kind; one empty word means none.
struct WantedHooks {
  std::array<std::optional<std::vector<std::string>>, 3> commands;  // by HookKind
  std::optional<Seconds> limit;
};
/// Checks all of them, then stores them. A new deploy hook must still run for the live certificate. The
/// caller holds the entry's lock. Throws Error{config}.
void store_hooks(const store::Home& home, const store::Entry& entry, const WantedHooks& wanted);

/// Adds them to the stored hooks, for the versions after the live one. Throws Error{config}.
void add_hooks(const store::Entry& entry, const WantedHooks& wanted);
/// The opposite: removes `command` from the stored hooks of `kind`, or of all kinds. How many it removed.
size_t remove_hook(const store::Entry& entry, std::optional<HookKind> kind, const std::string& command);

}  // namespace certo::install
