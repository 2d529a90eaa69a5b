// The reports of issue, renew and cron: one line for each certificate on stderr, or JSON on stdout.
#pragma once

#include <vector>

#include "commands/context.h"
#include "renew/issue.h"
#include "renew/pass.h"
#include "store/entry.h"

namespace certo::commands {

void report_issued(const Args& args, const store::Entry& entry, const store::Request& request,
                   const renew::IssueResult& result);
/// With --json: prints the records that a person must add on stdout. `name`: of the certificate; "" in a
/// pipe.
void report_needed(const Args& args, const std::string& name, const challenge::PersonNeeded& needed);
void report_unchanged(const Args& args, const store::Entry& entry, const store::Status& status);

/// What a report leaves out.
enum class Telling {
  all,
  scheduled,  // certificates that were not due
  only_code   // all lines, because `tell_stage` has said them
};
/// Returns the exit code of the run.
Exit report_pass(const Args& args, const std::vector<renew::PassResult>& results, Telling telling);
/// The lines of one stage of a scheduled run, as soon as it has ended.
void tell_stage(const renew::PassResult& result, renew::Stage stage);

/// "2027-02-19 (89 days)"
std::string spoken_date(Time time);

}  // namespace certo::commands
