#include "sdk/dnspod.h"

#include <algorithm>

#include "sdk/answer.h"

namespace certo::sdk {
namespace {

constexpr uint32_t shortest_ttl = 600;  // of the free edition
constexpr size_t page_size = 3000;      // the maximum

// https://docs.dnspod.cn/api/common-return-code/: a code above 0 that is not 1 belongs to the action.
constexpr int64_t done = 1, wrong_record = 8, no_records = 10, exists = 104;
constexpr int64_t login_failed = -1, too_many_calls = -2, not_permitted = -3, too_many_failures = -8,
                  closed = -99;

}  // namespace

std::string Dnspod::token_of(const Host& host, const char* both, const char* id, const char* key) {
  if (const auto token = host.setting(both)) return *token;
  return host.require(id) + "," + host.require(key);
}

std::optional<Zone> Dnspod::zone(const std::string& name) {
  const Answer answer = call("Domain.Info", {{"domain", name}});
  if (answer.code != done) return std::nullopt;
  const std::string id = text_at(answer.json, "/domain/id");
  if (id.empty()) throw Failure{CERTO_UNREACHABLE, "Domain.Info answered without a domain"};
  return Zone{name, id};
}

std::vector<Held> Dnspod::list(const Zone& zone, const std::string& name) {
  const std::string own = below(name, zone.name, "@");
  std::vector<Held> found;
  for (size_t offset = 0, size = page_size; size == page_size; offset += page_size) {
    const Answer answer = call("Record.List", {{"domain_id", zone.id},
                                               {"sub_domain", own},
                                               {"offset", std::to_string(offset)},
                                               {"length", std::to_string(page_size)}});
    if (answer.code == no_records) break;
    require(answer, "Record.List");
    const Json::Array records = list_at(answer.json, "/records", "Record.List");
    for (const Json& record : records) {
      if (text_at(record, "/type") == "TXT" && lower(text_at(record, "/name")) == own)
        found.push_back({text_at(record, "/id"), text_at(record, "/value")});
    }
    size = records.size();
  }
  return found;
}

void Dnspod::add(const Zone& zone, const Record& record) {
  const Answer answer = call("Record.Create", {{"domain_id", zone.id},
                                               {"sub_domain", below(record.name, zone.name, "@")},
                                               {"record_type", "TXT"},
                                               {"record_line", line_},
                                               {"value", record.value},
                                               {"ttl", std::to_string(std::max(record.ttl, shortest_ttl))}});
  if (answer.code != exists) require(answer, "Record.Create");
}

void Dnspod::remove(const Zone& zone, const std::string&, const Held& held) {
  const Answer answer = call("Record.Remove", {{"domain_id", zone.id}, {"record_id", held.id}});
  if (answer.code != wrong_record) require(answer, "Record.Remove");
}

void Dnspod::require(const Answer& answer, const char* action) {
  if (answer.code != done)
    throw Failure{CERTO_FAILED,
                  std::string(action) + " answered " + std::to_string(answer.code) + ": " + answer.words};
}

Dnspod::Answer Dnspod::call(const std::string& action, Parameters parameters) const {
  parameters.insert(parameters.begin(), {{"login_token", token_}, {"format", "json"}, {"lang", "en"}});
  const bool reads = action == "Domain.Info" || action == "Record.List";
  const Reply reply = host_.http({"POST",
                                  host_.base_url() + "/" + action,
                                  {"Content-Type: application/x-www-form-urlencoded"},
                                  form(parameters),
                                  reads});
  const Json json = reply.json();
  const auto code = number(text_at(json, "/status/code"), INT32_MIN, INT32_MAX);
  if (!code) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a code"};
  Answer answer{*code, text_at(json, "/status/message"), json};
  const std::string told = std::to_string(answer.code) + ": " + answer.words;
  if (answer.code == login_failed || answer.code == not_permitted)
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
  if (answer.code == too_many_calls || answer.code == too_many_failures)
    throw Failure{CERTO_LATER, "rate limited: " + told};
  if (answer.code == closed) throw Failure{CERTO_UNREACHABLE, action + " answered " + told};
  if (answer.code < 0) require(answer, action.c_str());
  return answer;
}

}  // namespace certo::sdk
