#include "renew/stuck.h"

#include "acme/order.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "store/format.h"

namespace certo::renew {
namespace {

constexpr const char* format = "stuck/1";
constexpr int64_t enough_runs = 2;

struct Standstill {
  std::string state;
  int64_t runs = 0;
};

std::string path(const store::Entry& entry) { return entry.folder() + "/next/stuck.json"; }

/// The digest of everything that a validation would change.
std::string state_of(const acme::Order& order) {
  std::string text = order.url.text + " " + acme::name(order.status);
  for (const acme::Authorization& authorization : order.authorizations) {
    text += "\n" + authorization.url.text + " " + acme::name(authorization.status);
    for (const acme::Challenge& challenge : authorization.challenges)
      text += "\n" + challenge.url.text + " " + challenge.status;
  }
  return hex(crypto::sha256(text));
}

std::optional<Standstill> read(const store::Entry& entry) {
  const auto text = os::read_file_if(path(entry));
  if (!text) return {};
  try {
    const Json json = parse_json(*text, path(entry), Exit::bad_input);
    store::require_format(json, format, path(entry));
    const Fields fields(json, path(entry), Exit::bad_input);
    return Standstill{fields.string("state"), fields.integer("runs")};
  } catch (const Error& error) {
    log::verbose(error.message);
    return {};
  }
}

}  // namespace

void note_stuck(const store::Entry& entry, const acme::Order& order) {
  const std::optional<Standstill> before = read(entry);
  const std::string state = state_of(order);
  const int64_t runs = before && before->state == state ? before->runs + 1 : 1;
  Json json = store::new_file(format);
  json.set("state", state).set("runs", runs);
  os::write_file(path(entry), to_pretty_json(json), 0600);
}

bool is_stuck(acme::Client& client, const store::Entry& entry, acme::Order& order) {
  if (order.status != acme::OrderStatus::pending) return false;
  const std::optional<Standstill> before = read(entry);
  if (!before || before->runs < enough_runs) return false;
  acme::read_authorizations(client, order);
  return state_of(order) == before->state;
}

void forget_stuck(const store::Entry& entry) { os::remove_file(path(entry)); }

}  // namespace certo::renew
