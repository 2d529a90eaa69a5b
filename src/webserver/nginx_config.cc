#include "webserver/nginx_config.h"

#include <glob.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

constexpr size_t visits_limit = 1'000'000;

/// The blocks that can hold what certo looks for. The other ones (events, stream, mail, upstream, those of
/// foreign modules) are not entered.
bool is_entered(const NginxFile& file, const NginxDirective& directive) {
  constexpr std::string_view names[] = {"http", "server", "location", "if", "limit_except"};
  return directive.body == Body::directives &&
         std::ranges::any_of(names, [&](std::string_view name) { return file.is(directive, name); });
}

bool is_include(const NginxFile& file, const NginxDirective& directive) {
  return directive.body == Body::none && directive.word_count == 2 && file.is(directive, "include");
}

/// glob(3) would silently leave out a folder that this user cannot read.
int stop_if_unreadable(const char*, int error) { return error == EACCES || error == EIO ? 1 : 0; }

/// The files that a pattern means, in the order of their bytes.
std::vector<std::string> matching(const std::string& pattern) {
  glob_t found{};
  const int code = ::glob(pattern.c_str(), 0, stop_if_unreadable, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (code == GLOB_ABORTED)
    throw Error(Exit::not_permitted, pattern + ": the folder cannot be read", "run certo as root");
  if (code == GLOB_NOSPACE) throw Error(Exit::bad_input, pattern + ": too many files");
  std::ranges::sort(paths);
  return paths;
}

/// A link to /dev/null switches a file off, and nginx accepts it.
bool is_null_device(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3);
}

}  // namespace

NginxConfig::NginxConfig(const std::string& main) : folder_(os::folder_of(main)) {
  try {
    load(main);
  } catch (Error& error) {
    if (files_.empty() && error.hint.empty())
      error.hint = "this should be the main file of nginx, nginx.conf";
    throw;
  }
}

const NginxFile* NginxConfig::load(const std::string& path) {
  if (std::ranges::find(chain_, path) != chain_.end()) refuse_loop(path);
  if (const auto known = by_path_.find(path); known != by_path_.end()) return known->second;
  if (chain_.size() >= nginx_chain_limit) refuse_loop(path);
  if (files_.size() >= nginx_files_limit)
    throw Error(Exit::bad_input, path + ": more than " + std::to_string(nginx_files_limit) + " files");
  std::string text = is_null_device(path) ? "" : os::read_file(path, nginx_file_limit);
  bytes_ += text.size();
  if (bytes_ > nginx_total_limit)
    throw Error(Exit::bad_input, path + ": all files together have more than " +
                                     std::to_string(nginx_total_limit >> 20) + " MiB");
  const NginxFile* file = files_.emplace_back(std::make_unique<NginxFile>(path, std::move(text))).get();
  by_path_.emplace(path, file);
  chain_.push_back(path);
  load_included(*file);
  chain_.pop_back();
  return file;
}

void NginxConfig::refuse_loop(const std::string& path) const {
  const auto first = std::ranges::find(chain_, path);
  std::string circle;
  for (auto one = first; one != chain_.end(); ++one) circle += *one + " includes ";
  if (first == chain_.end())
    throw Error(Exit::bad_input,
                path + ": more than " + std::to_string(nginx_chain_limit) + " files include each other");
  throw Error(Exit::bad_input, "the files include each other in a circle: " + circle + path,
              "nginx does not accept this: remove one of the includes");
}

/// Also of a file that is included at the top of the main file or inside of a server: its own blocks tell.
void NginxConfig::load_included(const NginxFile& file) {
  const auto all = file.directives();
  for (size_t at = 0; at < all.size();) {
    const NginxDirective& directive = all[at];
    if (is_include(file, directive)) include(file, directive);
    const bool is_skipped = directive.body == Body::directives && !is_entered(file, directive);
    at = is_skipped ? directive.next : at + 1;
  }
}

void NginxConfig::include(const NginxFile& file, const NginxDirective& directive) {
  const std::string named = file.word(directive, 1);
  const std::string path = named.starts_with('/') ? named : os::path_in(folder_, named);
  try {
    // As nginx does: a path without a wildcard must exist.
    const bool is_pattern = path.find_first_of("*?[") != path.npos;
    std::vector<const NginxFile*> loaded;
    for (const std::string& one : is_pattern ? matching(path) : std::vector{path})
      loaded.push_back(load(one));
    included_[&directive] = std::move(loaded);
  } catch (const Error& error) {
    // A fault inside of that file names its place already.
    if (error.message.starts_with(path + ": ")) throw error.within(file.place(directive));
    throw;
  }
}

void NginxConfig::each(const NginxFile& file, size_t begin, size_t end, const Act& act) const {
  const auto all = file.directives();
  for (size_t at = begin; at < end; at = all[at].next) {
    const NginxDirective& directive = all[at];
    const auto files = included_.find(&directive);
    if (files == included_.end()) {
      act({&file, &directive});
      continue;
    }
    for (const NginxFile* one : files->second) {
      if (++visits_ > visits_limit)
        throw Error(Exit::bad_input,
                    file.place(directive) + ": the files are included more than a million times");
      each(*one, 0, one->directives().size(), act);
    }
  }
}

void NginxConfig::each_in(const Found& outer, const Act& act) const {
  if (outer.directive->body != Body::directives) return;
  const auto all = outer.file->directives();
  const size_t at = static_cast<size_t>(outer.directive - all.data());
  each(*outer.file, at + 1, outer.directive->next, act);
}

}  // namespace certo::webserver
