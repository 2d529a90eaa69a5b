// netcup, by https://ccp.netcup.net/run/webservice/servers/endpoint.php and
// https://helpcenter.netcup.com/en/wiki/general/our-api/
//
// A session is opened first, and closed whatever happens. An update lists only the records that change.
#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

// Codes that the pages above do not list; the service sends them.
constexpr int64_t validation_error = 4013, invalid_session = 4001;
constexpr int64_t no_records = 5029;
/// Too many requests get the code of a malformed request; only the message differs.
constexpr std::string_view too_many[] = {"requests per minute", "Too many error messages"};

/// {"status":"success","statuscode":2000,"shortmessage":"…","longmessage":"…","responsedata":…}
struct Answer {
  bool ok = false;
  int64_t code = 0;
  std::string message{};
  Json data{};  // null unless it is an object
};

class Session {
 public:
  explicit Session(const Host& host)
      : host_(host), customer_(host.require("NETCUP_CUSTOMER_NUMBER")), key_(host.require("NETCUP_API_KEY")) {
    Json login = identity();
    login.set("apipassword", host.require("NETCUP_API_PASSWORD"));
    const Answer answer = send("login", std::move(login));
    if (!answer.ok) throw Failure{CERTO_CONFIG, "the credentials are refused: " + answer.message};
    const Json* id = answer.data.find("apisessionid");
    if (!id || !id->is_string()) throw Failure{CERTO_UNREACHABLE, "login answered without a session"};
    id_ = id->string();
  }
  ~Session() {
    try {
      call("logout", Json::object());
    } catch (...) {  // it ends by itself after some minutes
    }
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::optional<std::string> zone(const std::string& name) const {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    const Answer answer = call("infoDnsZone", of_zone(name));
    if (answer.ok) return name;
    // 4013 means a name that cannot be a domain, 50xx somebody else's domain.
    if (answer.code == validation_error || answer.code / 100 == 50) return std::nullopt;
    refuse("infoDnsZone", answer);
  }

  Json::Array records(const std::string& zone) const {
    const Answer answer = call("infoDnsRecords", of_zone(zone));
    if (answer.code == no_records) return {};
    if (!answer.ok) refuse("infoDnsRecords", answer);
    const Json* records = answer.data.find("dnsrecords");
    if (!records || !records->is_array())
      throw Failure{CERTO_UNREACHABLE, "infoDnsRecords answered without a list of records"};
    return records->items();
  }

  void update(const std::string& zone, Json changes) const {
    Json set = Json::object();
    set.set("dnsrecords", std::move(changes));
    const Answer answer = call("updateDnsRecords", of_zone(zone).set("dnsrecordset", std::move(set)));
    if (!answer.ok) refuse("updateDnsRecords", answer);
  }

 private:
  static Json of_zone(const std::string& name) {
    Json param = Json::object();
    return param.set("domainname", name);
  }

  Json identity() const {
    Json param = Json::object();
    return param.set("customernumber", customer_).set("apikey", key_);
  }

  Answer call(const char* action, Json param) const {
    param.set("customernumber", customer_).set("apikey", key_).set("apisessionid", id_);
    return send(action, std::move(param));
  }

  Answer send(const char* action, Json param) const {
    Json body = Json::object();
    body.set("action", action).set("param", std::move(param));
    const Reply reply = host_.http({.method = "POST",
                                    .url = host_.base_url(),
                                    .headers = {"Content-Type: application/json"},
                                    .body = to_json(body),
                                    .reads = std::string_view(action) != "updateDnsRecords"});
    const Json json = reply.json();
    try {
      const Fields fields(json, reply.subject, certo::Exit::failed);
      Answer answer = {fields.string("status") == "success", fields.integer("statuscode"),
                       fields.optional_string("longmessage").value_or("")};
      if (answer.message.empty()) answer.message = fields.optional_string("shortmessage").value_or("");
      const Json* data = json.find("responsedata");
      if (data && data->is_object()) answer.data = *data;
      for (const std::string_view words : too_many) {
        if (answer.message.find(words) != std::string::npos)
          throw Failure{CERTO_LATER, "rate limited: " + answer.message};
      }
      return answer;
    } catch (const certo::Error& error) {
      throw Failure{CERTO_UNREACHABLE, error.message};
    }
  }

  [[noreturn]] static void refuse(const char* action, const Answer& answer) {
    throw Failure{answer.code == invalid_session ? CERTO_UNREACHABLE : CERTO_FAILED,
                  std::string(action) + " answered " + std::to_string(answer.code) + ": " + answer.message};
  }

  const Host& host_;
  std::string customer_, key_, id_;
};

/// "_acme-challenge.www" in "example.com"; "@" for the zone itself.
std::string host_name(const std::string& name, const std::string& zone) {
  return name == zone ? "@" : name.substr(0, name.size() - zone.size() - 1);
}

/// The records among `held` that equal this one.
std::vector<Json> find(const Json::Array& held, const std::string& name, const std::string& value) {
  std::vector<Json> found;
  for (const Json& entry : held) {
    const Fields record(entry, "DNS record", certo::Exit::failed);
    if (record.string("type") != "TXT" || certo::lower(record.string("hostname")) != name) continue;
    const std::string destination = record.string("destination");
    if (destination == value || destination == quoted(value)) found.push_back(entry);
  }
  return found;
}

Json new_record(const std::string& name, const std::string& value) {
  Json record = Json::object();
  return record.set("hostname", name)
      .set("type", "TXT")
      .set("priority", "")
      .set("destination", value)
      .set("deleterecord", false);
}

void change_zone(const Session& session, const std::string& zone, const std::vector<Record>& records,
                 Change change) {
  const Json::Array held = session.records(zone);
  Json changes = Json::array();
  for (const Record& record : records) {
    const std::string name = host_name(record.name, zone);
    const std::vector<Json> found = find(held, name, record.value);
    if (change == Change::add && found.empty()) changes.push(new_record(name, record.value));
    if (change == Change::add) continue;
    for (Json one : found) changes.push(one.set("deleterecord", true));
  }
  if (!changes.items().empty()) session.update(zone, std::move(changes));
}

void change_records(const Host& host, Records records, Change change) {
  const Session session(host);
  ZoneFinder<std::string> zones(host, [&](const std::string& name) { return session.zone(name); });
  std::map<std::string, std::vector<Record>> by_zone;
  for (const Record& record : records) by_zone[zones.find(record.name)].push_back(record);
  for (const auto& [zone, of_zone] : by_zone) change_zone(session, zone, of_zone, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "netcup", .aliases = "dns_netcup", .title = "netcup",
        .base_url = "https://ccp.netcup.net/run/webservice/servers/endpoint.php?JSON", .propagation = 900,
        .settings = {
            {"NETCUP_CUSTOMER_NUMBER", "NC_CID", "the customer's number", 1},
            {"NETCUP_API_KEY", "NC_Apikey",
             "a legacy API key, which reaches no domain on CloudDNS: https://www.customercontrolpanel.de, 'Master Data', 'API'",
             1},
            {"NETCUP_API_PASSWORD", "NC_Apipw", "the API password, made on the same page", 1},
        })
