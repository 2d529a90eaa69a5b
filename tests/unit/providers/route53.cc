// Route 53, from its documentation:
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
#include <algorithm>

#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                          {"AWS_SECRET_ACCESS_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
constexpr int64_t test_time = 1795258800;  // 20261121T110000Z

Outcome play_route53(const char* action, const std::string& transcript,
                     std::vector<Record> records = {sample_record},
                     provider::Values settings = sample_settings) {
  return play("route53", action, std::move(records), std::move(settings), transcript, test_time);
}

/// Signature Version 4, written a second time for requests that need no escaping.
std::string signature(const std::string& method, const std::string& url, const std::string& body,
                      const std::string& region, const std::string& token) {
  const size_t start = url.find("://") + 3;
  const size_t path = url.find('/', start);
  const size_t query = std::min(url.find('?'), url.size());
  std::vector<std::string> parameters = split(url.substr(std::min(query + 1, url.size())), '&');
  std::ranges::sort(parameters);
  const std::string type = body.empty() ? "" : "content-type";
  const std::string canonical =
      method + "\n" + url.substr(path, query - path) + "\n" + join(parameters, "&") + "\n" +
      (body.empty() ? "" : "content-type:application/xml\n") + "host:" + url.substr(start, path - start) +
      "\nx-amz-date:20261121T110000Z\n" + (token.empty() ? "" : "x-amz-security-token:" + token + "\n") +
      "\n";
  const std::string names = std::string(body.empty() ? "" : "content-type;") + "host;x-amz-date" +
                            (token.empty() ? "" : ";x-amz-security-token");
  const std::string scope = "20261121/" + region + "/route53/aws4_request";
  const std::string text = "AWS4-HMAC-SHA256\n20261121T110000Z\n" + scope + "\n" +
                           hex(crypto::sha256(canonical + names + "\n" + hex(crypto::sha256(body))));
  auto key = crypto::hmac_sha256(as_bytes("AWS4secret"), "20261121");
  for (const std::string& part : {region, std::string("route53"), std::string("aws4_request")})
    key = crypto::hmac_sha256(key, part);
  return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope + ", SignedHeaders=" + names +
         ", Signature=" + hex(crypto::hmac_sha256(key, text));
}

const std::string sample_api = "https://route53.amazonaws.com/2013-04-01";

std::string ask(const std::string& method, const std::string& url, const std::string& body = "",
                const std::string& region = "us-east-1", const std::string& token = "") {
  return "> " + method + " " + url + "\n" + (body.empty() ? "" : "> Content-Type: application/xml\n") +
         "> X-Amz-Date: 20261121T110000Z\n" +
         (token.empty() ? "" : "> X-Amz-Security-Token: " + token + "\n") +
         "> Authorization: " + signature(method, url, body, region, token) + "\n" +
         (body.empty() ? "" : "> \n> " + body + "\n");
}

std::string zone(const std::string& id, const std::string& name, const char* is_private = "false") {
  return "<HostedZone><Id>/hostedzone/" + id + "</Id><Name>" + name +
         "</Name><CallerReference>myUniqueIdentifier</CallerReference><Config><PrivateZone>" + is_private +
         "</PrivateZone></Config><ResourceRecordSetCount>17</ResourceRecordSetCount></HostedZone>";
}

std::string zones_page(const std::string& zones,
                       const std::string& end = "<IsTruncated>false</IsTruncated>") {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <ListHostedZonesByNameResponse "
         "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><HostedZones>" +
         zones + "</HostedZones>" + end + "<MaxItems>100</MaxItems></ListHostedZonesByNameResponse>\n";
}

const std::string zone_question = ask("GET", sample_api + "/hostedzonesbyname?dnsname=example.com.");
const std::string found_reply = zone_question + zones_page(zone("Z1PA6795UKMFR9", "example.com."));

std::string txt(const std::string& name, const std::string& ttl, const std::vector<std::string>& values,
                const std::string& more = "") {
  std::string records;
  for (const std::string& value : values)
    records += "<ResourceRecord><Value>&quot;" + value + "&quot;</Value></ResourceRecord>";
  return "<ResourceRecordSet><Name>" + name + ".</Name><Type>TXT</Type>" + more + "<TTL>" + ttl +
         "</TTL><ResourceRecords>" + records + "</ResourceRecords></ResourceRecordSet>";
}

std::string records_page(const std::string& rrsets, const char* is_truncated = "false") {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <ListResourceRecordSetsResponse "
         "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ResourceRecordSets>" +
         rrsets + "</ResourceRecordSets><IsTruncated>" + is_truncated +
         "</IsTruncated><MaxItems>1</MaxItems></ListResourceRecordSetsResponse>\n";
}

std::string records_question(const std::string& name) {
  return ask("GET", sample_api + "/hostedzone/Z1PA6795UKMFR9/rrset?name=" + name + ".&type=TXT&maxitems=1");
}

std::string held(const std::string& rrsets, const std::string& name = sample_record.name) {
  return records_question(name) + records_page(rrsets, "true");
}

std::string change(const std::string& action, const std::string& rrset) {
  return "<Change><Action>" + action + "</Action>" + rrset + "</Change>";
}

std::string change_question(const std::string& changes) {
  return ask("POST", sample_api + "/hostedzone/Z1PA6795UKMFR9/rrset/",
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ChangeResourceRecordSetsRequest "
             "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>" +
                 changes + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>");
}

std::string changed(const std::string& changes) {
  return change_question(changes) +
         "< 200\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <ChangeResourceRecordSetsResponse "
         "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeInfo><Id>/change/C2682N5HXP0BZ4</Id>"
         "<Status>PENDING</Status><SubmittedAt>2026-11-21T11:00:00Z</SubmittedAt></ChangeInfo>"
         "</ChangeResourceRecordSetsResponse>\n";
}

std::string error(const std::string& status, const std::string& code, const std::string& message) {
  return "< " + status +
         "\n< <?xml version=\"1.0\"?>\n< <ErrorResponse "
         "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Error><Type>Sender</Type><Code>" +
         code + "</Code><Message>" + message +
         "</Message></Error><RequestId>b25f48e8-84fd-11e6-80d9-574e0c4664cb</RequestId></ErrorResponse>\n";
}

const std::string sample_addition =
    found_reply + held(txt(sample_record.name, "300", {"foreign"})) +
    changed(change("UPSERT", txt(sample_record.name, "300", {"foreign", "new"})));

}  // namespace

TEST_CASE("route53: a value is added to an empty name, and next to others that stay, with their TTL") {
  CHECK(play_route53("present", sample_addition).status == CERTO_OK);
  // The list begins at the name that is asked for, so another's records may be the first.
  CHECK(play_route53("present", found_reply + held(txt("a.example.com", "5", {"other"})) +
                                    changed(change("UPSERT", txt(sample_record.name, "60", {"new"}))))
            .status == CERTO_OK);
}

TEST_CASE("route53: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("route53", "present", {sample_record}, sample_settings, sample_addition,
                          test_time) == 0);
}

TEST_CASE("route53: values are kept to the letter, and what XML cannot hold is escaped") {
  const std::string odd = "a &amp; b &lt;c&gt; \\&quot;d\\&quot;";
  CHECK(play_route53("present",
                     found_reply + held(txt(sample_record.name, "300", {odd, "one&quot; &quot;two"})) +
                         changed(change("UPSERT",
                                        txt(sample_record.name, "300", {odd, "one&quot; &quot;two", "new"}))))
            .status == CERTO_OK);
}

TEST_CASE("route53: cleanup removes our value only, and the RRset with the last one") {
  CHECK(play_route53("cleanup", found_reply + held(txt(sample_record.name, "300", {"new", "foreign"})) +
                                    changed(change("UPSERT", txt(sample_record.name, "300", {"foreign"}))))
            .status == CERTO_OK);
  CHECK(play_route53("cleanup", found_reply + held(txt(sample_record.name, "300", {"new"})) +
                                    changed(change("DELETE", txt(sample_record.name, "300", {"new"}))))
            .status == CERTO_OK);
}

TEST_CASE("route53: nothing is changed if no change is needed") {
  CHECK(
      play_route53("present", found_reply + held(txt(sample_record.name, "60", {"foreign", "new"}))).status ==
      CERTO_OK);
  CHECK(play_route53("cleanup", found_reply + held(txt(sample_record.name, "60", {"foreign"}))).status ==
        CERTO_OK);
  CHECK(play_route53("cleanup", found_reply + held("")).status == CERTO_OK);
}

TEST_CASE("route53: apex and wildcard are one RRset, and all names of a zone are one change") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"_acme-challenge.www.example.com", "three", 60}};
  CHECK(play_route53("present",
                     found_reply + held("") + held("", "_acme-challenge.www.example.com") +
                         changed(change("UPSERT", txt("_acme-challenge.example.com", "60", {"one", "two"})) +
                                 change("UPSERT", txt("_acme-challenge.www.example.com", "60", {"three"}))),
                     records)
            .status == CERTO_OK);
}

TEST_CASE("route53: many names of a small zone are read in one request") {
  std::vector<Record> records;
  std::string changes, single;
  for (const char* host : {"a", "b", "c", "d"}) {
    const std::string name = std::string("_acme-challenge.") + host + ".example.com";
    records.push_back({name, "new", 60});
    const bool is_first = *host == 'a';
    changes += change("UPSERT", txt(name, is_first ? "300" : "60",
                                    is_first ? std::vector<std::string>{"foreign", "new"}
                                             : std::vector<std::string>{"new"}));
    single += held(is_first ? txt(name, "300", {"foreign"}) : "", name);
  }
  const std::string whole = ask("GET", sample_api + "/hostedzone/Z1PA6795UKMFR9/rrset?maxitems=300");
  const std::string there =
      "<ResourceRecordSet><Name>example.com.</Name><Type>A</Type><TTL>60</"
      "TTL><ResourceRecords><ResourceRecord>"
      "<Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>" +
      txt("_acme-challenge.a.example.com", "300", {"foreign"});
  CHECK(
      play_route53("present", found_reply + whole + records_page(there) + changed(changes), records).status ==
      CERTO_OK);
  // If the list has several pages, a missing set may be on another page.
  CHECK(play_route53("present", found_reply + whole + records_page(there, "true") + single + changed(changes),
                     records)
            .status == CERTO_OK);
}

TEST_CASE("route53: the longest zone is taken, a private one is not, and one request shows both") {
  const std::string next =
      "<IsTruncated>true</IsTruncated><NextDNSName>example.com.</NextDNSName>"
      "<NextHostedZoneId>Z2</NextHostedZoneId>";
  const std::string pages =
      zone_question + zones_page(zone("Z0", "example.com.", "true"), next) +
      ask("GET", sample_api + "/hostedzonesbyname?dnsname=example.com.&hostedzoneid=Z2") +
      zones_page(zone("Z2", "example.com.") + zone("Z1PA6795UKMFR9", "sub.example.com.") +
                 zone("Z4", "www.sub.example.com.", "true") + zone("Z5", "example.net."));
  const std::string name = "_acme-challenge.www.sub.example.com";
  CHECK(play_route53("present", pages + held("", name) + changed(change("UPSERT", txt(name, "60", {"new"}))),
                     {{name, "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("route53: the zone may be named by its id, by its name, and be a private one") {
  const std::string rest = held("") + changed(change("UPSERT", txt(sample_record.name, "60", {"new"})));
  provider::Values settings = sample_settings;
  settings["AWS_HOSTED_ZONE_ID"] = "/hostedzone/Z1PA6795UKMFR9";
  CHECK(play_route53("present", rest, {sample_record}, settings).status == CERTO_OK);

  settings = sample_settings;
  settings["ROUTE53_ZONE"] = "example.com";
  CHECK(play_route53("present", found_reply + rest, {sample_record}, settings).status == CERTO_OK);

  settings = sample_settings;
  settings["AWS_PRIVATE_ZONE"] = "true";
  const std::string both =
      zone_question + zones_page(zone("Z0", "example.com.") + zone("Z1PA6795UKMFR9", "example.com.", "true"));
  CHECK(play_route53("present", both + rest, {sample_record}, settings).status == CERTO_OK);
}

TEST_CASE("route53: records with a routing policy are not touched") {
  const std::string weighted =
      txt(sample_record.name, "60", {"foreign"}, "<SetIdentifier>a</SetIdentifier><Weight>1</Weight>");
  const Outcome outcome = play_route53("present", found_reply + held(weighted));
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why.find("routing policy") != std::string::npos);
  CHECK(play_route53("cleanup", found_reply + held(weighted)).status == CERTO_OK);
}

TEST_CASE("route53: China and GovCloud have their own, and AWS's names of an address count") {
  provider::Values settings = sample_settings;
  settings["AWS_HOSTED_ZONE_ID"] = "Z1";
  const auto plays = [&](const std::string& api, const std::string& region) {
    const std::string url = api + "/hostedzone/Z1/rrset?name=" + sample_record.name + ".&type=TXT&maxitems=1";
    return play_route53("cleanup", ask("GET", url, "", region) + records_page(""), {sample_record}, settings)
               .status == CERTO_OK;
  };
  settings["AWS_REGION"] = "cn-north-1";
  CHECK(plays("https://route53.amazonaws.com.cn/2013-04-01", "cn-northwest-1"));
  settings["AWS_REGION"] = "us-gov-east-1";
  CHECK(plays("https://route53.us-gov.amazonaws.com/2013-04-01", "us-gov-west-1"));
  settings["AWS_REGION"] = "eu-central-1";
  CHECK(plays(sample_api, "us-east-1"));
  settings["AWS_ENDPOINT_URL_ROUTE_53"] = "https://moto.example/";
  CHECK(plays("https://moto.example/2013-04-01", "us-east-1"));
  settings["ROUTE53_BASE_URL"] = "https://other.example/2013-04-01/";
  CHECK(plays("https://other.example/2013-04-01", "us-east-1"));
}

TEST_CASE("route53: refused credentials, told in the service's words and without a secret") {
  const Outcome unknown = play_route53(
      "present", zone_question + error("403", "InvalidClientTokenId",
                                       "The security token included in the request is invalid."));
  CHECK(unknown.status == CERTO_CONFIG);
  CHECK(unknown.why ==
        "the credentials are refused: InvalidClientTokenId: The security token included in the request is "
        "invalid.");

  const Outcome wrong = play_route53(
      "present",
      zone_question + error("403", "SignatureDoesNotMatch",
                            "The request signature we calculated does not match.\n< \n< The Canonical "
                            "String should have been\n< x-amz-security-token:hidden"));
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.ends_with("does not match."));

  const Outcome denied = play_route53(
      "present", found_reply + held("") +
                     change_question(change("UPSERT", txt(sample_record.name, "60", {"new"}))) +
                     error("403", "AccessDenied", "User: arn:aws:iam::1:user/a is not authorized"));
  CHECK(denied.status == CERTO_CONFIG);
  CHECK(denied.why.ends_with("AccessDenied: User: arn:aws:iam::1:user/a is not authorized"));
}

TEST_CASE("route53: a clock that is wrong is called that") {
  const Outcome outcome = play_route53(
      "present",
      zone_question + error("403", "SignatureDoesNotMatch",
                            "Signature expired: 20261121T110000Z is now earlier than 20261121T115500Z"));
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(
      outcome.why.starts_with("AWS rejects the time 2026-11-21T11:00:00Z, so this machine's clock is wrong: "
                              "SignatureDoesNotMatch: "));
}

TEST_CASE("route53: no such zone, a rate limit, a change that is refused, a broken reply") {
  const Outcome none = play_route53("present", zone_question + zones_page(zone("Z9", "example.org.")));
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no hosted zone for _acme-challenge.example.com in this account");
  provider::Values settings = sample_settings;
  settings["AWS_HOSTED_ZONE_ID"] = "Z1PA6795UKMFR9";
  CHECK(play_route53("present",
                     records_question(sample_record.name) +
                         error("404", "NoSuchHostedZone", "No hosted zone found with ID: Z1PA6795UKMFR9"),
                     {sample_record}, settings)
            .status == CERTO_NO_ZONE);

  CHECK(play_route53("present", zone_question + error("400", "Throttling", "Rate exceeded")).status ==
        CERTO_LATER);
  const std::string question =
      found_reply + held("") + change_question(change("UPSERT", txt(sample_record.name, "60", {"new"})));
  CHECK(play_route53("present", question + error("400", "PriorRequestNotComplete", "Wait")).status ==
        CERTO_LATER);
  const Outcome refused = play_route53(
      "present",
      question +
          "< 400\n< <InvalidChangeBatch "
          "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages><Message>RRSet with DNS "
          "name is not permitted in zone</Message></Messages></InvalidChangeBatch>\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with(
      "answered 400: InvalidChangeBatch: RRSet with DNS name is not permitted in zone"));

  CHECK(play_route53("present", zone_question + "< 500\n< oh\n").status == CERTO_UNREACHABLE);
  CHECK(play_route53("present", zone_question + "< 200\n< {\"a\":1}\n").status == CERTO_UNREACHABLE);
  CHECK(play_route53("present", zone_question + "< 200\n< <a/>\n").status == CERTO_UNREACHABLE);
  CHECK(play_route53("present", zone_question + "< lost\n").why == "the connection broke");
}
