// Alibaba Cloud DNS, by https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview
#include <algorithm>

#include "sdk/alibaba.h"
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* alidns_url = "https://alidns.aliyuncs.com";
constexpr uint32_t shortest_ttl = 600;  // of the free edition
constexpr size_t page_size = 500;       // the maximum

class Alidns : public ValueService {
 public:
  explicit Alidns(const Host& host)
      : host_(host),
        api_(host, url_of(host), "2015-01-09",
             {"ALICLOUD_RAM_ROLE", "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"}) {
  }

  std::optional<Zone> zone(const std::string& name) override {
    const Alibaba::Answer answer = api_.call("DescribeDomainInfo", {{"DomainName", name}});
    // The second: the domain is somebody else's.
    if (answer.code.starts_with("InvalidDomainName") || answer.code == "IncorrectDomainUser")
      return std::nullopt;
    if (!answer.code.empty()) Alibaba::refuse("DescribeDomainInfo", answer);
    return Zone{name, ""};
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const std::string own = below(name, zone.name, "@");
    std::vector<Held> found;
    for (size_t page = 1, size = page_size; size == page_size; ++page) {
      const Json json = api_.get("DescribeSubDomainRecords", {{"SubDomain", own + "." + zone.name},
                                                              {"DomainName", zone.name},
                                                              {"Type", "TXT"},
                                                              {"PageSize", std::to_string(page_size)},
                                                              {"PageNumber", std::to_string(page)}});
      const Json::Array records = list_at(json, "/DomainRecords/Record", "DescribeSubDomainRecords");
      for (const Json& record : records) {
        if (text_at(record, "/Type") == "TXT" && certo::lower(text_at(record, "/RR")) == own)
          found.push_back({text_at(record, "/RecordId"), text_at(record, "/Value")});
      }
      size = records.size();
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Parameters parameters = {{"DomainName", zone.name},
                             {"RR", below(record.name, zone.name, "@")},
                             {"Type", "TXT"},
                             {"Value", record.value},
                             {"TTL", std::to_string(std::max(record.ttl, shortest_ttl))}};
    if (const auto line = host_.setting("ALICLOUD_LINE")) parameters.emplace_back("Line", *line);
    const Alibaba::Answer answer = api_.call("AddDomainRecord", parameters);
    if (!answer.code.empty() && answer.code != "DomainRecordDuplicate")
      Alibaba::refuse("AddDomainRecord", answer);
  }

  void remove(const Zone&, const std::string&, const Held& held) override {
    const Alibaba::Answer answer = api_.call("DeleteDomainRecord", {{"RecordId", held.id}});
    // What does not exist belongs to nobody.
    if (!answer.code.empty() && answer.code != "DomainRecordNotBelongToUser")
      Alibaba::refuse("DeleteDomainRecord", answer);
  }

 private:
  static std::string url_of(const Host& host) {
    const std::string url = host.base_url();
    const std::string region = host.setting("ALICLOUD_REGION_ID").value_or("");
    const bool is_usual = region.empty() || region == "cn-hangzhou" || url != alidns_url;
    return is_usual ? url : "https://alidns." + region + ".aliyuncs.com";
  }

  const Host& host_;
  Alibaba api_;
};

constexpr Work present = change_by<Alidns, Change::add>;
constexpr Work cleanup = change_by<Alidns, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "alidns", .aliases = "dns_ali aliyun alicloud", .title = "Alibaba Cloud DNS",
        .base_url = alidns_url,
        .settings =
            {
                {"ALICLOUD_ACCESS_KEY", "Ali_Key",
                 "an AccessKey of a RAM user with AliyunDNSFullAccess: https://ram.console.aliyun.com/users",
                 1},
                {"ALICLOUD_SECRET_KEY", "Ali_Secret", "... its secret", 1},
                {"ALICLOUD_SECURITY_TOKEN", "", "... and its token, if it is a temporary one", 0},
                {"ALICLOUD_RAM_ROLE", "", "not supported: set the keys of a RAM user", 0},
                {"ALICLOUD_REGION_ID", "", "the region of the API (default: cn-hangzhou)", 0},
                {"ALICLOUD_LINE", "", "the line of new records, as default or telecom", 0},
            },
        .name_servers = "*.alidns.com *.hichina.com",
        .rights =
            "alidns:DescribeDomainInfo, alidns:DescribeSubDomainRecords, alidns:AddDomainRecord and alidns:DeleteDomainRecord")
