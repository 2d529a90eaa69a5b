// DuckDNS, by https://www.duckdns.org/spec.jsp ("TXT Record API").
//
// A domain has one TXT value, and every name below it answers with that value.
#include "sdk/provider.hpp"

namespace {

using namespace certo::sdk;

constexpr std::string_view suffix = ".duckdns.org";

/// "_acme-challenge.www.example.duckdns.org" to "example".
std::string domain_of(const Record& record) {
  const std::string_view name = record.name;
  if (!name.ends_with(suffix)) {
    throw Failure{CERTO_NO_ZONE, std::string(name) + " is not below duckdns.org"};
  }
  const std::string_view below = name.substr(0, name.size() - suffix.size());
  return std::string(below.substr(below.rfind('.') + 1));  // all of it if there is no dot
}

std::map<std::string, std::string> values_by_domain(Records records) {
  std::map<std::string, std::string> values;
  for (const Record& record : records) {
    const auto [entry, is_new] = values.emplace(domain_of(record), record.value);
    if (is_new || entry->second == record.value) continue;
    throw Failure{
        CERTO_FAILED,
        entry->first + std::string(suffix) +
            " can hold one TXT value only: 'certo issue' and 'certo solve' add one after the other"};
  }
  return values;
}

void update(const Host& host, const std::string& domain, const std::string& rest) {
  const Reply reply = host.http({"GET", host.base_url() + "/update?domains=" + escaped(domain) +
                                            "&token=" + escaped(host.require("DUCKDNS_TOKEN")) + rest});
  if (reply.body.starts_with("OK")) return;
  // The service never says more than "KO".
  throw Failure{CERTO_CONFIG, "DuckDNS refused: " + domain + std::string(suffix) +
                                  " is not this account's, or the token is wrong"};
}

void present(const Host& host, Records records) {
  for (const auto& [domain, value] : values_by_domain(records)) {
    update(host, domain, "&txt=" + escaped(value));
  }
}

void cleanup(const Host& host, Records records) {
  // The domain's only value is cleared, whatever `txt` is, but `txt` must be given.
  for (const auto& [name, values] : by_name(records)) {
    update(host, domain_of({name.c_str(), values[0].c_str(), 0}),
           "&txt=" + escaped(values[0]) + "&clear=true");
  }
}

}  // namespace

CERTO_PROVIDER(.name = "duckdns", .aliases = "dns_duckdns", .title = "Duck DNS",
               .base_url = "https://www.duckdns.org", .traits = CERTO_SINGLE_VALUE | CERTO_CHANGES_BY_GET,
               .settings = {
                   {"DUCKDNS_TOKEN", "DuckDNS_Token",
                    "the account's token, at the top of https://www.duckdns.org", 1},
               })
