// The manual, certo(1), in the man macros: the command table and what is not in it.
#include "cli/help.h"

#include <array>
#include <cctype>
#include <span>

#include "base/exit.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/table.h"
#include "console/option_sets.h"

namespace certo::cli {

using namespace console;

namespace {

/// Text for roff: nothing in it is a request, a hyphen stays one that can be copied to a shell.
std::string roff(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 2> signs = {{
      {"…", "..."},
      {"’", "\\(aq"},
  }};
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    bool replaced = false;
    for (const auto& [sign, escape] : signs) {
      if (text.substr(i).starts_with(sign)) {
        out += escape;
        i += sign.size() - 1;
        replaced = true;
      }
    }
    if (replaced) continue;
    const bool starts_line = out.empty() || out.back() == '\n';
    switch (text[i]) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '.': out += starts_line ? "\\&." : "."; break;
      default: out += text[i];
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string section(std::string_view title) { return ".SH " + std::string(title) + '\n'; }
std::string item(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + '\n' + roff(text) + '\n';
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const std::string& line : split(text, '\n')) out += line.empty() ? ".PP\n" : roff(line) + '\n';
  return out;
}

std::string example_lines(const std::vector<const char*>& examples) {
  std::string out = ".PP\n.nf\n.RS 4\n";
  for (const char* example : examples) out += roff(example) + '\n';
  return out + ".RE\n.fi\n";
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
  for (const OptionSet* set : command.sets)
    out += ".PP\nAlso the options under " + roff(upper(set->title)) + ".\n";
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
  std::string codes;
  for (const ExitCode& code : exit_codes()) codes += item(bold(code.numbers), code.meaning);
  return section("EXIT STATUS") + codes +
         ".PP\nOf several certificates\\(aq codes the first in this order wins: 70, 76, 78, 1, 4, 69, 75.\n";
}

std::string environment() {
  static constexpr std::array rows = {
      Row{"CERTO_EAB_HMAC", "the HMAC key of an external account, itself"},
      Row{"NO_COLOR", "when it is set and not empty, messages have no colours"},
      Row{"SSL_CERT_FILE", "PEM roots to check servers by, where there is no --ca-bundle"},
      Row{"https_proxy, ALL_PROXY, NO_PROXY", "proxies, as curl reads them"},
  };
  std::string names;
  for (const OptionSet* set : shared_sets()) {
    if (!set->has_defaults) continue;
    for (const Option& option : set->options) {
      if (option != flag::help) names += (names.empty() ? "" : ",\n") + bold(environment_name(option));
    }
  }
  return section("ENVIRONMENT") +
         "An option is looked for on the command line, then in the environment, then in\n.IR certo.conf .\n"
         "The variables are\n" +
         names + ".\nA switch is yes or no there.\nAddresses in \\fBCERTO_EMAIL\\fR stand with a comma between them.\n" + items(rows);
}

std::string files() {
  static constexpr std::array rows = {
      Row{"<home>/certo.conf",
          "KEY=value lines; keys are the names of the options above that take a value or, with yes, "
          "that take none: server=zerossl, agree-tos=yes. Lines that begin with # are comments"},
      Row{"<home>/servers.json", "CAs of your own, in the format of the built-in table"},
      Row{"<home>/accounts/<ca>/<name>/", "account keys and what the CA said of them"},
      Row{"<home>/certs/<name>/request.json",
          "what was asked for; a person may edit it. \"way\" proves the names that are in no member of "
          "\"ways\", a list "
          "of such objects that have \"identifiers\" beside"},
      Row{"<home>/certs/<name>/targets.json", "where it is installed, and how far that has come"},
      Row{"<home>/certs/<name>/live/", "key.pem, cert.pem, chain.pem and fullchain.pem that are in force"},
  };
  return section("FILES") +
         "<home> is --home, else CERTO_HOME, else /var/lib/certo for root and\n"
         "$XDG_STATE_HOME/certo or ~/.local/state/certo for others.\n" +
         items(rows);
}

std::string examples() {
  return section("EXAMPLES") +
         example_lines({
             "# a certificate that renews itself",
             "certo issue -d example.com -d www.example.com --webroot /var/www --agree-tos",
             "echo '17 * * * * root certo cron' > /etc/cron.d/certo",
             "",
             "# the same in small steps, nothing kept in the store but the account",
             "certo keygen -o www.key",
             "certo csr --key www.key -d example.com -d '*.example.com' |",
             "  certo order | certo solve --dns example | certo fetch > www.pem",
             "",
             "# the account key here, the DNS credentials on another host",
             "certo order < www.csr > o.json",
             "ssh dnsbox certo present --dns example < o.json > /dev/null",
             "certo solve --no-present < o.json | certo fetch --csr www.csr > www.pem",
             "ssh dnsbox certo cleanup --dns example < o.json",
         });
}

}  // namespace

std::string man_page() {
  std::string out = std::string(".TH CERTO 1 \"\" \"certo ") + roff(version()) + "\" \"User Commands\"\n";
  out += section("NAME") + "certo \\- get, renew and install TLS certificates over ACME\n";
  out += section("SYNOPSIS") + bold("certo") + ' ' + italic("COMMAND") + " [" + italic("OPTION") + "]... [" +
         italic("WORD") + "]...\n";
  out += section("DESCRIPTION") +
         "certo is an ACME client (RFC 8555). Some commands keep certificates in a folder and renew them;\n"
         "others are small tools that read and write pipes, and the first are built from the second.\n"
         "Data goes to standard output, everything said to a person to standard error.\n"
         "Nothing is said when nothing happened.\n";
  out += section("COMMANDS");
  for (const Command* command : commands()) out += command_section(*command);
  for (const OptionSet* set : shared_sets()) {
    out += section(upper(set->title));
    if (*set->introduction) out += paragraphs(set->introduction);
    out += option_items(set->options);
  }
  out += exit_status() + environment() + files() + examples();
  out += section("STANDARDS") +
         "RFC 8555 (ACME), RFC 8738 (IP addresses), RFC 9773 (renewal information), RFC 2986 (CSR).\n";
  return out;
}

}  // namespace certo::cli
