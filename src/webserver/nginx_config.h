// nginx's configuration: the main file and all files that it includes, as nginx finds them. Files that only
// blocks of data or of `stream`, `mail` and so on include are not read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "webserver/nginx_file.h"

namespace certo::webserver {

inline constexpr size_t nginx_files_limit = 50'000;
inline constexpr size_t nginx_total_limit = size_t{256} << 20;  // bytes of all files
inline constexpr size_t nginx_chain_limit = 50;                 // files that include each other

/// A directive and the file that it is in.
struct Found {
  const NginxFile* file = nullptr;
  const NginxDirective* directive = nullptr;

  bool is(std::string_view name) const { return file->is(*directive, name); }
  std::string word(size_t at) const { return file->word(*directive, at); }
  size_t words() const { return directive->word_count; }
  std::string place() const { return file->place(*directive); }
};

class NginxConfig {
 public:
  /// Reads the file `main`, an absolute path, and what it includes; relative paths begin at its folder.
  /// Throws Error{bad_input} or {not_permitted} with the file and the line.
  explicit NginxConfig(const std::string& main);

  const std::string& path() const { return files_.front()->path(); }
  const std::vector<std::unique_ptr<NginxFile>>& files() const { return files_; }

  using Act = std::function<void(const Found&)>;
  /// Calls `act` with each directive of the main file's top level, and of the files included there.
  void each(const Act& act) const { each(*files_.front(), 0, files_.front()->directives().size(), act); }
  /// The same for the block of `outer`, without what is in deeper blocks.
  void each_in(const Found& outer, const Act& act) const;

 private:
  const NginxFile* load(const std::string& path);
  void load_included(const NginxFile& file);
  void include(const NginxFile& file, const NginxDirective& directive);
  void each(const NginxFile& file, size_t begin, size_t end, const Act& act) const;
  [[noreturn]] void refuse_loop(const std::string& path) const;

  std::string folder_;
  std::vector<std::unique_ptr<NginxFile>> files_;
  std::unordered_map<std::string, const NginxFile*> by_path_;
  std::unordered_map<const NginxDirective*, std::vector<const NginxFile*>> included_;
  std::vector<std::string> chain_;  // the files that are being read, each included by the one before it
  size_t bytes_ = 0;
  mutable size_t visits_ = 0;  // of included files, because their number can double with each file
};

}  // namespace certo::webserver
