#include "acme/persist.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/txt_strings.h"

namespace certo::acme {
namespace {

using State = PersistVerdict::State;

constexpr size_t most_issuers = 10;  // of a challenge, as the draft says
constexpr size_t longest_parameter = 1000;
constexpr std::string_view blanks = " \t";
constexpr int64_t latest_time = 253402300799;  // the end of the year 9999

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// LDH labels.
bool is_domain_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  return std::ranges::all_of(split(name, '.'), [](const std::string& label) {
    const auto is_of_label = [](char c) { return is_alphanumeric(c) || c == '-'; };
    return !label.empty() && label.size() <= 63 && is_alphanumeric(label.front()) &&
           is_alphanumeric(label.back()) && std::ranges::all_of(label, is_of_label);
  });
}

/// Without the final dot, which does not change a domain name.
std::string folded(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return lower(name);
}

bool is_tag(std::string_view tag) {
  const auto is_of_tag = [](char c) { return is_alphanumeric(c) || c == '-'; };
  return !tag.empty() && is_alphanumeric(tag.front()) && is_alphanumeric(tag.back()) &&
         std::ranges::all_of(tag, is_of_tag);
}

/// The value of a parameter.
bool is_value(std::string_view text) {
  const auto fits = [](char c) { return c >= 0x21 && c <= 0x7e && c != ';'; };
  return !text.empty() && text.size() <= longest_parameter && std::ranges::all_of(text, fits);
}

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
  const std::vector<std::string> parts = split(text, ';');
  PersistRecord record;
  record.issuer = folded(without_blanks(parts.front()));
  if (!is_domain_name(record.issuer)) return {};
  std::set<std::string> seen;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = without_blanks(parts[i]);
    const size_t equals = std::min(part.find('='), part.size());
    const std::string tag = lower(without_blanks(part.substr(0, equals)));
    const std::string_view value = without_blanks(part.substr(std::min(equals + 1, part.size())));
    // A semicolon at the end is not allowed after a parameter.
    if (equals == part.size() || !is_tag(tag) || !is_value(value) || !seen.insert(tag).second) return {};
    if (!take(tag, value, record)) return {};
  }
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
    names.push_back(folded(item.string()));
    if (!is_domain_name(names.back())) return {};
  }
  return names;
}

bool is_account_uri(std::string_view text) {
  return is_value(text) && text.find_first_of("\"\\") == text.npos;
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
