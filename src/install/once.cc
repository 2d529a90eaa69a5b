#include "install/once.h"

#include "base/log.h"
#include "install/attempt.h"
#include "install/reload.h"
#include "store/journal.h"

namespace certo::install {
namespace {

constexpr Millis recovery_wait = Seconds(10);

void heal(const store::Journal& journal) {
  try {
    const std::string owed = recover(journal.file(), recovery_wait);
    if (owed.empty()) return;
    if (const auto wrong = reload(owed, Installation{}.reload_limit)) log::warn(*wrong);
  } catch (const Error& error) {
    log::warn(error.message + "; an installation that was interrupted stays half done");
  }
}

}  // namespace

void install_once(const store::Home& home, Material material, Installation installation,
                  const DeliverSettings& settings) {
  const store::Journal journal(home.installing());
  Parcel parcel{{}, journal.file(), {std::move(installation)}, std::move(material)};
  Attempt(parcel.installations.front().reload, {{&parcel, {&parcel.installations.front()}}}, settings).run();
  if (parcel.failure) throw *parcel.failure;
}

void heal_installations(const store::Home& home) noexcept {
  try {
    for (const store::Journal& journal : store::Journal::left_over(home.installing())) heal(journal);
  } catch (const std::exception& error) {
    log::warn(std::string("cannot look for installations that were interrupted: ") + error.what());
  }
}

}  // namespace certo::install
