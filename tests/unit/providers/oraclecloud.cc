// Oracle Cloud, from its documentation: https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/RRSet/ and
// https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm
#include "crypto/hash.h"
#include "crypto/key.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1388957500;  // Sun, 05 Jan 2014 21:31:40 GMT, as in the documentation's example
const std::string server = "dns.eu-frankfurt-1.oci.oraclecloud.com";

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  const std::string target = "/20180115/zones/" + path;
  const std::string hash = base64(crypto::digest("sha256", body));
  std::string text = "date: Sun, 05 Jan 2014 21:31:40 GMT\n(request-target): " + lower(method) + " " +
                     target + "\nhost: " + server;
  std::string covered = "date (request-target) host", more;
  if (!body.empty()) {
    text += "\ncontent-length: " + std::to_string(body.size()) +
            "\ncontent-type: application/json\nx-content-sha256: " + hash;
    covered += " content-length content-type x-content-sha256";
    more = "> Content-Type: application/json\n> X-Content-SHA256: " + hash + "\n";
  }
  const Bytes signature = crypto::PrivateKey::from_pem(rfc7515_key, "key").sign(text);
  return "> " + method + " https://" + server + target + "\n> Date: Sun, 05 Jan 2014 21:31:40 GMT\n" + more +
         "> Authorization: Signature version=\"1\",keyId=\"tenancy/user/20:3b\",algorithm=\"rsa-sha256\",headers=\"" +
         covered + "\",signature=\"" + base64(signature) + "\"\n" +
         (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

const std::string not_found = R"(404
< {"code":"NotAuthorizedOrNotFound","message":"Authorization failed or requested resource not found."})";
const std::string found_zone = ask("GET", "_acme-challenge.example.com", "", not_found) +
                               ask("GET", "example.com", "", "200\n< {\"name\":\"example.com\"}");
const std::string rrset = "example.com/records/_acme-challenge.example.com/TXT";

std::string items(const std::vector<std::string>& values, int first = 1) {
  std::vector<std::string> items;
  for (const std::string& value : values)
    items.push_back(R"({"domain":"_acme-challenge.example.com","recordHash":")" +
                    std::to_string(first + static_cast<int>(items.size())) +
                    R"(","isProtected":false,"rdata":"\")" + value +
                    R"(\"","rrsetVersion":"1","rtype":"TXT","ttl":60})");
  return "{\"items\":[" + join(items, ",") + "]}";
}

std::string patch(const std::string& item, const std::string& answer = "200\n< {\"items\":[]}") {
  return ask(
      "PATCH", rrset,
      R"({"items":[{"domain":"_acme-challenge.example.com","rdata":"\"new\"","rtype":"TXT",)" + item + "}]}",
      answer);
}

ValueService service() {
  return {.name = "oraclecloud",
          .settings = {{"OCI_TENANCY_OCID", "tenancy"},
                       {"OCI_USER_OCID", "user"},
                       {"OCI_FINGERPRINT", "20:3b"},
                       {"OCI_REGION", "eu-frankfurt-1"},
                       {"OCI_PRIVATE_KEY_FILE", rfc7515_key}},
          .now = test_time,
          .start = found_zone,
          .list = [](const auto& values) { return ask("GET", rrset, "", "200\n< " + items(values)); },
          .add = patch(R"("ttl":60,"operation":"ADD")"),
          .remove = patch(R"("recordHash":"2","operation":"REMOVE")"),
          .gone = "",
          .publish = "",
          .end = "",
          .step = 41};
}

}  // namespace

TEST_CASE("oraclecloud: records are added and removed one by one") { check_all(service()); }

TEST_CASE("oraclecloud: records on a second page, and the TTL that the others have") {
  const std::string first = "200 +headers\n< opc-next-page: p/2\n< \n< " + items({"foreign"});
  CHECK(play(service(), "cleanup",
             found_zone + ask("GET", rrset, "", first) +
                 ask("GET", rrset + "?page=p%2F2", "", "200\n< " + items({"new"}, 2)) + service().remove)
            .status == CERTO_OK);
  CHECK(play(service(), "present",
             found_zone + service().list({"foreign"}) + patch(R"("ttl":60,"operation":"ADD")"),
             {{"_acme-challenge.example.com", "new", 120}})
            .status == CERTO_OK);
  CHECK(play(service(), "present", found_zone + service().list({}) + patch(R"("ttl":120,"operation":"ADD")"),
             {{"_acme-challenge.example.com", "new", 120}})
            .status == CERTO_OK);
}

TEST_CASE("oraclecloud: the configuration file of Oracle's tools, a key in base64, a compartment") {
  ValueService other = service();
  other.settings = {{"OCI_CONFIG_FILE",
                     "[DEFAULT]\nuser=user\nfingerprint=20:3b\ntenancy=tenancy\nregion=eu-frankfurt-1\n"
                     "key_file=~/.oci/key.pem\n"},
                    {"OCI_PRIVATE_KEY", base64(as_bytes(rfc7515_key))}};
  CHECK(play(other, "cleanup", found_zone + other.list({})).status == CERTO_OK);
  other.settings["OCI_PROFILE"] = "OTHER";
  CHECK(play(other, "present", "").why == "OCI_TENANCY_OCID is not set");
  other = service();
  other.settings["OCI_COMPARTMENT_OCID"] = "ocid1:x";
  const std::string query = "?compartmentId=ocid1%3Ax";
  CHECK(play(other, "cleanup",
             ask("GET", "_acme-challenge.example.com" + query, "", not_found) +
                 ask("GET", "example.com" + query, "", "200\n< {\"name\":\"example.com\"}") +
                 ask("GET", rrset + query, "", "200\n< {\"items\":[]}"))
            .status == CERTO_OK);
}

TEST_CASE("oraclecloud: what is not supported is said, and so are the service's words") {
  ValueService other = service();
  other.settings["OCI_PRIVATE_KEY_PASSWORD"] = "secret";
  CHECK(play(other, "present", "").status == CERTO_CONFIG);
  other = service();
  other.settings["OCI_AUTH_TYPE"] = "instance_principal";
  CHECK(play(other, "present", "").why ==
        "OCI_AUTH_TYPE=instance_principal is not supported, only API keys are");
  CHECK(play(service(), "present",
             answered(found_zone,
                      "401\n< {\"code\":\"NotAuthenticated\",\"message\":\"The required information.\"}"))
            .why ==
        "the credentials are refused: GET https://" + server +
            "/20180115/zones/_acme-challenge.example.com answered 401: The required information.");
}
