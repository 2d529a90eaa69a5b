#include "sdk/rrlist.h"

#include <algorithm>

namespace certo::sdk {
namespace {

constexpr int done_code = 200;
constexpr int most_pages = 100;

/// A record in the form of a zone file: name, TTL, class, type and the rest.
struct Line {
  std::string name, type, data;
};

std::optional<Line> parsed(std::string_view text) {
  std::vector<std::string> words;
  for (int i = 0; i < 4; ++i) {
    text = trim(text);
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (words.back().empty()) return std::nullopt;
  return Line{lower(words[0]), words[3], std::string(trim(text))};
}

}  // namespace

RecordLists::Answer RecordLists::ask(const Parameters& parameters) {
  const Reply reply = send(parameters);
  throw_if_refused(reply, "");
  Answer answer;
  answer.subject = reply.subject;
  for (const std::string& line : split(reply.body, '\n')) {
    const size_t equals = line.find('=');
    if (equals == line.npos) continue;
    const std::string key = lower(trim(line.substr(0, equals)));
    const std::string value(trim(line.substr(equals + 1)));
    if (key == "code") answer.code = static_cast<int>(number(value, 0, 9999).value_or(0));
    if (key == "description") answer.description = value;
    if (key == "property[total][0]")
      answer.total = static_cast<size_t>(number(value, 0, INT32_MAX).value_or(0));
    if (key.starts_with("property[rr][")) answer.records.push_back(value);
  }
  if (answer.code == 0) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a code"};
  if (answer.code / 100 == 4) throw Failure{CERTO_UNREACHABLE, reply.subject + ": " + answer.description};
  if (answer.code == 530) throw Failure{CERTO_CONFIG, "the credentials are refused: " + answer.description};
  return answer;
}

void RecordLists::require_done(const Answer& answer) {
  if (answer.code == done_code) return;
  throw Failure{CERTO_FAILED,
                answer.subject + " answered " + std::to_string(answer.code) + ": " + answer.description};
}

RecordLists::Answer RecordLists::records_of(const std::string& zone, size_t first) {
  Parameters parameters = {{"command", "QueryDNSZoneRRList"}, {"dnszone", zone_name(zone)}};
  if (first > 0) parameters.emplace_back("first", std::to_string(first));
  return ask(parameters);
}

std::optional<Zone> RecordLists::zone(const std::string& name) {
  if (records_of(name, 0).code != done_code) return std::nullopt;
  return Zone{name, name};
}

std::vector<Held> RecordLists::list(const Zone& zone, const std::string& name) {
  const std::string own = name == zone.name ? "@" : name.substr(0, name.size() - zone.name.size() - 1);
  std::vector<Held> found;
  size_t seen = 0;
  for (int page = 0; page < most_pages; ++page) {
    const Answer answer = records_of(zone.name, seen);
    require_done(answer);
    for (const std::string& text : answer.records) {
      const auto line = parsed(text);
      if (line && line->type == "TXT" && (line->name == own || line->name == name + "."))
        found.push_back({text, line->data});
    }
    seen += answer.records.size();
    if (answer.records.empty() || seen >= answer.total) return found;
  }
  throw Failure{CERTO_FAILED, zone.name + " has too many records"};
}

void RecordLists::add(const Zone& zone, const Record& record) {
  const std::string text =
      record_name(zone, record.name) + " " + std::to_string(record.ttl) + " IN TXT " + record.value;
  require_done(ask({{"command", "UpdateDNSZone"}, {"dnszone", zone_name(zone.name)}, {"addrr0", text}}));
}

/// The record is named as the service shows it.
void RecordLists::remove(const Zone& zone, const std::string&, const Held& held) {
  require_done(ask({{"command", "UpdateDNSZone"}, {"dnszone", zone_name(zone.name)}, {"delrr0", held.id}}));
}

}  // namespace certo::sdk
