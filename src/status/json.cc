// Implements a part of status/formats.h.
#include "status/formats.h"

namespace certo::status {
namespace {

Json time_json(Time time) { return time == Time{} ? Json() : Json(rfc3339(time)); }

Json list_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& one : texts) list.push(printable(one));
  return list;
}

void set_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json.set(key, printable(text));
}

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& one : findings) {
    Json json = Json::object();
    json.set("kind", word(one.kind)).set("level", name(one.level)).set("what", printable(one.what));
    set_text(json, "advice", one.advice);
    list.push(std::move(json));
  }
  return list;
}

Json served_json(const Served& served) {
  Json json = Json::object();
  json.set("family", served.family);
  set_text(json, "address", served.address);
  set_text(json, "error", served.failure);
  if (served.serial.empty()) return json;
  json.set("serial", served.serial).set("issuer", printable(served.issuer));
  json.set("names", list_json(served.names));
  return json.set("not_before", rfc3339(served.not_before)).set("not_after", rfc3339(served.not_after));
}

Json endpoint_json(const Endpoint& endpoint) {
  Json served = Json::array();
  for (const Served& one : endpoint.served) served.push(served_json(one));
  Json json = Json::object();
  json.set("server", endpoint.server).set("level", name(endpoint.level)).set("served", std::move(served));
  return json.set("findings", findings_json(endpoint.findings));
}

Json endpoints_json(const std::vector<Endpoint>& endpoints) {
  Json list = Json::array();
  for (const Endpoint& one : endpoints) list.push(endpoint_json(one));
  return list;
}

std::string_view word(FileState state) {
  switch (state) {
    case FileState::current: return "current";
    case FileState::missing: return "missing";
    case FileState::differs: return "differs";
    case FileState::unreadable: return "unreadable";
  }
  return "";
}

Json files_json(const std::vector<InstalledFile>& files) {
  Json list = Json::array();
  for (const InstalledFile& one : files) {
    Json json = Json::object();
    json.set("path", printable(one.path)).set("part", one.part).set("state", word(one.state));
    list.push(std::move(json));
  }
  return list;
}

Json row_json(const Row& row) {
  Json json = Json::object();
  json.set("name", row.name).set("level", name(row.level)).set("names", list_json(row.names));
  json.set("directory", row.directory.empty() ? Json() : Json(printable(row.directory)));
  set_text(json, "issuer", row.issuer);
  set_text(json, "key_type", row.key_type);
  set_text(json, "serial", row.serial);
  json.set("test", row.is_test);
  json.set("not_before", time_json(row.not_before)).set("not_after", time_json(row.not_after));
  json.set("renew_at", time_json(row.renew_at)).set("failures", row.failures);
  set_text(json, "last_error", row.last_error);
  if (row.retry_at) json.set("retry_at", rfc3339(*row.retry_at));
  json.set("files", files_json(row.files)).set("endpoints", endpoints_json(row.endpoints));
  return json.set("findings", findings_json(row.findings));
}

Json schedule_json(const Schedule& schedule) {
  Json json = Json::object();
  json.set("kind", schedule.kind.empty() ? Json() : Json(schedule.kind));
  set_text(json, "file", schedule.file);
  set_text(json, "next", schedule.next);
  set_text(json, "last", schedule.last);
  if (schedule.ended)
    json.set("last_pass", Json(Json::Object{{"ended", rfc3339(*schedule.ended)},
                                            {"code", schedule.code},
                                            {"summary", printable(schedule.summary)}}));
  return json;
}

}  // namespace

Json to_json(const Overview& overview) {
  Json rows = Json::array();
  for (const Row& row : overview.rows) rows.push(row_json(row));
  Json json = Json::object();
  json.set("certo", "overview/1").set("at", rfc3339(overview.now)).set("level", name(overview.level));
  json.set("home", overview.home).set("certificates", std::move(rows));
  json.set("endpoints", endpoints_json(overview.endpoints));
  json.set("schedule", schedule_json(overview.schedule));
  json.set("notify_hooks", list_json(overview.notify_hooks));
  return json.set("findings", findings_json(overview.findings));
}

}  // namespace certo::status
