// Recipes that sign their requests.
#include "crypto/hash.h"
#include "fixtures/recipe_run.h"
#include "fixtures/recipe_text.h"
#include "fixtures/support.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

constexpr int64_t noon = 1500000000;  // Fri, 14 Jul 2017 02:40:00 GMT

/// sample_text in version 2, with "sign", and with something in place of the header that has the token.
std::string signed_by(const std::string& sign, const std::string& auth) {
  std::string text = with("\"recipe\": 1", "\"recipe\": 2");
  const std::string old = R"("auth": [{"headers": {"Token": "{EXAMPLE_TOKEN}"}}],)";
  return text.replace(text.find(old), old.size(), "\"sign\": " + sign + ", \"auth\": [" + auth + "],");
}

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

std::string key_of(const std::string& algorithm, const std::string& text) {
  return hex(crypto::hmac(algorithm, as_bytes("secret"), text));
}

const std::string whole = R"({
  "digest": {"hash": "sha256", "text": "{body}", "as": "base64"},
  "signature": {"hmac": "sha512", "key": "{EXAMPLE_TOKEN}",
                "text": "{method}\n{path}\n{query}\n{digest}\n{timestamp}\n{milliseconds}\n{nonce}"}
})";
const std::string nonce = "000102030405460788090a0b0c0d0e0f";

std::string asked(const std::string& method, const std::string& path, const std::string& body) {
  const std::string digest = base64(crypto::digest("sha256", body));
  const std::string text =
      method + "\n" + path + "\nv=1\n" + digest + "\n1500000000\n1500000000000\n" + nonce;
  return "> " + method + " https://api.example" + path +
         "?v=1\n> Date: Fri, 14 Jul 2017 02:40:00 GMT\n> Sign: " + nonce + " " + key_of("sha512", text) +
         "\n";
}

const std::string in_headers =
    R"({"query": {"v": "1"}, "headers": {"Date": "{http_date}", "Sign": "{nonce} {signature}"}})";
const std::string body = R"({"name":"_acme-challenge","text":"new","ttl":60})";

}  // namespace

TEST_CASE("a signature covers method, path, query, the hash of the body, the time and a nonce") {
  const std::string transcript = sample_zone + asked("GET", "/v1/example.com/txt", "") +
                                 "< 200\n< {\"txt\":[]}\n" + asked("POST", "/v1/example.com/txt", body) +
                                 "> Content-Type: application/json\n> \n> " + body + "\n< 201\n";
  const std::string recipe = signed_by(whole, in_headers);
  CHECK(
      run_recipe(recipe, "present", transcript, {{"EXAMPLE_TOKEN", "secret"}}, sample_records, noon).status ==
      CERTO_OK);
}

TEST_CASE("a signature may be in the URL's query or in the body, if it covers what is made before") {
  const std::string sign = R"({"s": {"hmac": "sha1", "key": "{EXAMPLE_TOKEN}", "text": "{path}{utc}"}})";
  const std::string path = "/v1/example.com/txt";
  const std::string mark = key_of("sha1", path + "20170714T024000Z");
  const std::string list =
      "> GET https://api.example" + path + "?at=20170714T024000Z&s=" + mark + "\n< 200\n< {\"txt\":[]}\n";
  CHECK(run_recipe(signed_by(sign, R"({"query": {"at": "{utc}", "s": "{s}"}})"), "cleanup",
                   sample_zone + list, {{"EXAMPLE_TOKEN", "secret"}}, sample_records, noon)
            .status == CERTO_OK);
  const std::string posted = R"({"t":"1500000000","s":")" + mark + R"(",)" + body.substr(1);
  CHECK(run_recipe(signed_by(sign, R"({"json": {"t": "{timestamp}", "s": "{s}"}})"), "present",
                   sample_zone + "> GET https://api.example" + path +
                       "\n< 200\n< {\"txt\":[]}\n> POST https://api.example" + path +
                       "\n> Content-Type: application/json\n> \n> " + posted + "\n< 201\n",
                   {{"EXAMPLE_TOKEN", "secret"}}, sample_records, noon)
            .status == CERTO_OK);
}

TEST_CASE("a list is requested once, although each request has a time of its own") {
  const std::string sign = R"({"s": {"text": "{timestamp}{nonce}"}})";
  const std::string url = "https://api.example/v1/example.com/txt?s=" + hex(as_bytes("1500000000" + nonce));
  CHECK(run_recipe(signed_by(sign, R"({"query": {"s": "{s}"}, "headers": {"Token": "{EXAMPLE_TOKEN}"}})"),
                   "cleanup", sample_zone + "> GET " + url + "\n> Token: secret\n< 200\n< {\"txt\":[]}\n",
                   {{"EXAMPLE_TOKEN", "secret"}},
                   {{"_acme-challenge.example.com", "new", 60}, {"_acme-challenge.example.com", "other", 60}},
                   noon)
            .status == CERTO_OK);
}

TEST_CASE("what is computed is refused where it is not known") {
  const std::string sign = R"({"s": {"hmac": "sha1", "key": "{EXAMPLE_TOKEN}", "text": "{body}"}})";
  const std::string used = R"({"headers": {"S": "{s}"}})";
  CHECK(fault_of(signed_by(sign, R"({"json": {"S": "{s}"}})")) ==
        "r.json:10: /auth/0/json/S: {s} is not known here");
  CHECK(fault_of(signed_by(R"({"s": {"hash": "sha1", "text": "{query}"}})",
                           R"({"query": {"S": "{s}"}, "headers": {"T": "{EXAMPLE_TOKEN}"}})")) ==
        "r.json:10: /auth/0/query/S: {s} is not known here");
  // A signature of a signature needs what that needs.
  CHECK(fault_of(signed_by(R"({"s": {"hash": "sha1", "text": "{body}"}, "t": {"text": "{s}"}})",
                           R"({"form": {"T": "{t}"}, "headers": {"T": "{EXAMPLE_TOKEN}"}})")) ==
        "r.json:10: /auth/0/form/T: {t} is not known here");
  std::string text = signed_by(sign, used);
  CHECK(fault_of(text.replace(text.find("/{zone}/txt"), 11, "/{zone}/{s}")) ==
        "r.json:15: /records/list/request/url: {s} is not known here");
  text = signed_by(sign, used);
  CHECK(fault_of(text.replace(text.find("\"{value}\""), 9, "\"{value}{nonce}\"")) ==
        "r.json:17: /records/list/where/~1text: {nonce} is not known here");
  CHECK(fault_of(with("\"Token\": \"", "\"Token\": \"{nonce}")) ==
        "r.json:10: /auth/0/headers/Token: {nonce} is not known here");
}

TEST_CASE("a mistake in what signs is named") {
  const std::string used = R"({"headers": {"S": "{s}", "T": "{EXAMPLE_TOKEN}"}})";
  CHECK(fault_of(with("\"auth\":", "\"sign\": {}, \"auth\":")) ==
        "r.json:10: /sign: version 1 of the format does not have it");
  const std::pair<const char*, const char*> faults[] = {
      {"{}", "/sign: is empty"},
      {R"({"s": {"hmac": "md5", "key": "k", "text": "x"}})", "/sign/s/hmac: 'md5' is not a hash function"},
      {R"({"s": {"hmac": "sha1", "text": "x"}})", "/sign/s: \"key\" is missing"},
      {R"({"s": {"hmac": "sha1", "key": "k"}})", "/sign/s: \"text\" is missing"},
      {R"({"s": {"hash": "sha1", "key": "k", "text": "x"}})", "/sign/s/key: unknown member"},
      {R"({"s": {"text": "x", "as": "base65"}})", "/sign/s/as: 'base65' is not a form of a hash"},
      {R"({"s": {"text": "{bodi}"}})", "/sign/s/text: {bodi} is not known here"},
      {R"({"nonce": {"text": "x"}})", "/sign/nonce: a setting or another placeholder has this name"},
      {R"({"path": {"text": "x"}})", "/sign/path: a setting or another placeholder has this name"},
      {R"({"s s": {"text": "x"}})", "/sign/s s: its name is not that of a placeholder"},
      {R"({"s": {"text": "x"}, "t": {"text": "{s}"}})", "/sign/t: {t} is never used"},
  };
  for (const auto& [sign, fault] : faults)
    CHECK(fault_of(signed_by(sign, used)) == "r.json:10: " + std::string(fault));
}

TEST_CASE("a rehearsal shows signatures, time and nonce as placeholders") {
  const std::string shown = recipe::rehearse(recipe::parse(signed_by(whole, in_headers), "r.json"),
                                             "_acme-challenge.example.com", "example.com")
                                .present;
  CHECK(shown.find("  Date: {http_date}\n  Sign: {nonce} {signature}\n") != shown.npos);
  CHECK(shown.find("EXAMPLE_TOKEN") == shown.npos);
}
