#include "import/install.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "import/parts.h"
#include "install/choose.h"
#include "install/hook_list.h"
#include "os/file.h"

namespace certo::imports {
namespace {

using install::Part;
using install::Target;

/// The arguments of 'certo install-cert' with the same meaning.
std::string spoken(const install::Installation& wanted) {
  std::string words;
  for (const Target& target : wanted.targets) {
    const std::string part = target.part == Part::certificate ? "cert" : std::string(name(target.part));
    words += " --" + part + "-file " + shell_word(target.path);
  }
  if (!wanted.reload.empty()) words += " --reloadcmd " + shell_word(wanted.reload);
  return words;
}

/// A chain may differ and still belong to this certificate.
bool holds(const Target& target, const crypto::Certificate& leaf) {
  try {
    const std::string text = os::read_file(target.path);
    if (target.part == Part::key)
      return crypto::PrivateKey::from_pem(text, target.path).public_key().spki == leaf.spki;
    const auto chain = crypto::parse_chain(text, target.path, Exit::bad_input);
    return target.part == Part::chain || chain.front().der == leaf.der;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void take_hooks(const store::Entry& entry, const std::array<std::vector<std::string>, 3>& hooks,
                const std::string& version, std::vector<std::string>& left) {
  install::StoredHooks stored;
  bool has_one = false;
  for (const install::HookKind kind : install::every_hook_kind) {
    for (const std::string& command : hooks[static_cast<size_t>(kind)]) {
      const install::Hook hook{kind, command};
      try {
        hook.require_trusted();
        stored.of(kind).push_back(command);
        has_one = true;
      } catch (const Error& error) {
        left.push_back("not taken over: --" + std::string(name(kind)) + "-hook " + shell_word(command) +
                       ": " + error.message);
      }
    }
  }
  if (!has_one) return;
  stored.settled = version;
  save(entry, stored);
}

void take_installation(const store::Home& home, const store::Entry& entry, install::Installation wanted,
                       const store::Live& live, std::vector<std::string>& left) {
  if (wanted.targets.empty() && wanted.reload.empty()) return;
  install::Installation good;
  try {
    for (const Target& target : wanted.targets) {
      if (!target.path.starts_with('/')) throw Error(Exit::bad_input, target.path + ": not an absolute path");
    }
    good = install::checked(home, wanted);
    install::require_unclaimed(home, entry.name(), good);
  } catch (const Error& error) {
    left.push_back("renewals are not installed, because " + error.message +
                   "; fix that, then run: certo install-cert -d " + shell_word(entry.name()) +
                   spoken(wanted));
    return;
  }
  good.version = live.version;
  install::store_installation(entry, good);
  for (const Target& target : good.targets) {
    if (holds(target, live.chain.front())) continue;
    left.push_back(target.path + " does not belong to this certificate; the next renewal replaces it, and" +
                   " so does: certo install-cert -d " + shell_word(entry.name()) + " --force");
  }
}

}  // namespace certo::imports
