// The modules that certo's lines need and that Apache has not loaded: on Debian they get the links that
// a2enmod makes, elsewhere a LoadModule next to that of another module. Nothing is written here.
#pragma once

#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"

namespace certo::webserver {

class ApacheModules {
 public:
  /// `part`: of the edits. The configuration outlives it.
  ApacheModules(const ApacheConfig& config, EditPart part);

  bool has(const std::string& module) const;  // "ssl"
  bool is_debian() const { return is_debian_; }
  /// next to the main file: "mods-enabled/ssl.conf".
  std::string layout_file(const std::string& name) const;

  /// If Apache has it by lines or links of certo's, they are needed once more. Otherwise plans to load it, on
  /// Debian with the modules that it depends on. Throws Error{config} if its file is missing.
  void need(const std::string& module);

  Edits take_edits() { return std::move(edits_); }
  const Edits& edits() const { return edits_; }
  const std::vector<std::string>& notes() const { return notes_; }  // for a person; without a full stop
  const std::vector<std::string>& marks() const { return marks_; }  // of existing lines

 private:
  void enable_on_debian(const std::string& module);
  void claim_links(const std::string& module);
  void claim_line(const std::string& module);
  void load(const std::string& module);

  const ApacheConfig& config_;
  const EditPart part_;
  const bool is_debian_;
  Edits edits_;
  std::vector<std::string> notes_, marks_;
};

}  // namespace certo::webserver
