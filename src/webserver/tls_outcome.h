// What the virtual hosts will be like with new listeners: whether other sites stay as they are, and who
// presents the certificate.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "webserver/nginx_question.h"
#include "webserver/nginx_tls.h"

namespace certo::webserver {

class TlsOutcome {
 public:
  /// All outlive it.
  /// `blocks`: those that get the certificate.
  TlsOutcome(const std::vector<VirtualHost>& hosts, const Selection& selection,
             const std::vector<Question>& questions, const std::set<const NginxDirective*>& blocks)
      : hosts_(hosts), selection_(selection), questions_(questions), blocks_(blocks), after_(hosts) {}

  /// The block gets listeners for TLS.
  void add(const VirtualHost& host, const std::vector<Address>& addresses);

  /// Call it after all additions, and before the rest. Throws Error{config} if nginx would ignore a name that
  /// it knows now.
  void judge();

  const std::vector<Presented>& presented() const { return presented_; }
  std::vector<std::string>& notes() { return notes_; }
  /// The blocks with the certificate that answer for the name.
  std::vector<const VirtualHost*> on_port_443(const std::string& name) const;
  /// The addresses of the block's port 80 whose port 443 does not present the certificate for the name.
  std::vector<std::string> without_https(const VirtualHost& host, const std::string& name) const;

 private:
  bool is_presented(const std::string& name, const std::string& address) const;
  size_t index(const VirtualHost* host, const std::vector<VirtualHost>& all) const;
  void refuse_new_conflicts(const Selection& after) const;
  void note_new_defaults(const Selection& after);
  void note_dead_names(const Selection& after);
  void note_other_blocks(const Selection& after, const Question& question);
  void look(const Selection& after, const Question& question);

  const std::vector<VirtualHost>& hosts_;
  const Selection& selection_;
  const std::vector<Question>& questions_;
  const std::set<const NginxDirective*>& blocks_;
  std::vector<VirtualHost> after_;
  std::set<std::string> taken_;  // addresses
  struct Secure {
    std::string name, address;
    const VirtualHost* host;
  };
  std::vector<Secure> on_port_443_;
  std::vector<Presented> presented_;
  std::vector<std::string> notes_;
};

}  // namespace certo::webserver
