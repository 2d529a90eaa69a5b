// acme.sh's spelling: tests/golden/acmesh.tsv has a line of acme.sh, what becomes of it here, and what is
// said.
#include "acmesh/acmesh.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "acmesh/table.h"
#include "base/text.h"
#include "cli/dispatch.h"
#include "cli/table.h"
#include "commands/ways.h"
#include "console/command.h"
#include "console/layout.h"
#include "fixtures/line_words.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "os/memory.h"

using namespace certo;
using namespace certo::acmesh;
using namespace certo::console;
using certo::cli::dispatch;
using certo::cli::find_command;
using certo::test::error_of;
using certo::test::words;

namespace {

using Texts = std::vector<std::string>;

bool is_command(const std::string& word) { return find_command(word) != nullptr; }

std::string empty_store(const std::string& /*home*/, const std::string& /*name*/) { return ""; }

std::string line_of(const Texts& words) {
  Texts quoted;
  for (const std::string& word : words)
    quoted.push_back(word.find_first_of(" *") == word.npos ? word : "'" + word + "'");
  return join(quoted, " ");
}

std::string golden(const std::string& line) {
  try {
    const Rewriting rewriting = rewrite_acmesh(words(line), empty_store);
    const std::string notes = join(rewriting.notes, " | ");
    return line_of(rewriting.arguments) + (notes.empty() ? "" : "\t" + notes);
  } catch (const Error& error) {
    CHECK(error.code == Exit::usage);
    return "error: " + error.message + "\t" + error.hint;
  }
}

Texts unknown_options(const Command& command, const Texts& arguments) {
  std::set<std::string> known;
  for (const OptionSet& set : option_sets(command))
    for (const Option& option : set.options) known.insert(long_flag(option));
  Texts unknown;
  for (const std::string& word : arguments)
    if (word.starts_with("--") && !known.contains(word)) unknown.push_back(word);
  return unknown;
}

struct Example {
  std::string line, expected;
};

std::vector<Example> examples() {
  std::vector<Example> found;
  for (const std::string& row : split(os::read_file("tests/golden/acmesh.tsv"), '\n')) {
    if (row.empty() || row[0] == '#') continue;
    const size_t tab = row.find('\t');
    REQUIRE(tab != row.npos);
    found.push_back({row.substr(0, tab), row.substr(tab + 1)});
  }
  return found;
}

}  // namespace

TEST_CASE("acme.sh's command lines become certo's, or are refused with the reason") {
  const std::vector<Example> all = examples();
  CHECK(all.size() >= 120);
  for (const Example& example : all) {
    INFO(example.line);
    CHECK(is_acmesh(words(example.line), is_command));
    CHECK(golden(example.line) == example.expected);
  }
}

TEST_CASE("the translations of acme.sh's command lines are parsed without an error") {
  int read = 0;
  for (const Example& example : examples()) {
    if (example.expected.starts_with("error: ")) continue;
    INFO(example.line);
    const Texts arguments = rewrite_acmesh(words(example.line), empty_store).arguments;
    const Command* command = find_command(arguments[0]);
    REQUIRE(command);
    CHECK(unknown_options(*command, arguments) == Texts());
    const Args args = parse(*command, {arguments.begin() + 1, arguments.end()});
    const bool names_way = std::ranges::any_of(
        store::methods, [&](const store::Method& one) { return args.has(console::option_of(one.option)); });
    if (takes(*command, way_options)) CHECK(commands::ways(args).has_value() == names_way);
    ++read;
  }
  CHECK(read >= 80);
}

TEST_CASE("of two certificates for one name --ecc takes the one with the EC key, as in acme.sh") {
  const auto line = [](const char* text, std::map<std::string, std::string> keys) {
    const Rewriting rewriting = rewrite_acmesh(
        words(text), [&](const std::string& home, const std::string& name) { return keys[home + name]; });
    return line_of(rewriting.arguments);
  };
  const std::map<std::string, std::string> both = {{"a.example", "ec"}, {"a.example-rsa", "rsa"}};
  CHECK(line("--info -d a.example", both) == "info a.example-rsa");
  CHECK(line("--info -d a.example --ecc", both) == "info a.example");
  CHECK(line("--remove -d a.example", {{"a.example", "ec"}}) == "remove --yes a.example");
  CHECK(line("--info -d '*.a.example' --ecc",
             {{"_wildcard.a.example", "rsa"}, {"_wildcard.a.example-ecc", "ec"}}) ==
        "info _wildcard.a.example-ecc");

  CHECK(line("--issue -d a.example --standalone -k 2048", {{"a.example", "ec"}}) ==
        "issue --agree-tos -d a.example --standalone --key-type rsa-2048 --cert-name a.example-rsa --exit-2");
  CHECK(line("--issue -d a.example --standalone -k ec-384", {{"a.example", "ec"}}) ==
        "issue --agree-tos -d a.example --standalone --key-type ec-384 --exit-2");
  CHECK(line("--issue -d a.example --standalone", {{"a.example", "rsa"}}) ==
        "issue --agree-tos -d a.example --standalone --exit-2");
}

TEST_CASE("a secret does not stay on the command line") {
  const Rewriting account =
      rewrite_acmesh({"--register-account", "--eab-kid", "k1", "--eab-hmac-key", "c2VjcmV0"}, empty_store);
  REQUIRE(account.handovers.size() == 1);
  CHECK_FALSE(account.handovers[0].by_file);
  CHECK(account.handovers[0].target == "CERTO_EAB_HMAC");
  CHECK(account.handovers[0].value == "c2VjcmV0");
  CHECK(std::ranges::count(account.arguments, "c2VjcmV0") == 0);

  const Rewriting archive =
      rewrite_acmesh({"--to-pkcs12", "-d", "a.example", "--password", "geheim"}, empty_store);
  REQUIRE(archive.handovers.size() == 1);
  CHECK(archive.handovers[0].by_file);
  CHECK(archive.handovers[0].target == "--password-file");
  CHECK(std::ranges::count(archive.arguments, "geheim") == 0);
}

TEST_CASE("a file in memory is read by its name, as often as wanted") {
  const os::MemoryFile file("geheim\n");
  CHECK(os::read_file(file.path()) == "geheim\n");
  CHECK(os::read_file(file.path()) == "geheim\n");
}

TEST_CASE("certo's own command lines are left alone") {
  CHECK_FALSE(is_acmesh({}, is_command));
  CHECK_FALSE(is_acmesh({"issue", "-d", "a.example", "--standalone"}, is_command));
  CHECK_FALSE(is_acmesh({"--version"}, is_command));
  CHECK_FALSE(is_acmesh({"--help"}, is_command));
  CHECK_FALSE(is_acmesh({"-v", "list"}, is_command));
  CHECK_FALSE(is_acmesh({"--home", "/srv", "remove", "a.example"}, is_command));
  CHECK_FALSE(is_acmesh({"--home", "/srv", "remove", "a.example", "--list"}, is_command));
  CHECK_FALSE(is_acmesh({"--frobnicate"}, is_command));
  CHECK(is_acmesh({"--list"}, is_command));
  CHECK(is_acmesh({"-r", "-d", "a.example"}, is_command));
  CHECK(is_acmesh({"--home", "/srv", "--cron"}, is_command));
}

TEST_CASE("no spelling of acme.sh's stands in two rows") {
  std::set<std::string_view> seen;
  const auto add = [&](const char* flags) {
    for (const std::string_view spelling : spellings(flags)) {
      INFO(spelling);
      CHECK(seen.insert(spelling).second);
    }
  };
  for (const acmesh::Verb& verb : acmesh::verbs()) add(verb.flags);
  for (const acmesh::Parameter& parameter : acmesh::parameters()) add(parameter.flags);
}

TEST_CASE("a misspelt command with dashes is reported with the nearest one") {
  const Error error = error_of([] { dispatch({"--isue", "-d", "a.example"}); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message == "there is no command '--isue'");
  CHECK(error.hint == "did you mean --issue?");
}
