// INWX, from its documentation: https://www.inwx.de/en/help/apidoc and its clients
// https://github.com/inwx/python-client
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

std::string result(const std::string& code, const std::string& data = "{}",
                   const std::string& words = "said") {
  return "200\n< {\"code\":" + code + ",\"msg\":\"" + words + "\",\"resData\":" + data + "}";
}

std::string ask(const std::string& method, const std::string& parameters, const std::string& answer,
                const std::string& cookie = "> Cookie: domrobot=abc\n") {
  return "> POST https://api.domrobot.com/jsonrpc/\n> Content-Type: application/json\n" + cookie +
         "> \n> {\"method\":\"" + method + "\",\"params\":{" + parameters + "}}\n< " + answer + "\n";
}

std::string login(const std::string& tfa = "0") {
  return ask(
      "account.login", R"("user":"me","pass":"secret")",
      "200 +headers\n< content-type: application/json\n< set-cookie: domrobot=abc; path=/; HttpOnly\n< \n"
      "< {\"code\":1000,\"msg\":\"said\",\"resData\":{\"customerId\":1,\"tfa\":\"" +
          tfa + "\"}}",
      "");
}
const std::string logout = ask("account.logout", "", result("1500"));
const std::string zone = ask("nameserver.info", R"("domain":"example.com","type":"SOA")", result("1000"));

std::string info(const std::string& records, const std::string& name = "_acme-challenge.example.com") {
  return ask("nameserver.info", R"("domain":"example.com","type":"TXT","name":")" + name + "\"",
             result("1000", "{\"roId\":7,\"domain\":\"example.com\",\"type\":\"MASTER\"" + records + "}"));
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back("{\"id\":" + std::to_string(records.size() + 1) +
                      R"(,"name":"_acme-challenge.example.com","type":"TXT","content":")" + value +
                      R"(","ttl":300,"prio":0})");
  return info(records.empty() ? "" : ",\"count\":1,\"record\":[" + join(records, ",") + "]");
}

std::string create(const std::string& name, const std::string& answer = result("1000", "{\"id\":9}")) {
  return ask("nameserver.createRecord",
             R"("domain":"example.com","type":"TXT","content":"new","name":")" + name + R"(","ttl":300)",
             answer);
}

std::string removal(const std::string& answer = result("1000")) {
  return ask("nameserver.deleteRecord", R"("id":2)", answer);
}

ValueService service() {
  return {.name = "inwx",
          .settings = {{"INWX_USERNAME", "me"}, {"INWX_PASSWORD", "secret"}},
          .now = 59,
          .start = login() + zone,
          .list = list,
          .add = create("_acme-challenge.example.com"),
          .remove = removal(),
          .gone = removal(result("2303")),
          .publish = "",
          .end = logout};
}

}  // namespace

TEST_CASE("inwx: records are added and removed one by one") {
  check_records(service());
  check_bytes(service());
  CHECK(play(service(), "present",
             service().start + list({}) + create("_acme-challenge.example.com", result("2302")) + logout)
            .status == CERTO_OK);
  CHECK(play(service(), "present", service().start + info("", "example.com") + create("example.com") + logout,
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("inwx: a service in trouble") {
  check_trouble(service());
  CHECK(play(service(), "present", answered(login(), "200\n< {}")).status == CERTO_UNREACHABLE);
}

TEST_CASE("inwx: a one-time password unlocks the session") {
  ValueService protected_account = service();
  protected_account.settings["INWX_SHARED_SECRET"] = "gezd gnbv GY3TQOJQGEZDGNBVGY3TQOJQ";  // of RFC 6238
  const auto unlock = [](const std::string& code) {
    return ask("account.unlock", R"("tan":"287082")", result(code));
  };
  protected_account.start = login("GOOGLE-AUTH") + unlock("1000") + zone;
  check_records(protected_account);
  CHECK(play(protected_account, "present", login("GOOGLE-AUTH") + unlock("2200") + logout).status ==
        CERTO_LATER);
  const Outcome missing = play(service(), "present", login("GOOGLE-AUTH") + logout);
  CHECK(missing.status == CERTO_CONFIG);
  CHECK(missing.why ==
        "the account has two-factor authentication (GOOGLE-AUTH): INWX_SHARED_SECRET is not set");
  protected_account.settings["INWX_SHARED_SECRET"] = "0189";
  CHECK(play(protected_account, "present", login("GOOGLE-AUTH") + logout).why ==
        "INWX_SHARED_SECRET is not a shared secret in base32");
}

TEST_CASE("inwx: the service's words") {
  const std::string first = ask("account.login", R"("user":"me","pass":"secret")",
                                result("2200", "{}", "Authentication error"), "");
  const Outcome refused = play(service(), "present", first);
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == "the credentials are refused: 2200: Authentication error");
  CHECK(play(service(), "present",
             login() + ask("nameserver.info", R"("domain":"example.com","type":"SOA")", result("2303")) +
                 logout)
            .status == CERTO_NO_ZONE);
  const std::string wrong = "200\n< {\"code\":2400,\"msg\":\"Command failed\",\"reason\":\"no\"}";
  CHECK(play(service(), "present",
             service().start + list({}) + create("_acme-challenge.example.com", wrong) + logout)
            .why == "nameserver.createRecord answered 2400: Command failed: no");
}
