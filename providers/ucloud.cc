// UCloud, by https://docs.ucloud.cn/api/udnr-api/udnr_domain_dns_query and its neighbours and, for
// signatures, https://docs.ucloud.cn/api/summary/signature
#include <algorithm>

#include "sdk/answer.h"
#include "sdk/oauth.h"
#include "sdk/values.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr uint32_t shortest_ttl = 600;

class Ucloud : public ValueService {
 public:
  explicit Ucloud(const Host& host)
      : host_(host), key_(host.require("UCLOUD_PUBLIC_KEY")), secret_(host.require("UCLOUD_PRIVATE_KEY")) {}

  std::optional<Zone> zone(const std::string& name) override {
    if (name.starts_with('_')) return std::nullopt;  // cannot be a registered domain
    const Answer answer = call("UdnrDomainDNSQuery", {{"Dn", name}});
    if (answer.code != 0) return std::nullopt;
    return Zone{name, ""};
  }

  /// Names of records are whole.
  std::vector<Held> list(const Zone& zone, const std::string& name) override {
    const Answer answer = call("UdnrDomainDNSQuery", {{"Dn", zone.name}});
    require(answer, "UdnrDomainDNSQuery");
    std::vector<Held> found;
    if (!answer.json.find("Data")) return found;
    for (const Json& record : list_at(answer.json, "/Data", "UdnrDomainDNSQuery")) {
      if (text_at(record, "/DnsType") == "TXT" && certo::lower(text_at(record, "/RecordName")) == name)
        found.push_back({"", text_at(record, "/Content")});
    }
    return found;
  }

  void add(const Zone& zone, const Record& record) override {
    require(call("UdnrDomainDNSAdd", {{"Dn", zone.name},
                                      {"RecordName", record.name},
                                      {"DnsType", "TXT"},
                                      {"Content", record.value},
                                      {"TTL", std::to_string(std::max(record.ttl, shortest_ttl))}}),
            "UdnrDomainDNSAdd");
  }

  void remove(const Zone& zone, const std::string& name, const Held& held) override {
    require(call("UdnrDeleteDnsRecord",
                 {{"Dn", zone.name}, {"RecordName", name}, {"DnsType", "TXT"}, {"Content", held.value}}),
            "UdnrDeleteDnsRecord");
  }

 private:
  struct Answer {
    int64_t code = 0;
    std::string words;
    Json json;
  };

  static void require(const Answer& answer, const char* action) {
    if (answer.code != 0)
      throw Failure{CERTO_FAILED,
                    std::string(action) + " answered " + std::to_string(answer.code) + ": " + answer.words};
  }

  /// The signature is SHA-1 of all parameters, sorted, each name followed by its value, and the private key.
  Answer call(const char* action, Parameters parameters) const {
    parameters.emplace_back("Action", action);
    parameters.emplace_back("PublicKey", key_);
    if (const auto region = host_.setting("UCLOUD_REGION")) parameters.emplace_back("Region", *region);
    if (const auto project = host_.setting("UCLOUD_PROJECT_ID"))
      parameters.emplace_back("ProjectId", *project);
    std::ranges::sort(parameters,
                      [](const auto& a, const auto& b) { return std::string_view(a.first) < b.first; });
    std::string text;
    for (const auto& [name, value] : parameters) text += name + value;
    parameters.emplace_back("Signature", certo::hex(host_.hash("sha1", text + secret_)));

    const bool reads = std::string_view(action) == "UdnrDomainDNSQuery";
    const Reply reply = host_.http({"POST",
                                    host_.base_url() + "/",
                                    {"Content-Type: application/x-www-form-urlencoded"},
                                    form(parameters),
                                    reads});
    const Json json = reply.json();
    const Json* const code = json.find("RetCode");
    if (!code || !code->is_integer())
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a code"};
    const Answer answer{code->integer(), text_at(json, "/Message"), json};
    const std::string told = std::to_string(answer.code) + ": " + answer.words;
    // 170 to 175: key, signature, project or rights; https://docs.ucloud.cn/api/summary/error_code
    if (answer.code >= 170 && answer.code <= 175)
      throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
    return answer;
  }

  const Host& host_;
  std::string key_, secret_;
};

constexpr Work present = change_by<Ucloud, Change::add>;
constexpr Work cleanup = change_by<Ucloud, Change::remove>;

}  // namespace

CERTO_PROVIDER(.name = "ucloud", .title = "UCloud", .base_url = "https://api.ucloud.cn",
               .settings = {
                   {"UCLOUD_PUBLIC_KEY", "",
                    "the API's public key: https://console.ucloud.cn/uaccount/api_manage", 1},
                   {"UCLOUD_PRIVATE_KEY", "", "... and private key", 1},
                   {"UCLOUD_REGION", "", "the region, if the service asks for one", 0},
                   {"UCLOUD_PROJECT_ID", "", "the project, if it is not the default one", 0},
               })
