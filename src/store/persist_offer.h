// persist.json of an account: what its CA last said that a record of dns-persist-01 may contain. A record is
// checked before an order is opened, and only the order's challenges contain this.
#pragma once

#include "acme/persist.h"
#include "store/account.h"

namespace certo::store {

/// Empty if the CA has not been asked yet, or the file is damaged or of another format.
acme::PersistOffer persist_offer(const AccountFolder& account);
void save(const AccountFolder& account, const acme::PersistOffer& offer);

}  // namespace certo::store
