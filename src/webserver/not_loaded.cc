#include "webserver/not_loaded.h"

#include <optional>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

constexpr size_t files_limit = 5000;
constexpr size_t size_limit = 1 << 20;

/// Exact, "*.x" and ".x"; a regular expression is not looked at.
bool fits(const std::string& server_name, std::string_view name) {
  const std::string known = lower(server_name);
  if (known == name) return true;
  if (known.starts_with('.') && known.substr(1) == name) return true;
  const size_t start = known.starts_with("*.") ? 1 : 0;
  return known.size() > start + 1 && known[start] == '.' && name.ends_with(known.substr(start));
}

void add_blocks(const NginxFile& file, std::string_view name, std::vector<std::string>& places) {
  const NginxDirective* block = nullptr;
  for (const NginxDirective& one : file.directives()) {
    if (one.body == Body::directives && file.is(one, "server")) block = &one;
    if (!block || !file.is(one, "server_name")) continue;
    for (size_t at = 1; at < one.word_count; ++at) {
      if (!fits(file.word(one, at), name)) continue;
      places.push_back(file.place(*block));
      block = nullptr;
      break;
    }
  }
}

}  // namespace

std::vector<std::string> blocks_not_loaded(const NginxConfig& config, std::string_view name) {
  std::set<uint64_t> loaded;  // inodes, because a site is enabled by a link
  for (const auto& file : config.files())
    if (const auto facts = os::fingerprint(file->path())) loaded.insert(facts->inode);
  std::vector<std::string> places;
  size_t files = 0;
  for (const char* folder : {"/sites-available", "/sites-enabled", "/conf.d"}) {
    const std::string path = os::folder_of(config.path()) + folder;
    for (const std::string& one : os::exists(path) ? os::list_folder(path) : std::vector<std::string>{}) {
      const std::string file = os::path_in(path, one);
      const auto facts = os::fingerprint(file);
      if (!facts || !loaded.insert(facts->inode).second || ++files > files_limit) continue;
      try {
        add_blocks(NginxFile(file, os::read_file(file, size_limit)), name, places);
      } catch (const Error& error) {
        log::debug(error.message);
      }
    }
  }
  return places;
}

}  // namespace certo::webserver
