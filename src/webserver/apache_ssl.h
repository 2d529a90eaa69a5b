// What Apache lacks to speak TLS at all: mod_ssl, and a socket of port 443.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/apache_modules.h"
#include "webserver/edits.h"

namespace certo::webserver {

class ApacheSsl {
 public:
  /// Plans to load mod_ssl if that is missing. Throws Error{config} if its file is missing, too. `config`
  /// outlives it.
  explicit ApacheSsl(const ApacheConfig& config);

  /// The configuration as Apache reads it with mod_ssl. Its hosts are the same.
  const ApacheConfig& later() const { return later_ ? *later_ : config_; }
  /// Apache's sockets then.
  const std::vector<Address>& listens() const { return listens_; }
  /// For a new host at `address` ("*:443") next to one at `plain` ("*:80"), unless a socket reaches it.
  void listen(const std::string& address, const std::string& plain);
  /// The main server has settings that hosts with TLS inherit.
  bool has_settings() const;
  /// Throws Error{config} if a host that only mod_ssl brings to life has one of these names already.
  void refuse_waiting(const std::vector<std::string>& names) const;

  Edits take_edits();
  const std::vector<std::string>& notes() const { return notes_; }
  const std::vector<std::string>& marks() const { return marks_; }  // of existing lines

 private:
  const ApacheConfig& config_;
  ApacheModules modules_;
  Apache with_ssl_;
  std::unique_ptr<ApacheConfig> later_;
  std::vector<Address> listens_;
  std::vector<std::string> new_hosts_;
  Edits edits_;
  std::vector<std::string> notes_, marks_;
};

}  // namespace certo::webserver
