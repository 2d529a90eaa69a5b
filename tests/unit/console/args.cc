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
    .usage = "[FILE]",
    .input = "-",
    .output = "-",
    .options = {{"-d,--domain", Value::text, "NAME", "", true},
                {"-f,--force", Value::none, nullptr, ""},
                {"--csr", Value::file, "FILE", ""}},
    .network = true,
    .examples = {},
    .description = "",
    .run = nullptr,
    .words_most = 1,
    .way = true,
};

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
  CHECK(args.get("--csr") == "a.csr");
  CHECK(args.get("--server") == "zerossl");
  CHECK(args.get("--domain") == "example.com");
  CHECK(args.get("--webroot") == "/srv/www");
  CHECK_FALSE(args.find("--email"));
  CHECK(args.get("--email", "none") == "none");
}

TEST_CASE("a repeated option keeps its values in order, words and switches in between") {
  const Args args = read({"-d", "b", "order.json", "-f", "--domain", "a", "--domain=c"});
  CHECK(args.all("--domain") == Texts{"b", "a", "c"});
  CHECK(args.words() == Texts{"order.json"});
  CHECK(args.has("--force"));
}

TEST_CASE("short switches may be combined, and counted") {
  const Args args = read({"-vvf4"});
  CHECK(args.all("--verbose").size() == 2);
  CHECK(args.has("--force"));
  CHECK(args.has("--ipv4"));
}

TEST_CASE("behind -- everything is a word, and a single dash always is") {
  CHECK(read({"--", "--force"}).words() == Texts{"--force"});
  CHECK(read({"-"}).words() == Texts{"-"});
}

TEST_CASE("values pass unchanged: brackets, dashes, equals signs, spaces") {
  CHECK(read({"--resolver", "[::1]"}).get("--resolver") == "[::1]");
  CHECK(read({"--csr", "-"}).get("--csr") == "-");
  CHECK(read({"--propagation=wait=60"}).get("--propagation") == "wait=60");
  CHECK(read({"--csr", "a b.csr"}).get("--csr") == "a b.csr");
}

TEST_CASE("an unknown option is answered with the nearest one") {
  const Error error = mistake({"--forse"});
  CHECK(error.message == "sample: there is no option --forse");
  CHECK(error.hint == "did you mean --force?");
  CHECK(mistake({"--qqqqqqqq=1"}).hint == "see: certo sample --help");
  CHECK(mistake({"-x"}).message == "sample: there is no option -x");
}

TEST_CASE("a missing value is noticed, also when a flag stands in its place") {
  CHECK(mistake({"--csr"}).message == "sample: --csr needs a value");
  CHECK(mistake({"--csr", "--force"}).message == "sample: --csr needs a value, but --force follows");
  CHECK(mistake({"--csr="}).message == "sample: --csr has an empty value");
}

TEST_CASE("a switch takes no value") {
  CHECK(mistake({"--force=true"}).message == "sample: --force takes no value");
}

TEST_CASE("an option that counts once may not be given two values") {
  CHECK(mistake({"--csr", "a", "--csr", "b"}).message ==
        "sample: --csr is given twice, with different values");
  CHECK(read({"--csr", "a", "--csr", "a"}).get("--csr") == "a");
}

TEST_CASE("too many words, or too few, are refused, but not when help is wanted") {
  CHECK(mistake({"a", "b"}).message == "sample: 'b' is one word too many");
  Command wants_word = fetch_like;
  wants_word.words_least = 1;
  CHECK(error_of([&] { parse(wants_word, {}); }).message == "sample: what is missing: [FILE]");
  CHECK(parse(wants_word, {"--help"}).has("--help"));
}

TEST_CASE("options of every command may stand in front of the command") {
  CHECK(command_first({"--home", "/x", "-v", "list", "--json"}) ==
        Texts{"list", "--home", "/x", "-v", "--json"});
  CHECK(command_first({"--home=/x", "list"}) == Texts{"list", "--home=/x"});
  CHECK(command_first({"-v", "--version"}).empty());
  CHECK(command_first({}).empty());
}

TEST_CASE("an unknown command is answered with the nearest one") {
  const Error error = error_of([] { cli::dispatch({"isue"}); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message == "there is no command 'isue'");
  CHECK(error.hint == "did you mean 'certo issue'?");
}

TEST_CASE("a default is written in place of the old one, and the other lines stay") {
  const certo::test::TempDir home;
  set_default(home.path, "server", "zerossl");
  CHECK(os::read_file(home / "certo.conf") == "server = zerossl\n");
  os::write_file(home / "certo.conf", "# ours\nserver=zerossl\nemail = a@example.com\n", 0600);
  set_default(home.path, "server", "google");
  CHECK(os::read_file(home / "certo.conf") == "# ours\nemail = a@example.com\nserver = google\n");
}
