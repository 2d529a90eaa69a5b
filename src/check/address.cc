// A and AAAA.
#include <algorithm>

#include "base/text.h"
#include "check/checks.h"

namespace certo::check {
namespace {

constexpr const char* addresses = "addresses";

bool is_no(const net::DnsAnswer& answer) {
  return answer.status == net::DnsStatus::no_name || answer.status == net::DnsStatus::no_data;
}

bool needs_address(const store::Way& way) {
  return std::ranges::any_of(
      store::types_of(way), [](std::string_view type) { return type == "http-01" || type == "tls-alpn-01"; });
}

}  // namespace

Findings check_addresses(const NameScene& name) {
  const Survey& survey = name.survey;
  const std::string& subject = survey.identifier.value;
  const bool is_top_level = !survey.zone.empty() && survey.zone.find('.') == std::string::npos;
  if (survey.is_denied && is_top_level)
    return {survey.outlook.judge(failing(
        subject, addresses, "the name servers of '" + survey.zone + "' say that there is no such domain",
        "register it, or correct the name"))};
  if (!needs_address(name.way)) return {};
  if (survey.is_forgotten)
    return {warning(
        subject, addresses,
        "the zone has " + join(survey.addresses, ", ") + ", and this machine's resolver has no address yet",
        "a CA may ask a resolver like this one: wait until it forgets the older answer")};
  if (!survey.addresses.empty()) return {good(subject, addresses, join(survey.addresses, ", "))};
  if (is_no(survey.a) && is_no(survey.aaaa))
    return {survey.outlook.judge(
        failing(subject, addresses,
                survey.is_denied ? "the name does not exist" : "the name has no A and no AAAA record",
                "add one that leads to the server that proves the name, or prove it with --dns"))};
  return {unseen(subject, addresses, "DNS does not answer: " + survey.a.what(), "")};
}

}  // namespace certo::check
