// The command table and what is made of it: help, manual, README, completion.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/text.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/table.h"
#include "console/layout.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::cli;
using namespace certo::console;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

std::vector<std::string> lines(const std::string& text) { return split(text, '\n'); }

}  // namespace

TEST_CASE("every command has a summary, an example and something to run") {
  for (const Command* command : commands()) {
    INFO(command->name);
    CHECK((command->run || !command->subcommands.empty()));
    for (const Subcommand& sub : command->subcommands) CHECK(sub.run);
    CHECK(*command->summary);
    CHECK_FALSE(command->examples.empty());
    CHECK(find_command(command->name) == command);
  }
  CHECK(find_command("nothing") == nullptr);
}

TEST_CASE("a flag means the same in every command") {
  std::map<std::string, Value> meaning;
  std::map<std::string, std::string> long_of;
  for (const Command* command : commands()) {
    std::set<std::string> seen;
    for (const OptionSet& set : option_sets(*command)) {
      for (const Option& option : set.options) {
        const std::string flag = long_flag(option);
        INFO(command->name << " " << flag);
        CHECK(seen.insert(flag).second);
        CHECK(meaning.emplace(flag, option.value).first->second == option.value);
        if (const std::string brief = short_flag(option); !brief.empty()) {
          CHECK(seen.insert(brief).second);
          CHECK(long_of.emplace(brief, flag).first->second == flag);
        }
      }
    }
  }
}

TEST_CASE("help begins with examples and stays within 100 columns") {
  for (const Command* command : commands()) {
    const std::string text = help_text(*command);
    INFO(command->name);
    CHECK(text.starts_with("Examples:\n  "));
    CHECK(contains(text, "\nUsage: certo " + std::string(command->name)));
    for (const std::string& line : lines(text)) CHECK(width(line) <= 100);
  }
}

TEST_CASE("the help of version, as it is shown") {
  CHECK(help_text(*find_command("version")) ==
        R"(Examples:
  certo version
  certo version --json

Usage: certo version [OPTION]…
  say which version this is
  stdout: version

Of every command:
      --home DIR              state folder (default: /var/lib/certo, or ~/.local/state/certo)
      --json                  report as JSON
      --log FILE              append everything that is said, and more, to FILE
  -v, --verbose               say more; -vv shows requests and queries
  -q, --quiet                 say nothing but errors
      --no-input              never ask; fail where an answer is needed
      --lock-timeout SECONDS  wait for another certo to finish (default: 60)
      --deadline SECONDS      time limit for one certificate (default: 600)
  -h, --help                  this text
)");
}

TEST_CASE("overview, manual and README name every command") {
  for (const Command* command : commands()) {
    INFO(command->name);
    CHECK(contains(overview(), std::string("\n  ") + command->name + " "));
    std::string in_roff = command->name;
    if (const size_t hyphen = in_roff.find('-'); hyphen != in_roff.npos) in_roff.insert(hyphen, 1, '\\');
    CHECK(contains(man_page(), ".SS \\fBcerto " + in_roff + "\\fR"));
    CHECK(contains(readme_table(), std::string("| `certo ") + command->name));
  }
}

TEST_CASE("no line of the manual is taken for a request that is none") {
  static const std::set<std::string> requests = {".TH", ".SH", ".SS", ".TP", ".PP",
                                                 ".nf", ".fi", ".RS", ".RE", ".IR"};
  for (const std::string& line : lines(man_page())) {
    INFO(line);
    if (line.starts_with('.')) CHECK(requests.contains(line.substr(0, 3)));
    CHECK_FALSE(line.starts_with('\''));
  }
}

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

TEST_CASE("completion offers what a word is: a provider, a file, a certificate, a sub-command") {
  const std::string script = completion("bash");
  const auto line_of = [&](const std::string& command) {
    const size_t start = script.find("\n    " + command + ")\n");
    REQUIRE(start != script.npos);
    return script.substr(start, script.find(";;\n", script.find("esac; fi", start)) - start);
  };
  CHECK(contains(line_of("providers"),
                 "test) _certo_providers ;; check) _certo_files -f ;; *) _certo_providers"));
  CHECK(contains(line_of("providers"), "_certo_more 'test check'"));
  CHECK(contains(line_of("hooks"), "test) _certo_words \"$(certo list --names"));
}

TEST_CASE("text is broken at spaces and keeps its own line ends") {
  CHECK(wrapped("one two three", 2, 9) == "one two\n  three");
  CHECK(wrapped("a\n\nb", 0, 80) == "a\n\nb");
  CHECK(wrapped("wort… zwei", 0, 10) == "wort… zwei");
}

TEST_CASE("columns are aligned by characters, not bytes") {
  CHECK(columns({{"a…", "x"}, {"bcd", "y"}}) == "a…   x\nbcd  y\n");
}

TEST_CASE("each option is parsed by the commands whose rows have it, and refused by all others") {
  for (const Command* command : commands()) {
    if (!command->subcommands.empty()) continue;  // they are tried one by one elsewhere
    for (const OptionSet* set : shared_sets()) {
      for (const Option& option : set->options) {
        INFO(command->name << " " << long_flag(option));
        std::vector<std::string> line = {"--help", long_flag(option)};  // words may be missing
        if (!option.is_switch()) line.emplace_back("value");
        if (takes(*command, option))
          CHECK_NOTHROW(parse(*command, line));
        else
          CHECK(certo::test::error_of([&] { parse(*command, line); }).code == Exit::usage);
      }
    }
  }
}

TEST_CASE("a command takes the options of a CA that it can honour, and no others") {
  using Texts = std::vector<std::string>;
  const Texts all = {"--server", "--staging", "--ca-bundle", "--account", "--account-key", "--email", "--agree-tos"};
  const std::map<std::string, Texts> expected = {
      {"issue", all},
      {"order", all},
      {"account", all},
      // --server only for a rehearsal
      {"renew", {"--server", "--ca-bundle", "--agree-tos"}},
      {"cron", {"--ca-bundle", "--agree-tos"}},
      {"revoke", {"--server", "--staging", "--ca-bundle", "--account", "--account-key"}},
      {"solve", {"--ca-bundle", "--account", "--account-key"}},
      {"fetch", {"--ca-bundle", "--account", "--account-key"}},
      {"ari", {"--server", "--staging", "--ca-bundle"}},
      {"keygen", {}},
      {"list", {}},
      {"install-cert", {}},
  };
  for (const auto& [name, flags] : expected) {
    const Command* command = find_command(name);
    REQUIRE(command);
    for (const Option& option : {flag::server, flag::staging, flag::ca_bundle, flag::account, flag::account_key,
                                 flag::email, flag::agree_tos}) {
      INFO(name << " " << long_flag(option));
      const bool is_expected = std::ranges::find(flags, long_flag(option)) != flags.end();
      CHECK(takes(*command, option) == is_expected);
    }
  }
}

TEST_CASE("a renewal says that it keeps its CA") {
  for (const char* name : {"renew", "cron"}) {
    for (const char* option : {"--staging", "--account=other", "--account-key=a.key", "--email=a@example.com"}) {
      const Error error = certo::test::error_of([&] { parse(*find_command(name), {option}); });
      CHECK(error.code == Exit::usage);
      CHECK(contains(error.message, "does not go with this command"));
      CHECK(contains(error.hint, "keeps its CA and account"));
    }
  }
}
