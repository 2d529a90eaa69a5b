#include "net/dns.h"

#include <arpa/inet.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/doh.h"
#include "net/query.h"

namespace certo::net {
namespace {

constexpr int usual_port = 53;

bool is_address(int family, const std::string& text) {
  in6_addr any{};
  return ::inet_pton(family, text.c_str(), &any) == 1;
}
bool is_v4(const std::string& text) { return is_address(AF_INET, text); }
bool is_v6(const std::string& text) { return is_address(AF_INET6, text); }

DnsServer parse_server(const std::string& text) {
  if (is_v4(text) || is_v6(text)) return {text, text, usual_port};
  const size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    std::string address = text.substr(0, colon);
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    if (bracketed) address = address.substr(1, address.size() - 2);
    const auto port = number(std::string_view(text).substr(colon + 1), 1, 65535);
    if (port && (bracketed ? is_v6(address) : is_v4(address)))
      return {text, address, static_cast<int>(*port)};
  }
  throw Error(Exit::usage, "the resolver \"" + text + "\" is neither an IP address nor an https URL",
              "for example 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53 or https://dns.example/dns-query");
}

Url parse_https(const std::string& text) try {
  return parse_url(text, "the resolver", Exit::usage);
} catch (Error& error) {
  error.hint = "for example https://dns.example/dns-query";
  throw;
}

/// Empty: those of /etc/resolv.conf.
std::vector<DnsServer>& system_servers() {
  static std::vector<DnsServer> servers;
  return servers;
}

}  // namespace

std::string DnsAnswer::what() const {
  switch (status) {
    case DnsStatus::answered: return "answered";
    case DnsStatus::no_data: return "no such record";
    case DnsStatus::no_name: return "no such name";
    case DnsStatus::refused: return "refused";
    case DnsStatus::servfail: return "SERVFAIL";
    case DnsStatus::failed: return "no usable answer";
    case DnsStatus::timeout: return "timeout";
  }
  return {};
}

/// HTTPS is set up when it is needed.
struct Resolver::State {
  explicit State(int version) : ip_version(version) {}
  Transport& transport() {
    const std::lock_guard guard(mutex);
    if (!http) http.emplace(HttpSettings{.ca_bundle = {}, .ip_version = ip_version, .user_agent = "certo"});
    return *http;
  }
  const int ip_version;
  std::atomic<size_t> first_rung = 0;  // those before it were silent
  std::mutex mutex;
  std::optional<Http> http;
};

Resolver::Resolver(const std::vector<std::string>& servers, int ip_version)
    : ip_version_(ip_version), state_(std::make_shared<State>(ip_version)) {
  for (const std::string& server : servers) {
    if (server.find("://") != server.npos)
      rungs_.push_back({.https = parse_https(server), .name = server});
    else
      rungs_.push_back({.servers = {parse_server(server)}, .name = server});
  }
  rungs_.push_back({.servers = system_servers(), .name = "of the system"});
}

int Resolver::port() const {
  for (size_t i = 0; i + 1 < rungs_.size(); ++i)
    if (!rungs_[i].servers.empty()) return rungs_[i].servers.front().port;
  return usual_port;
}

DnsAnswer Resolver::ask(const DnsQuestion& question, Millis limit) const {
  return ask(std::vector{question}, limit).front();
}

std::vector<DnsAnswer> Resolver::ask(const std::vector<DnsQuestion>& questions, Millis limit) const {
  std::vector<DnsAnswer> answers(questions.size());
  std::vector<size_t> without_servers;
  DnsExchange exchange(limit);
  for (size_t i = 0; i < questions.size(); ++i) {
    DnsQuestion question = questions[i];
    if (question.servers.empty()) {
      without_servers.push_back(i);
      continue;
    }
    const auto other_family = [this](const DnsServer& server) {
      return ip_version_ != 0 && is_v6(server.address) != (ip_version_ == 6);
    };
    std::erase_if(question.servers, other_family);
    if (!question.servers.empty()) exchange.add(question, answers[i]);  // else it stays `failed`
  }
  exchange.run();
  descend(answers, questions, std::move(without_servers), limit);
  return answers;
}

std::vector<DnsAnswer> Resolver::ask_rung(const Rung& rung, const std::vector<DnsQuestion>& questions,
                                          Millis limit) const {
  if (rung.https) return ask_over_https(state_->transport(), *rung.https, questions, limit);
  std::vector<DnsAnswer> answers(questions.size());
  DnsExchange exchange(limit);
  for (size_t i = 0; i < questions.size(); ++i)
    exchange.add({questions[i].name, questions[i].type, rung.servers, questions[i].dnssec}, answers[i]);
  exchange.run();
  return answers;
}

/// Only silence leads to the next rung: a "no" is an answer. Each leaves some time for the next one.
void Resolver::descend(std::vector<DnsAnswer>& answers, const std::vector<DnsQuestion>& questions,
                       std::vector<size_t> open, Millis limit) const {
  const Deadline end(limit);
  for (size_t at = state_->first_rung; at < rungs_.size() && !open.empty(); ++at) {
    std::vector<DnsQuestion> asked;
    for (const size_t i : open) asked.push_back(questions[i]);
    const Millis share = at + 1 == rungs_.size() ? end.left() : end.left() * 3 / 4;
    const std::vector<DnsAnswer> heard = ask_rung(rungs_[at], asked, share);
    for (size_t n = 0; n < open.size(); ++n) answers[open[n]] = heard[n];
    const bool is_silent = std::ranges::none_of(heard, &DnsAnswer::is_heard);
    std::erase_if(open, [&](size_t i) { return answers[i].is_heard; });
    if (!is_silent || at + 1 == rungs_.size()) continue;
    log::verbose("the resolver " + rungs_[at].name + " does not answer; asking the resolver " +
                 rungs_[at + 1].name);
    state_->first_rung = at + 1;
  }
}

void use_as_system_resolver(const std::string& server) { system_servers() = {parse_server(server)}; }

}  // namespace certo::net
