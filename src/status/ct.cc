#include "status/ct.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/sort.h"
#include "status/judge.h"

namespace certo::status {
namespace {

constexpr size_t longest_reply = size_t{32} << 20;
constexpr size_t most_names = 1000;     // of a certificate that are kept
constexpr size_t most_unknown = 10000;  // certificates

bool is_below(const std::string& name, const std::string& domain) {
  return name.size() > domain.size() && name.ends_with(domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

/// The form of a name in a certificate or a request.
std::string base_of(const std::string& name) { return name.starts_with("*.") ? name.substr(2) : name; }

bool is_dns_name(const std::string& name) {
  return name.find(':') == name.npos && name.find_first_not_of("0123456789.") != name.npos;
}

/// "2026-04-02T21:29:08.423", in UTC without saying so. Zero if it is not a time.
Time time_of(const Fields& entry, std::string_view key) {
  const std::string text = entry.optional_string(key).value_or("");
  return from_rfc3339(text + (text.ends_with('Z') ? "" : "Z")).value_or(Time{});
}

std::vector<std::string> names_of(const Fields& entry) {
  std::vector<std::string> names;
  for (const std::string& line : split(entry.optional_string("name_value").value_or(""), '\n'))
    if (std::string name = lower(trim(line)); !name.empty() && names.size() < most_names)
      names.push_back(std::move(name));
  if (names.empty())
    if (std::string name = lower(entry.optional_string("common_name").value_or("")); !name.empty())
      names.push_back(std::move(name));
  return names;
}

void merge(LoggedCertificate& known, LoggedCertificate&& other) {
  if (known.seen == Time{} || (other.seen != Time{} && other.seen < known.seen)) known.seen = other.seen;
  if (known.serial.size() < other.serial.size()) known.serial = other.serial;  // with its zeros
  std::set<std::string> names(known.names.begin(), known.names.end());
  for (std::string& name : other.names)
    if (known.names.size() < most_names && names.insert(name).second) known.names.push_back(std::move(name));
}

std::string day_of(Time time) { return time == Time{} ? "?" : rfc3339(time).substr(0, 10); }

Finding finding_of(const LoggedCertificate& one) {
  return {
      Kind::unknown, Level::warn,
      "a certificate that is not in the store: for " + printable(join(one.names, ", "), 200) + ", by " +
          printable(one.issuer, 200) + ", first seen " + day_of(one.seen) + ", valid until " +
          day_of(one.not_after) + ", serial " + printable(one.serial, 60),
      "certo keeps only the last versions; if nobody of yours ordered it, ask that CA to revoke it, and say by a "
      "CAA record which CAs may issue"};
}

}  // namespace

std::vector<std::string> names_for_ct(const std::vector<Row>& rows) {
  std::set<std::string> all;
  for (const Row& row : rows)
    for (const std::string& name : row.names)
      if (is_dns_name(name)) all.insert(base_of(name));
  std::vector<std::string> names;
  for (const std::string& name : all) {
    const auto is_covered = [&](const std::string& other) { return is_below(name, other); };
    if (std::ranges::none_of(all, is_covered)) names.push_back(name);
  }
  return names;
}

std::vector<LoggedCertificate> parse_ct_reply(std::string_view reply, const std::string& subject) {
  const auto json = [&] {
    try {
      return parse_json(reply, subject, Exit::unreachable, longest_reply);
    } catch (const Error&) {
      const bool is_html = trim(reply).starts_with('<');
      throw Error(Exit::unreachable, subject + ": it answers " + (is_html ? "with HTML" : "something else") +
                                         " instead of a list in JSON");
    }
  }();
  if (!json.is_array()) throw Error(Exit::unreachable, subject + ": its answer in JSON is not a list");
  std::map<std::pair<std::string, std::string>, LoggedCertificate> found;
  for (const Json& one : json.items()) {
    const Fields entry(one, subject, Exit::unreachable);
    LoggedCertificate logged{.serial = lower(entry.optional_string("serial_number").value_or("")),
                             .issuer = entry.optional_string("issuer_name").value_or(""),
                             .names = names_of(entry),
                             .seen = time_of(entry, "entry_timestamp"),
                             .not_before = time_of(entry, "not_before"),
                             .not_after = time_of(entry, "not_after")};
    const std::string serial = plain_serial(logged.serial);
    const bool is_hex = serial.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (serial.empty() || !is_hex || logged.names.empty()) continue;
    const auto [place, is_new] = found.try_emplace({logged.issuer, serial}, logged);
    if (!is_new) merge(place->second, std::move(logged));
  }
  if (found.empty() && !json.items().empty())
    throw Error(Exit::unreachable, subject + ": certo finds no certificate in its answer",
                "a service whose answer has the form of crt.sh is needed");
  std::vector<LoggedCertificate> list;
  for (auto& [key, logged] : found) list.push_back(std::move(logged));
  return list;
}

std::string plain_serial(std::string_view serial) {
  std::string text = lower(serial);
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text;
}

void add_unknown(Overview& overview, const std::vector<LoggedCertificate>& logged,
                 const std::vector<std::string>& names, const std::set<std::string>& ours) {
  const auto is_about_us = [&](const std::string& name) {
    const std::string base = base_of(name);
    return std::ranges::any_of(names, [&](const auto& ask) { return base == ask || is_below(base, ask); });
  };
  std::set<std::pair<std::string, std::string>> known;
  for (const LoggedCertificate& one : overview.unknown) known.emplace(one.issuer, plain_serial(one.serial));
  for (const LoggedCertificate& one : logged) {
    const bool has_ended = one.not_after != Time{} && one.not_after <= overview.now;
    if (has_ended || ours.contains(plain_serial(one.serial)) || overview.unknown.size() >= most_unknown)
      continue;
    if (std::ranges::none_of(one.names, is_about_us)) continue;
    if (known.emplace(one.issuer, plain_serial(one.serial)).second) overview.unknown.push_back(one);
  }
  sort_stably(overview.unknown, std::ranges::greater(), &LoggedCertificate::seen);
  std::erase_if(overview.findings, [](const Finding& one) { return one.kind == Kind::unknown; });
  for (const LoggedCertificate& one : overview.unknown)
    add(overview.findings, overview.level, finding_of(one));
}

}  // namespace certo::status
