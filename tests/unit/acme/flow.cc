#include <doctest/doctest.h>

#include "acme/flow.h"
#include "crypto/hash.h"
#include "fixtures/acme_script.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string ca = "https://ca.example";

std::string order_json(const std::string& status, const std::string& more = "") {
  return R"({"status":")" + status + R"(","identifiers":[{"type":"dns","value":"a.example"}],"finalize":")" +
         ca + R"(/fin","authorizations":[")" + ca + R"(/authz"])" + more + "}";
}

std::string authorization_json(const std::string& status, const std::string& challenge_error = "",
                               const std::string& name = "a.example") {
  return R"({"status":")" + status + R"(","identifier":{"type":"dns","value":")" + name +
         R"("},"challenges":[{"type":"http-01","url":")" + ca +
         R"(/chall","token":"tok","status":"pending")" +
         (challenge_error.empty() ? ""
                                  : R"(,"error":{"type":"urn:ietf:params:acme:error:connection","detail":")" +
                                        challenge_error + R"("})") +
         "}]}";
}

class CountingSolver : public acme::Solver {
 public:
  std::vector<std::string> types(const acme::Authorization&) const override { return {"http-01"}; }
  void present(const std::vector<acme::Task>& tasks) override {
    presented += tasks.size();
    if (fails) throw Error(Exit::failed, "no disk");
  }
  void cleanup() noexcept override { ++cleanups; }
  size_t presented = 0;
  int cleanups = 0;
  bool fails = false;
};

struct Flow : Conversation {
  CountingSolver solver;
  acme::Order order;

  Flow() {
    ca.on("/order", reply(201, order_json("pending"), {{"location", "https://ca.example/o/1"}}));
    ca.on("/authz", 200, authorization_json("pending"));
    ca.on("/chall", 200, "{}");
  }
  void open() {
    order = acme::new_order(client, {.identifiers = {{"dns", "a.example"}}, .profile = "", .replaces = ""});
  }
  acme::Order solve() { return acme::solve(client, order, solver, acme::LastRead::just_now); }
};

Bytes some_csr() { return {1, 2, 3}; }

}  // namespace

TEST_CASE("one name takes nine requests from directory to certificate, the download not counted") {
  Flow flow;
  flow.ca.on("/o/1", 200, order_json("ready"));
  flow.ca.on("/fin", 200, order_json("processing"));
  flow.ca.on("/o/1", 200, order_json("valid", R"(,"certificate":"https://ca.example/cert")"));
  flow.open();
  acme::Order order =
      acme::complete(flow.client, flow.solve(), some_csr, acme::CsrFrom::certo, acme::LastRead::just_now);
  CHECK(order.status == acme::OrderStatus::valid);
  CHECK(flow.ca.seen.size() == 8);  // directory, nonce, order, authorization, challenge, poll, finalize, poll
  CHECK(flow.solver.presented == 1);
  CHECK(flow.solver.cleanups == 1);
  for (Millis pause : flow.pauses) CHECK(pause < Millis(50));  // each first poll comes early
}

TEST_CASE("an order for other names than requested is refused before a challenge is answered") {
  Flow flow;
  flow.ca.only("/order",
               reply(201, R"({"status":"pending","identifiers":[{"type":"dns","value":"evil.example"}],
    "finalize":"https://ca.example/fin","authorizations":["https://ca.example/authz"]})",
                     {{"location", "https://ca.example/o/1"}}));
  CHECK(code_of([&] { flow.open(); }) == Exit::protocol);
}

TEST_CASE("identifiers may come back in upper case") {
  Flow flow;
  flow.ca.only("/order", reply(201, R"({"status":"pending","identifiers":[{"type":"dns","value":"A.Example"}],
    "finalize":"https://ca.example/fin","authorizations":["https://ca.example/authz"]})",
                               {{"location", "https://ca.example/o/1"}}));
  CHECK(code_of([&] { flow.open(); }) == Exit::ok);
}

TEST_CASE("more authorizations than names are refused") {
  Flow flow;
  flow.ca.only("/order", reply(201, R"({"status":"pending","identifiers":[{"type":"dns","value":"a.example"}],
    "finalize":"https://ca.example/fin","authorizations":["https://ca.example/authz","https://ca.example/authz2"]})",
                               {{"location", "https://ca.example/o/1"}}));
  CHECK(code_of([&] { flow.open(); }) == Exit::protocol);
}

TEST_CASE("an authorization for another name is refused before anything is presented") {
  Flow flow;
  flow.ca.only("/authz", reply(200, authorization_json("pending", "", "b.example")));
  flow.open();
  CHECK(code_of([&] { flow.solve(); }) == Exit::protocol);
  CHECK(flow.solver.presented == 0);
}

TEST_CASE("a token with a slash is refused before anything is presented") {
  Flow flow;
  std::string json = authorization_json("pending");
  json.replace(json.find("\"tok\""), 5, "\"../x\"");
  flow.ca.only("/authz", reply(200, json));
  flow.open();
  CHECK(code_of([&] { flow.solve(); }) == Exit::protocol);
  CHECK(flow.solver.presented == 0);
}

TEST_CASE("published tokens are removed if publishing fails half-way") {
  Flow flow;
  flow.solver.fails = true;
  flow.open();
  CHECK(code_of([&] { flow.solve(); }) == Exit::failed);
  CHECK(flow.solver.cleanups == 1);
  CHECK(flow.ca.count("/chall") == 0);
}

TEST_CASE("a failed challenge that stays pending is answered once more, and then it is a failure") {
  Flow flow;
  flow.ca.on("/authz", 200, authorization_json("pending", "nobody home"));
  flow.ca.on("/o/1", 200, order_json("pending"));
  flow.open();
  try {
    flow.solve();
    FAIL("it was not refused");
  } catch (const Error& error) {
    CHECK(error.code == Exit::failed);
    CHECK(error.message.find("nobody home") != std::string::npos);
    CHECK(error.hint.find("port 80") != std::string::npos);
  }
  CHECK(flow.ca.count("/chall") == 2);
  CHECK(flow.solver.cleanups == 1);
}

TEST_CASE("an invalid order is reported with the error of its challenge") {
  Flow flow;
  flow.ca.on("/authz", 200, authorization_json("invalid", "refused to connect"));
  flow.ca.on("/o/1", 200, order_json("invalid"));
  flow.open();
  try {
    flow.solve();
    FAIL("it was not refused");
  } catch (const Error& error) {
    CHECK(error.message.find("a.example: the CA's http-01 check failed: connection: refused to connect") ==
          0);
  }
}

TEST_CASE("an order that is ready at once presents nothing") {
  Flow flow;
  flow.ca.only("/order", reply(201, order_json("ready"), {{"location", "https://ca.example/o/1"}}));
  flow.open();
  CHECK(flow.solve().status == acme::OrderStatus::ready);
  CHECK(flow.solver.presented == 0);
}

TEST_CASE("a finalize whose answer is lost is not sent again before the order was read") {
  Flow flow;
  flow.ca.only("/order", reply(201, order_json("ready"), {{"location", "https://ca.example/o/1"}}));
  flow.ca.on("/fin", reply(0, ""));
  flow.ca.on("/o/1", 200, order_json("valid", R"(,"certificate":"https://ca.example/cert")"));
  flow.open();
  CHECK(acme::complete(flow.client, flow.order, some_csr, acme::CsrFrom::certo, acme::LastRead::just_now)
            .status == acme::OrderStatus::valid);
  CHECK(flow.ca.count("/fin") == 1);
}

TEST_CASE("a pending order cannot be completed") {
  Flow flow;
  flow.open();
  CHECK(code_of([&] {
          acme::complete(flow.client, flow.order, some_csr, acme::CsrFrom::certo, acme::LastRead::just_now);
        }) == Exit::bad_input);
}

TEST_CASE("an order is sent without 'replaces' if the CA does not accept it") {
  Flow flow;
  flow.ca.only("/order", problem(409, "alreadyReplaced"));
  flow.ca.on("/order", reply(201, order_json("pending"), {{"location", "https://ca.example/o/1"}}));
  acme::new_order(flow.client, {.identifiers = {{"dns", "a.example"}}, .profile = "", .replaces = "aaa.bbb"});
  REQUIRE(flow.ca.count("/order") == 2);
  CHECK(flow.ca.seen.end()[-2].payload.find("aaa.bbb") != std::string::npos);
  CHECK(flow.ca.seen.end()[-1].payload.find("replaces") == std::string::npos);
}

TEST_CASE("a profile that the CA does not have is refused before an order is opened") {
  Flow flow;
  CHECK(code_of([&] {
          acme::new_order(flow.client,
                          {.identifiers = {{"dns", "a.example"}}, .profile = "shortlived", .replaces = ""});
        }) == Exit::config);
  CHECK(flow.ca.count("/order") == 0);
}

TEST_CASE("a token that several authorizations share is refused before anything is presented") {
  Flow flow;
  constexpr int count = 100;
  std::string names, urls;
  std::vector<crypto::Identifier> asked;
  for (int i = 0; i < count; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example";
    asked.push_back({"dns", name});
    names += (i > 0 ? "," : "") + (R"({"type":"dns","value":")" + name) + "\"}";
    urls += (i > 0 ? ",\"" : "\"") + ca + "/authz" + std::to_string(i) + "\"";
    flow.ca.on("/authz" + std::to_string(i), 200, authorization_json("pending", "", name));
  }
  flow.ca.only("/order", reply(201,
                               R"({"status":"pending","identifiers":[)" + names + R"(],"finalize":")" + ca +
                                   R"(/fin","authorizations":[)" + urls + "]}",
                               {{"location", ca + "/o/1"}}));
  flow.order = acme::new_order(flow.client, {.identifiers = asked, .profile = "", .replaces = ""});
  CHECK(code_of([&] { flow.solve(); }) == Exit::protocol);
  CHECK(flow.solver.presented == 0);
  CHECK(flow.ca.count("/chall") == 0);
}

TEST_CASE("the challenges of one authorization may share a token") {
  Flow flow;
  std::string json = authorization_json("pending");
  json.insert(json.find("[{\"type\":\"http-01\"") + 1,
              R"({"type":"dns-01","url":"https://ca.example/other","token":"tok","status":"pending"},)");
  flow.ca.only("/authz", reply(200, json));
  flow.ca.on("/o/1", 200, order_json("ready"));
  flow.open();
  flow.solve();
  CHECK(flow.solver.presented == 1);
}

TEST_CASE("an order that does not move costs at most 60 requests in ten minutes") {
  Flow flow;
  flow.ca.on("/o/1", 200, order_json("pending"));
  flow.limit = Seconds(600);
  flow.open();
  CHECK_THROWS_AS(flow.solve(), acme::Stuck);
  CHECK(flow.passed > Seconds(560));
  CHECK(flow.ca.seen.size() <= 60);
  CHECK(flow.ca.count("/authz") > 5);  // a failure is found although the order stays pending
  CHECK(flow.ca.count("/chall") == 1);
}

TEST_CASE("an order that is still being processed is polled ever more slowly, too") {
  Flow flow;
  flow.ca.on("/o/1", 200, order_json("processing"));
  flow.limit = Seconds(600);
  flow.open();
  CHECK(code_of([&] { acme::complete(flow.client, flow.order, some_csr, acme::CsrFrom::certo); }) ==
        Exit::later);
  CHECK(flow.ca.seen.size() <= 60);
}

TEST_CASE("a Retry-After of a second or more sets the pace") {
  Flow flow;
  flow.ca.on("/o/1", reply(200, order_json("pending"), {{"retry-after", "2"}}));
  flow.limit = Seconds(60);
  flow.open();
  CHECK_THROWS_AS(flow.solve(), acme::Stuck);
  CHECK(flow.pauses.back() == Seconds(2));
  CHECK(flow.ca.count("/o/1") > 25);
}

TEST_CASE("a chain is chosen by its issuer, by a fingerprint, or by its length") {
  const Authority root = make_ca("Root"), sub = make_ca("Sub", &root);
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  const crypto::Certificate leaf = make_leaf(sub, key.public_key(), {.identifiers = dns({"a.example"})});
  const std::string brief = crypto::pem(leaf) + crypto::pem(sub.certificate);
  const auto length = [&](const std::string& preferred) {
    Flow flow;
    flow.ca.on("/cert", reply(200, brief + crypto::pem(root.certificate),
                              {{"link", "<" + ca + "/junk>;rel=\"alternate\""},
                               {"link", "<" + ca + "/brief>;rel=\"alternate\""}}));
    // A form that certo cannot read is passed over.
    flow.ca.on(
        "/junk", 200,
        brief + "-----BEGIN CERTIFICATE PROPERTIES-----\nMTIzNA==\n-----END CERTIFICATE PROPERTIES-----\n");
    flow.ca.on("/brief", 200, brief);
    flow.open();
    flow.order.certificate = net::parse_url(ca + "/cert", "test", Exit::bug);
    return acme::download(flow.client, flow.order, preferred).size();
  };
  CHECK(length("") == 3);
  CHECK(length("shortest") == 2);
  CHECK(length("Root") == 3);
  CHECK(length("None") == 3);
  std::string digest = hex(crypto::sha256(std::span<const uint8_t>(sub.certificate.der)));
  CHECK(length(digest) == 3);
  for (size_t at = 2; at < digest.size(); at += 3) digest.insert(at, ":");
  CHECK(length(digest) == 3);
}

TEST_CASE("an authorization for a domain above the name is refused, and named") {
  Flow flow;
  std::string json = authorization_json("pending", "", "example");
  json.insert(1, R"("subdomainAuthAllowed":true,)");
  flow.ca.only("/authz", reply(200, json));
  flow.open();
  const Error error = error_of([&] { flow.solve(); });
  CHECK(error.code == Exit::protocol);
  CHECK(error.message ==
        "the CA wants proof for example, a domain above a.example, which was not offered (RFC 9444)");
  CHECK(flow.solver.presented == 0);
}

TEST_CASE("an identifier of a type from the future is one clear sentence") {
  Flow flow;
  std::string json = authorization_json("pending");
  json.replace(json.find("\"dns\""), 5, "\"wallet\"");
  flow.ca.only("/authz", reply(200, json));
  flow.open();
  const Error error = error_of([&] { flow.solve(); });
  CHECK(error.code == Exit::protocol);
  CHECK(
      error.message ==
      "the authorization: certo does not know identifiers of type 'wallet', and did not ask for 'a.example'");
}

TEST_CASE("a challenge of a type from the future may have any shape") {
  Flow flow;
  std::string json = authorization_json("pending");
  json.insert(json.find("[{\"type\":\"http-01\"") + 1, R"({"type":"quantum-02","ticket":7},)");
  flow.ca.only("/authz", reply(200, json));
  flow.ca.on("/o/1", 200, order_json("ready"));
  flow.open();
  flow.solve();
  CHECK(flow.solver.presented == 1);
}

TEST_CASE("a CA that refuses dates gets a hint") {
  Flow flow;
  flow.ca.only(
      "/order",
      reply(
          400,
          R"({"type":"urn:ietf:params:acme:error:malformed","detail":"NotBefore and NotAfter are not supported"})",
          {}));
  const Error error = error_of([&] {
    acme::new_order(
        flow.client,
        {.identifiers = {{"dns", "a.example"}}, .profile = "", .replaces = "", .not_after = now()});
  });
  CHECK(error.message.find("NotBefore and NotAfter are not supported") != std::string::npos);
  CHECK(error.hint.find("--not-after") != std::string::npos);
}
