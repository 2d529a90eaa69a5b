#include "commands/providers_guide.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "commands/describe.h"
#include "commands/lego_words.h"
#include "console/layout.h"

namespace certo::commands {
namespace {

using console::wrapped;
using provider::Descriptor;
using provider::Setting;

constexpr const char* untried =
    "untried: made from the behaviour of other clients, because the service has no documentation that can be "
    "read";

/// "needed", or "instead, all of them" for the groups after the first, or "optional".
const char* need(const Setting& setting) {
  if (setting.group == 0) return "optional";
  return setting.group == 1 ? "needed" : "instead, all of them";
}

std::string record_types(const Descriptor& descriptor) {
  std::vector<std::string> types = descriptor.types;
  types.insert(types.begin(), DnsRecord::txt);
  return join(types, ", ");
}

/// The settings of the first group: what most people set.
std::vector<std::string> lines_to_paste(const provider::Caged& caged) {
  std::vector<std::string> lines;
  for (const Setting& setting : caged.descriptor.settings) {
    if (setting.group == 1) lines.push_back("export " + setting.name + "=…");
  }
  lines.push_back("certo issue -d example.com -d '*.example.com' --dns " + caged.id);
  return lines;
}

/// A line of another client that does the same.
struct OtherWords {
  std::string client, line;
};

/// acme.sh's names begin with "dns_".
std::vector<OtherWords> other_clients(const provider::Caged& caged) {
  std::vector<OtherWords> words;
  if (caged.found_by != provider::FoundBy::built_in) return words;
  for (const std::string& alias : caged.descriptor.aliases) {
    if (alias.starts_with("dns_"))
      words.push_back({"acme.sh", "acme.sh --issue -d example.com --dns " + alias});
  }
  if (const auto line = lego_line(caged)) words.push_back({"lego", *line});
  return words;
}

}  // namespace

std::string settings_text(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += "\n" + setting.name + " (" + need(setting) + ")\n";
    if (!setting.about.empty()) text += "  " + wrapped(printable(setting.about), 2) + "\n";
    if (!setting.aliases.empty())
      text += "  " + wrapped("also read as " + join(setting.aliases, ", "), 2) + "\n";
    if (!setting.paths.empty()) text += "  " + wrapped("usually " + join(setting.paths, ", "), 2) + "\n";
  }
  return text;
}

Json settings_json(const std::vector<Setting>& settings) {
  Json json = Json::array();
  for (const Setting& setting : settings) {
    json.push(Json::Object{{"name", setting.name},
                           {"aliases", to_json(setting.aliases)},
                           {"group", static_cast<int64_t>(setting.group)},
                           {"about", setting.about}});
  }
  return json;
}

std::string guide(const provider::Caged& caged) {
  const Descriptor& descriptor = caged.descriptor;
  std::string text = printable(descriptor.title, 200) + ": --dns " + caged.id + "\n";
  if (descriptor.is_untried) text += wrapped(untried, 0) + "\n";
  text += settings_text(provider::settings_of(descriptor));
  text += "\nNAME_FILE is the path of a file with the value.\n\n";
  Rows rows;
  if (!descriptor.rights.empty()) rows.push_back({"least rights", printable(descriptor.rights, 500)});
  if (descriptor.is(CERTO_SINGLE_VALUE))
    rows.push_back({"holds", "one value for each name, so names are proven one after the other"});
  rows.push_back({"record types", record_types(descriptor)});
  rows.push_back({"visible within", spoken_duration(descriptor.propagation.count())});
  const char* label = "use it";
  for (const std::string& line : lines_to_paste(caged)) rows.push_back({std::exchange(label, ""), line});
  for (const auto& [client, line] : other_clients(caged)) rows.push_back({"in " + client, line});
  return text + console::columns(rows);
}

std::string markdown_guide(const provider::Caged& caged) {
  const Descriptor& descriptor = caged.descriptor;
  std::string text = "## " + descriptor.title + "\n\n`--dns " + caged.id + "`";
  if (!descriptor.aliases.empty()) text += ", also `" + join(descriptor.aliases, "`, `") + "`";
  text += "\n\n";
  if (descriptor.is_untried) text += std::string(untried) + "\n\n";
  text += "| setting | | what it is | also read as |\n|---|---|---|---|\n";
  for (const Setting& setting : descriptor.settings) {
    text += "| `" + setting.name + "` | " + need(setting) + " | " + setting.about + " | " +
            join(setting.aliases, ", ") + " |\n";
  }
  if (!descriptor.rights.empty()) text += "\nLeast rights: " + descriptor.rights + ".\n";
  text += "\nRecord types: " + record_types(descriptor) + ".\n\n```sh\n";
  for (const std::string& line : lines_to_paste(caged)) text += line + "\n";
  for (const auto& [client, line] : other_clients(caged)) text += "# in " + client + ": " + line + "\n";
  return text + "```\n\n";
}

Json to_json(const provider::Caged& caged) {
  const Descriptor& descriptor = caged.descriptor;
  return Json(Json::Object{{"certo", "provider/1"},
                           {"name", caged.id},
                           {"kind", caged.kind()},
                           {"origin", caged.origin},
                           {"settings", settings_json(provider::settings_of(descriptor))},
                           {"title", descriptor.title},
                           {"rights", descriptor.rights},
                           {"types", to_json(descriptor.types)},
                           {"name_servers", to_json(descriptor.name_servers)},
                           {"propagation", static_cast<int64_t>(descriptor.propagation.count())},
                           {"untried", descriptor.is_untried}});
}

}  // namespace certo::commands
