// Reading argv: what a person may write, and each mistake with the answer that it gets.
#include <doctest/doctest.h>

#include "cli/dispatch.h"
#include "console/command.h"
#include "console/defaults.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::console;
using certo::test::error_of;

namespace {

const Command fetch_like{
    .name = "sample",
    .group = Group::plumbing,
    .summary = "",
    .word = {Value::file, "[FILE]", 0, 1},
    .options = {flag::domain, flag::force, flag::csr},
    .sets = {&way_options, &server_options, &connection_options, &account_options, &registration_options},
    .examples = {},
    .run = [](const Args&) { return Exit::ok; },
};

constexpr Option webroot{"--webroot", Value::text, "", ""}, resolver{"--resolver", Value::text, "", ""},
    propagation{"--propagation", Value::text, "", ""};

Args read(const std::vector<std::string>& arguments) { return parse(fetch_like, arguments); }
Error mistake(const std::vector<std::string>& arguments) {
  const Error error = error_of([&] { read(arguments); });
  CHECK(error.code == Exit::usage);
  return error;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a value may follow its option or an equals sign, or stick to the short flag") {
  const Args args = read({"--csr", "a.csr", "--server=zerossl", "-dexample.com", "-w", "/srv/www"});
  CHECK(args.get(flag::csr) == "a.csr");
  CHECK(args.get(flag::server) == "zerossl");
  CHECK(args.get(flag::domain) == "example.com");
  CHECK(args.get(webroot) == "/srv/www");
  CHECK_FALSE(args.find(flag::email));
  CHECK(args.get(flag::email, "none") == "none");
}

TEST_CASE("a repeated option keeps its values in order, words and switches in between") {
  const Args args = read({"-d", "b", "order.json", "-f", "--domain", "a", "--domain=c"});
  CHECK(args.all(flag::domain) == Texts{"b", "a", "c"});
  CHECK(args.words() == Texts{"order.json"});
  CHECK(args.has(flag::force));
}

TEST_CASE("short switches may be combined, and counted") {
  const Args args = read({"-vvf4"});
  CHECK(args.all(flag::verbose).size() == 2);
  CHECK(args.has(flag::force));
  CHECK(args.has(flag::ipv4));
}

TEST_CASE("after -- everything is a word, and a single dash always is") {
  CHECK(read({"--", "--force"}).words() == Texts{"--force"});
  CHECK(read({"-"}).words() == Texts{"-"});
}

TEST_CASE("values pass unchanged: brackets, dashes, equals signs, spaces") {
  CHECK(read({"--resolver", "[::1]"}).get(resolver) == "[::1]");
  CHECK(read({"--csr", "-"}).get(flag::csr) == "-");
  CHECK(read({"--propagation=wait=60"}).get(propagation) == "wait=60");
  CHECK(read({"--csr", "a b.csr"}).get(flag::csr) == "a b.csr");
}

TEST_CASE("an unknown option is answered with the nearest one") {
  const Error error = mistake({"--forse"});
  CHECK(error.message == "sample: there is no option --forse");
  CHECK(error.hint == "did you mean --force?");
  CHECK(mistake({"--qqqqqqqq=1"}).hint == "see: certo sample --help");
  CHECK(mistake({"-x"}).message == "sample: there is no option -x");
  CHECK(mistake({"-vx"}).message == "sample: there is no option -x");
  CHECK(mistake({"--forc"}).hint == "did you mean --force?");  // an abbreviation is not a flag
}

TEST_CASE("a missing value is noticed, also when a flag stands in its place") {
  CHECK(mistake({"--csr"}).message == "sample: --csr needs a value");
  CHECK(mistake({"--csr", "--force"}).message == "sample: --csr needs a value, but --force follows");
  CHECK(mistake({"--csr="}).message == "sample: --csr has an empty value");
}

TEST_CASE("a switch takes no value") {
  CHECK(mistake({"--force=true"}).message == "sample: --force takes no value");
  CHECK(mistake({"-vf=1"}).message == "sample: -f takes no value");
}

TEST_CASE("an option that counts once may not be given two values") {
  CHECK(mistake({"--csr", "a", "--csr", "b"}).message ==
        "sample: --csr is given twice, with different values");
  CHECK(read({"--csr", "a", "--csr", "a"}).get(flag::csr) == "a");
}

TEST_CASE("too many words, or too few, are refused, but not when help is wanted") {
  CHECK(mistake({"a", "b"}).message == "sample: 'b' is one argument too many");
  Command wants_word = fetch_like;
  wants_word.word.least = 1;
  CHECK(error_of([&] { parse(wants_word, {}); }).message == "sample: [FILE] is missing");
  CHECK(parse(wants_word, {"--help"}).has(flag::help));
}

TEST_CASE("the first word chooses a sub-command, which has words and options of its own") {
  const Command parent{
      .name = "sample",
      .group = Group::plumbing,
      .summary = "",
      .subcommands = {{"list", "", {Value::certificate, "[NAME]", 0, 1}, {}, nullptr},
                      {"test", "", {Value::certificate, "NAME", 1, 1}, {flag::csr}, nullptr}},
  };
  const auto refused = [&](const Texts& arguments) { return error_of([&] { parse(parent, arguments); }); };
  CHECK(usage(parent) == "list [NAME] | test NAME");
  const Args args = parse(parent, {"--json", "test", "--csr", "a.csr", "a.example"});
  CHECK(std::string(args.subcommand()->name) == "test");
  CHECK(args.words() == Texts{"a.example"});
  CHECK(args.get(flag::csr) == "a.csr");
  CHECK(refused({"tset", "a"}).message == "sample: there is no sub-command 'tset'");
  CHECK(refused({"tset", "a"}).hint == "did you mean 'certo sample test'?");
  CHECK(refused({"qqqqq"}).hint == "one of: list, test");
  CHECK(refused({}).code == Exit::usage);
  CHECK(refused({"test"}).message == "sample: test: NAME is missing");
  CHECK(refused({"list", "a", "b"}).message == "sample: list: 'b' is one argument too many");
  CHECK(refused({"list", "--csr", "a"}).message == "sample: --csr belongs to 'test'");
  CHECK(parse(parent, {"--help"}).has(flag::help));
}

TEST_CASE("a command with words of its own may do without a sub-command") {
  Exit (*const run)(const Args&) = [](const Args&) { return Exit::ok; };
  const Command parent{
      .name = "sample",
      .group = Group::plumbing,
      .summary = "",
      .word = {Value::provider, "[NAME]", 0, 1},
      .run = run,
      .subcommands = {{"check", "", {Value::file, "FILE", 1, 1}, {}, run}},
  };
  CHECK(usage(parent) == "[NAME | check FILE]");
  CHECK(parse(parent, {}).subcommand() == nullptr);
  CHECK(parse(parent, {"other"}).words() == Texts{"other"});
  CHECK(std::string(parse(parent, {"check", "a.json"}).subcommand()->name) == "check");
}

TEST_CASE("options of every command may stand in front of the command") {
  CHECK(command_first({"--home", "/x", "-v", "list", "--json"}) ==
        Texts{"list", "--home", "/x", "-v", "--json"});
  CHECK(command_first({"--home=/x", "list"}) == Texts{"list", "--home=/x"});
  CHECK(command_first({"--server", "zerossl", "--email", "a@example.com", "issue", "-d", "x.example"}) ==
        Texts{"issue", "--server", "zerossl", "--email", "a@example.com", "-d", "x.example"});
  CHECK(command_first({"-v", "--version"}).empty());
  CHECK(command_first({}).empty());
}

TEST_CASE("--all goes with --help in every command, and nowhere else by itself") {
  CHECK(read({"--help", "--all"}).has(flag::all));
  CHECK(mistake({"--all"}).message == "sample: there is no option --all");
}

TEST_CASE("an unknown command is answered with the nearest one") {
  const Error error = error_of([] { cli::dispatch({"isue"}); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message == "there is no command 'isue'");
  CHECK(error.hint == "did you mean 'certo issue'?");
}

TEST_CASE("certo.conf alone gives the value of a setting, and its last line counts") {
  const certo::test::TempDir home;
  CHECK(configured(home.path, flag::log).empty());
  os::write_file(home / "certo.conf", "# log = /a\nlog=/b\n log = /c d \nlog-size = 1M\n", 0600);
  CHECK(configured(home.path, flag::log) == "/c d");
  CHECK(configured(home.path, flag::log_size) == "1M");
}

TEST_CASE("a default is written in place of the old one, and the other lines stay") {
  const certo::test::TempDir home;
  set_default(home.path, "server", "zerossl");
  CHECK(os::read_file(home / "certo.conf") == "server = zerossl\n");
  os::write_file(home / "certo.conf", "# ours\nserver=zerossl\nemail = a@example.com\n", 0600);
  set_default(home.path, "server", "google");
  CHECK(os::read_file(home / "certo.conf") == "# ours\nemail = a@example.com\nserver = google\n");
  set_default(home.path, "server", "");
  CHECK(os::read_file(home / "certo.conf") == "# ours\nemail = a@example.com\n");
  set_default(home / "none", "server", "");
  CHECK_FALSE(os::exists(home / "none"));
}
