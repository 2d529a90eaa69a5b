// The command lines of certbot, lego, dehydrated and uacme: tests/golden/clients.tsv has a line of theirs,
// and what certo does with it or answers.
#include "clients/translate.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "base/shell_word.h"
#include "base/text.h"
#include "cli/dispatch.h"
#include "cli/table.h"
#include "clients/table.h"
#include "commands/ways.h"
#include "console/args.h"
#include "fixtures/line_words.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using certo::cli::find_command;
using certo::test::error_of;
using certo::test::words;

namespace {

using Texts = std::vector<std::string>;

struct Example {
  std::string line, expected, notes;
};

std::vector<Example> examples() {
  std::vector<Example> found;
  for (const std::string& row : split(os::read_file("tests/golden/clients.tsv"), '\n')) {
    if (row.empty() || row[0] == '#') continue;
    const Texts fields = split(row, '\t');
    REQUIRE(fields.size() >= 2);
    found.push_back({fields[0], fields[1], fields.size() > 2 ? fields[2] : ""});
  }
  return found;
}

/// The commands of "A=b certo issue … && certo deploy …", without the variables and "certo".
std::vector<Texts> commands_in(const std::string& line) {
  std::vector<Texts> commands;
  bool is_open = false;
  for (const std::string& word : words(line)) {
    if (word == "certo" || word == "&&") {
      if (word == "certo") commands.emplace_back();
      is_open = word == "certo";
    } else if (is_open) {
      commands.back().push_back(word == "NAME" ? "a.example" : word);
    }
  }
  return commands;
}

void check_parses(const Texts& command) {
  REQUIRE(!command.empty());
  const console::Command* row = find_command(command[0]);
  REQUIRE(row);
  const console::Args args = console::parse(*row, {command.begin() + 1, command.end()});
  if (console::takes(*row, console::way_options)) commands::ways(args);
}

/// What certo answers to a line: its own line and the notes, or the reason why it has none.
Example answer(const std::string& line) {
  const auto nothing = [](const std::string&) { return false; };
  const auto found = clients::translate(words(line), nothing, "/usr/local/share/certo/hooks/adapters");
  REQUIRE(found);
  const std::string notes = join(found->notes, " | ");
  return {line, found->line.empty() ? found->client + ": -" : found->client + ": " + found->line, notes};
}

}  // namespace

TEST_CASE("command lines of other clients work as they are, or are answered with certo's line") {
  const std::vector<Example> all = examples();
  CHECK(all.size() >= 90);
  for (const Example& example : all) {
    INFO(example.line);
    if (example.expected == "the same") {
      check_parses(words(example.line));
      continue;
    }
    const Example said = answer(example.line);
    CHECK(said.expected == example.expected);
    CHECK(said.notes == example.notes);
    const std::string certo = said.expected.substr(said.expected.find(": ") + 2);
    for (const Texts& command : commands_in(certo)) check_parses(command);
  }
}

TEST_CASE("the answer to a line of another client is an error of use that names certo's line") {
  const Error error = error_of([] { cli::dispatch({"certonly", "--standalone", "-d", "a.example"}); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message == "this is a command line of certbot, so certo did nothing");
  CHECK(error.hint == "in certo's words: certo issue -d a.example --standalone");
  CHECK(error_of([] {
          cli::dispatch({"renew", "--force-renewal"});
        }).hint == "in certo's words: certo renew --all --force");
  CHECK(error_of([] {
          cli::dispatch({"--cron", "-x"});
        }).hint == "in certo's words: certo renew --all --force");
  CHECK(error_of([] {
          cli::dispatch({"uacme", "issue", "a.example"});
        }).hint == "in certo's words: certo issue -d a.example --webroot /var/www/html");
}

TEST_CASE("a mistake in certo's own words is not taken for a line of another client") {
  const auto hint = [](const Texts& line) { return error_of([&] { cli::dispatch(line); }).hint; };
  CHECK(hint({"issue", "foo.example"}) == "a name is given with -d: -d foo.example");
  CHECK(hint({"renew", "--fource"}) == "did you mean --force?");
  CHECK(hint({"isue"}) == "did you mean 'certo issue'?");
  CHECK(hint({"revoke", "-d", "a", "--reason"}).find("certo's words") == std::string::npos);
}

TEST_CASE("no client has two rows for one spelling") {
  for (const clients::Client* client : clients::clients()) {
    std::set<std::string> seen;
    const auto add = [&](const char* flags) {
      for (const std::string& spelling : split(flags, ' ')) {
        INFO(client->name << " " << spelling);
        CHECK(seen.insert(spelling).second);
      }
    };
    for (const clients::Verb& verb : client->verbs)
      if (verb.words[0] == '-') add(verb.words);
    for (const clients::Term& term : client->terms) add(term.flags);
  }
}

TEST_CASE("a mistyped option of certo's is not read as another client's") {
  for (const Texts& line : {Texts{"check", "-d", "example.com", "--bits", "2048"},
                            Texts{"check", "-d", "example.com", "--confdir", "/x"},
                            Texts{"issue", "-d", "example.com", "--type", "EC"},
                            Texts{"issue", "-d", "1.example.com", "--key", "/k"}}) {
    CAPTURE(join(line, " "));
    const Error error = error_of([&] { cli::dispatch(line); });
    CHECK(error.message == line[0] + ": there is no option " + line[3]);
  }
  CHECK(error_of([] {
          cli::dispatch({"issue", "-d", "30", "--type", "EC", "a.example"});
        }).hint.find("certo issue -d a.example") != std::string::npos);
}
