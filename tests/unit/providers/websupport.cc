// Websupport and Active24, from their documentation: https://rest.active24.cz/v2/docs/intro,
// https://rest.active24.cz/v2/docs#/DNS and https://rest.active24.cz/docs/v1.service
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1500000000;  // 20170714T024000Z

struct Brand {
  const char *name, *url, *setting;

  std::string ask(const std::string& method, const std::string& path, const std::string& query,
                  const std::string& body, const std::string& answer) const {
    const std::string signature =
        hex(crypto::hmac("sha1", as_bytes("secret"), method + " " + path + " 1500000000"));
    return "> " + method + " " + url + path + query + "\n> Authorization: Basic " +
           base64(as_bytes("key:" + signature)) + "\n> Date: 20170714T024000Z\n> Accept: application/json\n" +
           (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
           "\n";
  }

  std::string services(const std::string& domain = "example.com") const {
    return ask("GET", "/v1/user/self/service", "", "",
               R"(200
< {"items":[{"id":1,"serviceName":"The Hosting","name":"example.com"},{"id":3333,"serviceName":"domain","name":")" +
                   domain + "\"}]}");
  }

  static std::string record(size_t id, const std::string& name, const std::string& value) {
    return R"({"id":)" + std::to_string(id) + R"(,"type":"TXT","name":")" + name + R"(","content":")" +
           value + R"(","ttl":120})";
  }

  std::string page(const std::vector<std::string>& records, int number = 1, int pages = 1) const {
    return ask("GET", "/v2/service/3333/dns/record", "?page=" + std::to_string(number) + "&rowsPerPage=100",
               "",
               "200\n< {\"currentPage\":1,\"totalPages\":" + std::to_string(pages) + ",\"data\":[" +
                   join(records, ",") + "]}");
  }

  std::string list(const std::vector<std::string>& values) const {
    std::vector<std::string> records;
    for (const std::string& value : values)
      records.push_back(record(records.size() + 1, "_acme-challenge.example.com", value));
    records.push_back(record(9, "example.com", "new"));
    return page(records);
  }

  std::string add(const std::string& name) const {
    return ask("POST", "/v2/service/3333/dns/record", "",
               R"({"type":"TXT","name":")" + name + R"(","content":"new","ttl":60})", "204");
  }

  std::string removal(const std::string& answer) const {
    return ask("DELETE", "/v2/service/3333/dns/record/2", "", "", answer);
  }

  ValueService service() const {
    const Brand brand = *this;
    return {.name = name,
            .settings = {{std::string(setting) + "_API_KEY", "key"},
                         {std::string(setting) + "_SECRET", "secret"}},
            .now = test_time,
            .start = services(),
            .list = [brand](const auto& values) { return brand.list(values); },
            .add = add("_acme-challenge"),
            .remove = removal("204"),
            .gone = removal("404\n< {\"title\":\"Not Found\"}")};
  }
};

const Brand brands[] = {{"websupport", "https://rest.websupport.sk", "WEBSUPPORT"},
                        {"active24", "https://rest.active24.cz", "ACTIVE24"}};

}  // namespace

TEST_CASE("websupport, active24: records are added and removed one by one") {
  for (const Brand& brand : brands) check_all(brand.service());
}

TEST_CASE("websupport, active24: the name of the zone itself, short names, records on a second page") {
  for (const Brand& brand : brands) {
    CHECK(play(brand.service(), "present",
               brand.services() + brand.page({Brand::record(1, "_acme-challenge.example.com", "new")}) +
                   brand.add(""),
               {{"example.com", "new", 60}})
              .status == CERTO_OK);
    CHECK(play(brand.service(), "cleanup",
               brand.services() + brand.page({Brand::record(1, "_acme-challenge", "foreign")}, 1, 2) +
                   brand.page({Brand::record(2, "_acme-challenge", "new")}, 2, 2) + brand.removal("204"))
              .status == CERTO_OK);
  }
}

TEST_CASE("websupport, active24: the service's words") {
  for (const Brand& brand : brands) {
    CHECK(play(brand.service(), "present", brand.services("example.org")).status == CERTO_NO_ZONE);
    CHECK(play(brand.service(), "present",
               answered(brand.services(), "401\n< {\"message\":\"Incorrect login.\"}"))
              .why == std::string("the credentials are refused: GET ") + brand.url +
                          "/v1/user/self/service answered 401: Incorrect login.");
  }
}
