// Alibaba Cloud DNS, from its documentation:
// https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview and, for signatures,
// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
#include "fixtures/alibaba.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;

namespace {

const AlibabaApi api = {"alidns.aliyuncs.com", "2015-01-09"};

std::string zone(const std::string& name,
                 const std::string& answer = "200\n< {\"DomainName\":\"example.com\"}") {
  return api.ask("DescribeDomainInfo", "DomainName=" + name, answer);
}
const std::string found_zone =
    zone("_acme-challenge.example.com",
         "404\n< {\"Code\":\"InvalidDomainName.NoExist\",\"Message\":\"The domain does not exist.\"}") +
    zone("example.com");

std::string record(size_t id, const std::string& name, const std::string& value,
                   const std::string& type = "TXT") {
  return R"({"Status":"ENABLE","Type":")" + type + R"(","Value":")" + value + R"(","RecordId":")" +
         std::to_string(id) + R"(","RR":")" + name + R"(","DomainName":"example.com","TTL":600})";
}

std::string page(const std::vector<std::string>& records, const std::string& own = "_acme-challenge",
                 int number = 1) {
  return api.ask(
      "DescribeSubDomainRecords",
      "SubDomain=" + own +
          ".example.com&DomainName=example.com&Type=TXT&PageSize=500&PageNumber=" + std::to_string(number),
      "200\n< {\"TotalCount\":1,\"DomainRecords\":{\"Record\":[" + join(records, ",") + "]}}");
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(record(records.size() + 1, "_acme-challenge", value));
  return page(records);
}

std::string add(const std::string& own = "_acme-challenge",
                const std::string& answer = "200\n< {\"RecordId\":\"9\"}", const std::string& line = "") {
  return api.ask("AddDomainRecord", "DomainName=example.com&RR=" + own + "&Type=TXT&Value=new&TTL=600" + line,
                 answer);
}

std::string removal(const std::string& answer = "200\n< {\"RecordId\":\"2\"}") {
  return api.ask("DeleteDomainRecord", "RecordId=2", answer);
}

ValueService service() {
  return {
      .name = "alidns",
      .settings = {{"ALICLOUD_ACCESS_KEY", "id"}, {"ALICLOUD_SECRET_KEY", "secret"}},
      .now = alibaba_time,
      .start = found_zone,
      .list = list,
      .add = add(),
      .remove = removal(),
      .gone = removal(api.error("DomainRecordNotBelongToUser", "The record does not belong to the user."))};
}

}  // namespace

TEST_CASE("alidns: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present",
             found_zone + list({}) +
                 add("_acme-challenge", api.error("DomainRecordDuplicate", "The DNS record already exists.")))
            .status == CERTO_OK);
}

TEST_CASE("alidns: the name of the zone itself, and records on a second page") {
  CHECK(play(service(), "present", zone("example.com") + page({}, "%40") + add("%40"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
  const std::vector<std::string> full(500, record(7, "_acme-challenge", "foreign"));
  CHECK(play(service(), "cleanup",
             found_zone + page(full) +
                 page({record(2, "_acme-challenge", "new"), record(3, "www", "new"),
                       record(4, "_acme-challenge", "new", "CNAME")},
                      "_acme-challenge", 2) +
                 removal())
            .status == CERTO_OK);
}

TEST_CASE("alidns: a line, a region, a temporary key; a RAM role is refused") {
  ValueService other = service();
  other.settings["ALICLOUD_LINE"] = "telecom";
  CHECK(play(other, "present", found_zone + list({}) + add("_acme-challenge", "200\n< {}", "&Line=telecom"))
            .status == CERTO_OK);
  other.settings["ALICLOUD_REGION_ID"] = "ap-southeast-1";
  other.settings["ALICLOUD_SECURITY_TOKEN"] = "token";
  AlibabaApi abroad = {"alidns.ap-southeast-1.aliyuncs.com", "2015-01-09", "token"};
  CHECK(play(other, "present",
             abroad.ask("DescribeDomainInfo", "DomainName=_acme-challenge.example.com", "403"))
            .status == CERTO_CONFIG);
  other.settings["ALICLOUD_RAM_ROLE"] = "role";
  CHECK(play(other, "present", "").why == "ALICLOUD_RAM_ROLE is not supported: set the keys of a RAM user");
}

TEST_CASE("alidns: the service's words") {
  const auto first = [](const std::string& code) {
    return play(service(), "present", answered(found_zone, api.error(code, "Said.")));
  };
  CHECK(first("InvalidAccessKeyId.NotFound").why ==
        "the credentials are refused: InvalidAccessKeyId.NotFound: Said.");
  CHECK(first("SignatureDoesNotMatch").status == CERTO_CONFIG);
  CHECK(first("Forbidden.RAM").status == CERTO_CONFIG);
  CHECK(first("Throttling.User").status == CERTO_LATER);
  CHECK(first("Other").why == "DescribeDomainInfo answered Other: Said.");
  CHECK(play(service(), "present",
             found_zone + list({}) + add("_acme-challenge", api.error("QuotaExceeded.Record", "Full.")))
            .why == "AddDomainRecord answered QuotaExceeded.Record: Full.");
}
