// hosting.de and http.net, from https://www.hosting.de/api/; the fields of filters also from
// https://github.com/cancom/python-hostingde, 10109 from dns_hostingde of acme.sh, and "blocked" from
// https://github.com/martinhoefling/terraform-provider-hostingde
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const std::string hosting = "https://secure.hosting.de/api/dns/v1/json";
const std::string http_net = "https://partner.http.net/api/dns/v1/json";
const Record wanted = {"_acme-challenge.example.com", "new", 60};
const std::string told_zone = "> ZONE _acme-challenge.example.com\n< example.com\n";

Outcome play_hosting(const char* action, const std::string& transcript,
                     std::vector<Record> records = {wanted}, provider::Values settings = {}) {
  settings["HOSTINGDE_API_KEY"] = "secret";
  return play("hostingde", action, std::move(records), settings, transcript);
}

std::string call(const std::string& method, const std::string& body, const std::string& reply,
                 const std::string& base = hosting) {
  return "> POST " + base + "/" + method + "\n> Content-Type: application/json\n> \n> {" + body +
         ",\"authToken\":\"secret\"}\n< 200\n< " + reply + "\n";
}

std::string success(const std::string& response, const std::string& status = "success") {
  return R"({"errors":[],"metadata":{"clientTransactionId":"","serverTransactionId":"20180704"},"warnings":[],)"
         R"("status":")" +
         status + R"(","response":)" + response + "}";
}

std::string failure(const std::string& code, const std::string& text, const std::string& value = "") {
  return R"({"errors":[{"code":)" + code + R"(,"contextObject":"","contextPath":"","details":[],"text":")" +
         text + R"(","value":")" + value + R"("}],"metadata":{},"warnings":[],"status":"error"})";
}

std::string condition(const std::string& field, const std::string& value) {
  return "{\"field\":\"" + field + "\",\"value\":\"" + value + "\"}";
}

std::string find(const std::string& method, const std::string& conditions, const std::string& reply,
                 const std::string& page = "1", const std::string& base = hosting) {
  return call(method,
              R"("filter":{"subFilterConnective":"AND","subFilter":[)" + conditions +
                  R"(]},"limit":100,"page":)" + page,
              reply, base);
}

std::string list(const std::string& data, const std::string& page = "1", const std::string& pages = "1") {
  return success(R"({"limit":100,"page":)" + page + R"(,"totalEntries":1,"totalPages":)" + pages +
                 R"(,"type":"FindResult","data":[)" + data + "]}");
}

std::string zone(const std::string& name, const std::string& data, const std::string& base = hosting) {
  return find("zoneConfigsFind", condition("ZoneName", name), list(data), "1", base);
}

const std::string config =
    R"({"id":"zone-1","accountId":"a","status":"active","name":"example.com","nameUnicode":"example.com","type":"NATIVE"})";

std::string held(const std::string& id, const std::string& content,
                 const std::string& name = "_acme-challenge.example.com", const std::string& type = "TXT") {
  return R"({"id":")" + id + R"(","zoneConfigId":"zone-1","name":")" + name + R"(","type":")" + type +
         R"(","content":")" + content + R"(","ttl":60,"priority":0})";
}

const std::string of_name = condition("ZoneConfigId", "zone-1") + "," +
                            condition("RecordName", "_acme-challenge.example.com") + "," +
                            condition("RecordType", "TXT");

std::string records(const std::string& data, const std::string& base = hosting) {
  return find("recordsFind", of_name, list(data), "1", base);
}

std::string update(const std::string& member, const std::string& list,
                   const std::string& reply = success(R"({"zoneConfig":{},"records":[]})", "pending"),
                   const std::string& base = hosting) {
  return call("recordsUpdate", R"("zoneConfigId":"zone-1",")" + member + "\":[" + list + "]", reply, base);
}

std::string added(const std::string& value, const std::string& name = "_acme-challenge.example.com",
                  const std::string& ttl = "60") {
  return R"({"name":")" + name + R"(","type":"TXT","content":"\")" + value + R"(\"","ttl":)" + ttl + "}";
}

std::string removed(const std::string& content) {
  return R"({"name":"_acme-challenge.example.com","type":"TXT","content":")" + content + "\"}";
}

const std::string found = told_zone + zone("example.com", config);

}  // namespace

TEST_CASE("hostingde: a record is added next to a foreign one, and nothing is sent if it exists") {
  CHECK(play_hosting("present",
                     found + records(held("1", R"(\"foreign\")")) + update("recordsToAdd", added("new")))
            .status == CERTO_OK);
  CHECK(play_hosting("present", found + records(held("1", R"(\"new\")"))).status == CERTO_OK);
  CHECK(play_hosting("present", found + records(held("1", "new"))).status == CERTO_OK);
}

TEST_CASE("hostingde: all records of a zone are one change") {
  const std::vector<Record> both = {wanted, {"_acme-challenge.example.com", "other", 600}, wanted};
  CHECK(play_hosting("present",
                     found + records("") +
                         update("recordsToAdd",
                                added("new") + "," + added("other", "_acme-challenge.example.com", "600")),
                     both)
            .status == CERTO_OK);
}

TEST_CASE("hostingde: our record is removed, a foreign one stays, and one that is gone is a success") {
  CHECK(play_hosting("cleanup", found + records(held("1", R"(\"foreign\")") + "," + held("2", R"(\"new\")")) +
                                    update("recordsToDelete", removed(R"(\"new\")")))
            .status == CERTO_OK);
  CHECK(
      play_hosting("cleanup", found + records(held("1", R"(\"new\")", "x._acme-challenge.example.com") + "," +
                                              held("2", R"(\"new\")", "_acme-challenge.example.com", "SPF")))
          .status == CERTO_OK);
}

TEST_CASE("hostingde: a list has pages") {
  CHECK(
      play_hosting("cleanup", found + find("recordsFind", of_name, list(held("1", "foreign"), "1", "2")) +
                                  find("recordsFind", of_name, list(held("2", R"(\"new\")"), "2", "2"), "2") +
                                  update("recordsToDelete", removed(R"(\"new\")")))
          .status == CERTO_OK);
}

TEST_CASE("hostingde: the zone that the account has, or that the user names") {
  const std::string none = told_zone + zone("example.com", "") + zone("_acme-challenge.example.com", "");
  CHECK(play_hosting("present", none).status == CERTO_NO_ZONE);
  CHECK(play_hosting("present", "> ZONE _acme-challenge.example.com\n< lost\n" +
                                    zone("_acme-challenge.example.com", "") + zone("example.com", config) +
                                    records(held("1", "new")))
            .status == CERTO_OK);
  CHECK(play_hosting("present",
                     "> ZONE _acme-challenge.example.com\n< _acme-challenge.example.com\n" +
                         zone("example.com", config) + records(held("1", "new")),
                     {wanted}, {{"HOSTINGDE_ZONE_NAME", "example.com"}})
            .status == CERTO_OK);
}

TEST_CASE("hostingde: another server, and http.net") {
  const std::string there = told_zone + zone("example.com", config, http_net) +
                            records(held("1", "foreign"), http_net) +
                            update("recordsToAdd", added("new"), success("{}", "success"), http_net);
  for (const char* root : {"https://partner.http.net", "https://partner.http.net/",
                           "https://partner.http.net/api/dns/v1/json"}) {
    CHECK(play_hosting("present", there, {wanted}, {{"HOSTINGDE_ENDPOINT", root}}).status == CERTO_OK);
  }
  CHECK(play("httpnet", "present", {wanted}, {{"HTTPNET_API_KEY", "secret"}}, there).status == CERTO_OK);
  CHECK(play("httpnet", "cleanup", {wanted}, {{"HTTPNET_API_KEY", "secret"}},
             told_zone + zone("example.com", config, http_net) + records(held("1", "foreign"), http_net))
            .status == CERTO_OK);
}

TEST_CASE("hostingde: what the service refuses") {
  const auto answered = [](const std::string& reply) {
    return play_hosting("present",
                        told_zone + find("zoneConfigsFind", condition("ZoneName", "example.com"), reply));
  };
  const Outcome refused = answered(failure("10109", "The authToken is invalid"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == "the credentials are refused: The authToken is invalid");
  const Outcome failed = answered(failure("50000", "Something is wrong"));
  CHECK(failed.status == CERTO_FAILED);
  CHECK(failed.why.ends_with("zoneConfigsFind: Something is wrong"));
  CHECK(answered(R"({"status":"error"})").status == CERTO_UNREACHABLE);
  CHECK(answered(R"({"status":"success"})").status == CERTO_UNREACHABLE);
  CHECK(answered("<html>").status == CERTO_UNREACHABLE);

  const std::string busy = failure("40003", "The object is blocked", "blocked");
  const Outcome blocked =
      play_hosting("present", found + records("") + update("recordsToAdd", added("new"), busy));
  CHECK(blocked.status == CERTO_LATER);
  CHECK(blocked.why == "the zone is being changed at the same time: The object is blocked");
}

TEST_CASE("hostingde: statuses") {
  const auto answered = [](const std::string& reply) {
    const std::string request = find("zoneConfigsFind", condition("ZoneName", "example.com"), list(config));
    return play_hosting("present", told_zone + request.substr(0, request.find("< 200")) + reply).status;
  };
  CHECK(answered("< 401\n") == CERTO_CONFIG);
  CHECK(answered("< 403\n") == CERTO_CONFIG);
  CHECK(answered("< 429\n") == CERTO_LATER);
  CHECK(answered("< 500\n") == CERTO_UNREACHABLE);
  CHECK(answered("< lost\n") == CERTO_UNREACHABLE);
}
