#include "webserver/tls_outcome.h"

#include <algorithm>
#include <map>
#include <optional>

#include "webserver/nginx_block.h"

namespace certo::webserver {
namespace {

constexpr int https_port = 443;

/// The default block of each address that has a listener over TCP.
std::map<std::string, const VirtualHost*> defaults_of(const Selection& selection) {
  std::map<std::string, const VirtualHost*> defaults;
  for (const Answer& one : selection.answers(name_of_nobody))
    if (one.by == By::is_default) defaults[one.address.text] = one.host;
  return defaults;
}

/// The address by which this machine reaches the blocks of the address, and not those of a narrower one.
std::optional<std::string> local_address(const Address& address, const std::set<std::string>& taken) {
  if (address.family == Family::unix_socket || address.family == Family::name) return {};
  const size_t colon = address.text.rfind(':');
  const std::string host = address.text.substr(0, colon), port = address.text.substr(colon);
  if (host == "*") {
    for (int last = 1; last < 255; ++last)
      if (std::string one = "127.0.0." + std::to_string(last) + port; !taken.contains(one)) return one;
    return {};
  }
  if (host != "[::]") return address.text;
  std::string loopback = "[::1]" + port;
  return taken.contains(loopback) ? std::nullopt : std::optional(std::move(loopback));
}

}  // namespace

size_t TlsOutcome::index(const VirtualHost* host, const std::vector<VirtualHost>& all) const {
  return static_cast<size_t>(host - all.data());
}

void TlsOutcome::add(const VirtualHost& host, const std::vector<Address>& addresses) {
  if (addresses.empty()) return;
  VirtualHost& changed = after_[index(&host, hosts_)];
  Listen listen;
  listen.addresses = addresses;
  listen.has_tls = changed.has_tls = true;
  changed.listens.push_back(std::move(listen));
}

void TlsOutcome::judge() {
  for (const VirtualHost& host : after_)
    for (const Listen& listen : host.listens)
      for (const Address& one : listen.addresses)
        if (!listen.is_quic) taken_.insert(one.text);
  const Selection after(after_);
  refuse_new_conflicts(after);
  note_new_defaults(after);
  note_dead_names(after);
  for (const Question& question : questions_) look(after, question);
  for (const std::string& one : after.unread())
    notes_.push_back(one +
                     ": certo cannot read this regular expression, and takes it as one that does not fit");
}

void TlsOutcome::refuse_new_conflicts(const Selection& after) const {
  const std::vector<Ignored>& before = selection_.ignored();
  for (const Ignored& one : after.ignored()) {
    const bool is_known = std::ranges::any_of(before, [&](const Ignored& old) {
      return index(old.host, hosts_) == index(one.host, after_) && old.name == one.name &&
             old.address == one.address;
    });
    if (!is_known)
      throw Error(Exit::config,
                  one.host->place() + ": with TLS on " + one.address.text +
                      ", nginx would ignore the name '" + one.name + "' there, because " +
                      one.winner->place() + " has it",
                  "leave the name in one of these blocks only");
  }
}

void TlsOutcome::note_new_defaults(const Selection& after) {
  const auto old = defaults_of(selection_);
  for (const auto& [address, host] : defaults_of(after)) {
    const auto known = old.find(address);
    if (known == old.end() || index(known->second, hosts_) == index(host, after_)) continue;
    notes_.push_back(host->place() + " becomes the default block of " + address +
                     ", because nginx reads it before " + known->second->place() +
                     "; 'default_server' in the latter's 'listen' keeps that one");
  }
}

void TlsOutcome::note_dead_names(const Selection& after) {
  std::set<std::pair<size_t, std::string>> said;
  for (const Ignored& one : after.ignored()) {
    const bool has_dot = one.name.starts_with('.');
    const bool is_asked = std::ranges::any_of(questions_, [&](const Question& question) {
      return question.name == one.name || question.wanted == one.name ||
             (has_dot && (question.name == one.name.substr(1) || question.wanted == "*" + one.name));
    });
    if (is_asked && said.emplace(index(one.host, after_), one.name).second)
      notes_.push_back(one.host->place() + ": nginx ignores the name '" + one.name + "' on " +
                       one.address.text + " there, because " + one.winner->place() +
                       " has it; this block stays as it is");
  }
}

void TlsOutcome::look(const Selection& after, const Question& question) {
  bool has_tls = false, has_443 = false;
  for (const Answer& one : answers_to(after, question)) {
    const Listen& listen = *listen_at(*one.host, one.address);
    if (!speaks_tls(*one.host, listen) || !blocks_.contains(one.host->block.directive)) continue;
    has_tls = true;
    has_443 = has_443 || one.address.port == https_port;
    if (one.address.port == https_port)
      on_port_443_.push_back({question.host(), one.address.text, &hosts_[index(one.host, after_)]});
    const auto here = local_address(one.address, taken_);
    if (here && !one.protocols.takes_proxy_protocol)
      presented_.push_back({*here, question.name});
    else
      notes_.push_back(question.name + " on " + one.address.text +
                       ": certo cannot look there whether nginx presents the certificate");
  }
  if (has_tls && !has_443) notes_.push_back("no block answers for " + question.name + " on port 443");
  if (question.kind == Question::Kind::name) note_other_blocks(after, question);
}

/// On other addresses a client that comes there meets another certificate.
void TlsOutcome::note_other_blocks(const Selection& after, const Question& question) {
  for (const Answer& one : after.answers(question.name)) {
    const Listen* const listen = listen_at(*one.host, one.address);
    if (!listen || one.address.port != https_port || !speaks_tls(*one.host, *listen)) continue;
    if (one.by == By::is_default || !blocks_.contains(one.host->block.directive))
      notes_.push_back(question.name + " on " + one.address.text + ": " + one.host->place() + " answers" +
                       (one.by == By::is_default ? " as the default block" : "") +
                       ", with its own certificate");
  }
}

bool TlsOutcome::is_presented(const std::string& name, const std::string& address) const {
  return std::ranges::any_of(on_port_443_,
                             [&](const Secure& one) { return one.name == name && one.address == address; });
}

std::vector<std::string> TlsOutcome::without_https(const VirtualHost& host, const std::string& name) const {
  std::vector<std::string> all;
  for (const Listen& listen : host.listens)
    for (const Address& one : listen.addresses) {
      if (listen.is_quic || speaks_tls(host, listen) || one.port != 80) continue;
      const std::string secure = one.text.substr(0, one.text.rfind(':') + 1) + "443";
      const std::string any = one.family == Family::ipv6 ? "[::]:443" : "*:443";
      const bool is_served =
          is_presented(name, secure) || (!taken_.contains(secure) && is_presented(name, any)) ||
          (one.text == "*:80" && is_presented(name, "[::]:443") && !taken_.contains(secure));
      if (!is_served) all.push_back(one.text);
    }
  return all;
}

std::vector<const VirtualHost*> TlsOutcome::on_port_443(const std::string& name) const {
  std::vector<const VirtualHost*> all;
  for (const Secure& one : on_port_443_)
    if (one.name == name) all.push_back(one.host);
  return all;
}

}  // namespace certo::webserver
