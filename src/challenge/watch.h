// Which servers show which records: the part of the propagation check without a network. propagation.cc asks
// its questions and returns the answers.
#pragma once

#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

/// A name, all the values that it must have, and those that it must no longer have.
struct Wanted {
  std::string name;
  std::vector<std::string> values;
  std::vector<std::string> gone{};
};
/// Records by name, in order of appearance.
std::vector<Wanted> by_name(const std::vector<DnsRecord>& records);

/// Whether an address that does not answer is missed.
enum class Silence { counts, is_forgiven };

class Watch {
 public:
  /// `server` must show `wanted`. A server without address is the resolver. If silence is forgiven, an
  /// address is ignored when it has never answered and missed two questions, or one if another address of the
  /// server has answered: a zone may have a dead server, and the CA finds another one, too.
  void expect(const Wanted& wanted, const net::DnsServer& server, Silence silence);

  std::vector<net::DnsQuestion> questions() const;        // what is not shown yet
  void take(const std::vector<net::DnsAnswer>& answers);  // in the order of questions()

  bool is_done() const;    // there is no question left
  bool is_denied() const;  // a server has answered without the required values
  /// Names whose servers are all silent or lame.
  std::vector<std::string> blind() const;
  /// Servers that never answered, and those that answered without authority (a zone that they no longer hold,
  /// or an old copy of it): what they say counts for nothing.
  std::vector<net::DnsServer> silent() const;
  std::vector<net::DnsServer> lame() const;
  /// "waiting for ns1.example.net to show _acme-challenge.example.com, 12 of 20 names visible"
  std::string waiting_for() const;
  /// "ns1.example.net (192.0.2.1) has no such record" about the first missing one, and how many more there
  /// are.
  std::string complaint() const;

 private:
  enum class State { open, shown, silent };
  struct Place {
    Wanted wanted;
    net::DnsServer server;
    Silence silence = Silence::counts;
    State state = State::open;
    bool has_answered = false;
    bool is_lame = false;
    int unanswered = 0;
    net::DnsAnswer last;
  };
  static void judge(Place& place, const net::DnsAnswer& answer);
  bool is_given_up(const Place& place) const;
  template <typename Fits>
  std::vector<net::DnsServer> servers(const Fits& fits) const;
  static std::string complaint_about(const Place& place);
  const Place* first_open() const;

  std::vector<Place> places_;
};

/// The wait before look number `round` (from 0).
Millis next_look(int round);

}  // namespace certo::challenge
