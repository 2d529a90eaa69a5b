// status.json. A pass reads one for each certificate of the store, so there is no more
// in it than a pass needs.
// Implements a part of store/request.h.
#include <algorithm>
#include <limits>

#include "store/format.h"
#include "store/request.h"

namespace certo::store {

namespace {

constexpr const char* format = "status/1";

Json to_json(const os::Fingerprint& file) {
  Json json = Json::object();
  json.set("inode", static_cast<int64_t>(file.inode));
  json.set("size", static_cast<int64_t>(file.size));
  json.set("mtime_ns", file.mtime_ns);
  return json;
}

Json to_json(const LiveFingerprint& live) {
  Json json = Json::object();
  json.set("version", live.version);
  json.set("key", to_json(live.key));
  json.set("fullchain", to_json(live.fullchain));
  return json;
}

os::Fingerprint parse_fingerprint(const Fields& parent, std::string_view key) {
  const Json* json = parent.optional_object(key);
  if (!json) throw Error(Exit::bad_input, parent.subject() + ": no fingerprint of the " + std::string(key));
  const Fields fields(*json, parent.subject(), Exit::bad_input);
  return {static_cast<uint64_t>(fields.integer("inode")), static_cast<uint64_t>(fields.integer("size")),
          fields.integer("mtime_ns")};
}

LiveFingerprint parse_live(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  return {fields.string("version"), parse_fingerprint(fields, "key"), parse_fingerprint(fields, "fullchain")};
}

void write_time(Json& json, const char* key, const std::optional<Time>& time) {
  if (time && *time != Time{}) json.set(key, rfc3339(*time));
}

Status read_status(std::string_view text) {
  const std::string subject = "status.json";
  const Json json = parse_json(text, subject, Exit::bad_input);
  require_format(json, format, subject);
  const Fields fields(json, subject, Exit::bad_input);
  Status status;
  status.due = optional_time(fields, "due").value_or(Time{});
  status.not_after = optional_time(fields, "not_after").value_or(Time{});
  status.window_start = optional_time(fields, "window_start");
  status.window_end = optional_time(fields, "window_end");
  status.ari_again = optional_time(fields, "ari_again");
  status.ari_explanation = fields.optional_string("ari_explanation").value_or("");
  if (const Json* live = fields.optional_object("live")) status.live = parse_live(*live, subject);
  status.checked = optional_time(fields, "checked").value_or(Time{});
  status.renew_because = fields.optional_string("renew_because").value_or("");
  if (fields.optional_object("request")) status.request = parse_fingerprint(fields, "request");
  status.wishes = fields.optional_string("wishes").value_or("");
  status.missing = fields.strings("missing");
  status.record = fields.optional_string("record").value_or("");
  status.record_ends = optional_time(fields, "record_ends");
  const int64_t failures = fields.optional_integer("failures").value_or(0);
  status.failures = static_cast<int>(std::clamp<int64_t>(failures, 0, std::numeric_limits<int>::max()));
  status.failing_since = optional_time(fields, "failing_since");
  status.retry_at = optional_time(fields, "retry_at");
  status.last_error = fields.optional_string("last_error").value_or("");
  return status;
}

}  // namespace

Json to_json(const Status& status) {
  Json json = new_file(format);
  write_time(json, "due", status.due);
  write_time(json, "not_after", status.not_after);
  write_time(json, "window_start", status.window_start);
  write_time(json, "window_end", status.window_end);
  write_time(json, "ari_again", status.ari_again);
  if (!status.ari_explanation.empty()) json.set("ari_explanation", status.ari_explanation);
  if (status.live) json.set("live", to_json(*status.live));
  write_time(json, "checked", status.checked);
  if (!status.renew_because.empty()) json.set("renew_because", status.renew_because);
  if (status.request) json.set("request", to_json(*status.request));
  if (!status.wishes.empty()) json.set("wishes", status.wishes);
  if (!status.missing.empty()) {
    Json missing = Json::array();
    for (const std::string& name : status.missing) missing.push(name);
    json.set("missing", std::move(missing));
  }
  if (!status.record.empty()) json.set("record", status.record);
  write_time(json, "record_ends", status.record_ends);
  if (status.failures > 0) json.set("failures", status.failures);
  write_time(json, "failing_since", status.failing_since);
  write_time(json, "retry_at", status.retry_at);
  if (!status.last_error.empty()) json.set("last_error", status.last_error);
  return json;
}

Status parse_status(std::string_view text) {
  try {
    return read_status(text);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace certo::store
