#include "webserver/server.h"

#include <cstdint>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "webserver/apache_server.h"
#include "webserver/nginx_server.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

/// Those of one kind; none if there is none.
void add_all(std::vector<std::unique_ptr<Server>>& all,
             std::vector<std::unique_ptr<Server>> (*servers)()) noexcept {
  try {
    for (std::unique_ptr<Server>& one : servers()) all.push_back(std::move(one));
  } catch (const std::exception& error) {
    log::verbose(error.what());
  }
}

bool is_line_number(std::string_view text) { return number(text, 1, INT32_MAX).has_value(); }

/// What a warning is about, and not where: nginx says "in /x:12" at the end, Apache "in /x at line 12" and
/// "on line 12 of /x". The file counts no more than the line, because the body of a virtual host of Apache
/// moves to a file of certo's.
std::string without_place(const std::string& warning) {
  std::vector<std::string> words = split(warning, ' ');
  bool has_line = false;
  for (size_t i = 1; i < words.size(); ++i)
    if (words[i - 1] == "line" && is_line_number(words[i].substr(0, words[i].find_first_of(",:.)")))) {
      words[i].clear();
      has_line = true;
    }
  for (std::string& word : words) {
    const size_t colon = word.rfind(':');
    if (word.starts_with('/') && (has_line || (colon != word.npos && is_line_number(word.substr(colon + 1)))))
      word.clear();
  }
  return join(words, " ");
}

}  // namespace

std::string first_new_warning(const ConfigTest& before, const ConfigTest& after) {
  std::set<std::string> known;
  for (const std::string& one : before.warnings) known.insert(without_place(one));
  for (const std::string& one : after.warnings) {
    // That of a certificate without an OCSP server names its file, so the new certificate has one of its own.
    const bool is_of_stapling = one.starts_with("\"ssl_stapling\" ignored");
    if (!is_of_stapling && !known.contains(without_place(one))) return one;
  }
  return {};
}

std::string_view text(ServerKind kind) { return kind == ServerKind::nginx ? "nginx" : "apache"; }

std::string title(ServerKind kind) { return kind == ServerKind::nginx ? "nginx" : "Apache"; }

std::optional<ServerKind> kind_of(std::string_view word) {
  for (const ServerKind kind : all_kinds)
    if (text(kind) == word) return kind;
  return {};
}

Texts Sites::texts_of(const Edits& edits) const {
  Texts found;
  const auto changes = by_file(edits.changes);
  for (const Text& one : texts())
    if (const std::string path = without_links(one.path); changes.contains(path)) found[path] = one.text;
  return found;
}

std::vector<std::string> Sites::files() const {
  std::vector<std::string> paths;
  for (const Text& one : texts()) paths.push_back(without_links(one.path));
  return paths;
}

bool Server::has_ended() const { return is_running() && trust_in(process()) == Trust::ended; }

std::unique_ptr<Server> running_server(ServerKind kind, const std::string& config) {
  return kind == ServerKind::nginx ? running_nginx_server(config) : running_apache_server(config);
}

std::unique_ptr<Server> server_with(ServerKind kind, const std::string& config) {
  return kind == ServerKind::nginx ? nginx_server_with(config) : apache_server_with(config);
}

std::vector<std::unique_ptr<Server>> all_servers() noexcept {
  std::vector<std::unique_ptr<Server>> all;
  add_all(all, all_nginx_servers);
  add_all(all, all_apache_servers);
  return all;
}

}  // namespace certo::webserver
