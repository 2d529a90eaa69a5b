// orders/<id>.json: certo's own copy of every order that a pipe opened. A document that
// comes back from another host is believed only in its `url`; the rest is taken from here.
#pragma once

#include <optional>
#include <string>

#include "acme/document.h"
#include "store/home.h"

namespace certo::store {

void keep_order(const Home& home, const acme::Document& document);
std::optional<acme::Document> kept_order(const Home& home, const std::string& order_url);
/// Forgets it, and those that expired over a week ago.
void forget_order(const Home& home, const std::string& order_url);

}  // namespace certo::store
