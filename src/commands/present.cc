// certo present, certo cleanup: the half of `solve` that needs DNS credentials and no account key.
// Defines present_command and cleanup_command of commands/commands.h.
#include <exception>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "challenge/dns.h"
#include "commands/commands.h"
#include "commands/pipe.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "store/presented.h"

namespace certo::console::flag {

constexpr Option forget{"--forget", Value::text, "NAME",
                        "do not try again to remove the record NAME that an earlier run has left"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using Records = std::vector<DnsRecord>;
using Work = void (*)(const store::Home&, const store::Dns&, const challenge::SolverSettings&,
                      const Records&);

/// The records of the names that are proven this way.
Records records_of(const store::Way& way, const store::Ways& ways, const acme::Document& document) {
  Records records;
  for (const acme::ChallengeRecord& record : document.records)
    if (&ways.of(record.identifier) == &way && record.type == store::types_of(way).front())
      records.push_back(record);
  return records;
}

/// If one way fails, certo continues with the others.
Exit run(const Args& args, Work work) {
  std::optional<store::Ways> chosen = ways(args);
  if (!chosen || !has_dns(*chosen))
    throw Error(Exit::usage, "the DNS service is missing",
                "give --dns PROVIDER or --dns exec:/path/to/program");
  const std::string path = args.words().empty() ? "-" : args.words().front();
  const std::string text = read_input(path, 1 << 20, "an order document");
  const acme::Document document = acme::parse_document(text, path == "-" ? "stdin" : path);
  require_names_of(document.order, args);
  choose_services(args, *chosen, document.order.identifiers);
  const store::Home state = home(args);
  state.prepare();
  const challenge::SolverSettings settings = solver_settings(args);
  std::exception_ptr first;
  for (const store::Way* way : chosen->all()) {
    const auto* const dns = std::get_if<store::Dns>(way);
    if (!dns) continue;
    try {
      work(state, *dns, settings, records_of(*way, *chosen, document));
    } catch (const Error&) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
  print(text);
  return Exit::ok;
}

Exit run_present(const Args& args) { return run(args, challenge::present_records); }
/// Removes no record and no file: only certo's journals forget them.
Exit forget(const Args& args) {
  const std::string name = args.get(flag::forget);
  if (ways(args) || !args.words().empty())
    throw Error(Exit::usage, "--forget contacts no DNS service and reads no document",
                "use it without other options: certo cleanup --forget NAME");
  const store::Home state = home(args);
  const size_t count = store::Presented::forget(state, name);
  if (count > 0) {
    log::say(name + ": forgotten; if the record or the file still exists, you can remove it");
    return Exit::ok;
  }
  const std::set<std::string> known = store::Presented::names(state);
  const std::vector<std::string> names(known.begin(), known.end());
  const std::optional<std::string> near = nearest(name, names);
  throw Error(Exit::unknown_name, "'" + name + "': no earlier run has left a record or a file there",
              near            ? "did you mean " + *near + "?"
              : names.empty() ? "no run has left anything"
                              : "use one of: " + join(names, ", "));
}

Exit run_cleanup(const Args& args) {
  return args.has(flag::forget) ? forget(args) : run(args, challenge::cleanup_records);
}

}  // namespace

const Command present_command{
    .name = "present",
    .group = Group::plumbing,
    .summary = "add an order's TXT records to the zone, and leave them there",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document",
    .output = "order document",
    .options = {domain_of_way},
    .sets = {&way_options},
    .examples = {"ssh dnsbox certo present --dns exec:/etc/certo/dns.sh < order.json > /dev/null"},
    .description =
        R"(This needs the credentials of the DNS service, but no account key. It never waits: 'certo solve
--no-present' waits, on the host with the account key. Names with another method than
--dns are skipped.)",
    .run = run_present,
};

const Command cleanup_command{
    .name = "cleanup",
    .group = Group::plumbing,
    .summary = "remove an order's TXT records from the zone",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document",
    .output = "order document",
    .options = {domain_of_way, flag::forget},
    .sets = {&way_options},
    .examples = {"ssh dnsbox certo cleanup --dns exec:/etc/certo/dns.sh < order.json > /dev/null",
                 "certo cleanup --forget _acme-challenge.example.com"},
    .description =
        R"(Give it the same document as 'certo present'. A record that is already gone is not an error.

If certo warns that it cannot remove a record of an earlier run, --forget NAME ends the warnings. NAME is the
name in the warning; for files it is the webroot.)",
    .run = run_cleanup,
};

}  // namespace certo::commands
