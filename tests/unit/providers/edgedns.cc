// Akamai Edge DNS, from its documentation: https://techdocs.akamai.com/edge-dns/reference/edge-dns-api and
// https://techdocs.akamai.com/developer/docs/authenticate-with-edgegrid
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1396461906;  // 20140402T18:05:06+0000, as in the documentation's example

std::string mac(const std::string& key, const std::string& text) {
  const auto code = crypto::hmac("sha256", as_bytes(key), text);
  return base64(code);
}

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  const std::string time = "20140402T18:05:06+0000";
  const std::string start = "EG1-HMAC-SHA256 client_token=ct;access_token=at;timestamp=" + time +
                            ";nonce=00010203-0405-4607-8809-0a0b0c0d0e0f;";
  const std::string full = "/config-dns/v2/zones" + path;
  const std::string hash = method == "POST" ? base64(crypto::digest("sha256", body)) : "";
  const std::string text =
      method + "\thttps\takab-1.luna.akamaiapis.net\t" + full + "\t\t" + hash + "\t" + start;
  return "> " + method + " https://akab-1.luna.akamaiapis.net" + full + "\n> Authorization: " + start +
         "signature=" + mac(mac("cs", time), text) + "\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

const std::string not_found = R"(404
< {"type":"https://problems.luna.akamaiapis.net/authoritative-dns/notFound","title":"Not Found","status":404})";

std::string found_zone(const std::string& query = "") {
  return ask("GET", "/_acme-challenge.example.com" + query, "", not_found) +
         ask("GET", "/example.com" + query, "", "200\n< {\"zone\":\"example.com\",\"type\":\"PRIMARY\"}");
}

std::string body_of(const std::vector<std::string>& values, const std::string& ttl) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(R"("\")" + value + R"(\"")");
  return R"({"name":"_acme-challenge.example.com","type":"TXT","ttl":)" + ttl + ",\"rdata\":[" +
         join(texts, ",") + "]}";
}

const std::string rrset = "/example.com/names/_acme-challenge.example.com/types/TXT";

ValueService service() {
  return {.name = "edgedns",
          .settings = {{"AKAMAI_HOST", "akab-1.luna.akamaiapis.net"},
                       {"AKAMAI_CLIENT_TOKEN", "ct"},
                       {"AKAMAI_CLIENT_SECRET", "cs"},
                       {"AKAMAI_ACCESS_TOKEN", "at"}},
          .now = test_time,
          .start = found_zone(),
          .list =
              [](const std::vector<std::string>& values) {
                return ask("GET", rrset, "", values.empty() ? not_found : "200\n< " + body_of(values, "300"));
              },
          .add = "",
          .remove = "",
          .gone = "",
          .publish = "",
          .end = "",
          .write =
              [](const std::vector<std::string>& before, const std::vector<std::string>& after) {
                if (after.empty()) return ask("DELETE", rrset, "", "204");
                return before.empty() ? ask("POST", rrset, body_of(after, "60"), "201")
                                      : ask("PUT", rrset, body_of(after, "300"), "200");
              }};
}

}  // namespace

TEST_CASE("edgedns: an RRset is replaced as a whole") { check_all(service()); }

TEST_CASE("edgedns: credentials from .edgerc, and another account") {
  ValueService other = service();
  other.settings = {{"AKAMAI_EDGERC_FILE",
                     "[default]\nhost = no\n[work]\nhost = akab-1.luna.akamaiapis.net/\nclient_token = ct\n"
                     "client_secret = cs\naccess_token = at\n"},
                    {"AKAMAI_EDGERC_SECTION", "work"}};
  CHECK(play(other, "cleanup", other.start + other.list({})).status == CERTO_OK);
  other.settings["AKAMAI_EDGERC_SECTION"] = "none";
  CHECK(play(other, "present", "").why == "the .edgerc file has no section [none]");
  other = service();
  other.settings["AKAMAI_ACCOUNT_SWITCH_KEY"] = "1-A:B";
  const std::string query = "?accountSwitchKey=1-A%3AB";
  CHECK(play(other, "cleanup", found_zone(query) + ask("GET", rrset + query, "", not_found)).status ==
        CERTO_OK);
}

TEST_CASE("edgedns: the service's words") {
  const std::string denied = R"({"title":"Forbidden","status":403,"detail":"Invalid timestamp"})";
  CHECK(
      play(service(), "present", answered(found_zone(), "403\n< " + denied)).why ==
      "the credentials are refused: GET "
      "https://akab-1.luna.akamaiapis.net/config-dns/v2/zones/_acme-challenge.example.com answered 403: Invalid "
      "timestamp");
}
