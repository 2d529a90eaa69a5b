// Which servers show which records: the part of the propagation check that thinks. It knows
// no network; propagation.cc carries its questions out and the answers back.
#pragma once

#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

/// A name, all the values that it is to have, and those that it is to have no more.
struct Wanted {
  std::string name;
  std::vector<std::string> values;
  std::vector<std::string> gone{};
};
/// Records by name, in order of appearance.
std::vector<Wanted> by_name(const std::vector<DnsRecord>& records);

class Watch {
 public:
  /// `server` is to show `wanted`. A server without address is the resolver. An address that `may_be_silent`
  /// is left out of account when it has not answered twice and never before, or not once where another
  /// address of the server has: a zone may have a dead server, and the CA gets round it as well.
  void expect(const Wanted& wanted, const net::DnsServer& server, bool may_be_silent);

  std::vector<net::DnsQuestion> questions() const;        // what is not shown yet
  void take(const std::vector<net::DnsAnswer>& answers);  // in the order of questions()

  bool is_done() const;    // nothing is left to be asked
  bool is_denied() const;  // a server has answered without what it is to show
  /// Names that nobody can be asked about: all their servers are silent.
  std::vector<std::string> blind() const;
  std::string waiting_for() const;  // "waiting for ns1.example.net to show _acme-challenge.example.com"
  /// "ns1.example.net (192.0.2.1) has no such record" about the first that is missing, and how many more are.
  std::string complaint() const;

 private:
  enum class State { open, shown, silent };
  struct Place {
    Wanted wanted;
    net::DnsServer server;
    bool may_be_silent = false;
    State state = State::open;
    bool has_answered = false;
    int unanswered = 0;
    net::DnsAnswer last;
  };
  static void judge(Place& place, const net::DnsAnswer& answer);
  bool is_given_up(const Place& place) const;
  static std::string complaint_about(const Place& place);
  const Place* first_open() const;

  std::vector<Place> places_;
};

/// The wait before look number `round` (from 0).
Millis next_look(int round);

}  // namespace certo::challenge
