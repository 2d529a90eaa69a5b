// Alibaba Cloud ESA, from its documentation:
// https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/api-esa-2024-09-10-overview
#include "fixtures/alibaba.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;

namespace {

const AlibabaApi api = {"esa.cn-hangzhou.aliyuncs.com", "2024-09-10"};

std::string sites(const std::string& name, const std::string& list) {
  return api.ask("ListSites", "SiteName=" + name + "&SiteSearchType=exact",
                 "200\n< {\"Sites\":[" + list + "]}");
}
const std::string site = R"({"SiteId":123,"SiteName":"example.com","Status":"active"})";
const std::string found_zone = sites("_acme-challenge.example.com", "") + sites("example.com", site);

std::string page(const std::vector<std::string>& values, int number = 1, size_t first = 1) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(
        R"({"RecordId":)" + std::to_string(first + records.size()) +
        R"(,"RecordName":"_acme-challenge.example.com","RecordType":"TXT","Ttl":60,"Data":{"Value":")" +
        value + R"("}})");
  return api.ask(
      "ListRecords",
      "SiteId=123&RecordName=_acme-challenge.example.com&RecordMatchType=exact&Type=TXT&PageSize=500&"
      "PageNumber=" +
          std::to_string(number),
      "200\n< {\"Records\":[" + join(records, ",") + "]}");
}

ValueService service() {
  return {
      .name = "aliesa",
      .settings = {{"ALIESA_ACCESS_KEY", "id"}, {"ALIESA_SECRET_KEY", "secret"}},
      .now = alibaba_time,
      .start = found_zone,
      .list = [](const auto& values) { return page(values); },
      .add = api.ask(
          "CreateRecord",
          "SiteId=123&RecordName=_acme-challenge.example.com&Type=TXT&Ttl=60&Data=%7B%22Value%22%3A%22new%22%7D",
          "200\n< {\"RecordId\":9}"),
      .remove = api.ask("DeleteRecord", "RecordId=2", "200\n< {}")};
}

}  // namespace

TEST_CASE("aliesa: records are added and removed one by one") { check_all(service()); }

TEST_CASE("aliesa: records on a second page, a region, no site, a RAM role") {
  CHECK(play(service(), "cleanup",
             found_zone + page(std::vector<std::string>(500, "foreign"), 1, 100) +
                 page({"foreign", "new"}, 2) + service().remove)
            .status == CERTO_OK);
  CHECK(play(service(), "present", sites("_acme-challenge.example.com", "") + sites("example.com", ""))
            .status == CERTO_NO_ZONE);
  ValueService other = service();
  other.settings["ALIESA_REGION_ID"] = "ap-southeast-1";
  CHECK(play(other, "present",
             AlibabaApi{"esa.ap-southeast-1.aliyuncs.com", "2024-09-10"}.ask(
                 "ListSites", "SiteName=_acme-challenge.example.com&SiteSearchType=exact",
                 api.error("InvalidAccessKeyId.NotFound", "Said.")))
            .why == "the credentials are refused: InvalidAccessKeyId.NotFound: Said.");
  other.settings["ALIESA_RAM_ROLE"] = "role";
  CHECK(play(other, "present", "").status == CERTO_CONFIG);
}
