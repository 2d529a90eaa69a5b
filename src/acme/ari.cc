#include "acme/ari.h"

#include <algorithm>

#include "base/text.h"
#include "net/retry_after.h"

namespace certo::acme {
namespace {

constexpr Seconds soonest = std::chrono::minutes(1);
constexpr Seconds latest = std::chrono::hours(24);
constexpr Seconds by_default = std::chrono::hours(6);

Time time_of(const Fields& window, std::string_view key) {
  std::optional<Time> time = from_rfc3339(window.string(key));
  if (!time) throw Error(Exit::protocol, window.subject() + ": " + std::string(key) + " is not a time");
  return *time;
}

}  // namespace

std::optional<std::string> renewal_id(const crypto::Certificate& certificate) {
  if (certificate.authority_key_id.empty() || certificate.serial.empty()) return {};
  return base64url(certificate.authority_key_id) + "." + base64url(certificate.serial);
}

std::optional<RenewalInfo> renewal_info(Client& client, const crypto::Certificate& certificate) {
  const std::optional<Url>& base = client.directory().renewal_info;
  std::optional<std::string> id = renewal_id(certificate);
  if (!base || !id) return {};
  const std::string separator = base->text.ends_with('/') ? "" : "/";
  const net::HttpReply reply =
      client.get(net::parse_url(base->text + separator + *id, "renewal information", Exit::protocol));

  const Json json = parse_json(reply.body, "renewal information", Exit::protocol);
  const Fields fields(json, "renewal information", Exit::protocol);
  const Json* window = fields.optional_object("suggestedWindow");
  if (!window) throw Error(Exit::protocol, "renewal information: no suggestedWindow");
  const Fields times(*window, "renewal information", Exit::protocol);
  RenewalInfo info;
  info.start = time_of(times, "start");
  info.end = time_of(times, "end");
  if (info.end <= info.start)
    throw Error(Exit::protocol, "renewal information: the window ends before it starts");
  info.explanation_url = fields.optional_string("explanationURL").value_or("");
  std::optional<Seconds> wait = net::retry_after(reply.header("retry-after"), now());
  info.ask_again = wait ? std::clamp(*wait, soonest, latest) : by_default;
  return info;
}

}  // namespace certo::acme
