// What an order asks for besides its names: the profile and the dates.
#pragma once

#include "acme/order.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::renew {

/// The order for `request` at the CA with this directory. A preferred profile that the CA does not have is
/// said, and its default is taken. Throws Error{config} for a required profile that it does not have, and for
/// an end that has passed.
acme::OrderRequest order_for(const store::Home& home, const store::Request& request,
                             const acme::Directory& directory, Time now);

}  // namespace certo::renew
