// DNSPod.cn and DNSPod.com, from their documentation: https://docs.dnspod.cn/api/ and
// https://docs.dnspod.com/api/
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

struct Brand {
  const char *name, *url, *line, *setting;

  std::string ask(const std::string& action, const std::string& form, const std::string& answer) const {
    return std::string("> POST ") + url + "/" + action +
           "\n> Content-Type: application/x-www-form-urlencoded\n> \n> login_token=13490%2Ctoken&format=json&lang=en&" +
           form + "\n< " + answer + "\n";
  }
  static std::string result(const std::string& code, const std::string& more = "") {
    return "200\n< {\"status\":{\"code\":\"" + code + "\",\"message\":\"Said.\"}" + more + "}";
  }

  std::string zone(const std::string& domain, const std::string& answer) const {
    return ask("Domain.Info", "domain=" + domain, answer);
  }
  std::string found_zone() const {
    return zone("_acme-challenge.example.com", result("6")) +
           zone("example.com", result("1", R"(,"domain":{"id":"2317346","name":"example.com"})"));
  }

  static std::string record(size_t id, const std::string& value, const std::string& type = "TXT") {
    return R"({"id":")" + std::to_string(id) + R"(","name":"_acme-challenge","type":")" + type +
           R"(","value":")" + value + R"(","ttl":"600"})";
  }
  std::string page(const std::vector<std::string>& records, const std::string& offset = "0",
                   const std::string& own = "_acme-challenge") const {
    return ask("Record.List", "domain_id=2317346&sub_domain=" + own + "&offset=" + offset + "&length=3000",
               records.empty() ? result("10") : result("1", ",\"records\":[" + join(records, ",") + "]"));
  }
  std::string list(const std::vector<std::string>& values) const {
    std::vector<std::string> records;
    for (const std::string& value : values) records.push_back(record(records.size() + 1, value));
    return page(records);
  }
  std::string add(const std::string& own, const std::string& answer = result("1")) const {
    return ask(
        "Record.Create",
        "domain_id=2317346&sub_domain=" + own + "&record_type=TXT&record_line=" + line + "&value=new&ttl=600",
        answer);
  }
  std::string removal(const std::string& code) const {
    return ask("Record.Remove", "domain_id=2317346&record_id=2", result(code));
  }

  ValueService service() const {
    const Brand brand = *this;
    return {.name = name,
            .settings = {{std::string(setting) + "_ID", "13490"}, {std::string(setting) + "_KEY", "token"}},
            .now = 0,
            .start = found_zone(),
            .list = [brand](const auto& values) { return brand.list(values); },
            .add = add("_acme-challenge"),
            .remove = removal("1"),
            .gone = removal("8")};
  }
};

const Brand brands[] = {{"dnspod", "https://dnsapi.cn", "%E9%BB%98%E8%AE%A4", "DNSPOD"},
                        {"dnspodcom", "https://api.dnspod.com", "default", "DNSPODCOM"}};

}  // namespace

TEST_CASE("dnspod, dnspodcom: records are added and removed one by one") {
  for (const Brand& brand : brands) {
    check_all(brand.service());
    CHECK(play(brand.service(), "present",
               brand.found_zone() + brand.list({}) + brand.add("_acme-challenge", Brand::result("104")))
              .status == CERTO_OK);
  }
}

TEST_CASE("dnspod: the name of the zone itself, a second page, a token in one setting") {
  const Brand& brand = brands[0];
  const std::string zone = brand.zone("example.com", Brand::result("1", R"(,"domain":{"id":2317346})"));
  CHECK(play(brand.service(), "present", zone + brand.page({}, "0", "%40") + brand.add("%40"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
  ValueService other = brand.service();
  other.settings = {{"DNSPOD_API_KEY", "13490,token"}};
  const std::vector<std::string> full(3000, Brand::record(7, "foreign"));
  CHECK(play(other, "cleanup",
             brand.found_zone() + brand.page(full) +
                 brand.page({Brand::record(2, "new"), Brand::record(3, "new", "CNAME")}, "3000") +
                 brand.removal("1"))
            .status == CERTO_OK);
}

TEST_CASE("dnspod: the service's words") {
  const Brand& brand = brands[0];
  const auto first = [&](const std::string& code) {
    return play(brand.service(), "present", answered(brand.found_zone(), Brand::result(code)));
  };
  CHECK(first("-1").why == "the credentials are refused: -1: Said.");
  CHECK(first("-2").status == CERTO_LATER);
  CHECK(first("-8").status == CERTO_LATER);
  CHECK(first("-99").status == CERTO_UNREACHABLE);
  CHECK(first("-15").why == "Domain.Info answered -15: Said.");
  CHECK(play(brand.service(), "present", answered(brand.found_zone(), "200\n< {}")).status ==
        CERTO_UNREACHABLE);
  CHECK(play(brand.service(), "present",
             brand.found_zone() + brand.list({}) + brand.add("_acme-challenge", Brand::result("17")))
            .why == "Record.Create answered 17: Said.");
}
