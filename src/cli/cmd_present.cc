// certo present, certo cleanup: the half of `solve` that needs DNS credentials and no account key.
#include "challenge/solver.h"
#include "cli/pipe.h"
#include "cli/ways.h"

namespace certo::cli {
namespace {

Exit run(const Args& args, void (*work)(const store::Home&, const challenge::SolverSettings&,
                                        const std::vector<store::PresentedRecord>&)) {
  std::optional<store::Way> chosen = only_way(args);
  if (!chosen || chosen->method != "dns")
    throw Error(Exit::usage, "which DNS service?", "say --dns PROVIDER or --dns exec:/path/to/program");
  std::string path = args.words().empty() ? "-" : args.words().front();
  std::string text = read_input(path, 1 << 20, "an order document");
  acme::Document document = acme::parse_document(text, path == "-" ? "stdin" : path);
  std::vector<store::PresentedRecord> records;
  for (const acme::DnsRecord& record : document.records) records.push_back({record.name, record.value});
  store::Home state = home(args);
  state.prepare();
  challenge::SolverSettings settings = solver_settings(args);
  settings.way = *chosen;
  work(state, settings, records);
  print(text);
  return Exit::ok;
}

Exit run_present(const Args& args) { return run(args, challenge::present_records); }
Exit run_cleanup(const Args& args) { return run(args, challenge::cleanup_records); }

}  // namespace

extern const Command present_command{
    .name = "present",
    .group = Group::plumbing,
    .summary = "put an order's dns-01 records into the zone, and leave them there",
    .usage = "[FILE]",
    .input = "order document",
    .output = "order document",
    .options = {},
    .examples = {"ssh dnsbox certo present --dns exec:/etc/certo/dns.sh < order.json > /dev/null"},
    .description =
        "It needs the DNS service's credentials and no account key. It never waits: 'certo solve "
        "--no-present' does that, where the account key is.",
    .run = run_present,
    .words_most = 1,
    .way = true,
};

extern const Command cleanup_command{
    .name = "cleanup",
    .group = Group::plumbing,
    .summary = "take an order's dns-01 records out of the zone",
    .usage = "[FILE]",
    .input = "order document",
    .output = "order document",
    .options = {},
    .examples = {"ssh dnsbox certo cleanup --dns exec:/etc/certo/dns.sh < order.json > /dev/null"},
    .description =
        "The document is the one that 'certo present' was given: records that are gone are no error.",
    .run = run_cleanup,
    .words_most = 1,
    .way = true,
};

}  // namespace certo::cli
