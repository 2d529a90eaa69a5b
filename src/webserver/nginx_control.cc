#include "webserver/nginx_control.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/log.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "os/file.h"
#include "os/signals.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

/// The program with the options that the master has.
std::vector<std::string> words_of(const Nginx& nginx) {
  std::vector<std::string> words = {nginx.program};
  if (!nginx.prefix.empty()) words.insert(words.end(), {"-p", nginx.prefix});
  words.insert(words.end(), {"-c", nginx.config});
  if (!nginx.globals.empty()) words.insert(words.end(), {"-g", nginx.globals});
  return words;
}

/// A worker that only ends its last connections has another title.
bool is_working(pid_t process) {
  const std::string title = command_line_of(process);
  return title.starts_with("nginx: worker process") && title.find("shutting down") == title.npos;
}

/// "nginx: [emerg] text" and "2026/11/30 15:00:00 [emerg] 12#12: text" without what stands before the text.
std::string text_of_line(std::string_view line, std::string_view level) {
  line.remove_prefix(line.find(level) + level.size());
  const size_t colon = line.find(": ");
  const size_t sharp = line.find('#');
  if (sharp != line.npos && colon != line.npos && sharp < colon) line.remove_prefix(colon + 2);
  return printable(trim(line), 400);
}

}  // namespace

ConfigTest parse_test(std::string_view output, int status) {
  ConfigTest test;
  const std::vector<std::string> lines = split(output, '\n');
  for (const std::string& line : lines)
    if (line.find("[warn]") != line.npos) test.warnings.insert(text_of_line(line, "[warn]"));
  if (status == 0) return test;
  // An [alert] may be of the log only, and [emerg] is what stops nginx.
  for (const std::string_view level : {"[emerg]", "[crit]", "[error]", "[alert]"})
    for (const std::string& line : lines)
      if (test.failure.empty() && line.find(level) != line.npos) test.failure = text_of_line(line, level);
  if (test.failure.empty()) test.failure = "it ended with " + std::to_string(status) + " and gave no reason";
  return test;
}

ConfigTest test_config(const Nginx& nginx) {
  const log::Waiting live("waiting for nginx to test its configuration");
  std::vector<std::string> words = words_of(nginx);
  words.insert(words.begin() + 1, "-t");
  const Time start = now();
  const os::Finished finished = run_control(words, longest_test);
  if (finished.timed_out)
    throw Error(Exit::config,
                nginx.program + " -t: did not end within " + std::to_string(longest_test.count()) + " s");
  ConfigTest test = parse_test(finished.errors, finished.status);
  test.took = std::chrono::duration_cast<Millis>(now() - start);
  return test;
}

std::vector<std::string> reload_words(const Nginx& nginx) {
  if (const auto words = unit_command("reload", unit_of(nginx.process)); !words.empty()) return words;
  std::vector<std::string> words = words_of(nginx);
  words.insert(words.end(), {"-s", "reload"});
  return words;
}

std::string reload_command(const Nginx& nginx) {
  std::vector<std::string> words = reload_words(nginx);
  for (std::string& word : words) word = typed_word(word);
  return join(words, " ");
}

void reload(const Nginx& nginx) {
  const std::string command = reload_command(nginx);
  log::verbose("reload: " + command);
  const log::Waiting live("waiting for nginx to reload");
  const os::Finished finished = run_control(reload_words(nginx), longest_reload);
  if (finished.status == 0 && !finished.timed_out) return;
  const ConfigTest said = parse_test(finished.errors, 1);
  throw Error(Exit::not_installed,
              "'" + command + "' " + (finished.timed_out ? "did not end" : "failed") + ": " + said.failure);
}

std::vector<pid_t> workers(const Nginx& nginx) {
  std::vector<pid_t> found = children_of(nginx.process);
  std::erase_if(found, [](pid_t one) { return !is_working(one); });
  return found;
}

void wait_for_end(const std::vector<pid_t>& old_workers, Millis limit) {
  const log::Waiting live("waiting for nginx to apply its configuration");
  const Deadline until(limit);
  while (std::ranges::any_of(old_workers, is_working) && !until.passed()) os::sleep_for(Millis(20));
}

}  // namespace certo::webserver
