#include "cli/topics.h"

#include <algorithm>
#include <cctype>

#include "base/exit.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/roff.h"
#include "console/layout.h"
#include "os/packed.h"

CERTO_CARRY(topics);

namespace certo::cli {
namespace {

constexpr std::string_view codes_here = "@exit-codes";
constexpr char end_of_topic = '\f';

Topic topic(std::string_view file) {
  const size_t line = file.find('\n'), dash = file.find(" - ");
  return {file.substr(0, dash), file.substr(dash + 3, line - dash - 3), file.substr(line + 1)};
}

bool is_heading(std::string_view line) {
  return !line.empty() && std::isupper(static_cast<unsigned char>(line[0])) &&
         std::ranges::none_of(line, [](unsigned char c) { return std::islower(c); });
}

std::string codes_text() {
  std::string out;
  for (const ExitCode& code : exit_codes())
    out += "    " + console::padded(code.numbers, 15) + console::wrapped(code.meaning, 19, 80) + '\n';
  return out;
}

/// One block of lines that are shown unchanged; `at` moves past it.
std::string block(const std::vector<std::string>& lines, size_t& at) {
  std::string text;
  for (; at < lines.size() && (lines[at].empty() || lines[at].starts_with("    ")); ++at)
    text += lines[at].empty() ? "\n" : lines[at].substr(4) + '\n';
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string roff_line(const std::string& line) {
  if (line.empty()) return ".PP\n";
  if (is_heading(line)) return section(line);
  if (line.starts_with("- ")) return ".IP \\(bu 2\n" + roff(line.substr(2)) + '\n';
  return roff(trim(line)) + '\n';
}

}  // namespace

std::span<const Topic> topics() {
  static const std::string text = CERTO_CARRIED(topics);
  static const std::vector<Topic> all = [] {
    std::vector<Topic> list;
    std::string_view rest = text;
    while (!rest.empty()) {
      const size_t end = rest.find(end_of_topic);
      list.push_back(topic(rest.substr(0, end)));
      rest.remove_prefix(end + 1);
    }
    return list;
  }();
  return all;
}

const Topic* find_topic(std::string_view name) {
  const auto found = std::ranges::find(topics(), name, &Topic::name);
  return found == topics().end() ? nullptr : &*found;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names;
  for (const Topic& topic : topics()) names.emplace_back(topic.name);
  return names;
}

std::string page_name(const Topic& topic) { return "certo-" + std::string(topic.name); }

std::string topic_text(const Topic& topic) {
  std::string out = std::string(topic.summary) + '\n';
  for (const std::string& line : split(topic.text, '\n'))
    out += line == codes_here ? codes_text() : line + '\n';
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string topic_page(const Topic& topic) {
  std::string out = ".TH " + roff(page_name(topic)) + " 7 \"\" \"certo " + roff(version()) + "\" \"certo\"\n";
  out += section("Name") + roff(page_name(topic)) + " \\- " + roff(topic.summary) + '\n' +
         section("Description");
  const std::vector<std::string> lines = split(topic.text, '\n');
  for (size_t at = 0; at < lines.size();) {
    if (lines[at].starts_with("    ")) {
      out += verbatim(block(lines, at));
    } else if (lines[at] == codes_here) {
      for (const ExitCode& code : exit_codes()) out += item(bold(code.numbers), code.meaning);
      ++at;
    } else {
      out += roff_line(lines[at++]);
    }
  }
  return out + section("See also") + bold("certo") + "(1)\n";
}

}  // namespace certo::cli
