#include "cli/roff.h"

#include <array>
#include <cctype>

#include "base/text.h"

namespace certo::cli {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

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

std::string section(std::string_view title) { return ".SH " + roff(upper(title)) + '\n'; }
std::string item(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + '\n' + roff(text) + '\n';
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const std::string& line : split(text, '\n')) out += line.empty() ? ".PP\n" : roff(line) + '\n';
  return out;
}

std::string verbatim(std::string_view lines) { return ".PP\n.nf\n.RS 4\n" + roff(lines) + ".RE\n.fi\n"; }

}  // namespace certo::cli
