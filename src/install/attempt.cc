#include "install/attempt.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "install/fit.h"
#include "install/reload.h"

namespace certo::install {
namespace {

Error not_installed(const std::string& what) { return Error(Exit::not_installed, what); }

std::string what_to_do(const Parcel& parcel) {
  if (!parcel.entry) return "fix that, then run the same command again";
  return "the certificate is in the store: fix that, then run 'certo install-cert -d " +
         parcel.entry->name() + "'";
}

Error became_a_link(const Parcel& parcel, const Installation& installation, const Target& target,
                    const os::LinkInPath& found) {
  Error error = not_installed(target.path + ": " + found.link + " is now a link to " + found.destination +
                              ", which it was not when this target was chosen; nothing was written");
  if (parcel.entry)
    error.hint = "if the files belong there, choose the targets again: certo install-cert -d " +
                 parcel.entry->name() + words_of(installation);
  return error;
}

}  // namespace

std::string plan_file(const store::Entry& entry) { return entry.folder() + "/install.json"; }

Attempt::Attempt(std::string command, std::vector<Share> shares, const DeliverSettings& settings)
    : command_(std::move(command)), settings_(settings) {
  for (Share& share : shares) {
    for (const Installation* one : share.installations) limit_ = std::max(limit_, one->reload_limit);
    items_.push_back({std::move(share), nullptr});
  }
}

std::vector<Share> Attempt::run() {
  for (Item& item : items_) open(item);
  if (!lock() && items_.size() > 1) {
    std::vector<Share> again;
    for (Item& item : items_) again.push_back(std::move(item.share));
    return again;
  }
  for (Item& item : items_)
    if (!item.failure) place(item);
  if (!any_in_place()) {
    for (Item& item : items_) settle(item);
    return {};
  }

  std::vector<Share> again;
  const auto wrong = command_.empty() ? std::nullopt : reload(command_, limit_);
  for (Item& item : items_) {
    if (item.failure) continue;
    item.is_shared_failure = wrong && items_.size() > 1;
    if (item.is_shared_failure) again.push_back(item.share);
    if (wrong)
      item.failure = not_installed(*wrong);
    else
      prove(item);
  }
  restore_failed();
  for (Item& item : items_)
    if (!item.is_shared_failure) settle(item);
  return again;
}

void Attempt::open(Item& item) {
  for (const Installation* one : item.share.installations) {
    for (const Target& target : one->targets) {
      try {
        replaceable(open_folder(places_, target), target);
      } catch (const os::LinkInPath& link) {
        item.failure = became_a_link(*item.share.parcel, *one, target, link);
      } catch (const Error& error) {
        item.failure = error;
      }
    }
  }
}

bool Attempt::lock() {
  try {
    places_.lock(settings_.lock_timeout);
    return true;
  } catch (const Error& error) {
    for (Item& item : items_)
      if (!item.failure) item.failure = error;
    return false;
  }
}

void Attempt::place(Item& item) {
  const Parcel& parcel = *item.share.parcel;
  for (const Installation* one : item.share.installations)
    for (const Target& target : one->targets) log::verbose("installing " + target.path);
  item.files = std::make_unique<Transaction>(parcel.plan_file, places_);
  try {
    item.files->stage({item.share.installations.begin(), item.share.installations.end()}, parcel.material,
                      command_);
    item.files->switch_over();
  } catch (const Error& error) {
    item.failure = error;
    item.files.reset();  // puts back what was changed
  }
}

void Attempt::prove(Item& item) {
  for (const Installation* one : item.share.installations) {
    const auto wrong = unproven(*one, item.share.parcel->material.leaf(), settings_.proof_limit);
    if (!wrong) continue;
    item.failure = not_installed(*wrong);
    return;
  }
  try {
    item.files->keep();
  } catch (const Error& error) {
    item.failure = error;
  }
}

void Attempt::restore_failed() {
  bool is_owed = false;
  for (Item& item : items_) {
    if (!item.failure || !item.files) continue;
    is_owed = true;
    try {
      item.files->undo();
      item.failure->message += "; the previous files were restored";
    } catch (const Error& error) {
      item.failure->message += "; the previous files could not be restored: " + error.message;
    }
    item.files.reset();
  }
  if (!is_owed || command_.empty()) return;
  const auto wrong = reload(command_, limit_);
  if (!wrong) return;
  for (Item& item : items_)
    if (item.failure && item.failure->code == Exit::not_installed)
      item.failure->message += ", but the reload fails with them as well";
}

void Attempt::settle(Item& item) {
  Parcel& parcel = *item.share.parcel;
  note(item);
  try {
    if (parcel.entry) save(*parcel.entry, parcel.installations);
    if (item.files) item.files->finish();
  } catch (const Error& error) {
    if (!item.failure) item.failure = error;
  }
  item.files.reset();
  if (!item.failure) return;
  if (item.failure->hint.empty()) item.failure->hint = what_to_do(parcel);
  parcel.failure = item.failure;
}

void Attempt::note(Item& item) {
  const Parcel& parcel = *item.share.parcel;
  for (Installation* one : item.share.installations) {
    if (item.failure && item.failure->code == Exit::later) continue;  // nothing was tried
    if (item.failure) {
      ++one->failures;
      one->failed_at = now();
      one->error = item.failure->message;
      continue;
    }
    one->version = parcel.material.version;
    one->failures = 0;
    one->failed_at.reset();
    one->error.clear();
  }
}

bool Attempt::any_in_place() const {
  return std::ranges::any_of(items_, [](const Item& item) { return !item.failure; });
}

}  // namespace certo::install
