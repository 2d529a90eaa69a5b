// The completion scripts that the command table makes.
#include "cli/completion.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "cli/table.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::cli;
using namespace certo::console;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("completion scripts know every command and every option") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion(shell);
    for (const Command* command : commands()) {
      INFO(shell << " " << command->name);
      CHECK(contains(script, command->name));
      for (const Option& option : command->options) CHECK(contains(script, long_flag(option).substr(2)));
    }
    CHECK(contains(script, "rsa-4096"));
    CHECK(contains(script, "letsencrypt-staging"));
    CHECK_FALSE(contains(script, "buypass"));  // it has ended
    CHECK(contains(script, "certo list --names"));
  }
  CHECK(certo::test::error_of([] { completion("tcsh"); }).code == Exit::usage);
}

TEST_CASE("completion knows the kind of a word: a provider, a file, a certificate, a sub-command") {
  const std::string script = completion("bash");
  const auto line_of = [&](const std::string& command) {
    const size_t start = script.find("\n    " + command + ")\n");
    REQUIRE(start != script.npos);
    return script.substr(start, script.find(";;\n", script.find("esac; fi", start)) - start);
  };
  CHECK(contains(line_of("providers"),
                 "test) _certo_providers ;; check) _certo_files -f ;; *) _certo_providers"));
  CHECK(contains(line_of("providers"), "_certo_more 'search for guide add remove forget test check'"));
  CHECK(contains(line_of("hooks"), "test) _certo_words \"$(certo list --names"));
  CHECK(contains(line_of("hooks"), "ready) _certo_words \"$(certo hooks ready --names"));
}

TEST_CASE("completion offers what each option takes") {
  const std::string bash = completion("bash"), zsh = completion("zsh"), fish = completion("fish");
  for (const char* words :
       {"unspecified keyCompromise", "acme.sh certbot lego", "pkcs12 der pem", "state name expiry",
        "on-failure on-change always", "systemd cron", "pre deploy post", "ec-256 ec-384", "nginx apache",
        "proof certificate redirect", "text json nagios prometheus", "on off"}) {
    CAPTURE(words);
    for (const std::string* script : {&bash, &zsh, &fish}) CHECK(contains(*script, words));
  }
  CHECK(contains(bash, "*' -d'|*' --domain') _certo_words \"$(certo list --names"));
  CHECK(contains(bash, "'convert --to') _certo_words 'pkcs12"));
  CHECK(contains(bash, "'rollback --to') :"));
  CHECK(contains(bash, "webserver)\n      if [[ $word == -* ]]; then _certo_words"));
  CHECK(contains(bash, "else _certo_words 'nginx apache'; fi"));
  CHECK(contains(fish, "-s d -l domain -x -a '(certo list --names"));
  CHECK(contains(zsh, "--domain="));
  for (const std::string* script : {&bash, &zsh, &fish})
    CHECK(contains(*script, "certo hooks ready --names"));
}
