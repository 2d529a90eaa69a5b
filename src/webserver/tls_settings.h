// Settings of TLS for blocks that have none: one file of certo's that they include.
#pragma once

#include <optional>
#include <string>

#include "webserver/edits.h"
#include "webserver/nginx_block.h"

namespace certo::webserver {

class TlsSettings {
 public:
  /// Reads the file, if it exists: a person may have changed it.
  TlsSettings(const NginxConfig& config, const HttpLines& http);

  /// The line that includes them. "" if the block or `http` has such settings.
  std::string line_for(const Found& block) const;
  /// The existing line.
  Found known_line(const Found& block) const;
  /// The file for certo to write, if it does not exist.
  OwnFile file() const;

 private:
  const NginxConfig& config_;
  std::string path_;                   // certo/tls.conf next to the main file
  std::optional<NginxFile> settings_;  // nothing if `http` has its own
};

}  // namespace certo::webserver
