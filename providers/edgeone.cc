// Tencent EdgeOne, by https://www.tencentcloud.com/document/product/1145/50463 (DNS records, API 2022-09-01)
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/tencent.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr int64_t shortest_ttl = 60;
constexpr int64_t page_size = 1000;  // the maximum

Json filter(const char* name, const std::string& value) {
  Json values = Json::array(), one = Json::object();
  values.push(value);
  return one.set("Name", name).set("Values", std::move(values));
}

class Edgeone : public ValueService {
 public:
  explicit Edgeone(const Host& host)
      : api_(host, "teo", "2022-09-01",
             {host.require("EDGEONE_SECRET_ID"), host.require("EDGEONE_SECRET_KEY"),
              host.setting("EDGEONE_SESSION_TOKEN").value_or(""),
              host.setting("EDGEONE_REGION").value_or("")}) {
    // "example.org:zone-1,example.com:zone-2"
    for (const std::string& pair : certo::split(host.setting("EDGEONE_ZONES_MAPPING").value_or(""), ',')) {
      const size_t colon = std::min(pair.find(':'), pair.size());
      if (colon < pair.size())
        known_[std::string(certo::trim(pair.substr(0, colon)))] = certo::trim(pair.substr(colon + 1));
    }
  }

  std::optional<Zone> zone(const std::string& name) override {
    if (known_.contains(name)) return Zone{name, known_[name]};
    Json filters = Json::array(), wanted = Json::object();
    filters.push(filter("zone-name", name));
    const Json json = api_.get("DescribeZones", wanted.set("Filters", std::move(filters)));
    for (const Json& zone : list_at(json, "/Zones", "DescribeZones"))
      if (text_at(zone, "/ZoneName") == name) return Zone{name, text_at(zone, "/ZoneId")};
    return std::nullopt;
  }

  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    std::vector<Held> found;
    for (int64_t offset = 0, size = page_size; size == page_size; offset += page_size) {
      Json filters = Json::array(), wanted = Json::object();
      filters.push(filter("name", name));
      filters.push(filter("type", "TXT"));
      wanted.set("ZoneId", zone.id).set("Filters", std::move(filters));
      wanted.set("Offset", offset).set("Limit", page_size);
      const Json json = api_.get("DescribeDnsRecords", wanted);
      const Json::Array records = list_at(json, "/DnsRecords", "DescribeDnsRecords");
      for (const Json& record : records) {
        if (text_at(record, "/Type") == "TXT" && certo::lower(text_at(record, "/Name")) == name)
          found.push_back({text_at(record, "/RecordId"), text_at(record, "/Content")});
      }
      size = static_cast<int64_t>(records.size());
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    Json made = Json::object();
    made.set("ZoneId", zone.id).set("Name", record.name).set("Type", "TXT").set("Content", record.value);
    api_.get("CreateDnsRecord", made.set("TTL", std::max(static_cast<int64_t>(record.ttl), shortest_ttl)));
  }

  void remove(const Zone& zone, const std::string&, const Held& held) override {
    Json ids = Json::array(), wanted = Json::object();
    ids.push(held.id);
    const Json parameters = wanted.set("ZoneId", zone.id).set("RecordIds", std::move(ids));
    const Tencent::Answer answer = api_.call("DeleteDnsRecords", parameters);
    if (!answer.code.empty() && !answer.code.starts_with("ResourceNotFound"))
      Tencent::refuse("DeleteDnsRecords", answer);
  }

 private:
  Tencent api_;
  std::map<std::string, std::string> known_;
};

constexpr Work present = change_by<Edgeone, Change::add>;
constexpr Work cleanup = change_by<Edgeone, Change::remove>;

}  // namespace

CERTO_PROVIDER(
        .name = "edgeone", .title = "Tencent EdgeOne", .base_url = "https://teo.tencentcloudapi.com",
        .propagation = 1200,
        .settings =
            {
                {"EDGEONE_SECRET_ID", "",
                 "an API key of a user with QcloudTEOFullAccess: https://console.cloud.tencent.com/cam/capi",
                 1},
                {"EDGEONE_SECRET_KEY", "", "... its secret", 1},
                {"EDGEONE_SESSION_TOKEN", "", "... and its token, if it is a temporary one", 0},
                {"EDGEONE_REGION", "", "the region, if the service asks for one", 0},
                {"EDGEONE_ZONES_MAPPING", "",
                 "ids of zones, as example.com:zone-1,example.org:zone-2, for keys that cannot list them", 0},
            },
        .rights = "teo:DescribeZones, teo:DescribeDnsRecords, teo:CreateDnsRecord and teo:DeleteDnsRecords")
