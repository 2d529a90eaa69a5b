#include "webserver/apache_dump.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace certo::webserver {
namespace {

/// "macro 'x' (defined on line 3 of "/etc/x.conf") used on line 9 of "/etc/y.conf":1", shorter. The last
/// "used" is that of the outermost macro.
std::string macro_place(const std::string& text) {
  constexpr std::string_view start = "macro '", used = " used on line ", of = " of \"";
  const size_t name_end = text.find('\'', start.size()), at = text.rfind(used);
  const size_t file = at == text.npos ? at : text.find(of, at);
  const size_t file_end = file == text.npos ? file : text.find('"', file + of.size());
  if (!text.starts_with(start) || name_end == text.npos || file_end == text.npos) return text;
  const std::string line = text.substr(at + used.size(), file - at - used.size());
  return text.substr(0, name_end + 1) + " used at " +
         text.substr(file + of.size(), file_end - file - of.size()) + ":" + line + " (line " +
         text.substr(text.rfind(':') + 1) + " of the macro)";
}

/// "TEXT:LINE"
ApachePlace parse_place(std::string_view inside) {
  const size_t colon = inside.rfind(':');
  const auto line = colon == inside.npos ? std::nullopt : number(inside.substr(colon + 1), 0, UINT32_MAX);
  if (!line) throw Error(Exit::bad_input, "Apache names no line in '" + printable(std::string(inside)) + "'");
  const std::string file(inside.substr(0, colon));
  if (!file.starts_with('/')) return {.file = {}, .line = 0, .macro = macro_place(std::string(inside))};
  return {.file = file, .line = static_cast<uint32_t>(*line), .macro = {}};
}

/// "NAME (PLACE)". Both may contain blanks and brackets.
ApacheSite parse_site(std::string_view text) {
  const size_t macro = text.find(" (macro '"), open = macro == text.npos ? text.rfind(" (/") : macro;
  if (open == text.npos || !text.ends_with(')'))
    throw Error(Exit::bad_input, "Apache names no place in '" + printable(std::string(text)) + "'");
  return {.name = std::string(text.substr(0, open)),
          .exact = {},
          .wild = {},
          .place = parse_place(text.substr(open + 2, text.size() - open - 3))};
}

size_t blanks_before(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

class DumpReader {
 public:
  void take(std::string_view line) {
    if (line == "Included configuration files:")
      part_ = Part::includes;
    else if (line == "VirtualHost configuration:")
      part_ = Part::hosts;
    else if (line == "Loaded Modules:")
      part_ = Part::modules;
    else if (line.starts_with("ServerRoot: "))
      part_ = Part::settings;
    switch (part_) {
      case Part::none: break;
      case Part::includes: take_include(line); break;
      case Part::hosts: take_host(line); break;
      case Part::modules:
        if (line.starts_with(' ')) dump_.modules.emplace(line.substr(1, line.find(' ', 1) - 1));
        break;
      case Part::settings: take_setting(line); break;
    }
  }

  ApacheDump finish() {
    if (dump_.includes.empty())
      throw Error(Exit::bad_input, "Apache does not say which files it reads",
                  "certo needs an Apache that answers 'httpd -t -D DUMP_INCLUDES'");
    return std::move(dump_);
  }

 private:
  enum class Part { none, includes, hosts, modules, settings };

  /// "    (5) /etc/apache2/ports.conf": two blanks for each file that contains it.
  void take_include(std::string_view line) {
    const size_t depth = blanks_before(line) / 2;
    const size_t close = line.find(") ");
    if (depth == 0 || close == line.npos || line.substr(2 * depth, 1) != "(") return;
    const std::string_view number_text = line.substr(2 * depth + 1, close - 2 * depth - 1);
    ApacheInclude one{.path = std::string(line.substr(close + 2)), .line = 0, .parent = -1};
    if (number_text != "*") {
      const auto value = number(number_text, 0, UINT32_MAX);
      if (!value || depth < 2 || depth > open_.size() + 1) return;
      one.line = static_cast<uint32_t>(*value);
      one.parent = open_[depth - 2];
    }
    if (dump_.includes.size() >= apache_includes_limit)
      throw Error(Exit::bad_input,
                  one.path + ": more than " + std::to_string(apache_includes_limit) + " files");
    open_.resize(depth - 1);
    open_.push_back(static_cast<int>(dump_.includes.size()));
    dump_.includes.push_back(std::move(one));
  }

  void take_host(std::string_view line) {
    constexpr std::string_view several = "is a NameVirtualHost", site = "namevhost ";
    constexpr std::string_view alias = "                 alias ", wild = "                 wild alias ";
    if (line.starts_with(alias) || line.starts_with(wild)) {
      if (dump_.addresses.empty() || dump_.addresses.back().sites.empty()) return;
      ApacheSite& last = dump_.addresses.back().sites.back();
      if (line.starts_with(alias))
        last.exact.emplace_back(line.substr(alias.size()));
      else
        last.wild.emplace_back(line.substr(wild.size()));
    } else if (line.starts_with(' ')) {
      const size_t at = line.find(site);
      // "default server" is the first of the sites again.
      if (line.starts_with("         port ") && at != line.npos && !dump_.addresses.empty())
        dump_.addresses.back().sites.push_back(parse_site(line.substr(at + site.size())));
    } else if (const size_t end = line.find(' '); end != line.npos && line.find(':') < end) {
      ApacheAddress address{.text = std::string(line.substr(0, end)), .sites = {}, .is_alone = false};
      const std::string_view rest = line.substr(std::min(line.find_first_not_of(' ', end), line.size()));
      if (rest != several) {
        address.is_alone = true;
        address.sites.push_back(parse_site(rest));
      }
      dump_.addresses.push_back(std::move(address));
    }
  }

  void take_setting(std::string_view line) {
    constexpr std::string_view root = "ServerRoot: \"", define = "Define: ", user = "User: name=\"",
                               pid = "PidFile: \"";
    if (line.starts_with(root)) dump_.server_root = line.substr(root.size(), line.rfind('"') - root.size());
    if (line.starts_with(user))
      dump_.user = line.substr(user.size(), line.find('"', user.size()) - user.size());
    if (line.starts_with(pid)) dump_.pid_file = line.substr(pid.size(), line.rfind('"') - pid.size());
    if (!line.starts_with(define)) return;
    const std::string_view text = line.substr(define.size());
    const size_t equals = std::min(text.find('='), text.size());
    const std::string_view value = equals == text.size() ? "" : text.substr(equals + 1);
    dump_.defines.insert_or_assign(std::string(text.substr(0, equals)), std::string(value));
  }

  ApacheDump dump_;
  Part part_ = Part::none;
  std::vector<int> open_;  // the files that include each other
};

}  // namespace

ApacheDump parse_apache_dump(std::string_view output) {
  DumpReader reader;
  for (size_t at = 0; at < output.size();) {
    const size_t end = std::min(output.find('\n', at), output.size());
    reader.take(output.substr(at, end - at));
    at = end + 1;
  }
  return reader.finish();
}

std::string text(const ApachePlace& place) {
  return place.macro.empty() ? place.file + ":" + std::to_string(place.line) : place.macro;
}

}  // namespace certo::webserver
