// UCloud, from its documentation: https://docs.ucloud.cn/api/udnr-api/udnr_domain_dns_query and, for
// signatures, https://docs.ucloud.cn/api/summary/signature
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

/// `parameters` are sorted: "Action=…&Dn=…".
std::string ask(const std::string& parameters, const std::string& answer) {
  std::string text = parameters;
  std::erase(text, '=');
  std::erase(text, '&');
  return "> POST https://api.ucloud.cn/\n> Content-Type: application/x-www-form-urlencoded\n> \n> " +
         parameters + "&Signature=" + hex(crypto::digest("sha1", text + "secret")) + "\n< " + answer + "\n";
}

std::string result(int code, const std::string& data = "") {
  return "200\n< {\"Action\":\"a\",\"RetCode\":" + std::to_string(code) + ",\"Message\":\"Said.\"" + data +
         "}";
}

std::string query(const std::string& answer, const std::string& more = "") {
  return ask("Action=UdnrDomainDNSQuery&Dn=example.com" + more, answer);
}
const std::string zone = query(result(0), "&PublicKey=key");

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records = {
      R"({"DnsType":"TXT","RecordName":"example.com","Content":"new","TTL":"600"})"};
  for (const std::string& value : values)
    records.push_back(R"({"DnsType":"TXT","RecordName":"_acme-challenge.example.com","Content":")" + value +
                      R"(","TTL":"600"})");
  return query(result(0, ",\"Data\":[" + join(records, ",") + "]"), "&PublicKey=key");
}

const std::string add =
    "Action=UdnrDomainDNSAdd&Content=new&Dn=example.com&DnsType=TXT&PublicKey=key&RecordName=_acme-challenge.example.com"
    "&TTL=600";
const std::string removal =
    "Action=UdnrDeleteDnsRecord&Content=new&Dn=example.com&DnsType=TXT&PublicKey=key&RecordName=_acme-challenge."
    "example.com";

ValueService service() {
  return {.name = "ucloud",
          .settings = {{"UCLOUD_PUBLIC_KEY", "key"}, {"UCLOUD_PRIVATE_KEY", "secret"}},
          .now = 0,
          .start = zone,
          .list = list,
          .add = ask(add, result(0)),
          .remove = ask(removal, result(0))};
}

}  // namespace

TEST_CASE("ucloud: records are added and removed one by one") { check_all(service()); }

TEST_CASE("ucloud: a region and a project, and the service's words") {
  ValueService other = service();
  other.settings["UCLOUD_REGION"] = "cn-bj2";
  other.settings["UCLOUD_PROJECT_ID"] = "org-1";
  CHECK(play(other, "present", query(result(171), "&ProjectId=org-1&PublicKey=key&Region=cn-bj2")).why ==
        "the credentials are refused: 171: Said.");
  CHECK(play(service(), "present", query(result(7000), "&PublicKey=key")).status == CERTO_NO_ZONE);
  CHECK(play(service(), "present", zone + list({}) + ask(add, result(8000))).why ==
        "UdnrDomainDNSAdd answered 8000: Said.");
  CHECK(play(service(), "present", answered(zone, "200\n< {}")).status == CERTO_UNREACHABLE);
}
