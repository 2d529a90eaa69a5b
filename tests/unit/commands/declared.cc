#include "commands/declared.h"

#include "fixtures/support.h"

using namespace certo;
using namespace certo::commands;
using namespace certo::test;

namespace {

std::vector<Declared> read(const std::string& certificates) {
  return read_declared(
      "{\"certo\": \"apply/1\",\n \"certificates\": [" + certificates + "]}", "file",
      [](const std::string& name) { return "https://" + (name.empty() ? "usual" : name) + "/"; });
}

Error error_in(const std::string& certificates) {
  return error_of([&] { read(certificates); });
}

constexpr const char* plain =
    R"({"identifiers": ["a.example", "b.example"], "way": {"method": "standalone"}})";

}  // namespace

TEST_CASE("a declared certificate is a request; what is usual may be left out") {
  const std::vector<Declared> all = read(std::string(plain) + R"(,
    {"name": "second", "identifiers": ["*.a.example"], "key_type": "ec-384", "directory": "other", "profile": "p",
     "way": {"method": "dns", "provider": "x"}})");
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "a.example");
  CHECK(all[0].request.directory == "https://usual/");
  CHECK(all[0].request.key_type == crypto::KeyType::ec256);
  CHECK(all[0].request.identifiers.size() == 2);
  CHECK(all[1].name == "second");
  CHECK(all[1].request.directory == "https://other/");
  CHECK(all[1].request.profile == "p");
}

TEST_CASE("an unknown member is named with its line and the nearest one") {
  const Error error =
      error_in(std::string(plain) + ",\n{\"identifiers\": [\"c.example\"],\n\"profil\": \"p\",\n" +
               R"("way": {"method": "standalone"}})");
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message == "file: line 4: certificates[1]: unknown member \"profil\"");
  CHECK(error.hint == "did you mean \"profile\"?");
  CHECK(error_in(R"({"identifiers": ["c.example"], "way": {"method": "webrot"}})").hint ==
        "did you mean webroot?");
}

TEST_CASE("what is declared twice, or is no certificate, is refused") {
  CHECK(error_in(std::string(plain) + "," + plain).message.find("is there twice") != std::string::npos);
  for (const char* text :
       {"1", "{}", R"({"identifiers": [], "way": {"method": "standalone"}})",
        R"({"identifiers": ["a b"], "way": {"method": "standalone"}})",
        R"({"name": "../x", "identifiers": ["a.example"], "way": {"method": "standalone"}})"}) {
    CAPTURE(text);
    CHECK_FALSE(error_in(text).message.empty());
    CHECK(error_in(text).message.starts_with("file: "));
  }
  CHECK(error_of([] { read_declared("{\"certo\": \"request/1\"}", "file", nullptr); }).code ==
        Exit::bad_input);
  CHECK(error_of([] { read_declared("[]", "file", nullptr); }).code == Exit::bad_input);
}
