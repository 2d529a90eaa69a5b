// The table of methods, and JSON of each.
#include "store/way.h"

#include <doctest/doctest.h>

#include <set>

#include "fixtures/support.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

Error error_in(const std::string& json) {
  return error_of([&] { parse_way(parse_json(json, "way", Exit::bad_input), "way"); });
}

}  // namespace

TEST_CASE("the row of each method makes a way of that method") {
  std::set<std::string> names, members;
  for (const Method& method : methods) {
    CAPTURE(method.name);
    Way way = method.make();
    CHECK(&method_of(way) == &method);
    CHECK(find_method(method.name) == &method);
    CHECK(names.insert(method.name).second);
    CHECK(method.option.name() == std::string("--") + method.name);
    CHECK(method.types.empty() == (std::string(method.name) == "challenge-hook"));  // of any type
    CHECK(to_json(to_json(way)) == std::string(R"({"method":")") + method.name + R"("})");
    CHECK(parse_way(to_json(way), "way") == way);
  }
  CHECK(find_method("pigeon") == nullptr);
}

TEST_CASE("an unknown method is bad input, with the one that was meant") {
  const Error error = error_in(R"({"method": "webrot"})");
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message == "way: 'webrot' is not a method of proving names");
  CHECK(error.hint == "did you mean webroot?");
  CHECK(
      error_in(R"({"method": "dns", "propagation": "soon"})").message.starts_with("way: \"propagation\": "));
}

TEST_CASE("a setting of another method is ignored, and one of no method is refused") {
  const Json json = parse_json(R"({"method": "standalone", "webroot": "/srv"})", "way", Exit::bad_input);
  CHECK(parse_way(json, "way") == Way(Standalone{}));
  CHECK(error_in(R"({"method": "standalone", "web": "/srv"})").code == Exit::bad_input);
}

TEST_CASE("one resolver is a text, as it always was, and several are a list") {
  const auto read = [](const std::string& json) {
    return std::get<DnsPersist>(parse_way(parse_json(json, "way", Exit::bad_input), "way")).resolvers.servers;
  };
  CHECK(read(R"({"method": "dns-persist", "resolver": "192.0.2.1"})") ==
        std::vector<std::string>{"192.0.2.1"});
  CHECK(read(R"({"method": "dns-persist", "resolver": ["a", "b"]})") == std::vector<std::string>{"a", "b"});
  CHECK(read(R"({"method": "dns-persist"})").empty());
  CHECK(to_json(to_json(Way(DnsPersist{{{"a"}}}))) == R"({"method":"dns-persist","resolver":"a"})");
  CHECK(to_json(to_json(Way(DnsPersist{{{"a", "b"}}}))) ==
        R"({"method":"dns-persist","resolver":["a","b"]})");
  CHECK(error_in(R"({"method": "dns-persist", "resolver": 1})").message ==
        "way: \"resolver\" is not a string or an array of strings");
}

TEST_CASE("a setting may choose the challenge type, and is shown") {
  Dns dns;
  dns.provider = "cloudflare";
  CHECK(types_of(dns).front() == "dns-01");
  CHECK(describe(dns) == "dns cloudflare");
  dns.is_per_account = true;
  CHECK(types_of(dns).front() == "dns-account-01");
  CHECK(types_of(dns).size() == 1);
  CHECK(describe(dns) == "dns cloudflare dns-account");
  CHECK(types_of(DnsPersist{}).front() == "dns-persist-01");
}

TEST_CASE("a propagation policy is empty, none or a wait of at most an hour") {
  for (const char* policy : {"", "none", "wait=0", "wait=3600"})
    CHECK(to_text(parse_propagation(policy)) == policy);
  for (const char* policy : {"wait", "wait=", "wait=-1", "wait=3601", "wait=1s", "all", "none "}) {
    CAPTURE(policy);
    CHECK(error_of([&] { parse_propagation(policy); }).code == Exit::usage);
  }
}

TEST_CASE("http-01 by files has a folder, whether it is the webroot or the challenge folder") {
  CHECK(served_folder(Webroot{"/srv/www"}) == "/srv/www");
  CHECK(served_folder(ChallengeDir{"/srv/challenges"}) == "/srv/challenges");
  CHECK(served_folder(Standalone{}).empty());
  CHECK(served_folder(Dns{}).empty());
}
