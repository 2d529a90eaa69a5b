// DNS queries by c-ares: to the system's resolver, or to a given server.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "net/url.h"

namespace certo::net {

struct DnsServer {
  std::string name;     // for messages: "ns1.example.net"
  std::string address;  // literal; IPv6 without brackets
  int port = 53;
};

/// `servfail`: what a validating resolver says of a zone whose DNSSEC is broken, too.
enum class DnsStatus { answered, no_data, no_name, refused, servfail, failed, timeout };

/// A property of RFC 8659 section 4.
struct DnsCaa {
  int flags = 0;
  std::string tag;  // lower case
  std::string value;
};

/// A record of a type that has no field of its own in DnsAnswer: DS, DNSKEY, RRSIG (RFC 4034).
struct DnsData {
  std::string owner;
  int type = 0;
  Bytes data;
};

/// Names are in lower case and without the last dot.
struct DnsAnswer {
  DnsStatus status = DnsStatus::failed;
  bool is_heard = false;               // a server has answered, whatever it said
  std::vector<std::string> txt;        // the strings of one record joined
  std::vector<std::string> addresses;  // A and AAAA
  std::vector<std::string>
      names;                   // of NS records if the question was for them, otherwise the targets of CNAMEs
  std::string soa;             // owner name of an SOA record in answer or authority section
  bool authoritative = false;  // the AA bit
  std::string delegated;       // the zone that a referral leads to; "" if this is none
  std::vector<std::string> referral;  // its name servers
  std::vector<DnsCaa> caa;
  std::vector<DnsData> data;  // of the answer section
  std::string what() const;   // "no such name", "timeout", …
};

enum class DnsType { a, aaaa, ns, cname, soa, txt, caa, ds, dnskey };

/// `unchecked`: the answer comes with its signatures, and a resolver does not reject it because of them (RFC
/// 4035 sections 3.2.1 and 3.2.2).
enum class Dnssec { usual, unchecked };

struct DnsQuestion {
  std::string name;
  DnsType type = DnsType::txt;
  std::vector<DnsServer>
      servers;  // empty: the system's (or --resolver's); else these, whether or not they are recursive
  Dnssec dnssec = Dnssec::usual;
};

/// Sends all questions in parallel and waits at most `limit` in all. The answers are in
/// the questions' order. No server's behaviour makes it throw, except that Error{config} is thrown if
/// something that is not a DNS server answers at an https URL; it throws Interrupted.
/// TCP when truncated. Nothing is cached.
///
/// A question without servers goes to those of --resolver, one after the other until one answers, and then to
/// those of /etc/resolv.conf. One that was silent is not asked again by this object.
class Resolver {
 public:
  /// `servers`: each "ADDR", "ADDR:PORT", "[V6]:PORT" or "https://…" (RFC 8484) of --resolver. Error{usage}
  /// if one is none of these. `ip_version` 4 or 6 leaves out a question's servers of the other family; 0:
  /// none.
  explicit Resolver(const std::vector<std::string>& servers = {}, int ip_version = 0);
  std::vector<DnsAnswer> ask(const std::vector<DnsQuestion>& questions, Millis limit) const;
  DnsAnswer ask(const DnsQuestion& question, Millis limit) const;
  int port() const;  // of the first address of --resolver, 53 otherwise
 private:
  /// One of --resolver, or those of the system.
  struct Rung {
    std::vector<DnsServer> servers{};
    std::optional<Url> https{};
    std::string name{};
  };
  struct State;
  std::vector<DnsAnswer> ask_rung(const Rung& rung, const std::vector<DnsQuestion>& questions,
                                  Millis limit) const;
  void descend(std::vector<DnsAnswer>& answers, const std::vector<DnsQuestion>& questions,
               std::vector<size_t> open, Millis limit) const;

  std::vector<Rung> rungs_;  // the last is the system's
  int ip_version_;
  std::shared_ptr<State> state_;  // copies share it
};

/// For tests: this server takes the place of those in /etc/resolv.conf.
void use_as_system_resolver(const std::string& server);

}  // namespace certo::net
