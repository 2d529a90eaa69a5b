// certo report: all certificates as a page to look at. Defines report_command of commands/commands.h.
#include "base/time.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/overview.h"
#include "status/html.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option ask_no_server{"--no-probe", Value::none, nullptr, "ask no server of a certificate"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const store::Home state = home(args);
  OverviewSettings settings;
  settings.names = store::folders(state);
  settings.asks = args.has(flag::ask_no_server) ? Asks::none : Asks::known;
  settings.ca_bundle = args.get(flag::ca_bundle);
  const status::Overview all = overview(state, settings, now());
  write_output(args, status::html_page(all, {}));
  return Exit::ok;
}

}  // namespace

const Command report_command{
    .name = "report",
    .group = Group::porcelain,
    .summary = "write all certificates as a page of HTML",
    .output = "HTML",
    .options = {flag::output, flag::ask_no_server,
                flag::ca_bundle.with_help(
                    "PEM file with root certificates that verify servers (default: those of the system)")},
    .examples = {"certo report -o estate.html", "certo report --no-probe > /srv/intern/certificates.html"},
    .description =
        R"(One file for people who would rather look: totals, what to do, a calendar of the next 13 weeks, the
lifetime of each certificate, the servers of --verify, CAs, key types and the schedule. It contains no
script and fetches nothing, and can be read in light and dark, on a phone and on paper.

It says what 'certo status' says. It names all your certificates and servers: do not publish it.)",
    .run = run,
};

}  // namespace certo::commands
