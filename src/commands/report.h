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

/// The report of a pass, as it goes. With --json, everything is printed at its end.
class PassReport {
 public:
  /// A person hears of certificates that were not due, too.
  enum class Audience { person, schedule };
  PassReport(const Args& args, Audience audience) : args_(args), audience_(audience) {}

  /// It must live as long as the pass.
  renew::PassNews news() const;
  /// Returns the exit code of the run.
  Exit end(const renew::PassRun& run) const;

 private:
  const Args& args_;
  const Audience audience_;
};

/// "2027-02-19 (89 days)"
std::string spoken_date(Time time);

}  // namespace certo::commands
