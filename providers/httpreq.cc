// The user's own server changes the zone: the protocol of lego's httpreq,
// https://go-acme.github.io/lego/dns/httpreq/
#include <algorithm>
#include "sdk/provider.hpp"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr size_t longest_reason = 200;

/// The endpoint with `action` appended to its path.
std::string url_of(const Host& host, const char* action) {
  const std::string endpoint = host.require("HTTPREQ_ENDPOINT");
  const size_t query = std::min(endpoint.find('?'), endpoint.size());
  std::string path = endpoint.substr(0, query);
  while (path.ends_with('/')) path.pop_back();
  return path + "/" + action + endpoint.substr(query);
}

/// The first line of the reply.
std::string reason(const Reply& reply) {
  const std::string_view body = certo::trim(reply.body);
  return std::string(body.substr(0, std::min(body.find_first_of("\r\n"), longest_reason)));
}

void send_all(const Host& host, Records records, const char* action) {
  const std::string mode = certo::lower(host.setting("HTTPREQ_MODE").value_or(""));
  if (mode == "raw")
    throw Failure{
        CERTO_CONFIG,
        "HTTPREQ_MODE=RAW is not supported: it sends the challenge's token, which providers do not get"};
  if (!mode.empty() && mode != "default") throw Failure{CERTO_CONFIG, "HTTPREQ_MODE is RAW or not set"};

  std::vector<std::string> headers = {"Accept: application/json", "Content-Type: application/json"};
  const auto user = host.setting("HTTPREQ_USERNAME"), password = host.setting("HTTPREQ_PASSWORD");
  if (user && password) headers.push_back(basic(host, *user, *password));

  for (const Record& record : records) {
    Json body = Json::object();
    body.set("fqdn", std::string(record.name) + ".").set("value", record.value);
    const Reply reply = host.raw_http({"POST", url_of(host, action), headers, to_json(body)});
    if (reply.ok()) continue;
    const std::string why = reason(reply);
    throw_if_refused(reply, why);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                    (why.empty() ? "" : ": " + why)};
  }
}

void present(const Host& host, Records records) { send_all(host, records, "present"); }
void cleanup(const Host& host, Records records) { send_all(host, records, "cleanup"); }

}  // namespace

CERTO_PROVIDER(.name = "httpreq", .title = "A server of your own that speaks lego's httpreq",
               .settings = {
                   {"HTTPREQ_ENDPOINT", "", "the server's URL; certo appends /present and /cleanup", 1},
                   {"HTTPREQ_USERNAME", "", "a name for basic authorization", 0},
                   {"HTTPREQ_PASSWORD", "", "... with its password", 0},
                   {"HTTPREQ_MODE", "", "RAW is not supported", 0},
               })
