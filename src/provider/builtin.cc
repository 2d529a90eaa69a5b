#include "provider/builtin.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/child.h"
#include "os/terminal.h"
#include "provider/child.h"
#include "provider/executable.h"
#include "provider/message.h"

namespace certo::provider {
namespace {

// What libcurl and net/trust.cc look for.
constexpr const char* kEnvironment[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                        "all_proxy",  "ALL_PROXY",   "no_proxy",
                                        "NO_PROXY",   "HTTP_PROXY",  "SSL_CERT_FILE"};

Values connection_environment() {
  Values values;
  for (const char* name : kEnvironment) {
    if (std::string value = os::environment(name); !value.empty()) values[name] = std::move(value);
  }
  return values;
}

void forward_debug(const std::string& name, const std::string& errors) {
  for (const std::string& line : split(errors, '\n')) {
    if (!line.empty()) log::debug(name + ": " + line);
  }
}

/// What a child that ended otherwise than with an outcome died of.
Error failure(const std::string& name, const os::Finished& finished, Millis deadline) {
  if (finished.timed_out) {
    const auto seconds = std::chrono::duration_cast<Seconds>(deadline).count();
    return Error(Exit::unreachable, name + ": did not end within " + spoken_duration(seconds),
                 "the service may be slow now; --deadline gives it more time");
  }
  const std::string hint = "please report it, with the last lines of 'certo -vv …'";
  if (finished.status > 128)
    return Error(Exit::failed, name + ": crashed by signal " + std::to_string(finished.status - 128), hint);
  const std::string line = last_line(finished.errors);
  return Error(Exit::failed, name + ": " + (line.empty() ? "gave no answer" : line), hint);
}

Error failure(const std::string& name, const Outcome& outcome, const Credentials& credentials) {
  const std::string what = name + ": " + (outcome.why.empty() ? "failed without a reason" : outcome.why);
  switch (outcome.status) {
    case CERTO_CONFIG:
      return Error(Exit::config, what,
                   "the settings came from " + credentials.origin + "; 'certo providers " +
                       name.substr(0, name.find('.')) + "' says where they are made");
    case CERTO_NO_ZONE:
      return Error(Exit::failed, what,
                   "it must be a zone of the account whose settings came from " + credentials.origin);
    case CERTO_LATER: return Error(Exit::later, what, "the next run tries again");
    case CERTO_UNREACHABLE: return Error(Exit::unreachable, what, "the next run tries again");
    default: return Error(Exit::failed, what, "-vv shows the requests");
  }
}

}  // namespace

Builtin::Builtin(const certo_provider& provider, const std::string& profile, const Choice& choice)
    : provider_(provider),
      name_(profile.empty() ? provider.name : provider.name + ("." + profile)),
      resolver_(choice.resolver),
      deadline_(choice.deadline) {
  const std::string file = choice.credentials_folder.empty() ? "" : choice.credentials_folder + "/" + name_;
  credentials_ = find_credentials(provider, {choice.credentials, file, service_credentials(name_)});
  if (choice.keep) stored_file_ = file;
}

void Builtin::present(const std::vector<Record>& records) {
  if (records.empty()) return;
  if (const Outcome outcome = change("present", records); outcome.status != CERTO_OK)
    throw failure(name_, outcome, credentials_);
  if (!credentials_.from_environment || stored_file_.empty()) return;
  if (keep_credentials(stored_file_, name_, credentials_.values)) {
    log::say("the settings of " + name_ + " are kept in " + stored_file_ + " for renewal; --no-save says no");
  }
}

void Builtin::cleanup(const std::vector<Record>& records) {
  if (records.empty()) return;
  const Outcome outcome = change("cleanup", records);
  if (outcome.status == CERTO_OK) return;
  if (outcome.status != CERTO_NO_ZONE) throw failure(name_, outcome, credentials_);
  // Where there is no zone there is no record; the other names of the batch have theirs all the same.
  if (records.size() == 1)
    return log::verbose(name_ + ": " + outcome.why + ", so nothing is left to take out");
  for (const Record& record : records) cleanup({record});
}

Outcome Builtin::change(const char* action, const std::vector<Record>& records) const {
  Task task;
  task.provider = provider_.name;
  task.action = action;
  task.records = records;
  task.settings = credentials_.values;
  task.resolver = resolver_;
  task.environment = connection_environment();
  task.deadline = deadline_;
  task.is_loud = log::level() == log::Level::debug;
  os::Command command;
  command.argv = {"certo", kChildWord};
  command.program = os::self_fd();
  command.environment = {"LC_ALL=C"};
  command.input = to_text(task);
  command.deadline = deadline_;
  const os::Finished finished = os::run(command);
  forward_debug(name_, finished.errors);
  if (finished.timed_out || finished.status != 0) throw failure(name_, finished, deadline_);
  return parse_outcome(finished.output, name_ + ": its answer");
}

}  // namespace certo::provider
