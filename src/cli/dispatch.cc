#include "cli/dispatch.h"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "acmesh/acmesh.h"
#include "acmesh/table.h"
#include "base/error.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/log_options.h"
#include "cli/table.h"
#include "clients/translate.h"
#include "commands/commands.h"
#include "commands/programs.h"
#include "commands/web_edits.h"
#include "console/args.h"
#include "console/defaults.h"
#include "console/layout.h"
#include "console/option_sets.h"
#include "console/outcome.h"
#include "console/output.h"
#include "net/url.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "store/way.h"

namespace certo::cli {

using namespace console;

namespace {

/// The first word that looks like one of these and is none; acme.sh's commands look like that.
std::optional<std::string> misspelt(const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    const std::string flag = word.substr(0, word.find('='));
    const auto is_it = [&](const Option& one) { return long_flag(one) == flag || short_flag(one) == flag; };
    const auto has_it = [&](const OptionSet& set) { return std::ranges::any_of(set.options, is_it); };
    if (word.starts_with("--") && std::ranges::none_of(leading_sets(), has_it)) return flag;
  }
  return std::nullopt;
}

Error no_command(const std::string& word) {
  if (word == "--config") return Error(Exit::usage, "there is no option --config", config_hint);
  std::vector<std::string> known;
  for (const acmesh::Verb& verb : acmesh::verbs())
    for (const std::string_view spelling : console::spellings(verb.flags)) known.emplace_back(spelling);
  return Error(Exit::usage, "there is no command '" + word + "'",
               did_you_mean(word, known).value_or("'certo help' lists the commands"));
}

/// The programs that run other clients' hooks: of this installation, or where most are.
std::string adapters() {
  const std::string parent = os::folder_of(os::folder_of(os::self_path()));
  for (const char* folder : {"/share/certo/hooks/adapters", "/hooks/adapters"})
    if (os::exists(parent + folder)) return parent + folder;
  return "/usr/local/share/certo/hooks/adapters";
}

/// Throws certo's line for a line of certbot, lego, dehydrated or uacme.
void answer_other_client(const std::vector<std::string>& arguments) {
  const std::vector<std::string> turned = command_first(arguments);
  const Command* const command = turned.empty() ? nullptr : find_command(turned[0]);
  const auto is_ours = [&](const std::string& word) {
    if (!word.starts_with('-')) return find_command(word) != nullptr;
    if (!command) return false;
    return std::ranges::any_of(option_sets(*command), [&](const OptionSet& set) {
      return std::ranges::any_of(
          set.options, [&](const Option& one) { return long_flag(one) == word || short_flag(one) == word; });
    });
  };
  const auto translation = clients::translate(arguments, is_ours, adapters());
  if (!translation) return;
  if (!translation->line.empty())
    for (const std::string& note : translation->notes) log::warn(note);
  throw clients::answer(*translation);
}

/// Nothing but options: --version and --help mean the commands of that name.
Exit run_without_command(const std::vector<std::string>& options) {
  const auto given = [&](const char* flag) { return std::ranges::find(options, flag) != options.end(); };
  if (given("--version") || given("-V")) return dispatch({"version"});
  if (given("--help") || given("-h")) return dispatch({"help"});
  answer_other_client(options);
  if (const auto word = misspelt(options)) throw no_command(*word);
  os::write_all(STDERR_FILENO, overview(), "standard error");
  return Exit::usage;
}

/// certo --nginx -d example.com, and --apache: a method without a command, as certbot's users type it.
/// acme.sh's commands count, but for --install, which names the server here.
bool means_issue(const std::vector<std::string>& arguments) {
  const std::vector<std::string> turned = command_first(arguments);
  const auto is_command_of_acmesh = [](const std::string& word) {
    return word != flag::install_into.name() && acmesh::find_verb(word);
  };
  const bool has_command = !turned.empty() && find_command(turned[0]);
  const auto is_server = [](const std::string& word) { return word == "--nginx" || word == "--apache"; };
  return !has_command && std::ranges::any_of(arguments, is_server) &&
         std::ranges::none_of(arguments, is_command_of_acmesh);
}

std::vector<std::string> with_issue(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), commands::issue_command.name);
  return arguments;
}

/// The first line of a kind, or "".
std::string first_line(const std::vector<log::Line>& lines, const char* kind) {
  const auto found = std::ranges::find(lines, kind, &log::Line::kind);
  return found == lines.end() ? "" : found->text;
}

/// A command that failed without an Error has said why.
Exit run_for_programs(const Args& args, const Outcome& outcome, const std::function<Exit()>& act) {
  log::keep_lines();
  const Exit code = act();
  const bool is_data_elsewhere = args.has(flag::output);
  if (is_data_elsewhere) return code;
  const std::vector<log::Line> lines = log::kept_lines();
  outcome.end(code, {code, first_line(lines, "error"), first_line(lines, "hint")});
  return code;
}

Exit run(const Command& command, Args& args, const Outcome& outcome,
         const std::vector<std::string>& arguments) {
  if (args.has(flag::help)) {
    print(help_text(command, args.has(flag::all) ? Extent::all : Extent::brief));
    return Exit::ok;
  }
  const std::vector<std::string> warnings = add_defaults(args, command, shared_sets());
  log::open(log_level(args), log_sinks(args));
  for (const std::string& line : warnings) log::warn(line);
  if (args.has(flag::allow_http_loopback)) net::allow_http_loopback();
  if (commands::complete_exchange(os::self_path())) os::execute_self(arguments);
  const auto act = [&] { return args.subcommand() ? args.subcommand()->run(args) : command.run(args); };
  return args.has(flag::json) ? run_for_programs(args, outcome, act) : act();
}

Exit dispatch_own(const std::vector<std::string>& arguments) {
  const auto is_command = [](const std::string& word) { return find_command(word) != nullptr; };
  if (means_issue(arguments)) return dispatch_own(with_issue(arguments));
  if (acmesh::is_acmesh(arguments, is_command)) return acmesh::run_acmesh(arguments, dispatch_own);
  const std::vector<std::string> turned = command_first(arguments);
  if (turned.empty()) return run_without_command(arguments);
  if (const auto word = misspelt(arguments);
      word && !find_command(turned[0]) && arguments[0].starts_with(*word))
    throw no_command(*word);
  const Command& command = command_named(turned[0]);
  bool for_programs = std::ranges::find(turned, flag::json.name()) != turned.end();
  const Outcome outcome(command.name);
  try {
    Args args = parse(command, {turned.begin() + 1, turned.end()});
    for_programs = args.has(flag::json);
    try {
      return run(command, args, outcome, arguments);
    } catch (...) {
      for_programs = args.has(flag::json);  // a variable or certo.conf may say so
      throw;
    }
  } catch (Error& error) {
    if (error.code == Exit::usage && error.hint.empty()) {
      error.hint = std::string("see: certo ") + command.name + " --help";
    }
    if (for_programs) outcome.end(error.code, failure_of(error));
    throw;
  } catch (const Interrupted& interrupted) {
    const auto code = static_cast<Exit>(static_cast<int>(Exit::interrupted) + interrupted.signal);
    if (for_programs) outcome.end(code, {code, interrupted.what()});
    throw;
  }
}

}  // namespace

Exit dispatch(const std::vector<std::string>& arguments) {
  try {
    return dispatch_own(arguments);
  } catch (const Error& error) {
    // certbot's line may be one of certo's by now, with another fault.
    if (error.code == Exit::usage)
      answer_other_client(means_issue(arguments) ? with_issue(arguments) : arguments);
    throw;
  }
}

}  // namespace certo::cli
