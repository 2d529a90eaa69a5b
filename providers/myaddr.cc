// myaddr.tools, myaddr.dev and myaddr.io, by the behaviour of another client (https://myaddr.tools): a host
// takes one value, by its own key, and forgets it after some minutes.
#include "sdk/answer.h"
#include "sdk/keys.h"

namespace {

using certo::Json;
using namespace certo::sdk;

/// By the host, or by its first label, which is its name at the service.
std::string key_for(const Host& host, const std::string& name) {
  const std::string list = host.require("MYADDR_PRIVATE_KEYS_MAPPING");
  if (const auto key = key_of(list, name)) return *key;
  std::string label = challenged(name);
  for (size_t dot = label.rfind('.'); dot != label.npos; dot = label.rfind('.')) {
    label.resize(dot);
    if (const auto key = key_of(list, label)) return *key;
  }
  throw Failure{CERTO_CONFIG, "MYADDR_PRIVATE_KEYS_MAPPING has no key for " + name};
}

void present(const Host& host, Records records) {
  for (const Record& record : records) {
    Json body = Json::object();
    body.set("key", key_for(host, record.name)).set("acme_challenge", record.value);
    accepted(
        host.raw_http(
            {"POST", host.base_url() + "/update", {"Content-Type: application/json"}, certo::to_json(body)}),
        {"/error", "/message"});
  }
}

/// There is no request for it.
void cleanup(const Host&, Records) {}

}  // namespace

CERTO_PROVIDER(.name = "myaddr", .title = "myaddr", .base_url = "https://myaddr.tools",
               .traits = CERTO_SINGLE_VALUE,
               .settings =
                   {
                       {"MYADDR_PRIVATE_KEYS_MAPPING", "",
                        "name:key,… of your hosts, such as me:5ec2e7: https://myaddr.tools", 1},
                   },
               .source = "table")
