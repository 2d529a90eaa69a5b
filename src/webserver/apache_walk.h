// The text of Apache's configuration in the order in which Apache reads it: what it includes, what its
// conditions (IfModule, IfDefine, IfVersion, IfFile) leave out, and the variables at each place.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/apache_file.h"
#include "webserver/apache_running.h"

namespace certo::webserver {

/// Whether an "Include" of `word` names the file `path`: a file, a folder above it, or a pattern.
bool includes(const std::string& word, const std::string& server_root, const std::string& path);

class ApacheWalker {
 public:
  using FileOf = std::function<const ApacheFile&(const std::string& path)>;
  using Act = std::function<void(const ApacheFile& file, const ApacheDirective& directive)>;

  ApacheWalker(const Apache& apache, FileOf file_of);

  /// Calls `act` with each directive of the main server, and with each section there as a whole. The action
  /// may call `each_in` for the section that it got.
  void each(const Act& act) { each(0, act); }
  /// The same for what is in a section, without what is in deeper ones.
  void each_in(const ApacheDirective& section, const Act& act);

  /// The words of a directive, with the values that variables have at this place.
  std::vector<std::string> words(const ApacheDirective& directive) const;

 private:
  void each(size_t node, const Act& act);
  void correct_lines(size_t node);
  void each_between(size_t begin, size_t end, const Act& act);
  bool is_met(const ApacheDirective& condition) const;
  bool is_met(std::string_view name, const std::string& asked) const;
  void take_definition(const ApacheDirective& directive);
  std::optional<std::string> value_of(std::string_view name) const;

  const Apache& apache_;
  const FileOf file_of_;
  std::vector<std::vector<size_t>> children_;                               // of each file of the dump
  std::vector<uint32_t> lines_;                                             // that include them
  std::map<std::string, std::optional<std::string>, std::less<>> defined_;  // nothing: "UnDefine"
  const ApacheFile* file_ = nullptr;  // the file and its place in the dump that are read now
  size_t node_ = 0;
};

}  // namespace certo::webserver
