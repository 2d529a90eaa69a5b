#include "webserver/apache_running.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/terminal.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

constexpr Seconds longest_answer{60};
constexpr size_t dump_limit = size_t{32} << 20;  // bytes that Apache may say of its configuration

bool is_name_of_apache(const std::string& name) {
  constexpr std::string_view names[] = {"apache2", "httpd", "httpd.worker", "httpd.event", "httpd2"};
  return std::ranges::find(names, name) != std::end(names);
}

/// The options of AP_SERVER_BASEARGS in httpd.h that take a value.
bool takes_value(char letter) { return std::string_view("DCcdfekR").find(letter) != std::string_view::npos; }

/// Takes one option. False if such a call ends soon.
bool take_apache_option(ApacheWords& words, char letter, const std::string& value) {
  switch (letter) {
    case 'D':
    case 'C':
    case 'c':
      words.options.push_back(std::string("-") + letter);
      words.options.push_back(value);
      return true;
    case 'd': words.root = value; return true;
    case 'f': words.config = value; return true;
    case 'k': return value == "start" || value == "restart" || value == "graceful";  // if it did not run
    case 'e':
    case 'E':
    case 'R':
    case 'X': return true;
    default: return false;  // -t, -T, -S, -M, -v, -V, -l, -L, -h
  }
}

// ---- what Apache says ----

/// The environment that Apache was started with: Debian's apachectl reads it from a file. Nothing if this
/// user may not see it.
std::vector<std::string> environment_of(pid_t process) {
  std::vector<std::string> all = split(text_of_process(process, "environ"), '\0');
  std::erase_if(all, [](const std::string& one) { return one.find('=') == one.npos; });
  return all;
}

/// The lines of Apache's errors that are not warnings, in one.
std::string reason_in(const std::string& errors) {
  std::vector<std::string> lines;
  for (const std::string& line : split(errors, '\n'))
    if (const std::string_view one = trim(line); !one.empty() && one.find("AH00558") == one.npos)
      lines.emplace_back(one);
  return printable(join(lines, "; "));
}

std::string version_of(const Apache& apache) {
  constexpr std::string_view title = "Server version: ";
  const os::Finished finished = call_apache(apache, {"-v"}, longest_answer);
  const size_t at = finished.output.find(title);
  if (finished.status != 0 || at == std::string::npos)
    throw Error(Exit::config, apache.program + " -v: does not answer as Apache does",
                finished.errors.empty() ? "" : "it says: " + reason_in(finished.errors));
  const std::string rest = finished.output.substr(at + title.size());
  return rest.substr(0, rest.find_first_of(" \n"));
}

/// Completes what Apache itself knows.
void ask(Apache& apache) {
  apache.version = version_of(apache);
  std::vector<std::string> words = {"-t"};
  for (const char* what : {"DUMP_VHOSTS", "DUMP_INCLUDES", "DUMP_MODULES", "DUMP_RUN_CFG"})
    words.insert(words.end(), {"-D", what});
  const os::Finished finished = call_apache(apache, words, longest_answer);
  const std::string what = apache.program + " " + join(apache.options, " ");
  if (finished.timed_out)
    throw Error(Exit::config, std::string(trim(what)) + ": did not read its configuration in a minute");
  if (finished.truncated)
    throw Error(Exit::bad_input, std::string(trim(what)) + ": says more than " +
                                     std::to_string(dump_limit >> 20) + " MiB of its configuration");
  if (finished.status != 0)
    throw Error(Exit::config, "Apache does not accept its configuration: " + reason_in(finished.errors),
                "'" + std::string(trim(what)) + " -t' says the same");
  apache.dump = parse_apache_dump(finished.output);
}

// ---- processes ----

struct ApacheSearch {
  std::vector<Apache> found;  // one for each main file
  std::vector<pid_t> contained, foreign;
};

void add_words(Apache& apache, const ApacheWords& words) {
  apache.options = words.options;
  if (!words.root.empty()) apache.options.insert(apache.options.end(), {"-d", words.root});
  if (!words.config.empty()) apache.options.insert(apache.options.end(), {"-f", words.config});
}

void add_process(ApacheSearch& search, pid_t process, const ApacheWords& words) {
  switch (trust_in(process)) {
    case Trust::ended: return;
    case Trust::foreign: search.foreign.push_back(process); return;
    case Trust::contained: search.contained.push_back(process); return;
    case Trust::obeyed: break;
  }
  Apache apache;
  apache.process = process;
  apache.program = program_of(process, words.program);
  if (!is_name_of_apache(os::name_of(apache.program))) return;
  apache.folder = working_folder_of(process);
  apache.environment = environment_of(process);
  apache.is_root = is_of_root(process);
  add_words(apache, words);
  search.found.push_back(std::move(apache));
}

std::optional<ApacheWords> words_of(pid_t process) { return parse_apache_words(command_line_of(process)); }

ApacheSearch find_apache() {
  ApacheSearch search;
  for (const std::string& name : os::list_folder("/proc")) {
    const auto process = number(name, 1, INT32_MAX);
    if (!process) continue;
    const auto words = words_of(static_cast<pid_t>(*process));
    if (!words) continue;
    // Its children have the same command line.
    const pid_t parent = parent_of(static_cast<pid_t>(*process));
    if (parent != 0 && words_of(parent)) continue;
    add_process(search, static_cast<pid_t>(*process), *words);
  }
  return search;
}

/// On PATH: the script that prepares the environment, or the program.
std::optional<Apache> installed_apache() {
  for (const char* name : {"apachectl", "apache2ctl", "httpd", "apache2"}) {
    const auto program = os::find_program(name);
    if (!program) continue;
    Apache apache;
    apache.program = *program;
    apache.is_root = os::is_root();
    return apache;
  }
  return {};
}

/// False if its command line names another main file.
bool may_have(const Apache& apache, const std::string& config) {
  const auto flag = std::ranges::find(apache.options, "-f");
  if (config.empty() || flag == apache.options.end() || flag + 1 == apache.options.end()) return true;
  return !(flag + 1)->starts_with('/') || *(flag + 1) == config;
}

/// Those that answer: all, or the one with this main file. The first error if there is none: what does not
/// answer does not say the name of its main file either.
std::vector<Apache> asked(std::vector<Apache> all, const std::string& config) {
  std::vector<Apache> answered;
  std::optional<Error> first;
  for (Apache& apache : all) {
    if (!may_have(apache, config)) continue;
    try {
      ask(apache);
    } catch (const Error& error) {
      if (!first) first = error;
      if (all.size() > 1 && config.empty())
        log::warn("process " + std::to_string(apache.process) + " is left out: " + error.message);
      continue;
    }
    if ((config.empty() || apache.config() == config) &&
        std::ranges::find(answered, apache.config(), &Apache::config) == answered.end())
      answered.push_back(std::move(apache));
  }
  if (answered.empty() && first) throw Error(*first);
  return answered;
}

}  // namespace

std::optional<ApacheWords> parse_apache_words(std::string_view text) {
  while (text.ends_with('\0')) text.remove_suffix(1);
  const std::vector<std::string> all = split(text, '\0');
  ApacheWords words;
  if (!all.empty()) words.program = all.front();
  if (!is_name_of_apache(os::name_of(words.program))) return {};
  for (size_t at = 1; at < all.size(); ++at) {
    const std::string& word = all[at];
    if (word.size() < 2 || word[0] != '-') return {};
    for (size_t letter = 1; letter < word.size(); ++letter) {
      std::string value;
      const bool has_value = takes_value(word[letter]);
      if (has_value && letter + 1 < word.size())
        value = word.substr(letter + 1);
      else if (has_value && at + 1 < all.size())
        value = all[++at];
      if (!take_apache_option(words, word[letter], value)) return {};
      if (has_value) break;
    }
  }
  return words;
}

os::Finished call_apache(const Apache& apache, const std::vector<std::string>& words, Millis limit) {
  os::Command command;
  command.path = os::trusted_program(apache.program);
  command.argv = {apache.program};
  command.argv.insert(command.argv.end(), apache.options.begin(), apache.options.end());
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.environment = apache.environment.empty() ? os::clean_environment() : apache.environment;
  command.folder = apache.folder;
  command.deadline = limit;
  command.output_limit = dump_limit;
  return os::run(command);
}

Apache asked_again(Apache apache) {
  ask(apache);
  return apache;
}

std::vector<Apache> wanted_apache(const std::string& config) {
  ApacheSearch search = find_apache();
  if (!search.found.empty())
    for (const pid_t process : search.contained)
      log::say("Apache (process " + std::to_string(process) +
               ") runs in a container or chroot, and is not shown");
  if (search.found.empty()) {
    if (const auto error = out_of_reach("Apache", search.contained, search.foreign)) throw Error(*error);
    auto installed = installed_apache();
    if (!installed)
      throw Error(Exit::config, "Apache does not run here, and there is no apachectl on PATH",
                  "start it, then run the same command again");
    search.found.push_back(std::move(*installed));
  }
  std::vector<Apache> all = asked(std::move(search.found), config);
  if (all.empty())
    throw Error(Exit::config, config + ": no Apache runs with this main file",
                "'certo webserver apache' shows those that run");
  return all;
}

std::vector<Apache> known_apaches() {
  std::vector<Apache> all = find_apache().found;
  if (all.empty())
    if (auto installed = installed_apache()) all.push_back(std::move(*installed));
  std::erase_if(all, [](Apache& apache) {
    try {
      ask(apache);
      return false;
    } catch (const Error& error) {
      log::verbose(error.message);
      return true;
    }
  });
  return all;
}

const Apache& only_one(const std::vector<Apache>& servers) {
  if (servers.size() == 1) return servers.front();
  std::vector<std::string> files;
  for (const Apache& one : servers) files.push_back(one.config());
  throw Error(Exit::usage, "several Apaches run here: " + join(files, ", "),
              "choose one with --apache-conf FILE");
}

Apache running_apache(const std::string& config) {
  ApacheSearch search = find_apache();
  if (search.found.empty()) {
    if (const auto error = out_of_reach("Apache", search.contained, search.foreign)) throw Error(*error);
    throw Error(Exit::config, "no Apache runs here, and certo does not start one",
                "start Apache, then run the same command again");
  }
  std::vector<Apache> all = asked(std::move(search.found), config);
  if (all.empty())
    throw Error(Exit::config, config + ": no Apache runs with this main file, and certo does not start one",
                "'certo webserver apache' shows those that run");
  Apache apache = only_one(all);
  if (apache.is_root && !os::is_root())
    throw Error(Exit::not_permitted,
                "root's Apache (process " + std::to_string(apache.process) + ") reads " + apache.config() +
                    ", which this user cannot change",
                "run certo as root, for example with sudo");
  return apache;
}

Apache apache_with(const std::string& config) {
  std::optional<Apache> other;
  for (Apache& one : find_apache().found) {
    if (!may_have(one, config)) continue;
    try {
      ask(one);
      if (one.config() == config) return std::move(one);
    } catch (const Error& error) {
      log::verbose(error.message);
      other = std::move(one);
    }
  }
  // If Apache does not accept its configuration, it does not say the name of its main file.
  if (!other) {
    other = installed_apache().value_or(Apache{});
    other->options = {"-f", config};
  }
  other->dump.includes = {{.path = config, .line = 0, .parent = -1}};
  return std::move(*other);
}

}  // namespace certo::webserver
