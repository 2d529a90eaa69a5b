// The lines of a server block, those that `http` sets for all of them, and where a block listens.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_hosts.h"

namespace certo::webserver {

/// The directives `name` of the block, also those that it includes, without what is in deeper blocks.
std::vector<Found> lines_in(const NginxConfig& config, const Found& block, std::string_view name);

/// The first directive in the block's own text, not in what it includes, that fits; nothing if there is none.
Found own_line(const Found& block, const std::function<bool(const Found&)>& fits);

/// Whether the directive stands in the block's own text.
bool is_own(const Found& block, const Found& line);

/// What `http` sets for all its server blocks.
class HttpLines {
 public:
  explicit HttpLines(const NginxConfig& config);
  /// The first directive with this name; nullptr if there is none.
  const Found* find(std::string_view name) const;

 private:
  std::map<std::string, Found, std::less<>> lines_;
};

/// A "listen" of nginx's `stream`, and the addresses that it takes over TCP. Files that `stream` includes are
/// not read.
struct StreamListen {
  Found line;
  std::vector<Address> addresses;
};
std::vector<StreamListen> stream_listens(const NginxConfig& config);

/// How the block listens on `address` over TCP; nullptr if it does not.
const Listen* listen_at(const VirtualHost& host, const Address& address);
/// Over TCP. `listen`: of `host`.
bool speaks_tls(const VirtualHost& host, const Listen& listen);
/// On any of its addresses.
bool speaks_tls(const VirtualHost& host);

/// A path as a word of nginx, with quotes if it needs them. Throws Error{usage} for one that nginx cannot
/// name.
std::string written_path(const std::string& path);

}  // namespace certo::webserver
