// Tencent EdgeOne, from its documentation: https://www.tencentcloud.com/document/product/1145/50463 and, for
// signatures, https://www.tencentcloud.com/document/api/1145/48999
#include "fixtures/support.h"
#include "fixtures/tencent.h"

using namespace certo;
using namespace certo::test;

namespace {

const TencentApi api = {"teo", "2022-09-01"};

std::string zones(const std::string& name, const std::string& list) {
  return api.ask("DescribeZones", R"({"Filters":[{"Name":"zone-name","Values":[")" + name + R"("]}]})",
                 api.ok("\"TotalCount\":1,\"Zones\":[" + list + "]"));
}
const std::string found_zone = zones("_acme-challenge.example.com", "") +
                               zones("example.com", R"({"ZoneId":"zone-1","ZoneName":"example.com"})");

std::string page(const std::vector<std::string>& values, const std::string& offset = "0", size_t first = 1) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(R"({"ZoneId":"zone-1","RecordId":")" + std::to_string(first + records.size()) +
                      R"(","Name":"_acme-challenge.example.com","Type":"TXT","Content":")" + value + "\"}");
  return api.ask("DescribeDnsRecords",
                 R"({"ZoneId":"zone-1","Filters":[{"Name":"name","Values":["_acme-challenge.example.com"]},)"
                 R"({"Name":"type","Values":["TXT"]}],"Offset":)" +
                     offset + R"(,"Limit":1000})",
                 api.ok("\"DnsRecords\":[" + join(records, ",") + "]"));
}

std::string removal(const std::string& answer) {
  return api.ask("DeleteDnsRecords", R"({"ZoneId":"zone-1","RecordIds":["2"]})", answer);
}

ValueService service() {
  return {
      .name = "edgeone",
      .settings = {{"EDGEONE_SECRET_ID", "id"}, {"EDGEONE_SECRET_KEY", "secret"}},
      .now = tencent_time,
      .start = found_zone,
      .list = [](const auto& values) { return page(values); },
      .add = api.ask(
          "CreateDnsRecord",
          R"({"ZoneId":"zone-1","Name":"_acme-challenge.example.com","Type":"TXT","Content":"new","TTL":60})",
          api.ok("\"RecordId\":\"9\"")),
      .remove = removal(api.ok("")),
      .gone = removal(api.error("ResourceNotFound"))};
}

}  // namespace

TEST_CASE("edgeone: records are added and removed one by one") { check_all(service()); }

TEST_CASE("edgeone: records on a second page, and zones whose ids are set") {
  CHECK(play(service(), "cleanup",
             found_zone + page(std::vector<std::string>(1000, "foreign"), "0", 100) +
                 page({"foreign", "new"}, "1000") + service().remove)
            .status == CERTO_OK);
  ValueService other = service();
  other.settings["EDGEONE_ZONES_MAPPING"] = "example.org:zone-2, example.com:zone-1";
  CHECK(play(other, "cleanup", zones("_acme-challenge.example.com", "") + page({})).status == CERTO_OK);
}

TEST_CASE("edgeone: the service's words") {
  CHECK(play(service(), "present", zones("_acme-challenge.example.com", "") + zones("example.com", ""))
            .status == CERTO_NO_ZONE);
  CHECK(play(service(), "cleanup",
             found_zone + page({"foreign", "new"}) + removal(api.error("OperationDenied")))
            .why == "DeleteDnsRecords answered OperationDenied: Said.");
}
