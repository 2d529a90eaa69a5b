// tls-alpn-01: certo listens as for an order, and connects to each address of the name as a CA does.
#include <algorithm>

#include "base/side_by_side.h"
#include "base/text.h"
#include "check/checks.h"
#include "check/tokens.h"
#include "crypto/alpn.h"
#include "crypto/alpn_look.h"
#include "net/connect.h"

namespace certo::check {
namespace {

constexpr Millis handshake_within = Seconds(5);

struct Call {
  const Survey* survey;
  std::string address;
  bool is_connected = false, is_refused = false, has_no_route = false;
  crypto::AlpnSight sight{};
};

void make_call(Call& call, const Scene& scene) {
  const Deadline until = scene.deadline.at_most(handshake_within);
  const net::Connected made = net::connect_to(call.address, scene.ports.https, until);
  call.is_connected = static_cast<bool>(made.fd);
  call.is_refused = made.is_refused;
  call.has_no_route = made.has_no_route;
  if (call.is_connected)
    call.sight = crypto::look_by_alpn(made.fd.get(), crypto::server_name(call.survey->identifier), until);
}

bool is_good(const Call& call, const Published& published) {
  return call.sight.speaks_acme &&
         crypto::holds(call.sight.certificate, published.of(call.survey->identifier).key_authorization);
}

std::string because(const Call& call, const Scene& scene) {
  const std::string port = "port " + std::to_string(scene.ports.https) + " of " + call.address;
  if (!call.is_connected)
    return call.is_refused ? "cannot connect to " + port : port + " does not answer in time";
  const std::string reason = call.sight.reason.empty() ? "" : ": " + call.sight.reason;
  if (!call.sight.is_tls) return port + " does not speak TLS" + reason;
  if (!call.sight.certificate.empty())
    return "another TLS server answers on " + port + ", with a certificate of its own";
  return "another TLS server answers on " + port + " and refuses acme-tls/1" + reason;
}

Finding judged(const Call& call, const Scene& scene, const Published& published, bool is_good_elsewhere) {
  const std::string& subject = call.survey->identifier.value;
  const std::string what = "tls-alpn-01 at " + call.address;
  if (is_good(call, published)) return good(subject, what, "certo is reached by acme-tls/1");
  if (call.has_no_route)
    return unseen(subject, what,
                  std::string("this machine has no ") + (is_v6(call.address) ? "IPv6" : "IPv4") +
                      " connection to this address",
                  "look from elsewhere, or remove the DNS record if nothing answers there");
  const std::string to_do =
      "let that port lead to certo, without TLS ending on the way (certo help tls-alpn), or correct the DNS "
      "record";
  if (!call.is_connected && !call.is_refused && scene.deadline.passed())
    return unseen(subject, what, "it took too long", to_do);
  const Outlook outlook = outlook_on(scene, call.address);
  if (!call.is_connected && is_good_elsewhere && outlook.is_conclusive)
    return warning(subject, what,
                   because(call, scene) + "; it depends on the CA whether it asks another address", to_do);
  return outlook.judge(failing(subject, what, because(call, scene), to_do));
}

}  // namespace

Findings check_alpn(const Scene& scene, const store::Way& way, const Names& names) {
  std::vector<crypto::Identifier> identifiers;
  std::vector<Call> calls;
  for (const Survey& name : names) {
    identifiers.push_back(name.identifier);
    for (const std::string& address : name.addresses) calls.push_back({&name, address});
  }
  try {
    const Published published(scene, way, identifiers);
    constexpr size_t threads = 8;
    side_by_side(calls.size(), threads, [&](size_t at) { make_call(calls[at], scene); });
    Findings findings;
    for (const Call& call : calls) {
      const bool is_good_elsewhere = std::ranges::any_of(
          calls, [&](const Call& other) { return other.survey == call.survey && is_good(other, published); });
      findings.push_back(judged(call, scene, published, is_good_elsewhere));
    }
    return findings;
  } catch (const Error& error) {
    return {failing(identifiers.front().value, "tls-alpn-01", error)};
  }
}

}  // namespace certo::check
