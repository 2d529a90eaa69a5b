// Reads back which certo a schedule starts, with which state folder.
// Implements a part of schedule/schedule.h.
#include "base/text.h"
#include "schedule/schedule.h"

namespace certo::schedule {
namespace {

enum class Quotes { of_systemd, of_shell };

/// Reads one word: what `unit_word` or `cron_word` has written, or a plain one.
class Words {
 public:
  Words(std::string_view line, Quotes quotes) : line_(line), quotes_(quotes) {}

  std::vector<std::string> all() {
    std::vector<std::string> words;
    while (true) {
      while (line_.starts_with(' ')) line_.remove_prefix(1);
      if (line_.empty()) return words;
      words.push_back(next());
    }
  }

 private:
  std::string next() {
    std::string word;
    char quote = 0;
    while (!line_.empty() && (quote != 0 || line_.front() != ' ')) {
      const char c = take();
      if (quote == 0 ? c == '"' || c == '\'' : c == quote)
        quote = quote == 0 ? c : '\0';
      else
        word += is_escape(c, quote) ? take() : c;
    }
    return word;
  }

  bool is_escape(char c, char quote) const {
    if (line_.empty()) return false;
    if (quotes_ == Quotes::of_systemd) return c == '\\' || ((c == '%' || c == '$') && line_.front() == c);
    return c == '\\' && (quote != '\'' || line_.front() == '%');  // cron itself reads "\%" as "%"
  }

  char take() {
    const char c = line_.front();
    line_.remove_prefix(1);
    return c;
  }

  std::string_view line_;
  Quotes quotes_;
};

/// "/path/certo cron --home DIR" in a line.
std::optional<Plan> plan_of(const std::vector<std::string>& words) {
  for (size_t at = 1; at < words.size(); ++at) {
    if (words[at] != "cron" || !words[at - 1].starts_with('/')) continue;
    Plan plan;
    plan.program = words[at - 1];
    if (at + 2 < words.size() && words[at + 1] == "--home") plan.home = words[at + 2];
    return plan;
  }
  return {};
}

}  // namespace

std::optional<Plan> plan_in_unit(std::string_view unit) {
  constexpr std::string_view key = "ExecStart=";
  for (const std::string& line : split(unit, '\n')) {
    if (!line.starts_with(key)) continue;
    if (auto plan = plan_of(Words(std::string_view(line).substr(key.size()), Quotes::of_systemd).all()))
      return plan;
  }
  return {};
}

std::optional<Plan> plan_in_crontab(std::string_view crontab) {
  const std::string line = our_line(crontab);
  std::optional<Plan> plan = plan_of(Words(line, Quotes::of_shell).all());
  if (plan) plan->minute = minute_in(crontab);
  return plan;
}

}  // namespace certo::schedule
