// Tencent Cloud DNS, from its documentation: https://cloud.tencent.com/document/api/1427/56194 and, for
// signatures, https://www.tencentcloud.com/document/api/1145/48999
#include "fixtures/support.h"
#include "fixtures/tencent.h"

using namespace certo;
using namespace certo::test;

namespace {

const TencentApi api = {"dnspod", "2021-03-23"};

std::string zone(const std::string& name,
                 const std::string& answer = api.ok(R"("DomainInfo":{"DomainId":1})")) {
  return api.ask("DescribeDomain", "{\"Domain\":\"" + name + "\"}", answer);
}
const std::string found_zone =
    zone("_acme-challenge.example.com", api.error("InvalidParameterValue.DomainNotExists")) +
    zone("example.com");

std::string record(size_t id, const std::string& name, const std::string& value,
                   const std::string& type = "TXT") {
  return R"({"RecordId":)" + std::to_string(id) + R"(,"Value":")" + value + R"(","Name":")" + name +
         R"(","Type":")" + type + R"(","TTL":600})";
}

std::string page(const std::vector<std::string>& records, const std::string& own = "_acme-challenge",
                 const std::string& offset = "0") {
  return api.ask("DescribeRecordList",
                 R"({"Domain":"example.com","Subdomain":")" + own + R"(","RecordType":"TXT","Offset":)" +
                     offset + R"(,"Limit":3000})",
                 records.empty() ? api.error("ResourceNotFound.NoDataOfRecord")
                                 : api.ok("\"RecordList\":[" + join(records, ",") + "]"));
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(record(records.size() + 1, "_acme-challenge", value));
  return page(records);
}

std::string add(const std::string& own = "_acme-challenge",
                const std::string& answer = api.ok("\"RecordId\":9")) {
  return api.ask(
      "CreateRecord",
      R"({"Domain":"example.com","SubDomain":")" + own +
          R"(","RecordType":"TXT","RecordLine":"默认","RecordLineId":"0","Value":"new","TTL":600})",
      answer);
}

std::string removal(const std::string& answer = api.ok("")) {
  return api.ask("DeleteRecord", R"({"Domain":"example.com","RecordId":2})", answer);
}

ValueService service() {
  return {.name = "tencentcloud",
          .settings = {{"TENCENTCLOUD_SECRET_ID", "id"}, {"TENCENTCLOUD_SECRET_KEY", "secret"}},
          .now = tencent_time,
          .start = found_zone,
          .list = list,
          .add = add(),
          .remove = removal(),
          .gone = removal(api.error("InvalidParameter.RecordIdInvalid"))};
}

}  // namespace

TEST_CASE("tencentcloud: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present",
             found_zone + list({}) + add("_acme-challenge", api.error("InvalidParameter.DomainRecordExist")))
            .status == CERTO_OK);
}

TEST_CASE("tencentcloud: the name of the zone itself, and records on a second page") {
  CHECK(
      play(service(), "present", zone("example.com") + page({}, "@") + add("@"), {{"example.com", "new", 60}})
          .status == CERTO_OK);
  const std::vector<std::string> full(3000, record(7, "_acme-challenge", "foreign"));
  CHECK(play(service(), "cleanup",
             found_zone + page(full) +
                 page({record(2, "_acme-challenge", "new"), record(3, "www", "new"),
                       record(4, "_acme-challenge", "new", "CNAME")},
                      "_acme-challenge", "3000") +
                 removal())
            .status == CERTO_OK);
}

TEST_CASE("tencentcloud: a temporary key and a region") {
  ValueService other = service();
  other.settings["TENCENTCLOUD_SESSION_TOKEN"] = "token";
  other.settings["TENCENTCLOUD_REGION"] = "ap-guangzhou";
  const TencentApi regional = {"dnspod", "2021-03-23", "> X-TC-Region: ap-guangzhou\n> X-TC-Token: token\n"};
  CHECK(play(other, "present",
             regional.ask("DescribeDomain", R"({"Domain":"_acme-challenge.example.com"})",
                          api.error("AuthFailure.TokenFailure")))
            .why == "the credentials are refused: AuthFailure.TokenFailure: Said.");
}

TEST_CASE("tencentcloud: the service's words") {
  const auto first = [](const std::string& code) {
    return play(service(), "present", answered(found_zone, api.error(code)));
  };
  CHECK(first("AuthFailure.SecretIdNotFound").status == CERTO_CONFIG);
  CHECK(first("UnauthorizedOperation").status == CERTO_CONFIG);
  CHECK(first("RequestLimitExceeded").status == CERTO_LATER);
  CHECK(first("InternalError").status == CERTO_UNREACHABLE);
  CHECK(first("FailedOperation").why == "DescribeDomain answered FailedOperation: Said.");
  CHECK(play(service(), "present", answered(found_zone, "200\n< {}")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present",
             found_zone + list({}) + add("_acme-challenge", api.error("LimitExceeded.RecordTtlLimit")))
            .why == "CreateRecord answered LimitExceeded.RecordTtlLimit: Said.");
}
