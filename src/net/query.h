// DNS questions in flight, by c-ares. All of them go out in parallel, each to its own
// servers, and one loop waits for all. For this folder only.
#pragma once

#include <ares.h>
#include <poll.h>

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/dns.h"

namespace certo::net {

class DnsExchange {
 public:
  explicit DnsExchange(Millis limit) : limit_(limit), deadline_(limit) {}

  /// The answer is written when it comes; it must outlive this.
  void add(const DnsQuestion& question, DnsAnswer& answer);

  /// Waits until everything is answered or the limit is over; what is missing then is a timeout.
  /// Throws Interrupted.
  void run();

 private:
  /// c-ares' state for one set of servers, and the sockets that it wants watched.
  struct Channel {
    ~Channel() { ares_destroy(ares); }
    ares_channel_t* ares = nullptr;
    std::map<int, short> sockets;  // and the poll events
  };
  struct Query {
    DnsExchange* exchange;
    DnsQuestion question;
    DnsAnswer* answer;
  };

  static void on_socket(void* channel, ares_socket_t socket, int readable, int writable) noexcept;
  static void on_answer(void* query, ares_status_t status, size_t timeouts,
                        const ares_dns_record_t* record) noexcept;
  void send_whole(const Channel& channel, const DnsQuestion& question);
  Channel& channel_for(const std::vector<DnsServer>& servers);
  void wait();
  void process(const std::vector<pollfd>& events);

  Millis limit_;
  Deadline deadline_;
  size_t open_ = 0;
  std::list<Query> queries_;
  // Last, so that it goes first: destroying a channel ends its queries.
  std::map<std::string, std::unique_ptr<Channel>> channels_;  // by their servers
};

}  // namespace certo::net
