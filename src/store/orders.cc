#include "store/orders.h"

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/trust.h"

namespace certo::store {

namespace {

std::string path_of(const Home& home, const std::string& order_url) {
  return home.orders() + "/" + hex(crypto::sha256(order_url)).substr(0, 32) + ".json";
}

/// When the order in `path` expires. The member is optional (RFC 8555 section 7.1.3): without it, a
/// month after it was written down.
Time expiry(const std::string& path) {
  const auto file = os::fingerprint(path);
  const Time written(file ? std::chrono::duration_cast<Seconds>(std::chrono::nanoseconds(file->mtime_ns))
                          : Seconds(0));
  const Time otherwise = written + std::chrono::days(30);
  try {
    const Json json = parse_json(os::read_trusted(path, os::of_state), path, Exit::bad_input);
    const Json* expires = json.find("expires");
    if (!expires || !expires->is_string()) return otherwise;
    return from_rfc3339(expires->string()).value_or(otherwise);
  } catch (const Error&) {
    return otherwise;
  }
}

void forget_expired(const Home& home) {
  for (const std::string& name : os::list_folder(home.orders())) {
    const std::string path = home.orders() + "/" + name;
    if (expiry(path) + std::chrono::days(7) < now()) os::remove_file(path);
  }
}

}  // namespace

void keep_order(const Home& home, const acme::Document& document) {
  os::make_folder(home.orders(), 0700);
  os::write_file(path_of(home, document.order.url.text), to_pretty_json(acme::to_json(document, "")), 0600);
}

std::optional<acme::Document> kept_order(const Home& home, const std::string& order_url) {
  const std::string path = path_of(home, order_url);
  const auto text = os::read_trusted_if(path, os::of_state);
  if (!text) return {};
  try {
    acme::Document document = acme::parse_document(*text, path);
    if (document.order.url.text == order_url) return document;
    log::warn(path + ": it is for another order");
  } catch (const Error& error) {
    log::warn(error.message);
  }
  return {};
}

void forget_order(const Home& home, const std::string& order_url) {
  os::remove_file(path_of(home, order_url));
  forget_expired(home);
}

}  // namespace certo::store
