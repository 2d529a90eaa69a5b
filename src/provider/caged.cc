#include "provider/caged.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "provider/child.h"
#include "provider/reference.h"
#include "sdk/record_data.h"

namespace certo::provider {
namespace {

/// Nobody else looks at the value before it is at the service.
void check_value(const DnsRecord& record) {
  try {
    if (record.type == "CAA") sdk::parse_caa(record.value);
    if (record.type == "TLSA") sdk::parse_tlsa(record.value);
  } catch (const sdk::Failure& failure) {
    throw Error(Exit::bad_input, record.name + ": " + record.type + ": " + failure.why,
                "for example: CAA 0 issue \"letsencrypt.org\", or TLSA 3 1 1 and 64 hexadecimal digits");
  }
}

void require_type(const Descriptor& descriptor, const std::string& type) {
  if (type == DnsRecord::txt || std::ranges::count(descriptor.types, type) > 0) return;
  std::vector<std::string> known = descriptor.types;
  known.insert(known.begin(), DnsRecord::txt);
  throw Error(Exit::config,
              descriptor.name + ": certo cannot write " + printable(type, 40) + " records there",
              "it can write " + join(known, ", "));
}

/// `shown`: what 'certo providers' knows it by.
Error failure(const std::string& name, const std::string& shown, const Outcome& outcome,
              const Credentials& credentials) {
  const std::string what = name + ": " + (outcome.why.empty() ? "failed without a reason" : outcome.why);
  switch (outcome.status) {
    case CERTO_CONFIG:
      return Error(Exit::config, what,
                   "the settings came from " + credentials.origin + "; 'certo providers " + shown +
                       "' says where they are created");
    case CERTO_NO_ZONE:
      return Error(Exit::failed, what,
                   "it must be in a zone of the account whose settings came from " + credentials.origin);
    case CERTO_LATER: return Error(Exit::later, what, "the next run tries again");
    case CERTO_UNREACHABLE: return Error(Exit::unreachable, what, "the next run tries again");
    default: return Error(Exit::failed, what, "-vv shows the requests");
  }
}

}  // namespace

CagedProvider::CagedProvider(Caged caged, const std::string& account, const Choice& choice)
    : Provider(choice.deadline),
      caged_(std::move(caged)),
      name_(caged_.id + (account.empty() ? "" : "." + account)),
      resolvers_(choice.resolvers),
      zone_(choice.zone) {
  Sources sources;
  sources.given = choice.credentials;
  const bool is_in_cron = choice.surroundings == Surroundings::of_cron;
  sources.environment =
      is_in_cron ? Environment::of_cron() : Environment(caged_.found_by, caged_.id, choice.environment);
  sources.state_folder = choice.state_folder;
  sources.subject = name_;
  if (caged_.found_by != FoundBy::path && !is_in_cron) sources.service_file = service_credentials(name_);
  if (!choice.credentials_folder.empty())
    sources.stored_file = choice.credentials_folder + "/" + file_name_of(name_);
  credentials_ = find_credentials(caged_.descriptor, sources);
  contents_ = contents(caged_.descriptor, credentials_.values, choice.state_folder);
  if (choice.keep) stored_file_ = sources.stored_file;
}

void CagedProvider::present(const std::vector<DnsRecord>& records) {
  if (records.empty()) return;
  if (const Outcome outcome = started_change(records); outcome.status != CERTO_OK) {
    const Error error = failure(name_, caged_.id, outcome, credentials_);
    if (outcome.untouched) throw Untouched(error);
    throw error;
  }
  if (credentials_.from_environment && !stored_file_.empty())
    store_for_renewal(stored_file_, name_, credentials_.values);
}

void CagedProvider::cleanup(const std::vector<DnsRecord>& records) {
  if (records.empty()) return;
  const Outcome outcome = change(Action::cleanup, records);
  if (outcome.status == CERTO_OK) return;
  if (outcome.status != CERTO_NO_ZONE) throw failure(name_, caged_.id, outcome, credentials_);
  // Without a zone there is no record; the other names of the batch may have a zone.
  if (records.size() == 1)
    return log::verbose(name_ + ": " + outcome.why + ", so there is nothing to remove");
  for (const DnsRecord& record : records) cleanup({record});
}

/// Throws Untouched if the child cannot be started.
Outcome CagedProvider::started_change(const std::vector<DnsRecord>& records) const {
  try {
    return change(Action::present, records);
  } catch (const Error& error) {
    if (error.code == Exit::config) throw Untouched(error);
    throw;
  }
}

/// One call for each type.
Outcome CagedProvider::change(Action action, const std::vector<DnsRecord>& records) const {
  std::map<std::string, std::vector<DnsRecord>> by_type;
  for (const DnsRecord& record : records) {
    check_value(record);
    by_type[record.type].push_back(record);
  }
  for (const auto& [type, of_type] : by_type) require_type(caged_.descriptor, type);
  Outcome outcome;
  for (const auto& [type, of_type] : by_type) {
    outcome = change_of_type(action, of_type);
    if (outcome.status != CERTO_OK) {
      outcome.untouched = outcome.untouched && &of_type == &by_type.begin()->second;
      return outcome;
    }
  }
  return outcome;
}

Outcome CagedProvider::change_of_type(Action action, const std::vector<DnsRecord>& records) const {
  Task task;
  task.provider = caged_.descriptor.name;
  task.plugin = caged_.plugin;
  task.recipe = caged_.recipe;
  task.action = action;
  for (const DnsRecord& record : records) task.records.push_back({record});
  task.settings = contents_;
  if (!zone_.empty()) task.settings[own_name(task.provider, "ZONE")] = zone_;
  task.resolvers = resolvers_;
  task.deadline = deadline_;
  return run_task(task, name_);
}

}  // namespace certo::provider
