#include "webserver/apache_control.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "crypto/key.h"
#include "os/file.h"
#include "os/ports.h"
#include "os/program.h"
#include "os/signals.h"
#include "webserver/apache_file.h"
#include "webserver/presented.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

/// "[Mon Nov 30 15:00:00.1 2026] [core:warn] [pid 1:tid 2] AH00117: text" without what stands before the
/// text.
std::string_view text_of_line(std::string_view line) {
  while (line.starts_with('[')) {
    const size_t end = line.find("] ");
    if (end == line.npos) break;
    line.remove_prefix(end + 2);
  }
  return trim(line);
}

bool is_of_level(std::string_view line, std::string_view level) {
  return line.starts_with('[') && line.find(level) != line.npos;
}

/// That Apache guesses its own name is not a matter of the configuration's edits.
bool says_nothing(std::string_view line) {
  return line.empty() || line == "Syntax OK" || line.starts_with("AH00558");
}

/// The names in ${NAME} of all files.
std::set<std::string> names_of_variables(const Apache& apache) {
  std::set<std::string> names;
  for (const ApacheInclude& one : apache.dump.includes) {
    const std::string text = os::read_file_if(one.path, apache_file_limit).value_or("");
    with_variables(text, [&](std::string_view name) -> std::optional<std::string> {
      names.emplace(name);
      return {};
    });
  }
  return names;
}

/// Its environment, as far as another call of the program needs it. The command is stored, and others may see
/// its words while it runs, so only paths and what Debian's envvars sets are in it.
std::vector<std::string> needed_environment(const Apache& apache) {
  std::set<std::string> names = names_of_variables(apache);
  names.insert("LD_LIBRARY_PATH");
  std::vector<std::string> needed;
  for (const std::string& one : apache.environment) {
    const size_t equals = one.find('=');
    const std::string name = one.substr(0, equals);
    if (!names.contains(name)) continue;
    if (name.starts_with("APACHE_") || one.substr(equals + 1).starts_with('/'))
      needed.push_back(one);
    else
      log::warn("the command that reloads Apache is without the variable " + name +
                ", whose value may be a secret; let a service manager run Apache");
  }
  return needed;
}

std::vector<std::string> words_for(const Apache& apache, const char* signal) {
  std::vector<std::string> words = {apache.program};
  words.insert(words.end(), apache.options.begin(), apache.options.end());
  words.insert(words.end(), {"-k", signal});
  return words;
}

/// Throws Error{not_installed}.
void require_done(const os::Finished& finished, const std::string& command) {
  if (finished.status == 0 && !finished.timed_out) return;
  throw Error(Exit::not_installed, "'" + command + "' " + (finished.timed_out ? "did not end" : "failed") +
                                       ": " + parse_apache_test(finished.errors, 1).failure);
}

/// Nothing if both belong together, or if certo cannot read them: a key can have a passphrase.
bool is_broken_pair(const ApachePair& pair) {
  try {
    const NamedCertificate named = read_certificate(pair.certificate, pair.key);
    if (!named.leaf || pair.key.empty()) return false;
    return crypto::PrivateKey::from_pem(os::read_file(pair.key), pair.key).public_key().spki !=
           named.leaf->spki;
  } catch (const Error& error) {
    log::verbose(error.message);
    return false;
  }
}

bool is_running(const Apache& apache) {
  return apache.process != 0 && trust_in(apache.process) != Trust::ended;
}

/// A main process in the foreground would keep certo waiting.
Apache in_background(Apache apache) {
  for (size_t i = 0; i + 1 < apache.options.size(); ++i)
    if (apache.options[i] == "-D" && apache.options[i + 1] == "FOREGROUND") {
      const auto at = apache.options.begin() + static_cast<ptrdiff_t>(i);
      apache.options.erase(at, at + 2);
      break;
    }
  return apache;
}

}  // namespace

ConfigTest parse_apache_test(std::string_view output, int status) {
  ConfigTest test;
  std::vector<std::string> failures;
  for (const std::string& line : split(output, '\n')) {
    const std::string one = printable(text_of_line(trim(line)), 400);
    if (says_nothing(one)) continue;
    if (status == 0 || is_of_level(line, ":warn]"))
      test.warnings.insert(one);
    else if (!is_of_level(line, ":notice]"))
      failures.push_back(one);
  }
  if (status == 0) return test;
  test.failure = failures.empty() ? "it ended with " + std::to_string(status) + " and gave no reason"
                                  : printable(join(failures, " "), 800);
  return test;
}

std::string why_it_would_end(const ApacheConfig& config) {
  const pid_t process = config.apache().process;
  for (const Address& one : config.listens()) {
    const auto literal = reachable(one);
    if (!literal) continue;
    const std::string address = one.text.starts_with('*') ? "" : literal->first;
    if (os::listens(process, address, one.port)) continue;
    const std::vector<std::string> holders = os::who_listens(address, one.port);
    if (!holders.empty())
      return holders.front() + " listens on " + one.text + ", so Apache would end at its next reload";
  }
  for (const ApacheHost& host : config.hosts())
    for (const ApachePair& pair : host.certificates)
      if (is_broken_pair(pair))
        return text(host.place) + ": the key " + pair.key + " does not belong to the certificate " +
               pair.certificate + ", so Apache would end at its next reload";
  return {};
}

ConfigTest test_config(const Apache& apache) {
  const log::Waiting live("waiting for Apache to test its configuration");
  const Time start = now();
  const os::Finished finished = call_apache(apache, {"-t"}, longest_test);
  if (finished.timed_out)
    throw Error(Exit::config,
                apache.program + " -t: did not end within " + std::to_string(longest_test.count()) + " s");
  ConfigTest test = parse_apache_test(finished.errors, finished.status);
  test.took = std::chrono::duration_cast<Millis>(now() - start);
  return test;
}

std::string reload_command(const Apache& apache) {
  std::string guard;
  std::vector<std::string> words = unit_command("reload", unit_of(apache.process));
  if (words.empty()) {
    words = words_for(apache, "graceful");
    if (const std::vector<std::string> needed = needed_environment(apache); !needed.empty()) {
      words.insert(words.begin(), needed.begin(), needed.end());
      words.insert(words.begin(), "env");
    }
    // 'httpd -k graceful' would start it.
    if (apache.dump.pid_file.starts_with('/'))
      guard = "kill -0 $(cat " + typed_word(apache.dump.pid_file) + ") && ";
  }
  for (std::string& word : words) word = typed_word(word);
  return guard + join(words, " ");
}

void reload(const Apache& apache) {
  // 'httpd -k graceful' would start it.
  if (!is_running(apache))
    throw Error(Exit::not_installed, apache.config() + ": Apache does not run any more");
  const log::Waiting live("waiting for Apache to reload");
  if (const auto words = unit_command("reload", unit_of(apache.process)); !words.empty()) {
    log::verbose("reload: " + join(words, " "));
    return require_done(run_control(words, longest_reload), join(words, " "));
  }
  const std::string command = join(words_for(apache, "graceful"), " ");
  log::verbose("reload: " + command);
  require_done(call_apache(apache, {"-k", "graceful"}, longest_reload), command);
}

std::string reload_and_watch(const Apache& apache, Millis limit) {
  const std::vector<pid_t> before = children_of(apache.process);
  reload(apache);
  const log::Waiting live("waiting for Apache to apply its configuration");
  const auto is_new = [&](pid_t one) { return std::ranges::find(before, one) == before.end(); };
  for (const Deadline until(limit); !until.passed(); os::sleep_for(Millis(20))) {
    if (!is_running(apache)) return "Apache does not run any more";
    if (std::ranges::any_of(children_of(apache.process), is_new)) return {};
  }
  return "Apache has not applied its configuration";
}

void reload_or_start(const Apache& apache, const std::string& unit) {
  if (is_running(apache)) return reload(apache);
  log::say("starting Apache again with the files as they were");
  if (const auto words = unit_command("restart", unit); !words.empty())
    return require_done(run_control(words, longest_reload), join(words, " "));
  const Apache again = in_background(apache);
  require_done(call_apache(again, {"-k", "start"}, longest_reload), join(words_for(again, "start"), " "));
}

}  // namespace certo::webserver
