// The virtual hosts of nginx: the server blocks of `http`, and which of them answers for a name.
// https://nginx.org/en/docs/http/server_names.html and request_processing.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/listen.h"
#include "webserver/nginx_config.h"

namespace certo::webserver {

/// What a block presents. A path may contain variables, or be relative to the folder of the configuration.
struct CertificateLines {
  Found certificate, key;  // `key` is nothing if the line is missing
};

struct VirtualHost {
  Found block;
  std::vector<Listen> listens;
  /// As nginx compares them: lower case, a regular expression with its "~". {""} if there is no server_name.
  std::vector<std::string> names;
  std::vector<CertificateLines> certificates;  // those of `http` if the block has none
  bool has_tls = false;                        // one of its addresses has
  bool is_of_acme_module = false;              // nginx-acme orders its certificate
  bool is_chosen_by_lua = false;               // code chooses its certificate

  std::string place() const { return block.place(); }
};

/// In the order in which nginx reads them. `host_name`: the value of "$hostname". Throws Error{bad_input}.
std::vector<VirtualHost> virtual_hosts(const NginxConfig& config, const std::string& host_name, bool is_root);

/// Why a block answers.
enum class By { exact, leading_wildcard, trailing_wildcard, regex, is_default };
std::string_view text(By by);  // "exact name"

/// What counts for all blocks of an address if one of them says so.
struct Protocols {
  bool has_tls = false, takes_proxy_protocol = false, is_quic = false;
};

struct Answer {
  Address address;
  const VirtualHost* host = nullptr;
  By by = By::is_default;
  std::string name;  // of server_name, that fits; "" for a default
  Protocols protocols{};
};

/// A name of a block that nginx ignores, because an earlier block of the same address has it.
struct Ignored {
  const VirtualHost* host;
  const VirtualHost* winner;
  std::string name;
  Address address;
};

/// Which block answers where. Refers to the hosts, which outlive it.
class Selection {
 public:
  explicit Selection(const std::vector<VirtualHost>& hosts);

  /// The block that answers for `name` on each address, in the order in which the addresses appear. A regular
  /// expression that certo cannot read does not fit, and is listed in `unread`.
  std::vector<Answer> answers(std::string_view name) const;
  /// "FILE:LINE" with the regular expression.
  const std::vector<std::string>& unread() const { return unread_; }
  const std::vector<Ignored>& ignored() const { return ignored_; }

 private:
  struct Entry {
    const VirtualHost* host;
    const std::string* name;
  };
  struct Site {
    Address address;
    Protocols protocols{};
    const VirtualHost* first = nullptr;                       // of its blocks
    const VirtualHost* chosen = nullptr;                      // default_server
    std::map<std::string_view, Entry> exact{};                // "" too
    std::map<std::string_view, Entry> leading{}, trailing{};  // without "*." and ".*"
    std::vector<Entry> regexes{};
  };
  void add(const VirtualHost& host, const Listen& listen, const Address& address);
  void add_name(Site& site, const VirtualHost& host, const std::string& name);
  Answer answer(const Site& site, std::string_view name) const;

  std::vector<Site> sites_;
  std::map<std::string, size_t, std::less<>> by_address_;
  mutable std::vector<std::string> unread_;
  std::vector<Ignored> ignored_;
};

}  // namespace certo::webserver
