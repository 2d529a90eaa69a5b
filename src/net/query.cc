#include "net/query.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/time.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "net/dns_answer.h"
#include "os/signals.h"

namespace certo::net {
namespace {

constexpr int attempts = 3;
constexpr Millis first_attempt(2000);
constexpr Millis live_line_pace(250);

void require(int code, const char* what) {
  if (code != ARES_SUCCESS) throw Error(Exit::bug, fmt::format("cannot {}: {}", what, ares_strerror(code)));
}

std::string list_of(const std::vector<DnsServer>& servers) {
  std::string list;
  for (const DnsServer& server : servers) {
    const bool v6 = server.address.find(':') != std::string::npos;
    if (!list.empty()) list += ',';
    list += fmt::format("{}{}{}:{}", v6 ? "[" : "", server.address, v6 ? "]" : "", server.port);
  }
  return list;
}

DnsStatus status_of(ares_status_t status) {
  switch (static_cast<int>(status)) {
    case ARES_SUCCESS: return DnsStatus::answered;
    case ARES_ENODATA: return DnsStatus::no_data;
    case ARES_ENOTFOUND: return DnsStatus::no_name;
    case ARES_EREFUSED: return DnsStatus::refused;
    case ARES_ESERVFAIL: return DnsStatus::servfail;
    case ARES_ETIMEOUT:
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION: return DnsStatus::timeout;
    default: return DnsStatus::failed;
  }
}

/// Whether a server has said something.
bool is_reply(ares_status_t status) {
  switch (static_cast<int>(status)) {
    case ARES_ECONNREFUSED:
    case ARES_ETIMEOUT:
    case ARES_ENOSERVER:
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION: return false;
    default: return true;
  }
}

}  // namespace

void DnsExchange::on_socket(void* channel, ares_socket_t socket, int readable, int writable) noexcept {
  auto& sockets = static_cast<Channel*>(channel)->sockets;
  const short events = static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
  if (events == 0) {
    sockets.erase(socket);
  } else {
    sockets[socket] = events;
  }
}

void DnsExchange::on_answer(void* argument, ares_status_t status, size_t,
                            const ares_dns_record_t* reply) noexcept {
  auto* query = static_cast<Query*>(argument);
  --query->exchange->open_;
  query->answer->status = status == ARES_SUCCESS && reply != nullptr ? status_of(reply) : status_of(status);
  query->answer->is_heard = is_reply(status);
  if (reply != nullptr) take_all(reply, query->question.type, *query->answer);
  log::debug(fmt::format("DNS {} {}{}{}: {}", type_name(query->question.type), query->question.name,
                         query->question.servers.empty() ? "" : " at ", list_of(query->question.servers),
                         query->answer->what()));
}

DnsExchange::Channel& DnsExchange::channel_for(const std::vector<DnsServer>& servers) {
  const std::string list = list_of(servers);
  std::unique_ptr<Channel>& channel = channels_[list];
  if (channel) return *channel;

  channel = std::make_unique<Channel>();
  ares_options options{};
  options.flags = ARES_FLAG_EDNS;
  options.timeout =
      static_cast<int>(std::clamp<Millis>(limit_ / attempts, Millis(100), first_attempt).count());
  options.tries = attempts;
  options.qcache_max_ttl = 0;  // c-ares keeps NXDOMAIN too, and the record is asked for until it is there
  options.sock_state_cb = on_socket;
  options.sock_state_cb_data = channel.get();
  require(ares_init_options(&channel->ares, &options,
                            ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_QUERY_CACHE |
                                ARES_OPT_SOCK_STATE_CB),
          "start c-ares");
  if (!list.empty()) require(ares_set_servers_ports_csv(channel->ares, list.c_str()), "set DNS servers");
  return *channel;
}

void DnsExchange::add(const DnsQuestion& question, DnsAnswer& answer) {
  const Channel& channel = channel_for(question.servers);
  queries_.push_back({this, question, &answer});
  ++open_;
  if (question.dnssec == Dnssec::unchecked) return send_whole(channel, question);
  ares_query_dnsrec(channel.ares, question.name.c_str(), ARES_CLASS_IN, record_type(question.type), on_answer,
                    &queries_.back(), nullptr);
}

/// A message that c-ares would not make itself.
void DnsExchange::send_whole(const Channel& channel, const DnsQuestion& question) {
  const Message message = query_of(question);
  if (message)
    ares_send_dnsrec(channel.ares, message.get(), on_answer, &queries_.back(), nullptr);
  else
    on_answer(&queries_.back(), ARES_EBADNAME, 0, nullptr);
}

void DnsExchange::run() {
  while (open_ > 0 && !deadline_.passed()) {
    os::check_signal();
    wait();
    log::tick();
  }
  channels_.clear();
}

void DnsExchange::wait() {
  std::vector<pollfd> watched = {{os::signal_fd(), POLLIN, 0}};
  Millis pause = std::min(live_line_pace, deadline_.left());
  for (const auto& [servers, channel] : channels_) {
    for (const auto& [socket, events] : channel->sockets) watched.push_back({socket, events, 0});
    timeval left{};
    if (ares_timeout(channel->ares, nullptr, &left) == nullptr) continue;
    pause = std::min(pause, Millis(left.tv_sec * 1000 + (left.tv_usec + 999) / 1000));
  }
  ::poll(watched.data(), watched.size(), static_cast<int>(pause.count()));
  process(watched);
}

void DnsExchange::process(const std::vector<pollfd>& events) {
  for (const auto& [servers, channel] : channels_) {
    std::vector<ares_fd_events_t> ready;
    for (const pollfd& event : events) {
      if (event.revents == 0 || !channel->sockets.contains(event.fd)) continue;
      unsigned what = 0;
      if (event.revents & ~POLLOUT) what |= ARES_FD_EVENT_READ;
      if (event.revents & POLLOUT) what |= ARES_FD_EVENT_WRITE;
      ready.push_back({event.fd, what});
    }
    ares_process_fds(channel->ares, ready.data(), ready.size(), ARES_PROCESS_FLAG_NONE);
  }
}

}  // namespace certo::net
