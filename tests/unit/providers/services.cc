// The recipes of providers/, each against the transcripts of tests/unit/providers/services/NAME.txt, which
// are written from the service's documentation. providers/README.md describes the format of these files.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "recipe/recipe.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

const std::string services_folder = "tests/unit/providers/services";

struct Case {
  std::string title;
  std::string action;
  std::vector<provider::Record> records;
  provider::Values settings;
  std::string transcript;
  std::string expected;  // "ok", or "STATUS text at the end of the explanation"
};

struct ServiceFile {
  std::string name;
  int64_t now = 0;
  std::vector<Case> cases;
};

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file, path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads one file, line by line.
class ServiceReader {
 public:
  explicit ServiceReader(ServiceFile& file) : file_(file) {}

  void read(const std::string& text) {
    for (const std::string& line : split(text, '\n')) take(replaced(line));
  }

 private:
  /// `$word` of a `let`; the longest name first, so that $base2 is not $base and a 2.
  std::string replaced(std::string line) const {
    for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
      const std::string name = "$" + it->first;
      for (size_t at = line.find(name); at != line.npos; at = line.find(name, at + it->second.size()))
        line.replace(at, name.size(), it->second);
    }
    return line;
  }

  static std::pair<std::string, std::string> parted(const std::string& text, char at) {
    const size_t end = text.find(at);
    REQUIRE_MESSAGE(end != text.npos, text);
    return {text.substr(0, end), text.substr(end + 1)};
  }

  void take(const std::string& line) {
    if (line.empty() || line[0] == '#') return;
    if (line.starts_with("== ")) {
      file_.cases.push_back({line.substr(3), "", {}, settings_, "", ""});
      return;
    }
    if (line[0] == '>' || line[0] == '<') return exchange(line);
    const auto [word, rest] = parted(line, ' ');
    if (word == "let") return void(words_.insert(parted(rest, ' ')));
    if (word == "set")
      return void(settings_.insert_or_assign(parted(rest, '=').first, parted(rest, '=').second));
    if (word == "always") return always_.push_back("> " + rest);
    if (word == "now") return void(file_.now = std::stoll(rest));
    REQUIRE_MESSAGE(!file_.cases.empty(), line);
    Case& one = file_.cases.back();
    if (word == "case") {
      const auto [name, value] = parted(rest.substr(rest.find(' ') + 1), '=');
      one.settings[name] = value;
    } else if (word == "=") {
      one.expected = rest;
    } else {
      one.action = word;
      const std::vector<std::string> parts = split(rest, ' ');
      REQUIRE_MESSAGE(provider::parse_action(word), line);
      REQUIRE_MESSAGE(parts.size() == 3, line);
      one.records.push_back({{parts[0], parts[1]}, std::stoi(parts[2])});
    }
  }

  void exchange(const std::string& line) {
    REQUIRE_MESSAGE(!file_.cases.empty(), line);
    std::string& text = file_.cases.back().transcript;
    text += line + "\n";
    const bool is_http = line.starts_with("> ") && line.find(" https://") != line.npos;
    if (!is_http) return;
    for (const std::string& header : always_) text += header + "\n";
  }

  ServiceFile& file_;
  std::map<std::string, std::string> words_;
  provider::Values settings_;
  std::vector<std::string> always_;
};

class Player {
 public:
  explicit Player(const ServiceFile& file)
      : file_(file),
        text_(content_of("providers/" + file.name + ".json")),
        recipe_(recipe::parse(text_, file.name + ".json")) {}

  const recipe::Recipe& recipe() const { return recipe_; }

  std::pair<Outcome, std::string> play(const Case& one, const std::string& transcript) const {
    provider::Task task;
    task.provider = file_.name;
    task.action = provider::parse_action(one.action).value();
    task.records = one.records;
    task.settings = one.settings;
    task.deadline = deadline_of(transcript);
    Transcript service(transcript, file_.now);
    Outcome outcome = provider::call(recipe_, task, service);
    return {std::move(outcome), service.fault()};
  }

  size_t unnoticed(const Case& one) const {
    size_t count = 0;
    for (size_t i = 0; i < one.transcript.size(); ++i) {
      const size_t line = one.transcript.rfind('\n', i) + 1;
      if (one.transcript[line] != '>' || i < line + 2 || one.transcript[i] == '\n') continue;
      std::string other = one.transcript;
      other[i] = other[i] == 'x' ? 'y' : 'x';
      if (play(one, other).second.empty()) ++count;
    }
    return count;
  }

 private:
  const ServiceFile& file_;
  const std::string text_;
  const recipe::Recipe recipe_;
};

const char* word_of(int status) {
  static constexpr const char* words[] = {"ok", "failed", "unreachable", "config", "no-zone", "later"};
  return words[status];
}

void run_case(const Player& player, const Case& one) {
  const auto [outcome, fault] = player.play(one, one.transcript);
  CHECK_MESSAGE(fault == "", one.title);
  const size_t end = one.expected.find(' ');
  CHECK_MESSAGE(word_of(outcome.status) == one.expected.substr(0, end), one.title, ": ", outcome.why);
  if (end != one.expected.npos)
    CHECK_MESSAGE(outcome.why.ends_with(one.expected.substr(end + 1)), one.title, ": ", outcome.why);
}

/// The transcript up to each HTTP exchange, and the exchange's own request.
std::vector<std::string> beginnings(const std::string& transcript) {
  std::vector<std::string> found;
  std::string before;
  bool is_http = false, is_answer = false;
  for (const std::string& line : split(transcript, '\n')) {
    const bool answers = line.starts_with("<");
    if (answers && !is_answer && is_http) found.push_back(before);
    if (!answers && is_answer) is_http = false;
    if (line.starts_with("> ") && line.find(" https://") != line.npos) is_http = true;
    is_answer = answers;
    before += line + "\n";
  }
  return found;
}

/// What every service does now and then, at each request of the case.
void run_failures(const Player& player, const Case& one) {
  const std::vector<std::string> before = beginnings(one.transcript);
  for (size_t i = 0; i < before.size(); ++i) {
    const std::string place = one.title + ", request " + std::to_string(i + 1);
    const auto status_of = [&](const char* reply) {
      return std::string(word_of(player.play(one, before[i] + reply).first.status));
    };
    CHECK_MESSAGE(status_of("< 429\n") == "later", place);
    CHECK_MESSAGE(status_of("< 500\n< <html>Internal error</html>\n") == "unreachable", place);
    CHECK_MESSAGE(status_of("< lost\n") == "unreachable", place);
    // A recipe often reads only the status of the last reply.
    if (i + 1 < before.size()) CHECK_MESSAGE(status_of("< 200\n< <html>Sign in</html>\n") != "ok", place);
  }
}

void require_titles(const Player& player, const ServiceFile& file) {
  const recipe::Recipe& recipe = player.recipe();
  std::set<std::string> wanted = {"add", "remove", "apex", "refused"};
  const bool is_read = !recipe.append || recipe.append->list;
  if (is_read) wanted.insert({"exists", "gone"});
  if (recipe.append && recipe.append->list && recipe.append->list->next.by != recipe::Paging::By::nothing)
    wanted.insert("page two");
  for (const std::string& title : wanted) {
    const auto begins = [&](const Case& one) { return one.title.starts_with(title); };
    CHECK_MESSAGE(std::ranges::any_of(file.cases, begins), file.name, ": no case '", title, "'");
  }
}

void run_service(const std::string& name) {
  ServiceFile file{name, 0, {}};
  ServiceReader(file).read(content_of(services_folder + "/" + name + ".txt"));
  const Player player(file);
  CHECK_MESSAGE(player.recipe().name == name, "the recipe's name is not that of its file");
  require_titles(player, file);
  for (const Case& one : file.cases) {
    run_case(player, one);
    const bool is_whole = one.title.starts_with("add") || one.title.starts_with("remove");
    if (one.expected != "ok" || !is_whole) continue;
    CHECK_MESSAGE(player.unnoticed(one) == 0, one.title, ": a changed request went unnoticed");
    run_failures(player, one);
  }
}

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(services_folder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("services: each recipe does what its service's documentation says") {
  for (const std::string& name : service_names()) {
    SUBCASE(name.c_str()) { run_service(name); }
  }
}
