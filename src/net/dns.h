// DNS queries by c-ares: the system's resolver, or one server that is named.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace certo::net {

struct DnsServer {
  std::string name;     // for messages: "ns1.example.net"
  std::string address;  // literal; IPv6 without brackets
  int port = 53;
};

enum class DnsStatus { answered, no_data, no_name, refused, failed, timeout };

/// Names are in lower case and without the last dot.
struct DnsAnswer {
  DnsStatus status = DnsStatus::failed;
  std::vector<std::string> txt;        // the strings of one record joined
  std::vector<std::string> addresses;  // A and AAAA
  std::vector<std::string> names;      // NS where they were asked for, otherwise the targets of CNAMEs
  std::string soa;                     // owner name of an SOA record in answer or authority section
  std::string what() const;            // "no such name", "timeout", …
};

enum class DnsType { a, aaaa, ns, cname, soa, txt };

struct DnsQuestion {
  std::string name;
  DnsType type = DnsType::txt;
  std::vector<DnsServer>
      servers;  // empty: the system's (or --resolver's); non-empty: asked directly, not recursively needed
};

/// Asks all questions side by side and waits at most `limit` in all. Answers stand in
/// the questions' order. Never throws for what a server does; throws Interrupted.
/// TCP when truncated. Nothing is cached.
class Resolver {
 public:
  /// `server`: "ADDR", "ADDR:PORT", "[V6]:PORT" of --resolver; empty: /etc/resolv.conf. Error{usage} when it
  /// is none of these. `ip_version` 4 or 6 leaves out a question's servers of the other family; 0: none.
  explicit Resolver(std::string server = {}, int ip_version = 0);
  std::vector<DnsAnswer> ask(const std::vector<DnsQuestion>& questions, Millis limit) const;
  DnsAnswer ask(const DnsQuestion& question, Millis limit) const;
  int port() const;  // of --resolver, 53 otherwise
 private:
  std::string server_;
  int ip_version_;
};

}  // namespace certo::net
