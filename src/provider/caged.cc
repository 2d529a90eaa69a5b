#include "provider/caged.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "provider/child.h"

namespace certo::provider {
namespace {

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

CagedProvider::CagedProvider(Caged caged, const std::string& profile, const Choice& choice)
    : caged_(std::move(caged)),
      name_(caged_.descriptor.name + (profile.empty() ? "" : "." + profile)),
      resolver_(choice.resolver),
      zone_(choice.zone),
      deadline_(choice.deadline) {
  const std::string file = choice.credentials_folder.empty() ? "" : choice.credentials_folder + "/" + name_;
  credentials_ = find_credentials(caged_.descriptor, {choice.credentials, file, service_credentials(name_)});
  if (choice.keep) stored_file_ = file;
}

void CagedProvider::present(const std::vector<DnsRecord>& records) {
  if (records.empty()) return;
  if (const Outcome outcome = change(Action::present, records); outcome.status != CERTO_OK) {
    const Error error = failure(name_, outcome, credentials_);
    if (outcome.untouched) throw Untouched(error);
    throw error;
  }
  if (!credentials_.from_environment || stored_file_.empty()) return;
  if (keep_credentials(stored_file_, name_, credentials_.values)) {
    log::say("the settings of " + name_ + " are kept in " + stored_file_ + " for renewal; --no-save says no");
  }
}

void CagedProvider::cleanup(const std::vector<DnsRecord>& records) {
  if (records.empty()) return;
  const Outcome outcome = change(Action::cleanup, records);
  if (outcome.status == CERTO_OK) return;
  if (outcome.status != CERTO_NO_ZONE) throw failure(name_, outcome, credentials_);
  // Where there is no zone there is no record; the other names of the batch have theirs all the same.
  if (records.size() == 1)
    return log::verbose(name_ + ": " + outcome.why + ", so nothing is left to take out");
  for (const DnsRecord& record : records) cleanup({record});
}

Outcome CagedProvider::change(Action action, const std::vector<DnsRecord>& records) const {
  Task task;
  task.provider = caged_.descriptor.name;
  task.plugin = caged_.plugin;
  task.recipe = caged_.recipe;
  task.action = action;
  for (const DnsRecord& record : records) task.records.push_back({record});
  task.settings = contents(caged_.descriptor, credentials_.values);
  if (!zone_.empty()) task.settings[own_name(task.provider, "ZONE")] = zone_;
  task.resolver = resolver_;
  task.deadline = deadline_;
  return run_task(task, name_);
}

}  // namespace certo::provider
