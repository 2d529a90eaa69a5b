// Tencent Cloud DNS (DNSPod), by https://www.tencentcloud.com/document/product/1157/49022 and
// https://cloud.tencent.com/document/api/1427/56194
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/tencent.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr int64_t shortest_ttl = 600;  // of the free edition
constexpr int64_t page_size = 3000;    // the maximum

class Tencentcloud : public ValueService {
 public:
  explicit Tencentcloud(const Host& host)
      : api_(host, "dnspod", "2021-03-23",
             {host.require("TENCENTCLOUD_SECRET_ID"), host.require("TENCENTCLOUD_SECRET_KEY"),
              host.setting("TENCENTCLOUD_SESSION_TOKEN").value_or(""),
              host.setting("TENCENTCLOUD_REGION").value_or("")}) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Tencent::Answer answer = api_.call("DescribeDomain", of(name));
    for (const char* missing :
         {"InvalidParameterValue.Domain", "InvalidParameter.Domain", "ResourceNotFound",
          "FailedOperation.NotDomainOwner", "OperationDenied.NoPermissionToOperateDomain"})
      if (answer.code.starts_with(missing)) return std::nullopt;
    if (!answer.code.empty()) Tencent::refuse("DescribeDomain", answer);
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name, "@");
    std::vector<Held> found;
    for (int64_t offset = 0, size = page_size; size == page_size; offset += page_size) {
      Json wanted = of(zone.name);
      wanted.set("Subdomain", own).set("RecordType", "TXT").set("Offset", offset).set("Limit", page_size);
      const Tencent::Answer answer = api_.call("DescribeRecordList", wanted);
      if (answer.code == "ResourceNotFound.NoDataOfRecord") break;
      if (!answer.code.empty()) Tencent::refuse("DescribeRecordList", answer);
      const Json::Array records = list_at(answer.json, "/RecordList", "DescribeRecordList");
      for (const Json& record : records) {
        if (text_at(record, "/Type") == "TXT" && certo::lower(text_at(record, "/Name")) == own)
          found.push_back({text_at(record, "/RecordId"), text_at(record, "/Value")});
      }
      size = static_cast<int64_t>(records.size());
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json made = of(zone.name);
    made.set("SubDomain", below(record.name, zone.name, "@")).set("RecordType", "TXT");
    made.set("RecordLine", "默认").set("RecordLineId", "0").set("Value", record.value);  // the default line
    made.set("TTL", std::max(static_cast<int64_t>(record.ttl), shortest_ttl));
    const Tencent::Answer answer = api_.call("CreateRecord", made);
    if (!answer.code.empty() && answer.code != "InvalidParameter.DomainRecordExist")
      Tencent::refuse("CreateRecord", answer);
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    Json wanted = of(zone.name);
    wanted.set("RecordId", certo::number(held.id, 0, INT64_MAX).value_or(0));
    const Tencent::Answer answer = api_.call("DeleteRecord", wanted);
    const bool is_gone = answer.code == "InvalidParameter.RecordIdInvalid" ||
                         answer.code.starts_with("ResourceNotFound.NoDataOfRecord");
    if (!answer.code.empty() && !is_gone) Tencent::refuse("DeleteRecord", answer);
  }

 private:
  static Json of(const std::string& domain) {
    Json parameters = Json::object();
    return parameters.set("Domain", domain);
  }

  Tencent api_;
};

constexpr Work present = change_by<Tencentcloud, Change::add>;
constexpr Work cleanup = change_by<Tencentcloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "tencentcloud", .aliases = "dns_tencent", .title = "Tencent Cloud DNS",
        .base_url = "https://dnspod.tencentcloudapi.com",
        .settings =
            {
                {"TENCENTCLOUD_SECRET_ID", "Tencent_SecretId",
                 "an API key of a user with QcloudDNSPodFullAccess: https://console.cloud.tencent.com/cam/capi",
                 1},
                {"TENCENTCLOUD_SECRET_KEY", "Tencent_SecretKey", "... its secret", 1},
                {"TENCENTCLOUD_SESSION_TOKEN", "", "... and its token, if it is a temporary one", 0},
                {"TENCENTCLOUD_REGION", "", "the region, if the service asks for one", 0},
            },
        .name_servers = "*.dnspod.net *.dnsv?.com",
        .rights =
            "dnspod:DescribeDomain, dnspod:DescribeRecordList, dnspod:CreateRecord and dnspod:DeleteRecord")
