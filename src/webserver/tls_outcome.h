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
  TlsOutcome(const std::vector<VirtualHost>& hosts, const Selection& selection,
             const std::vector<Question>& questions)
      : hosts_(hosts), selection_(selection), questions_(questions), after_(hosts) {}

  /// The block gets listeners for TLS.
  void add(const VirtualHost& host, const std::vector<Address>& addresses);

  /// Call it after all additions, and before the rest. Throws Error{config} if nginx would ignore a name that
  /// it knows now.
  void judge();

  const std::vector<Presented>& presented() const { return presented_; }
  std::vector<std::string>& notes() { return notes_; }
  /// The blocks that answer by TLS, and have the name.
  std::vector<const VirtualHost*> on_port_443(const std::string& name) const;

 private:
  size_t index(const VirtualHost* host, const std::vector<VirtualHost>& all) const;
  void refuse_new_conflicts(const Selection& after) const;
  void note_new_defaults(const Selection& after);
  void note_dead_names(const Selection& after);
  void look(const Selection& after, const Question& question);

  const std::vector<VirtualHost>& hosts_;
  const Selection& selection_;
  const std::vector<Question>& questions_;
  std::vector<VirtualHost> after_;
  std::set<std::string> taken_;  // addresses
  struct Secure {
    std::string name;
    const VirtualHost* host;
  };
  std::vector<Secure> on_port_443_;
  std::vector<Presented> presented_;
  std::vector<std::string> notes_;
};

}  // namespace certo::webserver
