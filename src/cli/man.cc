// The manual, certo(1): the command table, and chapters of its own. Implements man_page of cli/help.h.
#include "cli/help.h"

#include <array>
#include <span>

#include "base/exit.h"
#include "base/version.h"
#include "cli/roff.h"
#include "cli/table.h"
#include "cli/topics.h"

namespace certo::cli {

using namespace console;

namespace {

std::string example_lines(const std::vector<const char*>& examples) {
  std::string lines;
  for (const char* example : examples) lines += std::string(example) + '\n';
  return verbatim(lines);
}

std::string option_items(std::span<const Option> options) {
  std::string out;
  for (const Option& option : options) {
    std::string tag = bold(long_flag(option));
    if (!short_flag(option).empty()) tag = bold(short_flag(option)) + ", " + tag;
    if (option.metavar) tag += ' ' + italic(option.metavar);
    out += item(
        tag, std::string(option.help) + (option.is_repeated() && option.metavar ? "; may be repeated" : ""));
  }
  return out;
}

std::string command_section(const Command& command) {
  std::string out = ".SS " + bold(std::string("certo ") + command.name);
  out += " [" + italic("OPTION") + "]...";
  if (const std::string words = usage(command); !words.empty()) out += ' ' + italic(words);
  out += '\n' + roff(command.summary) + ".\n";
  if (std::string_view(command.input) != "-") out += "Standard input: " + roff(command.input) + ".\n";
  if (std::string_view(command.output) != "-") out += "Standard output: " + roff(command.output) + ".\n";
  if (*command.description) out += ".PP\n" + paragraphs(command.description);
  out += option_items(command.options);
  for (const Subcommand& sub : command.subcommands) out += option_items(sub.options);
  for (const OptionSet* set : command.sets) out += ".PP\nAlso the options under " + roff(set->title) + ".\n";
  return out + example_lines(command.examples);
}

struct Row {
  const char *tag, *text;
};

template <size_t size>
std::string items(const std::array<Row, size>& rows) {
  std::string out;
  for (const Row& row : rows) out += item(bold(row.tag), row.text);
  return out;
}

std::string exit_status() {
  std::string out = section("Exit status");
  for (const ExitCode& code : exit_codes()) out += item(bold(code.numbers), code.meaning);
  return out +
         ".PP\nIf several certificates failed, the first of these codes that occurred is the exit code:\n"
         "70, 76, 78, 1, 4, 69, 75.\n";
}

/// Calls `act` with each option that a variable or certo.conf may set.
template <typename Act>
void each_default(const Act& act) {
  for (const OptionSet* set : shared_sets()) {
    if (!set->has_defaults) continue;
    for (const Option& option : set->options)
      if (option != flag::help) act(option);
  }
}

std::string environment() {
  static constexpr std::array rows = {
      Row{"CERTO_EAB_HMAC", "the HMAC key of an external account"},
      Row{"NO_COLOR", "messages have no colours if it is set and not empty"},
      Row{"SSL_CERT_FILE", "PEM file with root certificates that verify servers, without --ca-bundle"},
      Row{"https_proxy, ALL_PROXY, NO_PROXY", "proxies, as curl reads them"},
  };
  std::string names;
  each_default(
      [&](const Option& option) { names += (names.empty() ? "" : ",\n") + bold(environment_name(option)); });
  return section("Environment") +
         "Some options can also be set by a variable of the environment, or by a line of\n.IR certo.conf .\n"
         "The command line comes first, then the environment, then the file. The variables are\n" +
         names +
         ".\nThe value of a switch is yes or no.\nSeveral addresses in \\fBCERTO_EMAIL\\fR are separated by commas.\n" +
         items(rows);
}

std::string files() {
  std::string keys;
  each_default([&](const Option& option) {
    if (option != flag::home) keys += (keys.empty() ? "" : ", ") + long_flag(option).substr(2);
  });
  const std::string conf =
      "default options, as KEY=value lines: server=zerossl. The value of an option without a value is yes or no: agree-tos=yes. A line that begins with # is a comment. The keys are " +
      keys + ". Another key is an error";
  static constexpr std::array rows = {
      Row{"<home>/servers.json", "CAs of your own, in the format of the built-in table"},
      Row{"<home>/accounts/<ca>/<name>/", "account keys and accounts"},
      Row{"<home>/certs/<name>/request.json", "what was requested; you may edit it"},
      Row{"<home>/certs/<name>/targets.json", "targets of the certificate"},
      Row{"<home>/certs/<name>/live/", "key.pem, cert.pem, chain.pem and fullchain.pem: the current version"},
  };
  return section("Files") +
         "<home> is --home, otherwise CERTO_HOME, otherwise /var/lib/certo for root and\n"
         "$XDG_STATE_HOME/certo or ~/.local/state/certo for other users.\n" +
         item(bold("<home>/certo.conf"), conf) + items(rows);
}

std::string see_also() {
  std::string out = section("See also");
  for (const Topic& topic : topics())
    out += (&topic == &topics().front() ? "" : ",\n") + bold(page_name(topic)) + "(7)";
  return out + "\n";
}

std::string examples() {
  return section("Examples") +
         example_lines({
             "# a certificate that renews itself",
             "certo issue -d example.com -d www.example.com --webroot /var/www --agree-tos",
             "certo schedule install",
             "",
             "# the same in small steps; the store keeps only the account",
             "certo keygen -o www.key",
             "certo csr --key www.key -d example.com -d '*.example.com' > www.csr",
             "certo order < www.csr | certo solve --dns example | certo fetch > www.pem",
             "",
             "# the account key on this host, the DNS credentials on another host",
             "certo order < www.csr > o.json",
             "ssh dnsbox certo present --dns example < o.json > /dev/null",
             "certo solve --no-present < o.json | certo fetch --csr www.csr > www.pem",
             "ssh dnsbox certo cleanup --dns example < o.json",
         });
}

}  // namespace

std::string man_page() {
  std::string out = std::string(".TH CERTO 1 \"\" \"certo ") + roff(version()) + "\" \"User Commands\"\n";
  out += section("Name") + "certo \\- get, renew and install TLS certificates over ACME\n";
  out += section("Synopsis") + bold("certo") + ' ' + italic("COMMAND") + " [" + italic("OPTION") + "]... [" +
         italic("WORD") + "]...\n";
  out += section("Description") +
         "certo is an ACME client (RFC 8555). Some commands keep certificates in a folder and renew them.\n"
         "Others are small tools for pipes; the first kind is built from the second.\n"
         "Data goes to standard output, messages for people to standard error.\n"
         "certo prints nothing if nothing happened.\n";
  out += section("Commands");
  for (const Command* command : commands()) out += command_section(*command);
  for (const OptionSet* set : shared_sets()) {
    out += section(set->title);
    if (*set->introduction) out += paragraphs(set->introduction);
    out += option_items(set->options);
  }
  out += exit_status() + environment() + files() + examples();
  out += section("Standards") +
         "RFC 8555 (ACME), RFC 8738 (IP addresses), RFC 9773 (renewal information), RFC 2986 (CSR).\n";
  return out + see_also();
}

}  // namespace certo::cli
