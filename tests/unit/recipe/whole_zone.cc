// The third record mode: all records of a zone are read and written back. And what is sent after changes.
#include "fixtures/recipe_run.h"
#include "fixtures/support.h"
#include "recipe/recipe.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string changed(std::string text, const std::string& before, const std::string& after) {
  const size_t at = text.find(before);
  REQUIRE_MESSAGE(at != text.npos, before);
  return text.replace(at, before.size(), after);
}

/// A service that replaces all records of a zone.
std::string zone_recipe(const std::string& before = "", const std::string& after = "") {
  return changed(R"({
  "recipe": 2,
  "name": "example",
  "title": "Example",
  "docs": "https://example.com/docs",
  "base_url": "https://api.example/v1",
  "settings": [{"name": "EXAMPLE_TOKEN", "about": "a token: https://example.com/tokens"}],
  "auth": [{"headers": {"Token": "{EXAMPLE_TOKEN}"}}],
  "zone": {"find": "soa"},
  "records": {
    "mode": "zone",
    "read": {
      "request": {"url": "/{zone}"},
      "items": "/data/records",
      "where": {"/type": "TXT", "/name": ["{sub}", "{fqdn}"], "/text": ["{value}", "{quoted}"]},
      "keep": ["type", "name", "text", "ttl", "extra"],
      "drop": ["id"],
      "take": {"hash": "/data/hash"}
    },
    "record": {"type": "TXT", "name": "{sub}", "text": "{value}", "ttl": "{ttl}"},
    "write": {"method": "PUT", "url": "/{zone}", "json": {"hash": "{hash}", "records": "{records}"}},
    "publish": [
      {"method": "POST", "url": "/{zone}/commit", "json": {}},
      {"method": "POST", "url": "/reload", "json": {"zone": "{zone}"}}
    ]
  },
  "ok": {"/data/status": "ok"}
}
)",
                 before, after);
}

std::string read_reply(const std::string& records) {
  return "> GET https://api.example/v1/example.com\n> Token: secret\n< 200\n"
         "< {\"data\":{\"status\":\"ok\",\"hash\":{\"of\":[7]},\"records\":[" +
         records + "]}}\n";
}

std::string sent(const std::string& method, const std::string& path, const std::string& body) {
  return "> " + method + " https://api.example/v1/" + path +
         "\n> Token: secret\n> Content-Type: application/json\n>\n> " + body +
         "\n< 200\n< {\"data\":{\"status\":\"ok\"}}\n";
}

std::string write_of(const std::string& records) {
  return sent("PUT", "example.com", R"({"hash":{"of":[7]},"records":[)" + records + "]}");
}

const std::string published =
    sent("POST", "example.com/commit", "{}") + sent("POST", "reload", R"({"zone":"example.com"})");

const std::string mail = R"({"id":1,"type":"MX","name":"@","text":"10 mail","extra":[1,{"a":null}]})";
const std::string mail_sent = R"({"type":"MX","name":"@","text":"10 mail","extra":[1,{"a":null}]})";
const std::string theirs = R"({"id":2,"type":"TXT","name":"_acme-challenge","text":"theirs","ttl":300})";
const std::string theirs_sent = R"({"type":"TXT","name":"_acme-challenge","text":"theirs","ttl":300})";
const std::string ours = R"({"type":"TXT","name":"_acme-challenge","text":"new","ttl":60})";

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

}  // namespace

TEST_CASE("a zone is written back with our record, and with everything else as it was") {
  const auto outcome = run_recipe(zone_recipe(), "present",
                                  sample_zone + read_reply(mail + "," + theirs) +
                                      write_of(mail_sent + "," + theirs_sent + "," + ours) + published);
  CHECK_MESSAGE(outcome.status == CERTO_OK, outcome.why);
}

TEST_CASE("our record goes from a zone, whatever its form is, and nothing else does") {
  const std::string quoted =
      R"({"id":3,"type":"TXT","name":"_acme-challenge.example.com.","text":"\"new\"","ttl":5})";
  CHECK(run_recipe(zone_recipe(), "cleanup",
                   sample_zone + read_reply(quoted + "," + theirs) + write_of(theirs_sent) + published)
            .status == CERTO_OK);
}

TEST_CASE("a zone that is right already is neither written nor published") {
  CHECK(run_recipe(zone_recipe(), "present", sample_zone + read_reply(ours)).status == CERTO_OK);
  CHECK(run_recipe(zone_recipe(), "cleanup", sample_zone + read_reply(theirs)).status == CERTO_OK);
  CHECK(run_recipe(zone_recipe(), "cleanup", sample_zone + read_reply("")).status == CERTO_OK);
}

TEST_CASE("a zone is read and written once for all its records") {
  const std::string www = "_acme-challenge.www.example.com";
  const std::string added = R"({"type":"TXT","name":"_acme-challenge","text":"a","ttl":60},)"
                            R"({"type":"TXT","name":"_acme-challenge","text":"b","ttl":60},)"
                            R"({"type":"TXT","name":"_acme-challenge.www","text":"c","ttl":60})";
  const auto outcome = run_recipe(
      zone_recipe(), "present",
      sample_zone + "> ZONE " + www + "\n< example.com\n" + read_reply("") + write_of(added) + published,
      {{"EXAMPLE_TOKEN", "secret"}},
      {{"_acme-challenge.example.com", "a", 60},
       {"_acme-challenge.example.com", "b", 60},
       {"_acme-challenge.example.com", "a", 60},
       {www, "c", 60}});
  CHECK_MESSAGE(outcome.status == CERTO_OK, outcome.why);
}

TEST_CASE("a zone with anything that is not understood is not changed") {
  for (const char* record : {R"({"type":"A","name":"x","text":"192.0.2.1","weight":3})", R"("a line")"}) {
    CAPTURE(record);
    const auto outcome = run_recipe(zone_recipe(), "present", sample_zone + read_reply(record));
    CHECK(outcome.status == CERTO_FAILED);
    CHECK(outcome.why.find("example.com is not changed: ") != outcome.why.npos);
  }
}

TEST_CASE("a zone that cannot be read whole is not changed") {
  const std::string asked = sample_zone + "> GET https://api.example/v1/example.com\n> Token: secret\n";
  for (const char* reply : {"< 404\n", "< 200\n< {\"data\":{\"status\":\"ok\",\"hash\":1}}\n",
                            "< 200\n< {\"data\":{\"status\":\"ok\",\"records\":[]}}\n",
                            "< 200\n< {\"data\":{\"status\":\"error\",\"hash\":1,\"records\":[]}}\n"}) {
    CAPTURE(reply);
    CHECK(run_recipe(zone_recipe(), "present", asked + reply).status != CERTO_OK);
  }
}

TEST_CASE("a recipe that could lose records of a zone is refused") {
  const auto fault = [](const char* before, const char* after) {
    return fault_of(zone_recipe(before, after));
  };
  CHECK(
      fault(R"("/text": ["{value}", "{quoted}"])", R"("/text": "mine")").find("does not compare the value") !=
      std::string::npos);
  CHECK(fault(R"("/name": ["{sub}", "{fqdn}"])", R"("/name": "@")").find("does not compare the name") !=
        std::string::npos);
  CHECK(fault(R"("records": "{records}")", R"("a": 1)").find("does not contain {records}") !=
        std::string::npos);
  CHECK(fault(R"("ttl", "extra"])", R"("extra"])").find("is not in \"keep\"") != std::string::npos);
  CHECK(fault(R"("text": "{value}")", R"("text": "x")").find("contains neither {value}") !=
        std::string::npos);
  CHECK(fault(R"("name": "{sub}")", R"("name": "x")").find("does not contain the name") != std::string::npos);
  CHECK(fault(R"({"hash": "/data/hash"})", R"({"zone": "/data/hash"})").find("has this name") !=
        std::string::npos);
  CHECK(fault(R"("find": "soa")", R"("find": "none")").find("needs a zone") != std::string::npos);
  CHECK(fault(R"("request": {"url": "/{zone}"},)", R"("request": {"url": "/{zone}", "reply": "xml"},)")
            .find("cannot be written back") != std::string::npos);
  CHECK(fault(R"("/{zone}/commit")", R"("/{name}/commit")").find("{name} is not known here") !=
        std::string::npos);
  CHECK(fault(R"("recipe": 2)", R"("recipe": 1)").find("'zone' is not a way") != std::string::npos);
}

TEST_CASE("a rehearsal shows how a zone is written and published") {
  const auto shown =
      recipe::rehearse(recipe::parse(zone_recipe(), "r.json"), "_acme-challenge.example.com", "example.com");
  CHECK(shown.present.find(R"({"hash":"{hash}","records":[{"type":"TXT","name":"_acme-challenge","text":)"
                           R"("{value}","ttl":60}]})") != std::string::npos);
  CHECK(shown.cleanup.find(R"({"hash":"{hash}","records":[]})") != std::string::npos);
  CHECK(shown.cleanup.find("POST https://api.example/v1/reload") != std::string::npos);
}

TEST_CASE("a list of zones may have items that are none") {
  const std::string recipe = zone_recipe(
      R"({"find": "soa"})",
      R"({"find": "list", "request": {"url": "/all"}, "items": "", "name": "/name", "where": {"/kind": "dns"}})");
  const std::string ok = changed(recipe, R"("ok": {"/data/status": "ok"})", R"("ok": {})");
  const std::string zones = R"(> GET https://api.example/v1/all
> Token: secret
< 200
< [{"name":"_acme-challenge.example.com","kind":"mail"},{"name":"example.com","kind":"dns"}]
)";
  CHECK(run_recipe(ok, "present", zones + read_reply(ours)).status == CERTO_OK);
}
