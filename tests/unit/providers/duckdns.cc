// Duck DNS, from its specification: https://www.duckdns.org/spec.jsp
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"DUCKDNS_TOKEN", "a7c4"}};

Outcome play_duckdns(const char* action, std::vector<Record> records, const std::string& transcript) {
  return play("duckdns", action, std::move(records), sample_settings, transcript);
}

}  // namespace

TEST_CASE("duckdns: one request a domain, whatever stands before it") {
  const std::vector<Record> records = {{"_acme-challenge.www.me.duckdns.org", "value", 60}};
  CHECK(play_duckdns("present", records,
                     "> GET https://www.duckdns.org/update?domains=me&token=a7c4&txt=value\n< 200\n< OK\n")
            .status == CERTO_OK);
  CHECK(play_duckdns(
            "cleanup", records,
            "> GET https://www.duckdns.org/update?domains=me&token=a7c4&txt=value&clear=true\n< 200\n< OK\n")
            .status == CERTO_OK);
}

TEST_CASE("duckdns: two values for one domain at once are refused without a request") {
  const Outcome outcome = play_duckdns(
      "present",
      {{"_acme-challenge.me.duckdns.org", "one", 60}, {"_acme-challenge.me.duckdns.org", "two", 60}}, "");
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why.starts_with("me.duckdns.org can hold one TXT value only"));
}

TEST_CASE("duckdns: a wrong token and a foreign domain are the same to it") {
  const Outcome outcome =
      play_duckdns("present", {{"_acme-challenge.me.duckdns.org", "value", 60}},
                   "> GET https://www.duckdns.org/update?domains=me&token=a7c4&txt=value\n< 200\n< KO\n");
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.find("a7c4") == std::string::npos);
}

TEST_CASE("duckdns: the token is not shown with a refused URL") {
  Transcript service("");
  provider::Task task{"duckdns",
                      provider::Action::present,
                      {{"_acme-challenge.me.duckdns.org", "value", 60}},
                      sample_settings,
                      {},
                      {}};
  task.settings["DUCKDNS_BASE_URL"] = "http://duckdns.example";
  const Outcome outcome = provider::call(*provider::find_builtin("duckdns"), task, service);
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.ends_with("http://duckdns.example/update"));
}

TEST_CASE("duckdns: other domains are refused") {
  const Outcome outcome = play_duckdns("present", {{"_acme-challenge.example.com", "value", 60}}, "");
  CHECK(outcome.status == CERTO_NO_ZONE);
  CHECK(play_duckdns("present", {{"_acme-challenge.me.duckdns.org", "value", 60}},
                     "> GET https://www.duckdns.org/update?domains=me&token=a7c4&txt=value\n< 429\n< wait\n")
            .status == CERTO_LATER);
}
