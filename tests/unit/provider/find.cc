#include "fixtures/provider_script.h"

using namespace certo;
using namespace certo::test;

namespace {

Error not_found(const std::string& spec) {
  return error_of([&] { provider::find({.spec = spec}); });
}

}  // namespace

TEST_CASE("a provider is an executable certo-dns-NAME on PATH") {
  const Script script("exit 0", "certo-dns-example");
  const Variable path("PATH", script.folder.path + ":/usr/bin:/bin");
  CHECK(provider::find({.spec = "example"})->name() == "example");
}

TEST_CASE("an unknown provider is an error of configuration, and the hint names near ones") {
  const Script script("exit 0", "certo-dns-cloudflare");
  const Variable path("PATH", script.folder.path + ":/usr/bin:/bin");
  const Error error = not_found("cloudfare");
  CHECK(error.code == Exit::config);
  CHECK(error.message == "there is no DNS provider 'cloudfare'");
  CHECK(error.hint.starts_with("did you mean cloudflare?"));
}

TEST_CASE("a path without exec: is answered with how it is written") {
  CHECK(not_found("/usr/local/bin/hook").hint.find("exec:/path") != std::string::npos);
}

TEST_CASE("a program that others may write to is not run") {
  const Script script("echo run > \"$here/log\"");
  std::filesystem::permissions(script.path, std::filesystem::perms(0777));
  CHECK(not_found(script.spec()).code == Exit::config);
  CHECK(script.wrote("log").empty());
}

TEST_CASE("a program that is missing, not executable or not absolute is refused") {
  const Script script("exit 0");
  std::filesystem::permissions(script.path, std::filesystem::perms(0644));
  for (const std::string& spec : {script.spec(), std::string("exec:/no/such/program"),
                                  std::string("exec:hook"), std::string("exec:"), std::string()}) {
    CAPTURE(spec);
    CHECK(not_found(spec).code == Exit::config);
  }
}
