// certo present, certo cleanup: the half of `solve` that needs DNS credentials and no account key.
#include <exception>

#include "challenge/solver.h"
#include "commands/commands.h"
#include "commands/pipe.h"
#include "commands/ways.h"

namespace certo::commands {
namespace {

using Records = std::vector<DnsRecord>;
using Work = void (*)(const store::Home&, const challenge::SolverSettings&, const Records&);

/// The records of the names that go this way.
Records records_of(const store::Way& way, const store::Ways& ways, const acme::Document& document) {
  Records records;
  for (const acme::ChallengeRecord& record : document.records)
    if (&ways.of(record.identifier) == &way) records.push_back(record);
  return records;
}

/// A way that fails does not keep the others from their work.
Exit run(const Args& args, Work work) {
  const std::optional<store::Ways> chosen = ways(args);
  if (!chosen || !has_dns(*chosen))
    throw Error(Exit::usage, "the DNS service is missing",
                "give --dns PROVIDER or --dns exec:/path/to/program");
  std::string path = args.words().empty() ? "-" : args.words().front();
  std::string text = read_input(path, 1 << 20, "an order document");
  acme::Document document = acme::parse_document(text, path == "-" ? "stdin" : path);
  require_names_of(document.order, args);
  store::Home state = home(args);
  state.prepare();
  challenge::SolverSettings settings = solver_settings(args);
  std::exception_ptr first;
  const auto work_by = [&](const store::Way& way) {
    if (way.method != "dns") return;
    settings.way = way;
    try {
      work(state, settings, records_of(way, *chosen, document));
    } catch (const Error& error) {
      if (!first) first = std::current_exception();
    }
  };
  for (const store::OtherWay& other : chosen->others) work_by(other.way);
  work_by(chosen->usual);
  if (first) std::rethrow_exception(first);
  print(text);
  return Exit::ok;
}

Exit run_present(const Args& args) { return run(args, challenge::present_records); }
Exit run_cleanup(const Args& args) { return run(args, challenge::cleanup_records); }

}  // namespace

const Command present_command{
    .name = "present",
    .group = Group::plumbing,
    .summary = "add an order's dns-01 records to the zone, and leave them there",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document",
    .output = "order document",
    .options = {domain_of_way},
    .sets = {&way_options},
    .examples = {"ssh dnsbox certo present --dns exec:/etc/certo/dns.sh < order.json > /dev/null"},
    .description =
        R"(This needs the credentials of the DNS service, but no account key. It never waits: 'certo solve
--no-present' waits, on the host with the account key. With several ways, only the records of --dns are
added.)",
    .run = run_present,
};

const Command cleanup_command{
    .name = "cleanup",
    .group = Group::plumbing,
    .summary = "remove an order's dns-01 records from the zone",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document",
    .output = "order document",
    .options = {domain_of_way},
    .sets = {&way_options},
    .examples = {"ssh dnsbox certo cleanup --dns exec:/etc/certo/dns.sh < order.json > /dev/null"},
    .description =
        R"(Give it the same document as 'certo present'. A record that is already gone is not an error.)",
    .run = run_cleanup,
};

}  // namespace certo::commands
