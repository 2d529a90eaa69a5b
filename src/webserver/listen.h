// nginx's "listen" directive: the addresses that a server block answers on.
// https://nginx.org/en/docs/http/ngx_http_core_module.html#listen
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_config.h"

namespace certo::webserver {

enum class Family { ipv4, ipv6, unix_socket, name };

/// One socket, in one spelling: "*:80", "127.0.0.1:8080", "[::]:443", "unix:/run/a.sock", "localhost:80".
struct Address {
  std::string text;
  Family family = Family::ipv4;
  int port = 0;  // 0: a unix socket

  bool operator==(const Address& other) const { return text == other.text; }
};

struct Listen {
  std::vector<Address> addresses;  // several for a range of ports
  bool is_default = false;
  bool has_tls = false;
  bool is_quic = false;  // UDP, so neither http-01 nor TLS over TCP comes there
  bool takes_proxy_protocol = false;
  Found from{};  // nothing: the block has no "listen"
};

/// Throws Error{bad_input} with the place for an address that nginx refuses as well.
Listen read_listen(const Found& directive);

/// What a block without "listen" has: port 80, or 8000 if nginx does not run as root.
Listen listen_of_none(bool is_root);

/// The address that the first word of "listen" means. Nothing in it if it is none.
std::vector<Address> parse_listen(std::string_view text);

}  // namespace certo::webserver
