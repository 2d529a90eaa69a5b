#include "net/dns.h"

#include <arpa/inet.h>

#include <memory>

#include "base/error.h"
#include "base/text.h"
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
  throw Error(Exit::usage, "the resolver \"" + text + "\" is not an IP address",
              "for example 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53");
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

Resolver::Resolver(std::string server, int ip_version) : server_(std::move(server)), ip_version_(ip_version) {
  if (!server_.empty()) parse_server(server_);
}

int Resolver::port() const { return server_.empty() ? usual_port : parse_server(server_).port; }

DnsAnswer Resolver::ask(const DnsQuestion& question, Millis limit) const {
  return ask(std::vector{question}, limit).front();
}

std::vector<DnsAnswer> Resolver::ask(const std::vector<DnsQuestion>& questions, Millis limit) const {
  std::vector<DnsAnswer> answers(questions.size());
  DnsExchange exchange(limit);
  for (size_t i = 0; i < questions.size(); ++i) {
    DnsQuestion question = questions[i];
    if (question.servers.empty()) {
      if (!server_.empty()) question.servers = {parse_server(server_)};
    } else {
      const auto other_family = [this](const DnsServer& server) {
        return ip_version_ != 0 && is_v6(server.address) != (ip_version_ == 6);
      };
      std::erase_if(question.servers, other_family);
      if (question.servers.empty()) continue;  // stays `failed`
    }
    exchange.add(question, answers[i]);
  }
  exchange.run();
  return answers;
}

}  // namespace certo::net
