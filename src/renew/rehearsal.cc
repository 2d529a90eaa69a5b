#include "renew/rehearsal.h"

#include "renew/several.h"

namespace certo::renew {
namespace {

void keep_no_settings(store::Way& way) {
  if (auto* const dns = std::get_if<store::Dns>(&way)) dns->keep_settings = false;
}

}  // namespace

Rehearsal::Rehearsal(const store::Home& home, SessionSettings settings)
    : home_(home), sessions_(scratch_, std::move(settings)) {}

IssueResult Rehearsal::issue(const std::string& name, store::Request request, const std::string& directory,
                             const challenge::SolverSettings& solving) {
  for (const store::Way* way : request.ways.all())
    if (std::holds_alternative<store::DnsPersist>(*way))
      throw Error(Exit::usage,
                  "--dns-persist cannot be rehearsed: no record names the account of a rehearsal",
                  "omit --dry-run: certo checks the record before each order");
  request.directory = directory;
  request.fallbacks.clear();
  request.account = "default";
  request.account_key.clear();  // of the CA itself
  keep_no_settings(request.ways.usual);
  for (store::OtherWay& other : request.ways.others) keep_no_settings(other.way);
  const store::Entry entry(scratch_, name);
  challenge::SolverSettings rehearsing = solving;
  rehearsing.is_rehearsal = true;
  return renew::issue(sessions_, home_, entry, request, rehearsing);
}

std::vector<PassResult> rehearse(const store::Home& home, const PassSettings& settings,
                                 const TestDirectory& test_directory) {
  std::vector<PassResult> results;
  Rehearsal rehearsal(home, settings.session);
  const std::vector<std::string> names = settings.names.empty() ? store::entries(home) : settings.names;
  for (const std::string& name : names) {
    results.push_back({.name = name, .outcome = Outcome::rehearsed});
    PassResult& result = results.back();
    try {
      const store::Request request = store::Entry(home, name).request();
      rehearsal.issue(name, request, test_directory(request.directory), settings.solving());
    } catch (const Error& error) {
      result.outcome = Outcome::failed;
      result.failure = failure_of(error.within("rehearsal"));
    }
    settings.news.ended(result, {results.size(), names.size()});
  }
  return results;
}

}  // namespace certo::renew
