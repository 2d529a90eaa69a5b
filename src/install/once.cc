#include "install/once.h"

#include "base/log.h"
#include "install/reload.h"
#include "install/transaction.h"
#include "store/journal.h"

namespace certo::install {
namespace {

void heal(const store::Journal& journal) {
  try {
    const std::string owed = recover(journal.file());
    if (owed.empty()) return;
    if (const auto wrong = reload(owed, Installation{}.reload_limit)) log::warn(*wrong);
  } catch (const Error& error) {
    log::warn(error.message + "; an installation that was interrupted stays half done");
  }
}

}  // namespace

void install_once(const store::Home& home, const Material& material, const Installation& installation,
                  Millis proof_limit) {
  const store::Journal journal(home.installing());
  Transaction files(journal.file());
  files.stage({&installation}, material, installation.reload);
  files.switch_over();
  auto wrong =
      installation.reload.empty() ? std::nullopt : reload(installation.reload, installation.reload_limit);
  if (!wrong) wrong = unproven(installation, material.leaf(), proof_limit);
  if (!wrong) {
    files.keep();
    return files.finish();
  }
  files.undo();
  std::string what = *wrong + "; what was there before is back";
  if (!installation.reload.empty() && reload(installation.reload, installation.reload_limit))
    what += ", and with that the reload fails, too";
  throw Error(Exit::not_installed, what, "mend it, and run the same command again");
}

void heal_installations(const store::Home& home) noexcept {
  try {
    for (const store::Journal& journal : store::Journal::left_over(home.installing())) heal(journal);
  } catch (const std::exception& error) {
    log::warn(std::string("cannot look for installations that were interrupted: ") + error.what());
  }
}

}  // namespace certo::install
