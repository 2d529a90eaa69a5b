// Alibaba Cloud Edge Security Acceleration (ESA), by
// https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/api-esa-2024-09-10-overview
#include "sdk/alibaba.h"
#include "sdk/answer.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr const char* esa_url = "https://esa.cn-hangzhou.aliyuncs.com";
constexpr size_t page_size = 500;  // the maximum

class Aliesa : public ValueService {
 public:
  explicit Aliesa(const Host& host)
      : api_(host, url_of(host), "2024-09-10",
             {"ALIESA_RAM_ROLE", "ALIESA_ACCESS_KEY", "ALIESA_SECRET_KEY", "ALIESA_SECURITY_TOKEN"}) {}

  std::optional<Zone> zone(const std::string& name) override {
    const Json json = api_.get("ListSites", {{"SiteName", name}, {"SiteSearchType", "exact"}});
    for (const Json& site : list_at(json, "/Sites", "ListSites"))
      if (text_at(site, "/SiteName") == name) return Zone{name, text_at(site, "/SiteId")};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    std::vector<Held> found;
    for (size_t page = 1, size = page_size; size == page_size; ++page) {
      const Json json = api_.get("ListRecords", {{"SiteId", zone.id},
                                                 {"RecordName", name},
                                                 {"RecordMatchType", "exact"},
                                                 {"Type", "TXT"},
                                                 {"PageSize", std::to_string(page_size)},
                                                 {"PageNumber", std::to_string(page)}});
      const Json::Array records = list_at(json, "/Records", "ListRecords");
      for (const Json& record : records) {
        if (text_at(record, "/RecordType") == "TXT" && certo::lower(text_at(record, "/RecordName")) == name)
          found.push_back({text_at(record, "/RecordId"), text_at(record, "/Data/Value")});
      }
      size = records.size();
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json data = Json::object();
    data.set("Value", record.value);
    api_.get("CreateRecord", {{"SiteId", zone.id},
                              {"RecordName", record.name},
                              {"Type", "TXT"},
                              {"Ttl", std::to_string(record.ttl)},
                              {"Data", certo::to_json(data)}});
  }

  void remove(const Zone&, const std::string&, const Held& held) override {
    api_.get("DeleteRecord", {{"RecordId", held.id}});
  }

 private:
  static std::string url_of(const Host& host) {
    const std::string url = host.base_url();
    const auto region = host.setting("ALIESA_REGION_ID");
    return region && url == esa_url ? "https://esa." + *region + ".aliyuncs.com" : url;
  }

  Alibaba api_;
};

constexpr Work present = change_by<Aliesa, Change::add>;
constexpr Work cleanup = change_by<Aliesa, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "aliesa", .title = "Alibaba Cloud ESA", .base_url = esa_url,
        .settings =
            {
                {"ALIESA_ACCESS_KEY", "",
                 "an AccessKey of a RAM user with AliyunESAFullAccess: https://ram.console.aliyun.com/users",
                 1},
                {"ALIESA_SECRET_KEY", "", "... its secret", 1},
                {"ALIESA_SECURITY_TOKEN", "", "... and its token, if it is a temporary one", 0},
                {"ALIESA_RAM_ROLE", "", "not supported: set the keys of a RAM user", 0},
                {"ALIESA_REGION_ID", "",
                 "the region of the API (default: cn-hangzhou; abroad ap-southeast-1)", 0},
            },
        .name_servers = "*.atrustdns.com",
        .rights = "esa:ListSites, esa:ListRecords, esa:CreateRecord and esa:DeleteRecord")
