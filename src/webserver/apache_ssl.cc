#include "webserver/apache_ssl.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "webserver/apache_edit.h"
#include "webserver/apache_listen.h"

namespace certo::webserver {
namespace {

constexpr int port_of_http = 80, port_of_https = 443;
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

/// Both sockets would take connections to one address.
bool is_overlap(const std::string& a, const std::string& b) {
  return a == b || a.starts_with("*:") || b.starts_with("*:");
}

}  // namespace

ApacheSsl::ApacheSsl(const ApacheConfig& config) : config_(config), listens_(config.listens()) {
  const bool is_debian =
      os::exists(layout_file("mods-available/ssl.load")) && os::is_folder(layout_file("mods-enabled"));
  if (has("ssl_module")) {
    if (is_debian) claim_links("ssl");
    for (const ApacheLine& one : config.module_lines())
      if (one.value == "ssl_module" || one.value == "socache_shmcb_module")
        if (std::string mark = mark_above(one.file->text(), one.directive->whole.begin); !mark.empty())
          marks_.push_back(std::move(mark));
  } else {
    with_ssl_ = config.apache();
    with_ssl_.dump.modules.insert("ssl_module");
    later_ = std::make_unique<ApacheConfig>(with_ssl_);
    listens_ = later_->listens();
    if (is_debian)
      enable_on_debian("ssl");
    else
      load("ssl");
    // Without a module for it, Apache refuses the cache of its own settings.
    if (!is_debian && later_->count_in_main("sslsessioncache") > 0 && !has("socache_shmcb_module"))
      load("socache_shmcb");
    for (const ApacheLine& one : later_->unlisted())
      notes_.push_back(one.place() + ": this virtual host counts from now on, because mod_ssl is loaded");
  }
  for (const ApacheLine& one : config.listen_lines())
    if (std::string mark = mark_above(one.file->text(), one.directive->whole.begin); !mark.empty())
      marks_.push_back(std::move(mark));
}

bool ApacheSsl::has(const std::string& module) const {
  return config_.apache().dump.modules.contains(module);
}

std::string ApacheSsl::layout_file(const std::string& name) const {
  return os::path_in(os::folder_of(config_.apache().config()), name);
}

/// The links that a2enmod makes, those of the modules that it needs first.
void ApacheSsl::enable_on_debian(const std::string& module) {
  std::vector<std::string> made;
  std::set<std::string> seen;
  const auto enable = [&](const auto& self, const std::string& one) -> void {
    const std::string file = layout_file("mods-available/" + one + ".load");
    if (!seen.insert(one).second || !os::exists(file)) return;
    for (const std::string& needed : dependencies_in(os::read_file(file, module_file_limit)))
      self(self, needed);
    const bool is_enabled = os::exists(layout_file("mods-enabled/" + one + ".load"));
    if (!is_enabled && has(one + "_module")) return;  // another file loads it
    if (!is_enabled) made.push_back(one);
    for (const char* ending : {".load", ".conf"}) {
      const std::string name = one + ending;
      if (os::exists(layout_file("mods-available/" + name)))
        edits_.files.push_back({.part = EditPart::certificate,
                                .path = layout_file("mods-enabled/" + name),
                                .content = {},
                                .target = "../mods-available/" + name});
    }
  };
  enable(enable, module);
  notes_.push_back("certo enables the modules that are missing, as 'a2enmod ssl' does: " + join(made, ", "));
}

/// If certo made them for another certificate, this one needs them, too.
void ApacheSsl::claim_links(const std::string& module) {
  std::set<std::string> seen;
  const auto claim = [&](const auto& self, const std::string& one) -> void {
    const std::string file = layout_file("mods-available/" + one + ".load");
    if (!seen.insert(one).second || !os::exists(file)) return;
    for (const std::string& needed : dependencies_in(os::read_file(file, module_file_limit)))
      self(self, needed);
    for (const char* ending : {".load", ".conf"})
      if (const std::string path = layout_file("mods-enabled/" + one + ending);
          os::read_link(path) == "../mods-available/" + one + ending)
        edits_.files.push_back({.part = EditPart::certificate,
                                .path = path,
                                .content = {},
                                .target = "../mods-available/" + one + ending});
  };
  claim(claim, module);
}

/// By hand, from the folder of the other modules.
void ApacheSsl::load(const std::string& module) {
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
    edits_.changes.push_back(line_below(
        EditPart::certificate, *line.file, end_of_lines(text, line.directive->whole.begin),
        text.substr(begin, line.directive->whole.begin - begin), "LoadModule " + module + "_module " + path));
    notes_.push_back("certo loads mod_" + module + " from " + path);
    return;
  }
  throw Error(
      Exit::config,
      config_.apache().config() + ": Apache has not loaded mod_" + module +
          ", and its file is not where the other modules are",
      "install mod_" + module + " (Red Hat, Fedora, SUSE: the package mod_ssl), then run certo again");
}

void ApacheSsl::listen(const std::string& address, const std::string& plain) {
  new_hosts_.push_back(address);
  if (!sockets_of(address, listens_, new_hosts_).empty()) return;
  const auto& lines = config_.listen_lines();
  for (size_t i = 0; i < lines.size(); ++i) {
    const Address& one = config_.listens()[i];
    if (one.port != port_of_http || sockets_of(plain, {one}, {plain}).empty()) continue;
    std::string host = one.text.substr(0, one.text.rfind(':'));
    const auto is_in_way = [&](const std::string& wanted) {
      return std::ranges::any_of(listens_, [&](const Address& other) {
        return other.port == port_of_https && is_overlap(wanted + ":443", other.text);
      });
    };
    if (is_in_way(host)) host = address.substr(0, address.rfind(':'));
    if (host == "*" ? is_in_way(host)
                    : std::ranges::find(listens_, host + ":443", &Address::text) != listens_.end())
      continue;
    const Address opened{host + ":" + std::to_string(port_of_https), one.family, port_of_https};
    const std::string& text = lines[i].file->text();
    const size_t begin = begin_of_line(text, lines[i].directive->whole.begin);
    edits_.changes.push_back(line_below(EditPart::certificate, *lines[i].file,
                                        end_of_lines(text, lines[i].directive->whole.begin),
                                        text.substr(begin, lines[i].directive->whole.begin - begin),
                                        "Listen " + (host == "*" ? "443" : opened.text)));
    listens_.push_back(opened);
  }
}

bool ApacheSsl::has_settings() const {
  if (later().count_in_main("sslprotocol") + later().count_in_main("sslciphersuite") > 0) return true;
  if (!later_) return false;
  // The module has a file of its own, which Apache does not read yet.
  const bool reads_it = std::ranges::any_of(
      edits_.files, [&](const OwnFile& one) { return one.path == layout_file("mods-enabled/ssl.conf"); });
  if (!reads_it) return false;
  const std::string path = layout_file("mods-available/ssl.conf");
  const ApacheFile file(path, os::read_file(path, module_file_limit));
  return std::ranges::any_of(file.directives(), [](const ApacheDirective& one) {
    return one.name == "sslprotocol" || one.name == "sslciphersuite";
  });
}

void ApacheSsl::refuse_waiting(const std::vector<std::string>& names) const {
  if (!later_) return;
  for (const ApacheLine& section : later_->unlisted()) {
    const auto all = section.file->directives();
    const size_t at = static_cast<size_t>(section.directive - all.data());
    for (size_t i = at + 1; i < section.directive->next; ++i) {
      if (all[i].name != "servername" && all[i].name != "serveralias") continue;
      for (const std::string& word : apache_words(all[i].value))
        for (const std::string& name : names)
          if (is_name_for(word, name))
            throw Error(Exit::config,
                        section.place() + ": this virtual host for " + name + " waits for mod_ssl",
                        "load mod_ssl ('a2enmod ssl' on Debian), restart Apache, then run certo again");
    }
  }
}

}  // namespace certo::webserver
