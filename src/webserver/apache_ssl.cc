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

/// Both sockets would take connections to one address.
bool is_overlap(const std::string& a, const std::string& b) {
  return a == b || a.starts_with("*:") || b.starts_with("*:");
}

}  // namespace

ApacheSsl::ApacheSsl(const ApacheConfig& config)
    : config_(config), modules_(config, EditPart::certificate), listens_(config.listens()) {
  if (!modules_.has("ssl")) {
    with_ssl_ = config.apache();
    with_ssl_.dump.modules.insert("ssl_module");
    later_ = std::make_unique<ApacheConfig>(with_ssl_);
    listens_ = later_->listens();
  }
  modules_.need("ssl");
  // Without a module for it, Apache refuses the cache of its own settings. On Debian, mod_ssl depends on it.
  if (!modules_.is_debian() &&
      (later_ ? later_->count_in_main("sslsessioncache") > 0 : modules_.has("socache_shmcb")))
    modules_.need("socache_shmcb");
  notes_ = modules_.notes();
  marks_ = modules_.marks();
  if (later_)
    for (const ApacheLine& one : later_->unlisted())
      notes_.push_back(one.place() + ": this virtual host counts from now on, because mod_ssl is loaded");
  for (const ApacheLine& one : config.listen_lines())
    if (std::string mark = mark_above(one.file->text(), one.directive->whole.begin); !mark.empty())
      marks_.push_back(std::move(mark));
}

Edits ApacheSsl::take_edits() {
  Edits edits = modules_.take_edits();
  add(edits, edits_);
  return edits;
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
  const bool reads_it = std::ranges::any_of(modules_.edits().files, [&](const OwnFile& one) {
    return one.path == modules_.layout_file("mods-enabled/ssl.conf");
  });
  if (!reads_it) return false;
  const std::string path = modules_.layout_file("mods-available/ssl.conf");
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
