// Namecheap, from its documentation:
// https://www.namecheap.com/support/api/methods/domains/get-list/
// https://www.namecheap.com/support/api/methods/domains-dns/get-hosts/
// https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {
    {"NAMECHEAP_API_USER", "me"}, {"NAMECHEAP_API_KEY", "secret"}, {"NAMECHEAP_CLIENT_IP", "192.0.2.9"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 120};

Outcome play_namecheap(const char* action, const std::string& transcript,
                       std::vector<Record> records = {sample_record},
                       provider::Values settings = sample_settings) {
  return play("namecheap", action, std::move(records), std::move(settings), transcript);
}

const std::string common = "ApiUser=me&ApiKey=secret&UserName=me&ClientIp=192.0.2.9";

std::string get(const std::string& command) {
  return "> GET https://api.namecheap.com/xml.response?" + common + "&Command=namecheap.domains." + command +
         "\n";
}

std::string ok(const std::string& result) {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"utf-8\"?>\n< <ApiResponse Status=\"OK\" "
         "xmlns=\"http://api.namecheap.com/xml.response\"><Errors /><Warnings /><CommandResponse>" +
         result +
         "</CommandResponse><Server>PHX01</Server><ExecutionTime>0.1</ExecutionTime></ApiResponse>\n";
}

std::string error(const std::string& number, const std::string& text) {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"utf-8\"?>\n< <ApiResponse Status=\"ERROR\" "
         "xmlns=\"http://api.namecheap.com/xml.response\"><Errors><Error Number=\"" +
         number + "\">" + text + "</Error></Errors><Warnings /><RequestedCommand /></ApiResponse>\n";
}

std::string domains(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += "<Domain ID=\"127\" Name=\"" + name + "\" User=\"me\" Created=\"02/15/2016\" IsOurDNS=\"true\"/>";
  return ok("<DomainGetListResult>" + list +
            "</DomainGetListResult><Paging><TotalItems>1</TotalItems></Paging>");
}

const std::string list_reply = get("getList&PageSize=100&Page=1");
const std::string found_reply = list_reply + domains({"other.net", "Example.com"});
const std::string hosts_question = get("dns.getHosts&SLD=example&TLD=com");

std::string hosts(const std::string& list,
                  const std::string& attributes = "EmailType=\"MX\" IsUsingOurDNS=\"true\"",
                  const std::string& domain = "example.com") {
  return ok("<DomainDNSGetHostsResult Domain=\"" + domain + "\" " + attributes + ">" + list +
            "</DomainDNSGetHostsResult>");
}

std::string host(const std::string& name, const std::string& type, const std::string& address,
                 const std::string& more = "MXPref=\"10\" TTL=\"1799\"",
                 const std::string& flags = "IsActive=\"true\" IsDDNSEnabled=\"false\"") {
  return "<host HostId=\"217076\" Name=\"" + name + "\" Type=\"" + type + "\" Address=\"" + address + "\" " +
         more + " AssociatedAppTitle=\"\" FriendlyName=\"\" " + flags + " />";
}

std::string set_question(const std::string& form, const std::string& domain = "&SLD=example&TLD=com") {
  return "> POST https://api.namecheap.com/xml.response\n> Content-Type: "
         "application/x-www-form-urlencoded\n> \n> " +
         common + "&Command=namecheap.domains.dns.setHosts" + domain + form + "\n";
}

std::string set(const std::string& form, const std::string& domain = "&SLD=example&TLD=com") {
  return set_question(form, domain) +
         ok("<DomainDNSSetHostsResult Domain=\"example.com\" IsSuccess=\"true\" />");
}

std::string txt(int number, const std::string& value, const std::string& name = "_acme-challenge",
                const std::string& ttl = "120") {
  const std::string n = std::to_string(number);
  return "&HostName" + n + "=" + name + "&RecordType" + n + "=TXT&Address" + n + "=" + value + "&MXPref" + n +
         "=10&TTL" + n + "=" + ttl;
}

// A domain that has one of each, and how it goes back.
const std::string sample_zone =
    host("@", "A", "10.0.0.1") + host("@", "MX", "mail.example.com.", "MXPref=\"20\" TTL=\"60\"") +
    host("@", "CAA", "0 issue &quot;ca.example&quot;") + host("*", "CNAME", "example.com.") +
    host("go", "URL301", "https://example.org/?a=1&amp;b=2 c") +
    host("_acme-challenge", "TXT", "foreign", "MXPref=\"10\" TTL=\"300\"");
const std::string zone_form =
    "&EmailType=MX&HostName1=%40&RecordType1=A&Address1=10.0.0.1&MXPref1=10&TTL1=1799"
    "&HostName2=%40&RecordType2=MX&Address2=mail.example.com.&MXPref2=20&TTL2=60"
    "&HostName3=%40&RecordType3=CAA&Address3=0%20issue%20%22ca.example%22&MXPref3=10&TTL3=1799"
    "&HostName4=%2A&RecordType4=CNAME&Address4=example.com.&MXPref4=10&TTL4=1799"
    "&HostName5=go&RecordType5=URL301&Address5=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2%20c&MXPref5=10"
    "&TTL5=1799" +
    txt(6, "foreign", "_acme-challenge", "300");

const std::string sample_addition =
    found_reply + hosts_question + hosts(sample_zone) + set(zone_form + txt(7, "new"));

}  // namespace

TEST_CASE("namecheap: a value is added, and every other host is written back as it was") {
  CHECK(play_namecheap("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("namecheap: a value is added to a domain without hosts") {
  CHECK(play_namecheap("present", found_reply + hosts_question +
                                      hosts("", "EmailType=\"NONE\" IsUsingOurDNS=\"true\"") +
                                      set("&EmailType=NONE" + txt(1, "new")))
            .status == CERTO_OK);
  CHECK(play_namecheap("present", found_reply + hosts_question + hosts("", "IsUsingOurDNS=\"true\"") +
                                      set(txt(1, "new")))
            .status == CERTO_OK);
}

TEST_CASE("namecheap: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("namecheap", "present", {sample_record}, sample_settings, sample_addition) == 0);
}

TEST_CASE("namecheap: all names of a domain are one change, apex and wildcard too") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 30},
                                       {"_acme-challenge.example.com", "two", 120},
                                       {"_acme-challenge.www.example.com", "three", 120},
                                       {"example.com", "four", 120}};
  CHECK(play_namecheap("present",
                       found_reply + hosts_question + hosts("") +
                           set("&EmailType=MX" + txt(1, "one", "_acme-challenge", "60") + txt(2, "two") +
                               txt(3, "three", "_acme-challenge.www") + txt(4, "four", "%40")),
                       records)
            .status == CERTO_OK);
}

TEST_CASE("namecheap: cleanup removes our value only, and the last host too") {
  CHECK(play_namecheap("cleanup", found_reply + hosts_question +
                                      hosts(sample_zone + host("_acme-challenge", "TXT", "new")) +
                                      set(zone_form))
            .status == CERTO_OK);
  CHECK(play_namecheap("cleanup", found_reply + hosts_question +
                                      hosts(host("_acme-challenge", "TXT", "new")) + set("&EmailType=MX"))
            .status == CERTO_OK);
}

TEST_CASE("namecheap: nothing is changed if no change is needed") {
  CHECK(play_namecheap("present", found_reply + hosts_question +
                                      hosts(sample_zone + host("_Acme-Challenge", "TXT", "new")))
            .status == CERTO_OK);
  CHECK(play_namecheap("cleanup", found_reply + hosts_question + hosts(sample_zone)).status == CERTO_OK);
}

TEST_CASE("namecheap: a domain with something that would be lost is not touched") {
  const auto refusal = [](const std::string& answer) {
    const Outcome outcome = play_namecheap("present", found_reply + hosts_question + answer);
    CHECK(outcome.status == CERTO_FAILED);
    CHECK(outcome.why.starts_with("example.com is not changed: a change replaces all its hosts, and it has"));
    return outcome.why;
  };
  const auto says = [&](const std::string& answer, const char* words) {
    return refusal(answer).find(words) != std::string::npos;
  };
  CHECK(says(hosts(host("_sip", "SRV", "sip.example.")), "a host _sip of the type 'SRV'"));
  CHECK(says(hosts(host("@", "A", "10.0.0.1", "MXPref=\"10\" TTL=\"1799\"",
                        "IsActive=\"true\" IsDDNSEnabled=\"true\"")),
             "a host @ with dynamic DNS"));
  CHECK(says(hosts(host("@", "A", "10.0.0.1", "MXPref=\"10\" TTL=\"1799\"", "IsActive=\"false\"")),
             "a host @ that is off"));
  CHECK(says(hosts(host("@", "A", "10.0.0.1", "MXPref=\"10\" TTL=\"1799\" Weight=\"5\"")), "Weight=5"));
  CHECK(says(hosts(host("@", "A", "10.0.0.1", "MXPref=\"10\"")), "a host @ without TTL"));
  CHECK(says(hosts(host("@", "A", "")), "a host @ without Address"));
  CHECK(says(hosts("<group/>"), "an entry <group>"));
  CHECK(says(hosts("", "EmailType=\"NEW\" IsUsingOurDNS=\"true\""), "the mail setting NEW"));
  CHECK(says(hosts(host("@", "MX", "mail.example."), "IsUsingOurDNS=\"true\""), "mail hosts"));
  CHECK(says(hosts("", "EmailType=\"MX\" IsUsingOurDNS=\"true\"", "example.org"), "the name 'example.org'"));
}

TEST_CASE("namecheap: the domain is found in the account's list, on its second page too") {
  const Record deep = {"_acme-challenge.www.example.co.uk", "new", 120};
  const std::string second = get("getList&PageSize=100&Page=2");
  CHECK(play_namecheap(
            "present",
            list_reply + domains(std::vector<std::string>(100, "other.net")) + second +
                domains({"co.uk.example", "example.co.uk"}) + get("dns.getHosts&SLD=example&TLD=co.uk") +
                hosts("", "EmailType=\"FWD\" IsUsingOurDNS=\"true\"", "example.co.uk") +
                set("&EmailType=FWD" + txt(1, "new", "_acme-challenge.www"), "&SLD=example&TLD=co.uk"),
            {deep})
            .status == CERTO_OK);

  const Outcome none = play_namecheap("present", list_reply + domains({"other.net", "badexample.com"}));
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no domain for _acme-challenge.example.com in this account");
}

TEST_CASE("namecheap: a zone below a domain may be named") {
  provider::Values settings = sample_settings;
  settings["NAMECHEAP_ZONE"] = "sub.example.com";
  CHECK(play_namecheap("present",
                       found_reply + get("dns.getHosts&SLD=sub.example&TLD=com") +
                           hosts("", "EmailType=\"NONE\" IsUsingOurDNS=\"true\"", "sub.example.com") +
                           set("&EmailType=NONE" + txt(1, "new"), "&SLD=sub.example&TLD=com"),
                       {{"_acme-challenge.sub.example.com", "new", 120}}, settings)
            .status == CERTO_OK);
}

TEST_CASE("namecheap: the sandbox is another address") {
  provider::Values settings = sample_settings;
  settings["NAMECHEAP_SANDBOX"] = "true";
  std::string transcript = found_reply + hosts_question + hosts(sample_zone);
  for (size_t at = 0; (at = transcript.find("https://api.", at)) != transcript.npos; at += 20)
    transcript.insert(at + 12, "sandbox.");
  CHECK(play_namecheap("cleanup", transcript, {sample_record}, settings).status == CERTO_OK);
}

TEST_CASE("namecheap: refused credentials and a refused address, without the key in the message") {
  const Outcome refused = play_namecheap(
      "present", list_reply + error("1011102", "API Key is invalid or API access has not been enabled"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why ==
        "the credentials are refused: 1011102: API Key is invalid or API access has not been enabled");

  const Outcome address =
      play_namecheap("present", list_reply + error("1011150", "Invalid request IP: 192.0.2.9"));
  CHECK(address.status == CERTO_CONFIG);
  CHECK(
      address.why.starts_with("this machine's address is refused: 1011150: Invalid request IP: 192.0.2.9; "));

  provider::Values settings = sample_settings;
  settings["NAMECHEAP_CLIENT_IP"] = "https://ip.example/";
  CHECK(play_namecheap("present", "", {sample_record}, settings).why ==
        "NAMECHEAP_CLIENT_IP is not an IPv4 address: https://ip.example/");
  settings.erase("NAMECHEAP_CLIENT_IP");
  CHECK(play_namecheap("present", "", {sample_record}, settings).why == "NAMECHEAP_CLIENT_IP is not set");

  const Outcome lost = play_namecheap("present", list_reply + "< 500\n< oh\n");
  CHECK(lost.status == CERTO_UNREACHABLE);
  CHECK(lost.why.find("secret") == std::string::npos);
}

TEST_CASE("namecheap: rate limits, other name servers, a change that fails, broken replies") {
  CHECK(play_namecheap("present", list_reply + "< 405\n< slow down\n").status == CERTO_LATER);
  CHECK(play_namecheap("present", list_reply + error("500000", "Too many requests")).status == CERTO_LATER);
  CHECK(play_namecheap("present",
                       found_reply + hosts_question + error("2030288", "not using proper DNS servers"))
            .status == CERTO_NO_ZONE);
  CHECK(play_namecheap("present",
                       found_reply + hosts_question + hosts("", "EmailType=\"MX\" IsUsingOurDNS=\"false\""))
            .why == "the name servers of example.com are not Namecheap's");

  const std::string question =
      found_reply + hosts_question + hosts("") + set_question("&EmailType=MX" + txt(1, "new"));
  const Outcome failed =
      play_namecheap("present", question + error("4023271", "Failed to update host records"));
  CHECK(failed.status == CERTO_FAILED);
  CHECK(failed.why == "4023271: Failed to update host records");
  CHECK(play_namecheap("present", question + ok("<DomainDNSSetHostsResult IsSuccess=\"false\" />")).status ==
        CERTO_FAILED);

  for (const char* broken : {"< 200\n< <html>\n", "< 200\n< {}\n", "< 200\n< <ApiResponse Status=\"OK\"/>\n",
                             "< 200\n< <ApiResponse Status=\"ERROR\"/>\n", "< lost\n"}) {
    CAPTURE(broken);
    CHECK(play_namecheap("present", list_reply + broken).status == CERTO_UNREACHABLE);
  }
}
