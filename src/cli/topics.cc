#include "cli/topics.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/exit.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/roff.h"
#include "console/layout.h"

// Hidden, so that no global offset table comes between: on aarch64 its entries for local symbols lose the
// offset.
// clang-format off
#define CERTO_TOPIC(symbol, file)                                       \
  __asm__(".pushsection .rodata\n"                                      \
          ".local certo_topic_" #symbol ", certo_topic_" #symbol "_end\n" \
          "certo_topic_" #symbol ": .incbin \"cli/topics/" file ".txt\"\n"  \
          "certo_topic_" #symbol "_end: .byte 0\n"                      \
          ".popsection\n");                                             \
  extern "C" [[gnu::visibility("hidden")]] const char certo_topic_##symbol[], certo_topic_##symbol##_end[]
// clang-format on

CERTO_TOPIC(dns, "dns");
CERTO_TOPIC(dns_program, "dns-program");
CERTO_TOPIC(dns_scripts, "dns-scripts");
CERTO_TOPIC(recipes, "recipes");
CERTO_TOPIC(nginx, "nginx");
CERTO_TOPIC(apache, "apache");
CERTO_TOPIC(tls_alpn, "tls-alpn");
CERTO_TOPIC(hooks, "hooks");
CERTO_TOPIC(accounts, "accounts");
CERTO_TOPIC(state, "state");
CERTO_TOPIC(json, "json");
CERTO_TOPIC(exit_codes, "exit-codes");

namespace certo::cli {
namespace {

constexpr std::string_view codes_here = "@exit-codes";

Topic topic(const char* begin, const char* end) {
  const std::string_view file(begin, static_cast<size_t>(end - begin));
  const size_t line = file.find('\n'), dash = file.find(" - ");
  return {file.substr(0, dash), file.substr(dash + 3, line - dash - 3), file.substr(line + 1)};
}

bool is_heading(std::string_view line) {
  return !line.empty() && std::isupper(static_cast<unsigned char>(line[0])) &&
         std::ranges::none_of(line, [](unsigned char c) { return std::islower(c); });
}

std::string codes_text() {
  std::string out;
  for (const ExitCode& code : exit_codes())
    out += "    " + console::padded(code.numbers, 15) + console::wrapped(code.meaning, 19, 80) + '\n';
  return out;
}

/// One block of lines that are shown unchanged; `at` moves past it.
std::string block(const std::vector<std::string>& lines, size_t& at) {
  std::string text;
  for (; at < lines.size() && (lines[at].empty() || lines[at].starts_with("    ")); ++at)
    text += lines[at].empty() ? "\n" : lines[at].substr(4) + '\n';
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string roff_line(const std::string& line) {
  if (line.empty()) return ".PP\n";
  if (is_heading(line)) return section(line);
  if (line.starts_with("- ")) return ".IP \\(bu 2\n" + roff(line.substr(2)) + '\n';
  return roff(trim(line)) + '\n';
}

}  // namespace

std::span<const Topic> topics() {
  static const std::array all = {
      topic(certo_topic_dns, certo_topic_dns_end),
      topic(certo_topic_dns_program, certo_topic_dns_program_end),
      topic(certo_topic_dns_scripts, certo_topic_dns_scripts_end),
      topic(certo_topic_recipes, certo_topic_recipes_end),
      topic(certo_topic_nginx, certo_topic_nginx_end),
      topic(certo_topic_apache, certo_topic_apache_end),
      topic(certo_topic_tls_alpn, certo_topic_tls_alpn_end),
      topic(certo_topic_hooks, certo_topic_hooks_end),
      topic(certo_topic_accounts, certo_topic_accounts_end),
      topic(certo_topic_state, certo_topic_state_end),
      topic(certo_topic_json, certo_topic_json_end),
      topic(certo_topic_exit_codes, certo_topic_exit_codes_end),
  };
  return all;
}

const Topic* find_topic(std::string_view name) {
  const auto found = std::ranges::find(topics(), name, &Topic::name);
  return found == topics().end() ? nullptr : &*found;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names;
  for (const Topic& topic : topics()) names.emplace_back(topic.name);
  return names;
}

std::string page_name(const Topic& topic) { return "certo-" + std::string(topic.name); }

std::string topic_text(const Topic& topic) {
  std::string out = std::string(topic.summary) + '\n';
  for (const std::string& line : split(topic.text, '\n'))
    out += line == codes_here ? codes_text() : line + '\n';
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string topic_page(const Topic& topic) {
  std::string out = ".TH " + roff(page_name(topic)) + " 7 \"\" \"certo " + roff(version()) + "\" \"certo\"\n";
  out += section("Name") + roff(page_name(topic)) + " \\- " + roff(topic.summary) + '\n' +
         section("Description");
  const std::vector<std::string> lines = split(topic.text, '\n');
  for (size_t at = 0; at < lines.size();) {
    if (lines[at].starts_with("    ")) {
      out += verbatim(block(lines, at));
    } else if (lines[at] == codes_here) {
      for (const ExitCode& code : exit_codes()) out += item(bold(code.numbers), code.meaning);
      ++at;
    } else {
      out += roff_line(lines[at++]);
    }
  }
  return out + section("See also") + bold("certo") + "(1)\n";
}

}  // namespace certo::cli
