#include "webserver/nginx_running.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/terminal.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

// ---- command lines ----

constexpr std::string_view master_title = ": master process ";

bool is_option(std::string_view word) {
  constexpr std::string_view letters = "?hvVtTqspceg";
  return word.size() >= 2 && word[0] == '-' && letters.find(word[1]) != letters.npos;
}

void take_option(NginxWords& words, char letter, const std::string& value) {
  switch (letter) {
    case 'p': words.prefix = value; break;
    case 'c': words.config = value; break;
    case 'g': words.globals = value; break;
    case 'e':
    case 'q': break;
    default: words.is_brief = true;
  }
}

/// A value reaches up to the next option, because the blanks of a title may be those of a value.
NginxWords options_of(const std::vector<std::string>& all) {
  NginxWords words;
  if (!all.empty()) words.program = all.front();
  for (size_t at = 1; at < all.size(); ++at) {
    if (!is_option(all[at])) continue;
    const char letter = all[at][1];
    std::vector<std::string> value;
    if (all[at].size() > 2) value.push_back(all[at].substr(2));
    const bool takes_value =
        letter == 'p' || letter == 'c' || letter == 'e' || letter == 'g' || letter == 's';
    while (takes_value && at + 1 < all.size() && !is_option(all[at + 1])) value.push_back(all[++at]);
    take_option(words, letter, join(value, " "));
  }
  return words;
}

bool is_name_of_nginx(const std::string& name) {
  constexpr std::string_view names[] = {"nginx", "nginx-debug", "openresty", "angie", "tengine", "freenginx"};
  return std::ranges::find(names, name) != std::end(names);
}

// ---- processes ----

/// The main file as ngx_process_options finds it.
std::string main_file(const NginxWords& words, const NginxBuild& build, const std::string& working_folder) {
  const std::string prefix = absolute_to(working_folder, words.prefix.empty() ? build.prefix : words.prefix);
  return absolute_to(prefix, words.config.empty() ? build.config : words.config);
}

void add_master(Search& search, pid_t process, const NginxWords& words) {
  switch (trust_in(process)) {
    case Trust::ended: return;
    case Trust::foreign: search.foreign.push_back(process); return;
    case Trust::contained: search.contained.push_back(process); return;
    case Trust::obeyed: break;
  }
  Nginx nginx{.process = process,
              .program = program_of(process, words.program),
              .config = {},
              .prefix = {},
              .globals = words.globals,
              .build = {},
              .is_root = is_of_root(process)};
  if (!is_name_of_nginx(os::name_of(nginx.program))) return;
  try {
    nginx.build = ask_build(nginx.program);
  } catch (const Error& error) {
    log::warn("process " + std::to_string(process) + " is left out: " + error.message);
    return;
  }
  const std::string working_folder = working_folder_of(process);
  if (!words.prefix.empty()) nginx.prefix = absolute_to(working_folder, words.prefix);
  nginx.config = main_file(words, nginx.build, working_folder);
  // During an upgrade of the program there are two masters.
  if (std::ranges::find(search.found, nginx.config, &Nginx::config) == search.found.end())
    search.found.push_back(std::move(nginx));
}

}  // namespace

std::optional<NginxWords> parse_command_line(std::string_view text) {
  while (text.ends_with('\0')) text.remove_suffix(1);
  const size_t title = text.find(master_title);
  if (title != text.npos && is_name_of_nginx(std::string(text.substr(0, title)))) {
    std::vector<std::string> words = split(text.substr(title + master_title.size()), ' ');
    std::erase(words, "");
    return options_of(words);
  }
  // A process without a master does not change its title.
  const NginxWords words = options_of(split(text, '\0'));
  if (!is_name_of_nginx(os::name_of(words.program)) || words.is_brief) return {};
  return words;
}

NginxBuild parse_build(std::string_view output) {
  constexpr std::string_view version = "nginx version: ", arguments = "configure arguments: ";
  NginxBuild build;
  for (const std::string& line : split(output, '\n')) {
    if (line.starts_with(version)) build.version = std::string(trim(line.substr(version.size())));
    if (!line.starts_with(arguments)) continue;
    for (const std::string& word : split(line, ' ')) {
      if (word.starts_with("--prefix=")) build.prefix = word.substr(9);
      if (word.starts_with("--conf-path=")) build.config = word.substr(12);
      build.has_tls = build.has_tls || word == "--with-http_ssl_module";
      build.has_http2 = build.has_http2 || word == "--with-http_v2_module";
    }
  }
  if (const size_t blank = build.version.find(' '); blank != std::string::npos) build.version.resize(blank);
  return build;
}

NginxBuild ask_build(const std::string& program) {
  os::Command command;
  command.path = os::trusted_program(program);
  command.argv = {program, "-V"};
  command.environment = os::clean_environment();
  // Some have libraries in a folder of their own.
  if (const std::string folders = os::environment("LD_LIBRARY_PATH"); !folders.empty())
    command.environment.push_back("LD_LIBRARY_PATH=" + folders);
  command.deadline = Seconds(10);
  const os::Finished finished = os::run(command);
  NginxBuild build = parse_build(finished.errors + "\n" + finished.output);
  if (finished.status != 0 || build.version.empty())
    throw Error(Exit::config, program + " -V: does not answer as nginx does",
                trim(finished.errors).empty() ? "" : "it says: " + std::string(trim(finished.errors)));
  return build;
}

Search find_nginx() {
  Search search;
  for (const std::string& name : os::list_folder("/proc")) {
    const auto process = number(name, 1, INT32_MAX);
    if (!process) continue;
    try {
      const auto words = parse_command_line(command_line_of(static_cast<pid_t>(*process)));
      if (words) add_master(search, static_cast<pid_t>(*process), *words);
    } catch (const Error& error) {
      log::debug(error.message);  // it has ended
    }
  }
  return search;
}

std::optional<Nginx> installed_nginx() {
  const auto program = os::find_program("nginx");
  if (!program) return {};
  Nginx nginx;
  nginx.program = *program;
  nginx.build = ask_build(*program);
  nginx.config = main_file({}, nginx.build, "/");
  return nginx;
}

}  // namespace certo::webserver
