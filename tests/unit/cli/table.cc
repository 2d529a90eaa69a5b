// The command table and what is made of it: help, manual, README, topics.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "cli/table.h"
#include "cli/topics.h"
#include "console/layout.h"
#include "console/table.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using certo::test::error_of;
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
        // install-cert names what it forgets by other options, cleanup by the value. -d is a name of a new
        // certificate, or the name of a stored one. convert --to names a format, rollback --to a version.
        // undo --only names a part.
        if (flag != "--forget" && flag != "--domain" && flag != "--to" && flag != "--only")
          CHECK(meaning.emplace(flag, option.value).first->second == option.value);
        if (const std::string brief = short_flag(option); !brief.empty()) {
          CHECK(seen.insert(brief).second);
          CHECK(long_of.emplace(brief, flag).first->second == flag);
        }
      }
    }
  }
}

TEST_CASE("help begins with examples and fits on a screen of 80 columns") {
  for (const Command* command : commands()) {
    const std::string text = help_text(*command, Extent::brief);
    INFO(command->name);
    CHECK(text.starts_with("Examples:\n  "));
    CHECK(contains(text, "\nUsage: certo " + std::string(command->name)));
    CHECK(contains(text, "--help --all"));
    CHECK(std::ranges::count(text, '\n') <= 42);
    for (const std::string& line : lines(text)) {
      INFO(line);
      if (!line.starts_with("  certo ")) CHECK(width(line) <= 80);  // examples are to be copied as they are
    }
  }
}

TEST_CASE("help of everything has every option and every example") {
  for (const Command* command : commands()) {
    const std::string text = help_text(*command, Extent::all);
    INFO(command->name);
    for (const char* example : command->examples) CHECK(contains(text, example));
    for (const OptionSet& set : option_sets(*command)) {
      for (const Option& option : set.options) CHECK(contains(text, long_flag(option)));
    }
  }
  for (const char* title : {"\nHooks:\n", "\nInstallation:\n", "\nGlobal options:\n"})
    CHECK(contains(help_text(*find_command("issue"), Extent::all), title));
  CHECK(contains(help_text(*find_command("renew"), Extent::all), "\nNotifications:\n"));
}

TEST_CASE("the help of version, as it is shown") {
  CHECK(help_text(*find_command("version"), Extent::brief) ==
        R"(Examples:
  certo version
  certo version --json
  certo version --licenses

Usage: certo version [OPTION]…
  show the version
  stdout: version

Options:
      --licenses  show the licenses of certo and of all that is linked in
Global options:
      --json      report as JSON on standard output
  -h, --help      show this text; with --all, every option

'certo version --help --all' explains everything and shows all options.
)");
}

namespace {

std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool is_open = false, is_quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      is_quoted = !is_quoted;
      is_open = true;
    } else if (!is_quoted && c == ' ') {
      if (is_open) words.push_back(word);
      word.clear();
      is_open = false;
    } else if (!is_quoted && c == '#' && !is_open) {
      break;
    } else {
      word += c;
      is_open = true;
    }
  }
  if (is_open) words.push_back(word);
  return words;
}

/// The commands of certo in a line of an example: what stands before, between and after pipes and lists.
std::vector<std::vector<std::string>> commands_in(const std::string& line) {
  std::vector<std::vector<std::string>> found;
  static const std::set<std::string> starts_command = {"|", "&&", "||", ";", "root", "dnsbox"};
  std::vector<std::string> words = shell_words(line), current;
  bool is_in = false;
  const auto end = [&] {
    if (is_in) found.push_back(current);
    current.clear();
    is_in = false;
  };
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "|" || word == "&&" || word == "||" || word == ";") {
      end();
    } else if (word == "<" || word == ">") {
      ++i;
    } else if (word.starts_with("<(")) {
      is_in = word == "<(certo";
    } else if (is_in) {
      current.push_back(word.ends_with(')') ? word.substr(0, word.size() - 1) : word);
    } else if (word == "certo") {
      // Not in prose: a command begins a line, or follows a pipe, a user of cron or a host of ssh.
      is_in = i == 0 ? !line.starts_with(' ') : starts_command.contains(words[i - 1]);
    }
  }
  end();
  return found;
}

/// Reads each certo line with the parser that certo reads it with. Returns how many there were.
int read_examples(const std::string& text) {
  int count = 0;
  for (const std::string& line : lines(text)) {
    for (const std::vector<std::string>& words : commands_in(line)) {
      INFO(line);
      REQUIRE_FALSE(words.empty());
      // --nginx or --apache without a command means issue.
      const bool is_short = words[0] == "--nginx" || words[0] == "--apache";
      CHECK_NOTHROW(
          parse(command_named(is_short ? "issue" : words[0]), {words.begin() + !is_short, words.end()}));
      ++count;
    }
  }
  return count;
}

/// What the man page shows as examples, without the escapes of roff.
std::string verbatim_parts(const std::string& page) {
  std::string out;
  bool is_inside = false;
  for (std::string line : lines(page)) {
    if (line == ".nf") is_inside = true;
    if (line == ".fi") is_inside = false;
    if (!is_inside || line.starts_with('.')) continue;
    for (const auto& [escape, sign] :
         {std::pair{"\\(aq", "'"}, {"\\(ti", "~"}, {"\\-", "-"}, {"\\&", ""}, {"\\e", "\\"}}) {
      for (size_t at = line.find(escape); at != line.npos; at = line.find(escape, at))
        line.replace(at, std::string(escape).size(), sign);
    }
    out += line + '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("every example of help, manual and topics is read without complaint") {
  for (const Command* command : commands()) {
    for (const char* example : command->examples) {
      INFO(example);
      CHECK(read_examples(example) >= 1);
    }
  }
  CHECK(read_examples(verbatim_parts(man_page())) >= 60);
  int of_topics = 0;
  for (const Topic& topic : topics()) of_topics += read_examples(verbatim_parts(topic_page(topic)));
  CHECK(of_topics >= 10);
}

TEST_CASE("the Makefile's TOPICS names each file of topics") {
  CHECK(os::list_folder("src/cli/topics").size() == topics().size());
}

TEST_CASE("a topic is shown as text of 80 columns and as a man page") {
  for (const Topic& topic : topics()) {
    INFO(topic.name);
    CHECK_FALSE(topic.summary.empty());
    CHECK(contains(overview(), "  " + std::string(topic.name) + " "));
    CHECK(contains(man_page(), "certo\\-"));
    const std::string text = topic_text(topic), page = topic_page(topic);
    for (const std::string& line : lines(text)) {
      INFO(line);
      if (!line.starts_with("    ")) CHECK(width(line) <= 80);
    }
    CHECK(page.starts_with(".TH certo\\-"));
    CHECK_FALSE(contains(page, "@exit"));
    for (const std::string& line : lines(page)) CHECK_FALSE(line.starts_with('\''));
  }
  REQUIRE(find_topic("exit-codes"));
  CHECK(contains(topic_text(*find_topic("exit-codes")), "129, 130, 143"));
  CHECK(contains(topic_text(*find_topic("dns-program")), "#!/bin/sh"));
  CHECK(find_topic("nothing") == nullptr);
}

TEST_CASE("an unknown topic is answered with the nearest one, and a topic comes before its command") {
  const auto help = [](const std::string& word) {
    return certo::test::error_of([&] { dispatch({"help", word}); });
  };
  CHECK(help("reciped").message == "there is no command or topic 'reciped'");
  CHECK(help("reciped").hint == "did you mean 'certo help recipes'?");
  CHECK(help("isue").hint == "did you mean 'certo help issue'?");
  CHECK(help("qqqqqqqqq").hint == "'certo help' lists commands and topics");
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

TEST_CASE("no line of the manual looks like a roff request") {
  static const std::set<std::string> requests = {".TH", ".SH", ".SS", ".TP", ".PP", ".nf",
                                                 ".fi", ".RS", ".RE", ".IR", ".IP"};
  std::string pages = man_page();
  for (const Topic& topic : topics()) pages += topic_page(topic);
  for (const std::string& line : lines(pages)) {
    INFO(line);
    if (line.starts_with('.')) CHECK(requests.contains(line.substr(0, 3)));
    CHECK_FALSE(line.starts_with('\''));
  }
}

TEST_CASE("a table fits into the terminal: one column is cut first, then the line") {
  const std::vector<std::vector<std::string>> rows = {{"a.example", "one.example, two.example", "valid"},
                                                      {"b", "x", "due: it was revoked"}};
  Table table{.titles = {"NAME", "FOR", "STATE"},
              .rows = rows.size(),
              .cells = [&](size_t row) { return rows[row]; },
              .narrowest = 1};
  using Texts = std::vector<std::string>;
  CHECK(table_lines(table, 0) == Texts{"NAME       FOR                       STATE",
                                       "a.example  one.example, two.example  valid",
                                       "b          x                         due: it was revoked"});
  CHECK(table_lines(table, 45) == Texts{"NAME       FOR            STATE", "a.example  one.example,…  valid",
                                        "b          x              due: it was revoked"});
  for (const std::string& line : table_lines(table, 20)) CHECK(width(line) <= 20);
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
  const Texts all = {"--server",      "--staging", "--ca-bundle", "--account",
                     "--account-key", "--email",   "--agree-tos"};
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
    for (const Option& option : {flag::server, flag::staging, flag::ca_bundle, flag::account,
                                 flag::account_key, flag::email, flag::agree_tos}) {
      INFO(name << " " << long_flag(option));
      const bool is_expected = std::ranges::find(flags, long_flag(option)) != flags.end();
      CHECK(takes(*command, option) == is_expected);
    }
  }
}

TEST_CASE("a renewal says that it keeps its CA") {
  for (const char* name : {"renew", "cron"}) {
    for (const char* option :
         {"--staging", "--account=other", "--account-key=a.key", "--email=a@example.com"}) {
      const Error error = certo::test::error_of([&] { parse(*find_command(name), {option}); });
      CHECK(error.code == Exit::usage);
      CHECK(contains(error.message, "does not go with this command"));
      CHECK(contains(error.hint, "keeps its CA and account"));
    }
  }
}

TEST_CASE("'certo check' takes each option of 'certo issue', so that it can stand in its place") {
  const Command& check = *find_command("check");
  for (const OptionSet& set : option_sets(*find_command("issue"))) {
    for (const Option& option : set.options) {
      CAPTURE(long_flag(option));
      bool is_taken = false;
      for (const OptionSet& mine : option_sets(check))
        for (const Option& one : mine.options)
          is_taken = is_taken || (one == option && one.value == option.value &&
                                  one.is_repeated() == option.is_repeated());
      CHECK(is_taken);
    }
  }
}

TEST_CASE("only an option that names what is stored can be emptied") {
  std::set<std::string> emptied;
  for (const Command* command : commands())
    for (const OptionSet& set : option_sets(*command))
      for (const Option& option : set.options)
        if ((option.traits & console::emptied) != 0) emptied.insert(long_flag(option));
  CHECK(emptied == std::set<std::string>{"--account-key", "--ca-bundle"});
  for (const auto& line : std::vector<std::vector<std::string>>{{"status", "--file", ""},
                                                                {"issue", "--csr", ""},
                                                                {"cron", "--metrics-file", ""},
                                                                {"install-cert", "-d", "a", "--key-file", ""},
                                                                {"csr", "-o", ""}}) {
    CAPTURE(line[1]);
    const Error error = error_of([&] { cli::dispatch(line); });
    CHECK(error.code == Exit::usage);
    CHECK(contains(error.message, " has an empty value"));
  }
}
