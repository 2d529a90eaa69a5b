// certo status: what is wrong, or soon will be, with certificates, their installation and their servers.
// Defines status_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/ct.h"
#include "commands/overview.h"
#include "commands/status_text.h"
#include "net/probe.h"
#include "os/file.h"
#include "status/formats.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option list_file{"--file", Value::file, "LIST",
                           "the servers in LIST, one HOST:PORT[/PROTOCOL] a line; -: standard input"};
constexpr Option warn{"--warn", Value::text, "TIME",
                      "a warning if less is left: 21d, or 25% of the lifetime (default: 25%, at most 30d)"};
constexpr Option crit{
    "--crit", Value::text, "TIME",
    "critical if less is left: 7d, or 8% of the lifetime (default: a twelfth, at most 10d)"};
constexpr Option output_format{"--format", Value::text, "text|json|nagios|prometheus",
                               "how to show it (default: text)"};
constexpr Option probe{"--probe", Value::none, nullptr,
                       "ask also port 443 of each name of a certificate that has no server of --verify"};
constexpr Option no_probe{"--no-probe", Value::none, nullptr, "ask no server of a certificate"};
constexpr Option ct{"--ct", Value::none, nullptr,
                    "ask a search service for certificates of the same names that are not in the store"};
constexpr Option probe_timeout{"--timeout", Value::text, "SECONDS",
                               "time limit for each server (default: 5)"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using status::Kind;
using status::Level;

enum class Format { text, json, nagios, prometheus };

Format format_of(const Args& args) {
  constexpr const char* words[] = {"text", "json", "nagios", "prometheus"};
  const std::string text = args.get(flag::output_format, args.has(flag::json) ? "json" : "text");
  const auto found = std::ranges::find(words, text);
  if (found == std::end(words))
    throw Error(Exit::usage, "--format: '" + text + "' is not a format",
                "one of: text, json, nagios, prometheus");
  if (args.says(flag::ct_url) && !args.has(flag::ct)) throw Error(Exit::usage, "--ct-url belongs to --ct");
  if (args.has(flag::json) && text != "json")
    throw Error(Exit::usage, "--json and --format " + text + " contradict each other");
  return static_cast<Format>(found - words);
}

std::optional<store::RenewBefore> threshold(const Args& args, const Option& option) {
  const auto text = args.find(option);
  if (!text) return {};
  try {
    return store::parse_renew_before(*text);
  } catch (const Error&) {
    throw Error(Exit::usage, long_flag(option) + ": '" + *text + "' is not a time",
                "for example: 21d, 36h, or 25% of the lifetime");
  }
}

status::Thresholds thresholds(const Args& args) {
  status::Thresholds chosen{.warn = threshold(args, flag::warn), .crit = threshold(args, flag::crit)};
  if (!chosen.warn || !chosen.crit) return chosen;
  const bool is_comparable = (chosen.warn->percent > 0) == (chosen.crit->percent > 0);
  constexpr Seconds any = std::chrono::days(100);
  if (is_comparable && chosen.crit->of(any) > chosen.warn->of(any))
    throw Error(Exit::usage, "--crit is longer than --warn", "for example: --warn 21d --crit 7d");
  return chosen;
}

Asks asks(const Args& args) {
  if (args.has(flag::probe) && args.has(flag::no_probe))
    throw Error(Exit::usage, "--probe and --no-probe contradict each other");
  if (args.has(flag::no_probe)) return Asks::none;
  return args.has(flag::probe) ? Asks::guessed : Asks::known;
}

int ip_version(const Args& args) {
  const bool four = args.has(flag::ipv4), six = args.has(flag::ipv6);
  if (four && six) throw Error(Exit::usage, "--ipv4 and --ipv6 contradict each other");
  return four ? 4 : six ? 6 : 0;
}

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

/// A name of the store, or a server.
void take_word(const std::string& word, const store::Home& home, OverviewSettings& settings) {
  const auto is_certificate = [&](const std::string& name) {
    return os::exists(store::Entry(home, name).folder());
  };
  if (word.find(':') == word.npos) {
    const std::string name = store::certificate_name(word);
    if (is_certificate(name)) return add_once(settings.names, name);
    Error error = unknown_certificate(home, name);
    error.hint += (error.hint.empty() ? "" : "; ") + ("for a server: certo status " + word + ":443");
    throw error;
  }
  try {
    if (const std::string name = store::certificate_name(word); is_certificate(name))
      return add_once(settings.names, name);
  } catch (const Error&) {  // it is a server, then
  }
  add_once(settings.servers, net::spoken(net::parse_tls_server(word)));
}

/// A line that is none is a finding, and the others count. A name alone means port 443.
void take_list(const std::string& path, OverviewSettings& settings, std::vector<status::Finding>& faults) {
  constexpr size_t largest = 1 << 20;
  int number = 0;
  const size_t before = settings.servers.size() + faults.size();
  for (const std::string& line : split(read_input(path, largest, "a list of servers"), '\n')) {
    ++number;
    const std::string text(trim(line.substr(0, line.find('#'))));
    if (text.empty()) continue;
    const bool is_name = text.find(':') == text.npos && text.find('.') != text.npos;
    try {
      add_once(settings.servers, net::spoken(net::parse_tls_server(is_name ? text + ":443" : text)));
    } catch (const Error& error) {
      faults.push_back({Kind::bad_line, Level::warn,
                        path + ": line " + std::to_string(number) + ": " + printable(error.message, 200),
                        error.hint});
    }
  }
  if (settings.servers.size() + faults.size() == before)
    throw Error(Exit::bad_input, path + ": there is no server in this list",
                "write one HOST:PORT or HOST:PORT/PROTOCOL a line");
}

struct Wanted {
  OverviewSettings settings;
  std::vector<status::Finding> faults;
};

Wanted wanted(const Args& args, const store::Home& home) {
  Wanted wanted;
  OverviewSettings& settings = wanted.settings;
  settings.asks = asks(args);
  settings.reach.ip_version = ip_version(args);
  constexpr int longest = 300;
  if (args.has(flag::probe_timeout)) settings.reach.limit = seconds(args, flag::probe_timeout, 1, longest);
  settings.ca_bundle = args.get(flag::ca_bundle);
  settings.thresholds = thresholds(args);
  for (const std::string& word : args.words()) take_word(word, home, settings);
  if (const auto path = args.find(flag::list_file)) take_list(*path, settings, wanted.faults);
  const bool is_whole = args.words().empty() && !args.has(flag::list_file);
  settings.whole = is_whole ? Whole::yes : Whole::no;
  if (is_whole) settings.names = store::folders(home);
  return wanted;
}

void show(const status::Overview& overview, Format format) {
  switch (format) {
    case Format::text: return print_status(overview);
    case Format::json: return print_json(to_json(overview));
    case Format::nagios: return print(nagios_text(overview));
    case Format::prometheus: return print(prometheus_text(overview));
  }
}

/// 0, 1 and 2 are those of Nagios, and 1 otherwise means that something is critical.
Exit code_of(const status::Overview& overview, Format format) {
  if (format == Format::nagios) return static_cast<Exit>(overview.level);
  return overview.level == Level::crit ? Exit::failed : Exit::ok;
}

Exit look_and_show(const Args& args, Format format) {
  const bool is_elsewhere = !args.words().empty() || args.has(flag::list_file);  // or may be
  const store::Home state = is_elsewhere ? home(args) : home_to_read(args);
  Wanted what = wanted(args, state);
  status::Overview all = overview(state, what.settings, now());
  if (args.has(flag::ct)) ask_ct(args, state, all);
  for (status::Finding& fault : what.faults) add(all.findings, all.level, std::move(fault));
  show(all, format);
  return code_of(all, format);
}

Exit run(const Args& args) {
  const Format format = format_of(args);
  if (format != Format::nagios) return look_and_show(args, format);
  try {
    return look_and_show(args, format);
  } catch (const Error& error) {
    std::string text = printable(error.message, 300);
    std::ranges::replace(text, '|', '/');  // performance data would begin there
    print("CERTO UNKNOWN - " + text + "\n");
    return static_cast<Exit>(3);  // Nagios' UNKNOWN
  }
}

}  // namespace

const Command status_command{
    .name = "status",
    .group = Group::porcelain,
    .summary = "show what is wrong, or soon will be, with certificates and servers",
    .word = {Value::certificate, "[NAME|HOST:PORT…]", 0, any_number},
    .output = "table, JSON, or for monitoring",
    .options = {flag::output_format, flag::warn, flag::crit, flag::list_file, flag::probe, flag::no_probe,
                flag::probe_timeout, flag::ct,
                flag::ca_bundle.with_help(
                    "PEM file with root certificates that verify servers (default: those of the system)"),
                flag::ipv4, flag::ipv6},
    .sets = {&ct_options},
    .examples = {"certo status", "certo status example.com",
                 "certo status www.example.net:443 mail.example.net:25/smtp   # any server",
                 "certo status --file servers.txt --warn 21d --crit 7d",
                 "certo status --format nagios   # exit code 0, 1, 2 or 3",
                 "certo cron --metrics-file /var/lib/node_exporter/certo.prom"},
    .description =
        R"(The worst comes first. For each certificate: when it expires and is renewed, the last error, whether
the installed files are those of the store and who can read the keys, and whether the servers of --verify
present it: the same certificate, with its chain, over IPv4 and IPv6. Then the schedule and its last run,
and whether anybody is notified. What is found comes with what to do.

Servers that have nothing to do with certo can be checked, too: HOST:PORT, or HOST:PORT/PROTOCOL with
smtp, imap, pop3, ftp, lmtp, nntp, sieve, ldap, postgres or mysql. Such a server must present a
certificate for HOST that is trusted here.

A certificate is a warning if less than a quarter of its lifetime (at most 30 days) is left, and critical
below a twelfth (at most 10 days), unless --warn and --crit say otherwise.

--ct sends the names of the certificates to a search service for Certificate Transparency (crt.sh) and lists
certificates for them, or for names below them, that are valid and not in the store.

The exit code is 1 if something is critical. Only with --format nagios it is 0, 1, 2 or 3 as in Nagios.)",
    .run = run,
};

}  // namespace certo::commands
