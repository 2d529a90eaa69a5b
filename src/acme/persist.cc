#include "acme/persist.h"

#include <algorithm>

#include "acme/issue_value.h"
#include "base/text.h"
#include "base/txt_strings.h"

namespace certo::acme {
namespace {

using State = PersistVerdict::State;

constexpr size_t most_issuers = 10;            // of a challenge, as the draft says
constexpr int64_t latest_time = 253402300799;  // the end of the year 9999

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

/// False if it breaks the format.
bool take(const std::string& tag, std::string_view value, PersistRecord& record) {
  if (tag == "accounturi") record.account_uri = value;
  // The CA ignores policies that it does not know.
  if (tag == "policy") record.allows_wildcard = lower(value) == "wildcard";
  if (tag != "persistuntil") return true;
  const std::optional<int64_t> seconds = number(value, 0, latest_time);
  if (seconds) record.until = Time(Seconds(*seconds));
  return seconds.has_value();
}

State state_of(const PersistRecord& record, const PersistOffer& offer, bool is_for_wildcard, Time now) {
  if (!offer.issuers.empty() && !has(offer.issuers, record.issuer)) return State::other_issuer;
  if (!has(offer.account_uris, record.account_uri)) return State::other_account;
  if (is_for_wildcard && !record.allows_wildcard) return State::no_wildcard;
  return record.until && *record.until < now ? State::expired : State::good;
}

bool lasts_longer(const PersistRecord& record, const PersistRecord& other) {
  return other.until && (!record.until || *record.until > *other.until);
}

}  // namespace

std::string persist_name(const std::string& base) { return "_validation-persist." + base; }

std::string to_text(const PersistRecord& record) {
  std::string text = record.issuer + "; accounturi=" + record.account_uri;
  if (record.allows_wildcard) text += "; policy=wildcard";
  if (record.until) text += "; persistUntil=" + std::to_string(record.until->time_since_epoch().count());
  return text;
}

std::optional<PersistRecord> parse_persist_record(std::string_view text) {
  const std::optional<IssueValue> value = parse_issue_value(text);
  if (!value || value->issuer.empty()) return {};
  PersistRecord record;
  record.issuer = value->issuer;
  for (const auto& [tag, of_tag] : value->parameters)
    if (!take(tag, of_tag, record)) return {};
  if (record.account_uri.empty()) return {};
  return record;
}

std::string zone_line(const DnsRecord& record) {
  return record.name + ". IN TXT " + quoted_txt(record.value);
}

std::vector<std::string> issuer_names(const Json* list) {
  std::vector<std::string> names;
  if (!list || !list->is_array() || list->items().size() > most_issuers) return {};
  for (const Json& item : list->items()) {
    if (!item.is_string()) return {};
    names.push_back(folded_issuer(item.string()));
    if (!is_issuer_name(names.back())) return {};
  }
  return names;
}

bool is_account_uri(std::string_view text) {
  return is_parameter_value(text) && text.find_first_of("\"\\") == text.npos;
}

PersistVerdict judge(const std::vector<std::string>& values, const PersistOffer& offer, bool is_for_wildcard,
                     Time now) {
  PersistVerdict best;
  for (const std::string& value : values) {
    const std::optional<PersistRecord> record = parse_persist_record(value);
    const State state = record ? state_of(*record, offer, is_for_wildcard, now) : State::malformed;
    const bool is_better = state < best.state || (state == best.state && record && best.record &&
                                                  lasts_longer(*record, *best.record));
    if (is_better) best = {state, record, value};
  }
  return best;
}

std::string explain(const PersistVerdict& verdict, const PersistOffer& offer) {
  switch (verdict.state) {
    case State::good: return {};
    case State::expired: return "the record ended " + rfc3339(*verdict.record->until);
    case State::no_wildcard: return "the record does not allow wildcards: policy=wildcard is missing";
    case State::other_account: return "the record is for another account, " + verdict.record->account_uri;
    case State::other_issuer:
      return "the record is for another CA, " + verdict.record->issuer + ", and not for " +
             join(offer.issuers, " or ");
    case State::malformed: return "'" + verdict.value + "' is not a record of dns-persist-01";
    case State::missing: return "there is no such TXT record";
  }
  return {};
}

}  // namespace certo::acme
