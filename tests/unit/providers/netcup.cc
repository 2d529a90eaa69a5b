// netcup, from its documentation: https://ccp.netcup.net/run/webservice/servers/endpoint.php; 5029 of a zone
// without records: https://github.com/aellwein/netcup-dns-api, "Too many error messages":
// https://github.com/go-acme/lego/issues/912
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {
    {"NETCUP_CUSTOMER_NUMBER", "12345"}, {"NETCUP_API_KEY", "key"}, {"NETCUP_API_PASSWORD", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_netcup(const char* action, const std::string& transcript,
                    std::vector<Record> records = {sample_record}) {
  return play("netcup", action, std::move(records), sample_settings, transcript);
}

std::string success(const std::string& data) {
  return R"({"serverrequestid":"r","clientrequestid":"","action":"a","status":"success","statuscode":2000,)"
         R"("shortmessage":"done","longmessage":"","responsedata":)" +
         data + "}";
}

std::string error(const std::string& code, const std::string& message) {
  return R"({"serverrequestid":"r","clientrequestid":"","action":"a","status":"error","statuscode":)" + code +
         R"(,"shortmessage":"failed","longmessage":")" + message + R"(","responsedata":""})";
}

std::string request(const std::string& action, const std::string& param, const std::string& answer) {
  return "> POST https://ccp.netcup.net/run/webservice/servers/endpoint.php?JSON\n"
         "> Content-Type: application/json\n> \n> {\"action\":\"" +
         action + "\",\"param\":{" + param + "}}\n< 200\n< " + answer + "\n";
}

std::string call(const std::string& action, const std::string& param, const std::string& answer) {
  return request(action,
                 param + (param.empty() ? "" : ",") +
                     R"("customernumber":"12345","apikey":"key","apisessionid":"session")",
                 answer);
}

std::string login(const std::string& answer = success(R"({"apisessionid":"session"})")) {
  return request("login", R"("customernumber":"12345","apikey":"key","apipassword":"secret")", answer);
}

std::string zone(const std::string& name,
                 const std::string& answer = success(R"({"name":"example.com","ttl":"300"})")) {
  return call("infoDnsZone", "\"domainname\":\"" + name + "\"", answer);
}

std::string records(const std::string& list) {
  return call("infoDnsRecords", R"("domainname":"example.com")", success("{\"dnsrecords\":[" + list + "]}"));
}

std::string update(const std::string& list, const std::string& answer = success(R"({"dnsrecords":[]})")) {
  return call("updateDnsRecords",
              R"("domainname":"example.com","dnsrecordset":{"dnsrecords":[)" + list + "]}", answer);
}

std::string held(const std::string& id, const std::string& host, const std::string& value,
                 const std::string& deleted = "false", const std::string& type = "TXT") {
  return "{\"id\":\"" + id + "\",\"hostname\":\"" + host + "\",\"type\":\"" + type +
         R"(","priority":"0","destination":")" + value + "\",\"deleterecord\":" + deleted +
         R"(,"state":"yes"})";
}

std::string added(const std::string& host, const std::string& value) {
  return "{\"hostname\":\"" + host + R"(","type":"TXT","priority":"","destination":")" + value +
         R"(","deleterecord":false})";
}

const std::string logout = call("logout", "", success("\"\""));
const std::string foreign = held("1", "_acme-challenge", "foreign") + "," + held("2", "@", "new") + "," +
                            held("3", "_acme-challenge", "new", "false", "CNAME");
const std::string sample_addition =
    login() + zone("example.com") + records(foreign) + update(added("_acme-challenge", "new")) + logout;

}  // namespace

TEST_CASE("netcup: a value is added next to existing ones, which are not sent") {
  CHECK(play_netcup("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("netcup: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("netcup", "present", {sample_record}, sample_settings, sample_addition) == 0);
}

TEST_CASE("netcup: apex, wildcard and the names below are one change of the zone") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 60},
                                     {"_acme-challenge.example.com", "two", 60},
                                     {"_acme-challenge.www.example.com", "three", 60},
                                     {"example.com", "four", 60}};
  CHECK(play_netcup("present",
                    login() + zone("example.com") +
                        zone("www.example.com", error("5029", "The zone could not be found.")) + records("") +
                        update(added("_acme-challenge", "one") + "," + added("_acme-challenge", "two") + "," +
                               added("_acme-challenge.www", "three") + "," + added("@", "four")) +
                        logout,
                    batch)
            .status == CERTO_OK);
}

TEST_CASE("netcup: cleanup removes our value only, by its id") {
  CHECK(play_netcup("cleanup", login() + zone("example.com") +
                                   records(foreign + "," + held("4", "_acme-challenge", "new")) +
                                   update(held("4", "_acme-challenge", "new", "true")) + logout)
            .status == CERTO_OK);
}

TEST_CASE("netcup: nothing is changed if no change is needed") {
  const std::string found = login() + zone("example.com");
  CHECK(play_netcup("present", found + records(held("4", "_acme-challenge", "new")) + logout).status ==
        CERTO_OK);
  CHECK(
      play_netcup("present", found + records(held("4", "_acme-challenge", "\\\"new\\\"")) + logout).status ==
      CERTO_OK);
  CHECK(play_netcup("cleanup", found + records(foreign) + logout).status == CERTO_OK);
}

TEST_CASE("netcup: wrong credentials and too many requests are distinguished by the service's words") {
  const Outcome refused = play_netcup("present", login(error("4013", "The login to the API failed.")));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == "the credentials are refused: The login to the API failed.");
  CHECK(refused.why.find("secret") == std::string::npos);
  const std::string busy = error("4013", "More than 180 requests per minute. Please wait and retry later.");
  CHECK(play_netcup("present", login(busy)).status == CERTO_LATER);
  const std::string tired = error("4013", "Too many error messages, please check your commands.");
  CHECK(play_netcup("present", login(tired)).status == CERTO_LATER);
  CHECK(play_netcup("present", login() + zone("example.com", busy) + logout).status == CERTO_LATER);
}

TEST_CASE("netcup: the service reports a zone without any record as an error") {
  const std::string none =
      login() + zone("example.com") +
      call("infoDnsRecords", R"("domainname":"example.com")", error("5029", "No DNS records found."));
  CHECK(play_netcup("present", none + update(added("_acme-challenge", "new")) + logout).status == CERTO_OK);
  CHECK(play_netcup("cleanup", none + logout).status == CERTO_OK);
}

TEST_CASE("netcup: the session is closed after a failure, too") {
  const Outcome none = play_netcup(
      "present",
      login() + zone("example.com", error("4013", "Value in field domainname does not match.")) + logout);
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no zone for _acme-challenge.example.com in this account");

  const Outcome refused = play_netcup(
      "present", login() + zone("example.com") + records("") +
                     update(added("_acme-challenge", "new"), error("5028", "Can not update.")) + logout);
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "updateDnsRecords answered 5028: Can not update.");

  const Outcome expired = play_netcup(
      "present", login() + zone("example.com", error("4001", "The session id is not valid.")) + logout);
  CHECK(expired.status == CERTO_UNREACHABLE);
}

TEST_CASE("netcup: a logout that fails undoes nothing") {
  const std::string done = login() + zone("example.com") + records(held("4", "_acme-challenge", "new"));
  CHECK(play_netcup("present", done + call("logout", "", error("4001", "gone"))).status == CERTO_OK);
  CHECK(play_netcup("present", done + call("logout", "", "<html>")).status == CERTO_OK);
}

TEST_CASE("netcup: a service in trouble") {
  const auto answered = [](const std::string& answer) {
    const std::string asked = login();
    return play_netcup("present", asked.substr(0, asked.find("< ")) + answer + "\n").status;
  };
  CHECK(answered("< 500\n< oops") == CERTO_UNREACHABLE);
  CHECK(answered("< 429") == CERTO_LATER);
  CHECK(answered("< lost") == CERTO_UNREACHABLE);
  CHECK(answered("< 200\n< <html>") == CERTO_UNREACHABLE);
  CHECK(answered("< 200\n< []") == CERTO_UNREACHABLE);
  CHECK(answered("< 200\n< {\"status\":\"success\"}") == CERTO_UNREACHABLE);
  CHECK(answered("< 200\n< " + success("\"\"")) == CERTO_UNREACHABLE);
  CHECK(play_netcup("present", login() + zone("example.com") +
                                   call("infoDnsRecords", R"("domainname":"example.com")", success("\"\"")) +
                                   logout)
            .status == CERTO_UNREACHABLE);
}
