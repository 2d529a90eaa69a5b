#include "webserver/apache_walk.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

bool is_condition(std::string_view name) {
  constexpr std::string_view names[] = {"ifmodule", "ifdefine",    "ifversion",
                                        "iffile",   "ifdirective", "ifsection"};
  return std::ranges::find(names, name) != std::end(names);
}

/// "ssl_module" for it and for "mod_ssl.c", the name of the module's source.
std::string module_name(std::string_view text) {
  if (text.starts_with("mod_") && text.ends_with(".c"))
    return std::string(text.substr(4, text.size() - 6)) + "_module";
  if (text.ends_with(".c")) return std::string(text.substr(0, text.size() - 2)) + "_module";
  return std::string(text);
}

/// "2.4.57" as a number; 0 if it is none.
int64_t version_number(std::string_view text) {
  int64_t value = 0;
  size_t parts = 0;
  for (const std::string& part : split(text, '.')) {
    const auto one = number(part, 0, 999);
    if (!one || ++parts > 3) return 0;
    value = value * 1000 + *one;
  }
  for (; parts < 3; ++parts) value *= 1000;
  return value;
}

/// As mod_version compares. A regular expression is taken as met.
bool is_version_met(const std::string& running, const std::vector<std::string>& words) {
  if (words.empty() || words.size() > 2) return true;
  const std::string sign = words.size() == 2 ? words[0] : "=";
  const int64_t now = version_number(std::string_view(running).substr(running.find('/') + 1));
  const int64_t asked = version_number(words.back());
  if (now == 0 || asked == 0) return true;
  if (sign == "=" || sign == "==") return now == asked;
  if (sign == ">") return now > asked;
  if (sign == ">=") return now >= asked;
  if (sign == "<") return now < asked;
  if (sign == "<=") return now <= asked;
  return true;
}

}  // namespace

bool includes(const std::string& word, const std::string& server_root, const std::string& path) {
  const std::string pattern = word.starts_with('/') ? word : os::path_in(server_root, word);
  return path == pattern || path.starts_with(pattern + "/") ||
         ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
}

ApacheWalker::ApacheWalker(const Apache& apache, FileOf file_of)
    : apache_(apache), file_of_(std::move(file_of)), children_(apache.dump.includes.size()) {
  for (size_t i = 0; i < apache.dump.includes.size(); ++i)
    if (const int parent = apache.dump.includes[i].parent; parent >= 0)
      children_[static_cast<size_t>(parent)].push_back(i);
  for (const ApacheInclude& one : apache.dump.includes) lines_.push_back(one.line);
  for (size_t i = 0; i + 1 < apache.options.size(); ++i)
    if (apache.options[i] == "-D") defined_.insert_or_assign(apache.options[i + 1], "");
  for (size_t node = 0; node < children_.size(); ++node) correct_lines(node);
}

/// If one "Include" names several files, the dump gives the second one a line of the first one, if that one
/// includes a file, too.
void ApacheWalker::correct_lines(size_t node) {
  if (children_[node].size() < 2) return;
  std::vector<const ApacheDirective*> all;
  for (const ApacheDirective& one : file_of_(apache_.dump.includes[node].path).directives())
    if (one.name == "include" || one.name == "includeoptional") all.push_back(&one);
  for (const size_t child : children_[node]) {
    const std::string& path = apache_.dump.includes[child].path;
    const auto fits = [&](const ApacheDirective* one) {
      const std::vector<std::string> named = words(*one);
      return !named.empty() && includes(named[0], apache_.dump.server_root, path);
    };
    if (std::ranges::any_of(all, [&](const auto* one) { return one->line == lines_[child] && fits(one); }))
      continue;
    if (const auto found = std::ranges::find_if(all, fits); found != all.end())
      lines_[child] = (*found)->line;
  }
}

void ApacheWalker::each(size_t node, const Act& act) {
  const ApacheFile* const outer_file = file_;
  const size_t outer_node = node_;
  file_ = &file_of_(apache_.dump.includes[node].path);
  node_ = node;
  each_between(0, file_->directives().size(), act);
  file_ = outer_file;
  node_ = outer_node;
}

void ApacheWalker::each_in(const ApacheDirective& section, const Act& act) {
  const size_t at = static_cast<size_t>(&section - file_->directives().data());
  each_between(at + 1, section.next, act);
}

void ApacheWalker::each_between(size_t begin, size_t end, const Act& act) {
  const auto all = file_->directives();
  for (size_t at = begin; at < end;) {
    const ApacheDirective& one = all[at];
    at = one.next;
    if (one.is_section && is_condition(one.name)) {
      // Its content is what comes next.
      if (is_met(one)) at = static_cast<size_t>(&one - all.data()) + 1;
    } else if (one.name == "define" || one.name == "undefine") {
      take_definition(one);
    } else if (one.name == "include" || one.name == "includeoptional") {
      for (const size_t child : children_[node_])
        if (lines_[child] == one.line) each(child, act);
    } else {
      act(*file_, one);
    }
  }
}

bool ApacheWalker::is_met(const ApacheDirective& condition) const {
  if (condition.name == "ifversion") return is_version_met(apache_.version, words(condition));
  const std::vector<std::string> all = words(condition);
  if (all.empty()) return true;
  const bool is_negated = all.front().starts_with('!');
  return is_met(condition.name, all.front().substr(is_negated ? 1 : 0)) != is_negated;
}

bool ApacheWalker::is_met(std::string_view name, const std::string& asked) const {
  if (name == "ifmodule") return apache_.dump.modules.contains(module_name(asked));
  if (name == "ifdefine") {
    const auto known = defined_.find(asked);
    return known != defined_.end() && known->second.has_value();
  }
  if (name == "iffile")
    return os::exists(asked.starts_with('/') ? asked : os::path_in(apache_.dump.server_root, asked));
  return true;
}

void ApacheWalker::take_definition(const ApacheDirective& directive) {
  const std::vector<std::string> all = words(directive);
  if (all.empty()) return;
  if (directive.name == "undefine")
    defined_.insert_or_assign(all[0], std::nullopt);
  else
    defined_.insert_or_assign(all[0], all.size() > 1 ? all[1] : "");
}

/// A variable that the text does not define may come from a macro.
std::optional<std::string> ApacheWalker::value_of(std::string_view name) const {
  if (const auto known = defined_.find(name); known != defined_.end() && known->second) return known->second;
  for (const std::string& one : apache_.environment)
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return one.substr(name.size() + 1);
  if (const auto last = apache_.dump.defines.find(name); last != apache_.dump.defines.end())
    return last->second;
  return {};
}

std::vector<std::string> ApacheWalker::words(const ApacheDirective& directive) const {
  return apache_words(
      with_variables(directive.value, [this](std::string_view name) { return value_of(name); }));
}

}  // namespace certo::webserver
