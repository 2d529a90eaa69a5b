// Google Cloud DNS, from its documentation:
// https://cloud.google.com/dns/docs/reference/rest/v1/changes/create,
// https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/list and, for tokens,
// https://developers.google.com/identity/protocols/oauth2/service-account#httprest
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

constexpr int64_t test_time = 1700000000;
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

// What `gcloud auth application-default login` writes.
const char* const person =
    R"({"type":"authorized_user","client_id":"client","client_secret":"se+cret","refresh_token":"1//re~fresh"})";
const provider::Values sample_settings = {{"GCE_SERVICE_ACCOUNT_FILE", person}, {"GCE_PROJECT", "project-1"}};

Outcome play_gcloud(const char* action, const std::string& transcript,
                    std::vector<Record> records = {sample_record},
                    const provider::Values& settings = sample_settings) {
  return play("gcloud", action, std::move(records), settings, transcript, test_time);
}

size_t unnoticed(const char* action, const std::string& transcript,
                 std::vector<Record> records = {sample_record},
                 const provider::Values& settings = sample_settings) {
  return unnoticed_changes("gcloud", action, std::move(records), settings, transcript, test_time);
}

provider::Values with(provider::Values settings, const provider::Values& more) {
  for (const auto& [name, value] : more) settings[name] = value;
  return settings;
}

const std::string token_answer =
    "200\n< {\"access_token\":\"at-1\",\"expires_in\":3599,\"token_type\":\"Bearer\"}";

std::string grant_of(const std::string& body, const std::string& answer = token_answer) {
  return "> POST https://oauth2.googleapis.com/token\n> Content-Type: application/x-www-form-urlencoded\n> "
         "\n> " +
         body + "\n< " + answer + "\n";
}

std::string grant(const std::string& answer = token_answer) {
  return grant_of(
      "grant_type=refresh_token&client_id=client&client_secret=se%2Bcret&refresh_token=1%2F%2Fre~fresh",
      answer);
}

const std::string zones_url = "https://dns.googleapis.com/dns/v1/projects/project-1/managedZones";

std::string get(const std::string& url, const std::string& answer) {
  return "> GET " + url + "\n> Authorization: Bearer at-1\n< " + answer + "\n";
}

std::string zones(const std::string& name, const std::string& answer, const std::string& page = "") {
  return get(zones_url + "?dnsName=" + name + "." + page, answer);
}

std::string entry(const std::string& name, const std::string& visibility = "public") {
  return R"({"kind":"dns#managedZone","id":"1","name":")" + name +
         R"(","dnsName":"example.com.","visibility":")" + visibility + R"("})";
}

std::string listed(const std::string& entries) {
  return zones("example.com", "200\n< {\"managedZones\":[" + entries + "]}");
}

// A list that is empty is left out.
const std::string not_zone =
    zones("_acme-challenge.example.com", "200\n< {\"kind\":\"dns#managedZonesListResponse\"}");
const std::string found_reply = not_zone + listed(entry("my-zone"));
const std::string start = grant() + found_reply;

std::string rrset(const std::string& name, const std::string& ttl, const std::string& texts) {
  return R"({"name":")" + name + R"(.","type":"TXT","ttl":)" + ttl + R"(,"rrdatas":[)" + texts + "]}";
}

std::string rrsets(const std::string& list, const std::string& name = "_acme-challenge.example.com") {
  return get(zones_url + "/my-zone/rrsets?name=" + name + ".&type=TXT", "200\n< {\"rrsets\":[" + list + "]}");
}

std::string change(const std::string& additions, const std::string& deletions,
                   const std::string& answer = "200\n< {\"id\":\"7\",\"status\":\"pending\"}") {
  return "> POST " + zones_url +
         "/my-zone/changes\n> Authorization: Bearer at-1\n> Content-Type: application/json\n> \n> "
         "{\"additions\":[" +
         additions + "],\"deletions\":[" + deletions + "]}\n< " + answer + "\n";
}

const std::string sample_name = "_acme-challenge.example.com";
const std::string foreign = R"("\"foreign\"")";
const std::string ours = R"("\"new\"")";
const std::string foreign_set = rrset(sample_name, "300", foreign);
const std::string both_set = rrset(sample_name, "300", foreign + "," + ours);
const std::string our_set = rrset(sample_name, "60", ours);

}  // namespace

TEST_CASE("gcloud: a value creates the RRset of a name that has none") {
  const std::string transcript = start + rrsets("") + change(our_set, "");
  CHECK(play_gcloud("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("gcloud: a value is added next to a foreign one, and the old RRset goes exactly as it was read") {
  const std::string read =
      R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":300,"rrdatas":["\"foreign\""],)"
      R"("signatureRrdatas":[],"kind":"dns#resourceRecordSet"})";
  const std::string transcript = start + rrsets(read) + change(both_set, read);
  CHECK(play_gcloud("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("gcloud: nothing is changed if no change is needed") {
  CHECK(play_gcloud("present", start + rrsets(both_set)).status == CERTO_OK);
  CHECK(unnoticed("present", start + rrsets(both_set)) == 0);
  CHECK(play_gcloud("present", start + rrsets(rrset(sample_name, "60", R"("new")"))).status == CERTO_OK);
  CHECK(play_gcloud("cleanup", start + rrsets(foreign_set)).status == CERTO_OK);
  CHECK(play_gcloud("cleanup", start + rrsets("")).status == CERTO_OK);
}

TEST_CASE("gcloud: cleanup leaves the foreign value, and takes the RRset with the last one") {
  const std::string beside = start + rrsets(both_set) + change(foreign_set, both_set);
  CHECK(play_gcloud("cleanup", beside).status == CERTO_OK);
  CHECK(unnoticed("cleanup", beside) == 0);

  const std::string alone = start + rrsets(our_set) + change("", our_set);
  CHECK(play_gcloud("cleanup", alone).status == CERTO_OK);
  CHECK(unnoticed("cleanup", alone) == 0);
  const std::string bare = rrset(sample_name, "60", R"("new")");
  CHECK(play_gcloud("cleanup", start + rrsets(bare) + change("", bare)).status == CERTO_OK);
}

TEST_CASE("gcloud: a batch is one change of its zone") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"_acme-challenge.www.example.com", "three", 60}};
  const std::string www = "_acme-challenge.www.example.com";
  const std::string old = rrset(www, "5", foreign);
  const std::string transcript = start + zones(www, "200\n< {}") + zones("www.example.com", "200\n< {}") +
                                 rrsets("") + rrsets(old, www) +
                                 change(rrset(sample_name, "60", R"("\"one\"","\"two\"")") + "," +
                                            rrset(www, "5", foreign + R"(,"\"three\"")"),
                                        old);
  CHECK(play_gcloud("present", transcript, records).status == CERTO_OK);
  CHECK(unnoticed("present", transcript, records) == 0);
}

TEST_CASE("gcloud: a zone that changed meanwhile is read again, once") {
  const std::string conflict = R"(412
< {"error":{"code":412,"message":"Precondition not met for 'entity.change.deletions[0]'"}})";
  const std::string exists = R"(409
< {"error":{"code":409,"message":"The resource 'entity.change.additions[0]' already exists"}})";
  const std::string lost_race = start + rrsets("") + change(our_set, "", exists) + rrsets(foreign_set);
  const std::string transcript = lost_race + change(both_set, foreign_set);
  CHECK(play_gcloud("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);

  const Outcome again = play_gcloud("present", lost_race + change(both_set, foreign_set, conflict));
  CHECK(again.status == CERTO_LATER);
  CHECK(again.why == "somebody else is changing _acme-challenge.example.com at the same time");
}

TEST_CASE("gcloud: the zone may be on the second page, behind a private one of its name") {
  const std::string transcript =
      grant() + not_zone +
      zones("example.com",
            "200\n< {\"managedZones\":[" + entry("inside", "private") + "],\"nextPageToken\":\"a/b\"}") +
      zones("example.com", "200\n< {\"managedZones\":[" + entry("my-zone") + "]}", "&pageToken=a%2Fb") +
      rrsets(both_set);
  CHECK(play_gcloud("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
  CHECK(play_gcloud("present", transcript, {sample_record},
                    with(sample_settings, {{"GCE_ALLOW_PRIVATE_ZONE", "true"}}))
            .status == CERTO_OK);
}

TEST_CASE("gcloud: a private zone is used if that is allowed, and a missing zone is reported") {
  const std::string private_one = grant() + not_zone + listed(entry("my-zone", "private"));
  const Outcome none = play_gcloud("present", private_one);
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no zone for _acme-challenge.example.com in this account");
  CHECK(play_gcloud("present", private_one + rrsets(both_set), {sample_record},
                    with(sample_settings, {{"GCE_ALLOW_PRIVATE_ZONE", "true"}}))
            .status == CERTO_OK);
}

TEST_CASE("gcloud: with the zone's name given, no zone is looked for") {
  const provider::Values settings = with(sample_settings, {{"GCE_ZONE_ID", "my-zone"}});
  CHECK(play_gcloud("present", grant() + rrsets(both_set), {sample_record}, settings).status == CERTO_OK);
  const Outcome gone = play_gcloud(
      "present", grant() + get(zones_url + "/my-zone/rrsets?name=" + sample_name + ".&type=TXT", R"(404
< {"error":{"message":"The 'parameters.managedZone' resource named 'my-zone' does not exist."}})"),
      {sample_record}, settings);
  CHECK(gone.status == CERTO_NO_ZONE);
  CHECK(gone.why.ends_with(
      "answered 404: The 'parameters.managedZone' resource named 'my-zone' does not exist."));
}

TEST_CASE("gcloud: an RRset with a routing policy is not touched") {
  const Outcome outcome = play_gcloud(
      "present",
      start +
          rrsets(
              R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":5,"routingPolicy":{"wrr":{}}})"));
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why == "the TXT records of _acme-challenge.example.com have a routing policy");
}

TEST_CASE("gcloud: a login that was revoked is reported in the service's words, without a secret") {
  const std::string transcript = grant(
      "400\n< {\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}");
  const Outcome refused = play_gcloud("present", transcript);
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("answered 400: invalid_grant: Token has been expired or revoked."));
  CHECK(refused.why.find("cret") == std::string::npos);
  CHECK(refused.why.find("fresh") == std::string::npos);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("gcloud: a refused right, a rate limit and a service in trouble") {
  const auto at = [](const std::string& answer) {
    return play_gcloud("present", grant() + zones("_acme-challenge.example.com", answer));
  };
  const Outcome forbidden = at(R"(403
< {"error":{"code":403,"message":"Forbidden","errors":[{"reason":"forbidden"}]}})");
  CHECK(forbidden.status == CERTO_CONFIG);
  CHECK(forbidden.why.ends_with("answered 403: Forbidden"));
  CHECK(forbidden.why.find("at-1") == std::string::npos);

  CHECK(at("401\n< {}").status == CERTO_CONFIG);
  CHECK(at("429\n< {}").status == CERTO_LATER);
  CHECK(at(R"(403
< {"error":{"code":403,"message":"Slow down","errors":[{"reason":"rateLimitExceeded"}]}})")
            .status == CERTO_LATER);
  CHECK(at("503\n< <html>").status == CERTO_UNREACHABLE);
  CHECK(at("200\n< <html>").status == CERTO_UNREACHABLE);
  CHECK(at("200\n< []").status == CERTO_FAILED);
  CHECK(at("400\n< {\"error\":{\"message\":\"Invalid value for 'parameters.project'\"}}")
            .why.ends_with("answered 400: Invalid value for 'parameters.project'"));
  CHECK(at("lost").why == "the connection broke");
}
