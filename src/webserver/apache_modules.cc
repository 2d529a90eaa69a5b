#include "webserver/apache_modules.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "webserver/apache_edit.h"

namespace certo::webserver {
namespace {

constexpr size_t module_file_limit = 1 << 16;

/// Those of the line "# Depends: a b c" in the comments at the beginning of a file that loads a module.
std::vector<std::string> dependencies_in(const std::string& text) {
  constexpr std::string_view word = "# Depends:";
  for (const std::string& line : split(text, '\n')) {
    const std::string_view rest = trim(line);
    if (!rest.empty() && rest.front() != '#') break;
    if (!rest.starts_with(word)) continue;
    std::vector<std::string> names = apache_words(rest.substr(word.size()));
    std::erase_if(names, [](const std::string& one) {
      return one.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != one.npos;
    });
    return names;
  }
  return {};
}

}  // namespace

ApacheModules::ApacheModules(const ApacheConfig& config, EditPart part)
    : config_(config),
      part_(part),
      is_debian_(os::is_folder(layout_file("mods-available")) && os::is_folder(layout_file("mods-enabled"))) {
}

void ApacheModules::need(const std::string& module) {
  const bool is_known = is_debian_ && os::exists(layout_file("mods-available/" + module + ".load"));
  if (has(module)) {
    if (is_known) claim_links(module);
    claim_line(module);
  } else if (is_known) {
    enable_on_debian(module);
  } else {
    load(module);
  }
}

/// LoadModule of certo's.
void ApacheModules::claim_line(const std::string& module) {
  for (const ApacheLine& one : config_.module_lines())
    if (one.value == module + "_module")
      if (std::string mark = mark_above(one.file->text(), one.directive->whole.begin); !mark.empty())
        marks_.push_back(std::move(mark));
}

bool ApacheModules::has(const std::string& module) const {
  return config_.apache().dump.modules.contains(module + "_module");
}

std::string ApacheModules::layout_file(const std::string& name) const {
  return os::path_in(os::folder_of(config_.apache().config()), name);
}

/// The links that a2enmod makes, those of the modules that it needs first.
void ApacheModules::enable_on_debian(const std::string& module) {
  std::vector<std::string> made;
  std::set<std::string> seen;
  const auto enable = [&](const auto& self, const std::string& one) -> void {
    const std::string file = layout_file("mods-available/" + one + ".load");
    if (!seen.insert(one).second || !os::exists(file)) return;
    for (const std::string& needed : dependencies_in(os::read_file(file, module_file_limit)))
      self(self, needed);
    const bool is_enabled = os::exists(layout_file("mods-enabled/" + one + ".load"));
    if (!is_enabled && has(one)) return;  // another file loads it
    if (!is_enabled) made.push_back(one);
    for (const char* ending : {".load", ".conf"}) {
      const std::string name = one + ending;
      if (os::exists(layout_file("mods-available/" + name)))
        edits_.files.push_back({.part = part_,
                                .path = layout_file("mods-enabled/" + name),
                                .content = {},
                                .target = "../mods-available/" + name});
    }
  };
  enable(enable, module);
  notes_.push_back("certo enables modules of Apache, as 'a2enmod " + module + "' does: " + join(made, ", ") +
                   "; what asks for them in <IfModule> and .htaccess counts from now on");
}

/// If certo made them for another certificate, this one needs them, too.
void ApacheModules::claim_links(const std::string& module) {
  std::set<std::string> seen;
  const auto claim = [&](const auto& self, const std::string& one) -> void {
    const std::string file = layout_file("mods-available/" + one + ".load");
    if (!seen.insert(one).second || !os::exists(file)) return;
    for (const std::string& needed : dependencies_in(os::read_file(file, module_file_limit)))
      self(self, needed);
    for (const char* ending : {".load", ".conf"})
      if (const std::string path = layout_file("mods-enabled/" + one + ending);
          os::read_link(path) == "../mods-available/" + one + ending)
        edits_.files.push_back(
            {.part = part_, .path = path, .content = {}, .target = "../mods-available/" + one + ending});
  };
  claim(claim, module);
}

/// By hand, from the folder of the other modules.
void ApacheModules::load(const std::string& module) {
  const std::vector<ApacheLine>& lines = config_.module_lines();
  for (size_t i = lines.size(); i-- > 0;) {
    const ApacheLine& line = lines[i];
    const std::vector<std::string> words = apache_words(line.directive->value);
    if (words.size() != 2 || words[1].find('$') != std::string::npos) continue;
    const std::string path = os::path_in(os::folder_of(words[1]), "mod_" + module + ".so");
    const std::string& root = config_.apache().dump.server_root;
    if (!os::exists(path.starts_with('/') ? path : os::path_in(root, path))) continue;
    const std::string& text = line.file->text();
    const size_t begin = begin_of_line(text, line.directive->whole.begin);
    edits_.changes.push_back(line_below(part_, *line.file, end_of_lines(text, line.directive->whole.begin),
                                        text.substr(begin, line.directive->whole.begin - begin),
                                        "LoadModule " + module + "_module " + path));
    notes_.push_back("certo loads mod_" + module + " from " + path);
    return;
  }
  throw Error(Exit::config,
              config_.apache().config() + ": Apache has not loaded mod_" + module +
                  ", and its file is not where the other modules are",
              module == "ssl"
                  ? "install it (Red Hat, Fedora, SUSE: the package mod_ssl), then run certo again"
                  : "install it, then run certo again; or prove names with --webroot");
}

}  // namespace certo::webserver
