// What a failed call has done to the zone, as its requests tell (provider/call.cc).
#include "fixtures/provider_script.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values pdns = {{"PDNS_API_URL", "https://pdns.example"}, {"PDNS_API_KEY", "wrong"}};
const provider::Values duck = {{"DUCKDNS_TOKEN", "wrong"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const Record of_duck = {"_acme-challenge.me.duckdns.org", "new", 60};

/// The last thing that a request of some kind is answered with; whatever is asked meanwhile.
class Answers : public provider::Outside {
 public:
  std::map<std::string, int> by_method;  // 0: lost
  net::Pending send(net::HttpRequest request) override {
    std::promise<net::HttpReply> promise;
    net::HttpReply reply;
    reply.status = by_method[request.method];
    reply.body = "[]";
    if (reply.status == 0)
      promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "lost")));
    else
      promise.set_value(reply);
    return net::Pending(promise.get_future());
  }
  Time now() override { return {}; }
  void wait(Seconds) override {}
  std::string zone(const std::string&) override { return "example.com"; }
  Bytes dns(const std::string&, const Bytes&) override {
    if (reply.empty()) throw Error(Exit::unreachable, "lost");
    return reply;
  }
  Bytes reply;
};

/// A provider that is nothing but one request after the other.
struct Step {
  const char* method;
};
std::vector<Step> steps;
int verdict = CERTO_FAILED;

int run_steps(const certo_host* host, const certo_record*, size_t) {
  for (const Step& step : steps) {
    certo_request request{};
    request.size = sizeof request;
    request.method = step.method;
    request.url = "https://api.example/";
    certo_reply reply{};
    reply.size = sizeof reply;
    host->http(host->self, &request, &reply);
  }
  return verdict;
}

int update_zone(const certo_host* host, const certo_record*, size_t) {
  const uint8_t update[12] = {0, 1, 5 << 3};
  const uint8_t* reply = nullptr;
  size_t length = 0;
  host->dns(host->self, "ns.example", update, sizeof update, &reply, &length);
  return CERTO_FAILED;
}

bool leaves_untouched(Answers& answers, std::vector<Step> asked, int status, uint32_t traits = 0,
                      certo_change* change = run_steps) {
  steps = std::move(asked);
  verdict = status;
  certo_provider provider{};
  provider.abi = CERTO_PROVIDER_ABI;
  provider.size = sizeof provider;
  provider.name = "steps";
  provider.base_url = "";
  provider.traits = traits;
  provider.present = provider.cleanup = change;
  provider::Task task;
  task.action = provider::Action::present;
  return provider::call(provider, task, answers).untouched;
}

}  // namespace

TEST_CASE("a key that is refused at the first request has changed nothing") {
  const Outcome outcome =
      play("pdns", "present", {sample_record}, pdns,
           "> GET https://pdns.example/api/v1/servers/localhost/zones?zone=_acme-challenge.example.com.\n"
           "> X-API-Key: wrong\n< 401\n< Unauthorized\n");
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.untouched);
  CHECK(provider::parse_outcome(provider::to_text(outcome), "x").untouched);
}

TEST_CASE("a service that refuses in the body of a success has changed nothing either") {
  const std::string asked = "> GET https://www.duckdns.org/update?domains=me&token=wrong&txt=new\n";
  CHECK(play("duckdns", "present", {of_duck}, duck, asked + "< 200\n< KO\n").untouched);
  CHECK_FALSE(play("duckdns", "present", {of_duck}, duck, asked + "< lost\n").untouched);
}

TEST_CASE("the second domain of a batch is refused after the first was changed") {
  const Record other = {"_acme-challenge.you.duckdns.org", "new", 60};
  CHECK_FALSE(play("duckdns", "present", {of_duck, other}, duck,
                   "> GET https://www.duckdns.org/update?domains=me&token=wrong&txt=new\n< 200\n< OK\n"
                   "> GET https://www.duckdns.org/update?domains=you&token=wrong&txt=new\n< 200\n< KO\n")
                  .untouched);
}

TEST_CASE("only a request that changes, and that was acted on or may have been, counts") {
  Answers answers;
  const auto untouched = [&](const char* method, int status, uint32_t traits = 0) {
    answers.by_method = {{"GET", 404}};
    answers.by_method[method] = status;
    return leaves_untouched(answers, {{"GET"}, {method}}, CERTO_FAILED, traits);
  };
  for (const int refused : {301, 400, 401, 403, 404, 409, 422, 429}) {
    CAPTURE(refused);
    CHECK(untouched("POST", refused));
  }
  for (const int perhaps : {0, 200, 201, 204, 500, 502, 504}) {
    CAPTURE(perhaps);
    CHECK_FALSE(untouched("POST", perhaps));
    CHECK_FALSE(untouched("PATCH", perhaps));
    CHECK_FALSE(untouched("DELETE", perhaps));
    CHECK(untouched("GET", perhaps));
    CHECK(untouched("HEAD", perhaps));
    CHECK_FALSE(untouched("GET", perhaps, CERTO_CHANGES_BY_GET));
  }
}

TEST_CASE("a refused setting is believed only right after the one request that counts") {
  Answers answers;
  answers.by_method = {{"POST", 200}, {"GET", 401}};
  CHECK(leaves_untouched(answers, {{"GET"}, {"POST"}}, CERTO_CONFIG));
  CHECK_FALSE(leaves_untouched(answers, {{"POST"}, {"GET"}}, CERTO_CONFIG));
  CHECK_FALSE(leaves_untouched(answers, {{"POST"}, {"POST"}}, CERTO_CONFIG));
  CHECK_FALSE(leaves_untouched(answers, {{"POST"}}, CERTO_FAILED));
  CHECK_FALSE(leaves_untouched(answers, {{"POST"}}, CERTO_NO_ZONE));
  CHECK(leaves_untouched(answers, {}, CERTO_CONFIG));
}

TEST_CASE("a DNS update counts unless the server refused it") {
  Answers answers;
  const auto untouched = [&] { return leaves_untouched(answers, {}, CERTO_FAILED, 0, update_zone); };
  CHECK_FALSE(untouched());
  answers.reply = {0, 1, 0xa8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK_FALSE(untouched());
  answers.reply[3] = 9;  // NOTAUTH
  CHECK(untouched());
}

TEST_CASE("a call that succeeded is not called untouched") {
  Answers answers;
  CHECK_FALSE(leaves_untouched(answers, {}, CERTO_OK));
}

TEST_CASE("the child's word comes out of `present` as its own kind of error") {
  const Variable url("PDNS_API_URL", "http://127.0.0.1:1");
  const Variable key("PDNS_API_KEY", "k");
  CHECK_THROWS_AS(provider::find({.spec = "pdns"})->present({sample_record}), provider::Untouched);
}

TEST_CASE("a program of the user is never believed to have changed nothing") {
  const Script script("exit 78");
  try {
    script.find()->present({sample_record});
    FAIL("nothing was thrown");
  } catch (const provider::Untouched&) {
    FAIL("it was believed");
  } catch (const Error& error) {
    CHECK(error.code == Exit::config);
  }
}
