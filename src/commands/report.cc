#include "commands/report.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/describe.h"
#include "commands/hook_options.h"
#include "commands/notice.h"
#include "commands/targets.h"
#include "renew/due.h"

namespace certo::commands {
namespace {

Json names_json(const std::vector<crypto::Identifier>& identifiers) {
  Json list = Json::array();
  for (const crypto::Identifier& one : identifiers) list.push(one.value);
  return list;
}

Json records_json(const std::vector<DnsRecord>& records) {
  Json list = Json::array();
  for (const DnsRecord& record : records) {
    Json json = Json::object();
    json.set("name", record.name).set("type", record.type).set("value", record.value);
    list.push(std::move(json));
  }
  return list;
}

const char* outcome_name(renew::Outcome outcome) {
  switch (outcome) {
    case renew::Outcome::not_due: return "not-due";
    case renew::Outcome::held_back: return "held-back";
    case renew::Outcome::renewed: return "renewed";
    case renew::Outcome::rehearsed: return "rehearsed";
    case renew::Outcome::needs_person: return "needs-person";
    case renew::Outcome::failed: return "failed";
    case renew::Outcome::not_tried: return "not-tried";
  }
  return "";
}

Json delivery_json(const install::Delivery& delivery) {
  Json json = Json::object();
  json.set("installed", delivery.installed).set("code", static_cast<int>(delivery.failure.code));
  set(json, delivery.failure);
  return json;
}

Json missing_json(const std::vector<renew::LeftOut>& names) {
  Json list = Json::array();
  for (const renew::LeftOut& one : names) {
    Json json = Json::object();
    list.push(std::move(json.set("name", one.identifier.value).set("reason", printable(one.reason))));
  }
  return list;
}

Json result_json(const renew::PassResult& result) {
  Json json = Json::object();
  json.set("name", result.name).set("outcome", outcome_name(result.outcome));
  json.set("changed", result.outcome == renew::Outcome::renewed)
      .set("code", static_cast<int>(result.failure.code));
  if (result.not_after != Time{}) json.set("not_after", rfc3339(result.not_after));
  if (result.due != Time{}) json.set("renew_at", rfc3339(result.due));
  set(json, result.failure);
  if (result.retry_at) json.set("retry_at", rfc3339(*result.retry_at));
  if (result.hooks) json.set("hooks", to_json(*result.hooks));
  if (result.delivery) json.set("installation", delivery_json(*result.delivery));
  if (!result.left_out.empty()) json.set("missing", missing_json(result.left_out));
  if (!result.records.empty()) json.set("records", records_json(result.records));
  return json;
}

/// Not a date: the CA may move it at any time (RFC 9773).
std::string spoken_due(Time due) {
  return "to be renewed in about " + spoken_duration(std::max<long long>((due - now()).count(), 0));
}

void say_missing(const std::string& name, const std::vector<renew::LeftOut>& names) {
  log::error(name + ": the certificate is without " + describe(names));
  log::hint("the next renewal tries these names again; 'certo renew --force " + name + "' tries now");
}

/// " (37 of 100)"; nothing if there is only one.
std::string place(renew::Counter counter) {
  if (counter.all < 2) return {};
  return " (" + std::to_string(counter.ended) + " of " + std::to_string(counter.all) + ")";
}

void say_failure(const renew::PassResult& result, renew::Counter counter) {
  Failure failure = result.failure;
  failure.error = printable(failure.error) + place(counter);
  report(result.name, failure);
  if (result.failing_since && now() - *result.failing_since >= renew::hopeless)
    log::hint("it has been failing for " + spoken_duration((now() - *result.failing_since).count()) +
              ", and is tried once a day; if you do not need it any more: certo remove " + result.name);
}

void say_result(const renew::PassResult& result, renew::Counter counter, PassReport::Audience audience) {
  const bool is_person = audience == PassReport::Audience::person;
  switch (result.outcome) {
    case renew::Outcome::renewed:
      log::say(shown(result.name) + ": renewed, valid until " + spoken_date(result.not_after) + ", " +
               spoken_due(result.due) + place(counter));
      if (!result.left_out.empty()) say_missing(result.name, result.left_out);
      return;
    case renew::Outcome::rehearsed:
      return log::say(result.name + ": the rehearsal succeeded; nothing was stored" + place(counter));
    case renew::Outcome::needs_person:
    case renew::Outcome::failed: return say_failure(result, counter);
    case renew::Outcome::held_back:
      if (is_person)
        log::say(result.name + ": due, but held back" +
                 (result.retry_at ? " until " + rfc3339(*result.retry_at) : "") + ": " +
                 result.failure.error);
      return;
    case renew::Outcome::not_due:
      if (is_person) log::say(result.name + ": not due until " + spoken_date(result.due));
      return;
    case renew::Outcome::not_tried: return;  // counted at the end
  }
}

/// "98 renewed, 2 failed"
std::string summary(const Tally& count) {
  std::vector<std::string> parts;
  if (count.renewed > 0) parts.push_back(std::to_string(count.renewed) + " renewed");
  if (count.failed > 0) parts.push_back(std::to_string(count.failed) + " failed");
  if (count.not_tried > 0)
    parts.push_back(std::to_string(count.not_tried) + " not tried: the next run continues");
  return join(parts, ", ");
}

void say_end(const renew::PassResult& result) {
  say_hooks(result.name, *result.hooks);
  const bool is_told = result.outcome == renew::Outcome::renewed || result.outcome == renew::Outcome::failed;
  if (!is_told && result.hooks->failures.empty()) log::say(result.name + ": its hooks have run");
}

}  // namespace

std::string spoken_date(Time time) {
  const long long seconds = (time - now()).count();
  const std::string distance = seconds >= 0 ? spoken_duration(seconds) : spoken_duration(-seconds) + " ago";
  return rfc3339(time).substr(0, 10) + " (" + distance + ")";
}

void report_issued(const Args& args, const store::Entry& entry, const store::Request& request,
                   const renew::IssueResult& result) {
  const crypto::Certificate& leaf = result.live.chain.front();
  const std::string live = entry.folder() + "/live";
  if (args.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "issue/1").set("changed", true).set("name", entry.name());
    json.set("names", names_json(request.identifiers)).set("not_after", rfc3339(leaf.not_after));
    json.set("renew_at", rfc3339(result.due));
    if (!result.left_out.empty()) json.set("missing", missing_json(result.left_out));
    if (request.csr.empty()) json.set("key", live + "/key.pem");
    return print_json(json.set("fullchain", live + "/fullchain.pem"));
  }
  log::say(shown(entry.name()) + ": certificate by " + leaf.issuer_cn + " in " + live + ", valid until " +
           spoken_date(leaf.not_after) + ", " + spoken_due(result.due));
  if (!result.left_out.empty()) say_missing(entry.name(), result.left_out);
}

void report_needed(const Args& args, const std::string& name, const challenge::PersonNeeded& needed) {
  if (!args.has(flag::json)) return;
  Json json = Json::object();
  json.set("certo", "records/1");
  if (!name.empty()) json.set("name", name);
  print_json(json.set("changed", false).set("records", records_json(needed.records)));
}

void report_unchanged(const Args& args, const store::Entry& entry, const store::Status& status) {
  if (args.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "issue/1").set("changed", false).set("name", entry.name());
    json.set("not_after", rfc3339(status.not_after)).set("renew_at", rfc3339(status.due));
    if (!status.missing.empty()) json.set("missing", to_json(status.missing));
    return print_json(json);
  }
  const std::string missing = status.missing.empty() ? "" : "; it is without " + join(status.missing, ", ");
  log::say(entry.name() + ": nothing to do, not due until " + spoken_date(status.due) +
           " (--force renews it now)" + missing);
}

renew::PassNews PassReport::news() const {
  if (args_.has(flag::json)) return {};
  return {.ended = [this](const renew::PassResult& result,
                          renew::Counter counter) { say_result(result, counter, audience_); },
          .finished =
              [this](const renew::PassResult& result) {
                // The schedule has reported it before.
                const bool is_schedule = audience_ == Audience::schedule;
                if (result.delivery && !(is_schedule && result.delivery->is_known)) say(*result.delivery);
                if (result.hooks && !(is_schedule && result.hooks->is_known)) say_end(result);
              }};
}

Exit PassReport::end(const renew::PassRun& run) const {
  Exit code = Exit::ok;
  Json list = Json::array();
  bool changed = false;
  for (const renew::PassResult& result : run.results) {
    code = worst(code, result.failure.code);
    if (result.hooks) code = worst(code, result.hooks->code());
    if (result.delivery) code = worst(code, result.delivery->failure.code);
    changed = changed || result.outcome == renew::Outcome::renewed ||
              (result.hooks && result.hooks->ran > 0) || (result.delivery && result.delivery->installed);
    if (args_.has(flag::json)) list.push(result_json(result));
  }
  if (args_.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "renew/1").set("changed", changed).set("certificates", std::move(list));
    print_json(json);
  } else if (const Tally count = tally(run.results); count.renewed + count.failed + count.not_tried > 1) {
    log::say(summary(count));
  }
  if (code == Exit::ok && !changed && args_.has(flag::exit_2)) return Exit::nothing_due;
  return code;
}

}  // namespace certo::commands
