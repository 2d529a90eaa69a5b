#include "sdk/values.h"

#include <algorithm>

namespace certo::sdk {
namespace {

bool is_held(const Held& held, const Record& record) {
  return held.value == record.value || held.value == quoted(record.value);
}

/// Changes one name's records. False if there was nothing to do.
bool change_name(ValueService& service, const Zone& zone, const std::vector<Record>& records, Change change) {
  const std::string name = records.front().name;
  const std::vector<Held> there = service.list(zone, name);
  bool is_changed = false;
  if (change == Change::remove) {
    for (const Held& held : there) {
      const auto fits = [&](const Record& record) { return is_held(held, record); };
      if (std::ranges::none_of(records, fits)) continue;
      service.remove(zone, name, held);
      is_changed = true;
    }
    return is_changed;
  }
  std::vector<std::string> done;
  for (const Record& record : records) {
    const auto fits = [&](const Held& held) { return is_held(held, record); };
    if (std::ranges::any_of(there, fits) || std::ranges::count(done, record.value) > 0) continue;
    service.add(zone, record);
    done.emplace_back(record.value);
    is_changed = true;
  }
  return is_changed;
}

}  // namespace

void change_values(const Host& host, ValueService& service, Records records, Change change) {
  ZoneFinder<Zone> zones(host, [&](const std::string& name) { return service.zone(name); });
  std::map<std::string, std::vector<Record>> names;
  for (const Record& record : records) names[record.name].push_back(record);
  std::map<std::string, Zone> changed;
  for (const auto& [name, of_name] : names) {
    const Zone zone = zones.find(name);
    if (change_name(service, zone, of_name, change)) changed.emplace(zone.name, zone);
  }
  for (const auto& [name, zone] : changed) service.publish(zone);
}

std::vector<std::string> merged_texts(const std::vector<std::string>& texts,
                                      const std::vector<std::string>& ours, Change change) {
  std::vector<std::string> spelled;
  for (const std::string& value : ours) {
    const bool is_bare = std::ranges::count(texts, value) > 0;
    if (is_bare) spelled.push_back(value);
    if (!is_bare || change == Change::remove) spelled.push_back(quoted(value));
  }
  return merged(texts, spelled, change);
}

void change_values(const Host& host, RrsetService& service, Records records, Change change) {
  ZoneFinder<Zone> zones(host, [&](const std::string& name) { return service.zone(name); });
  for (const auto& [name, ours] : by_name(records)) {
    const Zone zone = zones.find(name);
    const Rrset before = service.read(zone, name);
    Rrset after = before;
    after.texts = merged_texts(before.texts, ours, change);
    if (before.texts.empty()) after.ttl = records.front().ttl;
    if (after.texts != before.texts) service.write(zone, name, before, after);
  }
}

std::string unquoted(const std::string& text) {
  const bool is_quoted = text.size() > 1 && text.starts_with('"') && text.ends_with('"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace certo::sdk
