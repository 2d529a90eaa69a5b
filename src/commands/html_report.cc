// certo report: all certificates as a page to look at. Defines report_command of commands/commands.h.
#include <algorithm>
#include <set>

#include "base/sort.h"
#include "base/time.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/limits.h"
#include "commands/overview.h"
#include "renew/limits.h"
#include "status/html.h"
#include "store/entry.h"
#include "store/ledger.h"
#include "store/servers.h"

namespace certo::console::flag {

constexpr Option ask_no_server{"--no-probe", Value::none, nullptr, "ask no server of a certificate"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

constexpr size_t most_limits = 20;  // of one CA: those of which the least is left

/// Adds the limits that were used lately, as the ledger of the CA has them.
void add_limits(std::vector<status::LimitLeft>& all, const store::Home& home, const std::string& directory,
                Time now) {
  const store::Ledger ledger = store::read_ledger(home, directory, now);
  std::vector<renew::Token> used;
  for (const auto& [bucket, full] : ledger.all()) used.push_back({bucket});
  std::vector<renew::Left> left = renew::left_of(store::limits_of(home, directory), ledger, used, now);
  sort_stably(left, {}, &renew::Left::tokens);
  if (left.size() > most_limits) left.resize(most_limits);
  for (const renew::Left& one : left)
    all.push_back(
        {directory, sentence(one.rule), one.bucket.of,
         one.tokens > 0 ? "at most " + std::to_string(one.tokens) : "none until " + rfc3339(one.next),
         one.tokens <= 0});
}

std::vector<status::LimitLeft> limits_left(const store::Home& home, const status::Overview& overview) {
  std::set<std::string> directories;
  for (const status::Row& row : overview.rows) directories.insert(row.directory);
  std::vector<status::LimitLeft> all;
  for (const std::string& directory : directories)
    if (!directory.empty()) add_limits(all, home, directory, overview.now);
  return all;
}

Exit run(const Args& args) {
  const store::Home state = home_to_read(args);
  OverviewSettings settings;
  settings.names = store::folders(state);
  settings.asks = args.has(flag::ask_no_server) ? Asks::none : Asks::known;
  settings.ca_bundle = args.get(flag::ca_bundle);
  const status::Overview all = overview(state, settings, now());
  write_output(args, status::html_page(all, limits_left(state, all)), Content::confidential);
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
lifetime of each certificate, the servers of --verify, CAs, key types, limits and the schedule. It contains no
script and fetches nothing, and can be read in light and dark, on a phone and on paper.

It says what 'certo status' says. It names all your certificates and servers: do not publish it. A file of
-o can be read by its owner only (mode 600).)",
    .run = run,
};

}  // namespace certo::commands
