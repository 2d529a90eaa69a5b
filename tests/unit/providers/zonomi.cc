// Zonomi and RimuHosting, from https://zonomi.com/app/dns/dyndns.jsp
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const std::string base = "https://zonomi.com/app/dns/dyndns.jsp";
const std::string name = "_acme-challenge.example.com";
const Record wanted = {name, "new", 60};

Outcome play_zonomi(const char* action, const std::string& transcript,
                    std::vector<Record> records = {wanted}) {
  return play("zonomi", action, std::move(records), {{"ZONOMI_API_KEY", "secret"}}, transcript);
}

std::string get(const std::string& query, const std::string& reply, const std::string& url = base) {
  return "> GET " + url + "?" + query + "&api_key=secret\n< " + reply + "\n";
}

/// The reply of one action; the service sends a document type in front of it.
std::string done(const std::string& action, const std::string& records) {
  return "200\n< <?xml version =\"1.0\"  ?><!DOCTYPE html [<!ENTITY nbsp '&#160;'><!ENTITY copy '&#169;'>]>"
         "<dnsapi_result><is_ok>OK:</is_ok><result_counts added=\"0\" changed=\"0\" unchanged=\"0\" "
         "deleted=\"0\"/><actions><action action=\"" +
         action + "\" host=\"" + name + "\" type=\"TXT\">" + records + "</action></actions></dnsapi_result>";
}

std::string error(const std::string& text) {
  return "500\n< <?xml version =\"1.0\"  ?><!DOCTYPE html [<!ENTITY nbsp '&#160;'>]><error>" + text +
         "</error>";
}

std::string held(const std::string& content, const std::string& type = "TXT", const std::string& of = name) {
  return "<record name=\"" + of + "\" type=\"" + type + "\" content=\"" + content +
         "\" ttl=\"3600 seconds\" prio=\"0\"/>";
}

std::string query(const std::string& records, const std::string& url = base) {
  return get("action=QUERY&name=" + name + "&type=TXT", done("QUERY", records), url);
}

std::string set(const std::string& number, const std::string& value, const std::string& ttl) {
  const std::string i = "%5B" + number + "%5D";
  return "action" + i + "=SET&name" + i + "=" + name + "&type" + i + "=TXT&value" + i + "=" + value + "&ttl" +
         i + "=" + ttl;
}

}  // namespace

TEST_CASE("zonomi: what a name has is set again, next to the new value") {
  CHECK(play_zonomi("present",
                    query(held("foreign") + held("x", "A") + held("y", "TXT", "z." + name)) +
                        get(set("1", "foreign", "3600") + "&" + set("2", "new", "60"), done("SET", "")))
            .status == CERTO_OK);
  CHECK(play_zonomi("present", query("") + get(set("1", "new", "60"), done("SET", ""))).status == CERTO_OK);
  CHECK(play_zonomi("present", query(held("foreign") + held("new"))).status == CERTO_OK);
  CHECK(play_zonomi("present",
                    query("") + get(set("1", "new", "60") + "&" + set("2", "a%26b", "60"), done("SET", "")),
                    {wanted, {name, "a&b", 60}, wanted})
            .status == CERTO_OK);
}

TEST_CASE("zonomi: our value is removed, whether it is there or not") {
  CHECK(play_zonomi("cleanup",
                    get("action=DELETE&name=" + name + "&type=TXT&value=new", done("DELETE", held("new"))))
            .status == CERTO_OK);
  CHECK(play("rimuhosting", "cleanup", {wanted}, {{"RIMUHOSTING_API_KEY", "secret"}},
             get("action=DELETE&name=" + name + "&type=TXT&value=new", done("DELETE", ""),
                 "https://rimuhosting.com/dns/dyndns.jsp"))
            .status == CERTO_OK);
  CHECK(play("rimuhosting", "present", {wanted}, {{"RIMUHOSTING_API_KEY", "secret"}},
             query(held("new"), "https://rimuhosting.com/dns/dyndns.jsp"))
            .status == CERTO_OK);
}

TEST_CASE("zonomi: what the service refuses") {
  const auto answered = [](const std::string& reply) {
    return play_zonomi("present", get("action=QUERY&name=" + name + "&type=TXT", reply));
  };
  const Outcome no_zone = answered(error("ERROR: No zone found for " + name));
  CHECK(no_zone.status == CERTO_NO_ZONE);
  CHECK(no_zone.why == "ERROR: No zone found for " + name);
  const Outcome refused = answered(error("ERROR: Invalid api_key"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with("dyndns.jsp answered 500: ERROR: Invalid api_key"));
  CHECK(answered("200\n< <dnsapi_result><is_ok>ERROR: no</is_ok></dnsapi_result>").status == CERTO_FAILED);
  CHECK(answered("403\n< <error>no</error>").status == CERTO_CONFIG);
  CHECK(answered("401").status == CERTO_CONFIG);
  CHECK(answered("429").status == CERTO_LATER);
  CHECK(answered("500").status == CERTO_UNREACHABLE);
  CHECK(answered("200\n< <html>").status == CERTO_UNREACHABLE);
  CHECK(answered("200\n< <dnsapi_result>").status == CERTO_UNREACHABLE);
  CHECK(answered("lost").status == CERTO_UNREACHABLE);
}
