// The listeners for TLS that a block of port 80 lacks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "webserver/nginx_block.h"
#include "webserver/nginx_running.h"

namespace certo::webserver {

/// The directive by which this nginx speaks HTTP/2.
enum class Http2 { none, word_of_listen, directive };
Http2 http2_of(const NginxBuild& build);

struct NewListeners {
  std::vector<std::string> lines;  // "listen 443 ssl;"
  std::vector<Address> addresses;  // that the block gets
  std::vector<Address> opened;     // those of them on which nothing of nginx listens yet
  bool wants_http2_directive = false;
};

/// `hosts` outlive it.
class ListenPlanner {
 public:
  ListenPlanner(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const NginxBuild& build);

  /// Port 443 on the addresses of the block's port 80. Throws Error{config} if that would break another
  /// block, or this one.
  NewListeners plan(const VirtualHost& host) const;

 private:
  struct Neighbour {
    const VirtualHost* host;
    const Listen* listen;
  };
  std::vector<Address> wanted(const VirtualHost& host) const;
  std::string words_at(const Address& address) const;
  void refuse_plain(const Address& address) const;
  void refuse_shadow(const VirtualHost& host, const Address& address) const;
  void refuse_unbindable(const VirtualHost& host, const Address& address) const;
  const Neighbour* first_at(const std::string& address) const;

  std::map<std::string, std::vector<Neighbour>> by_address_;
  std::vector<StreamListen> stream_;
  Http2 http2_;
  bool is_dual_ = false;  // [::]:443 takes IPv4, too
};

}  // namespace certo::webserver
