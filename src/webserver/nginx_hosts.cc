#include "webserver/nginx_hosts.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "webserver/server_regex.h"

namespace certo::webserver {
namespace {

constexpr size_t sockets_limit = 100'000;  // of all blocks

/// Reads one server block.
class Reader {
 public:
  Reader(const Found& block, const std::string& host_name) : host_name_(host_name) { host_.block = block; }

  void take(const Found& found) {
    if (found.is("listen"))
      host_.listens.push_back(read_listen(found));
    else if (found.is("server_name"))
      take_names(found);
    else if (found.is("ssl") && found.words() == 2)
      has_old_ssl_ = found.word(1) == "on";
    else if (found.is("acme_certificate"))
      host_.is_of_acme_module = true;
    else if (found.word(0).starts_with("ssl_certificate_by_lua"))
      host_.is_chosen_by_lua = true;
    else
      take_certificate(found, certificates_, keys_);
  }

  static void take_certificate(const Found& found, std::vector<Found>& certificates,
                               std::vector<Found>& keys) {
    if (found.words() != 2) return;
    if (found.is("ssl_certificate")) certificates.push_back(found);
    if (found.is("ssl_certificate_key")) keys.push_back(found);
  }

  VirtualHost finish(bool is_root, const std::vector<Found>& outer_certificates,
                     const std::vector<Found>& outer_keys) {
    if (host_.listens.empty()) host_.listens.push_back(listen_of_none(is_root));
    if (host_.names.empty()) host_.names.emplace_back();
    host_.has_tls = has_old_ssl_ || std::ranges::any_of(host_.listens, [](const Listen& one) {
                      return one.has_tls || one.is_quic;
                    });
    const bool has_own = !certificates_.empty();
    const auto& certificates = has_own ? certificates_ : outer_certificates;
    const auto& keys = keys_.empty() ? outer_keys : keys_;
    for (size_t i = 0; i < certificates.size(); ++i)
      host_.certificates.push_back({certificates[i], i < keys.size() ? keys[i] : Found{}});
    return std::move(host_);
  }

 private:
  void take_names(const Found& found) {
    for (size_t at = 1; at < found.words(); ++at) {
      std::string name = found.word(at);
      if (lower(name) == "$hostname") name = host_name_;
      host_.names.push_back(name.starts_with('~') ? name : lower(name));
    }
  }

  VirtualHost host_;
  const std::string& host_name_;
  std::vector<Found> certificates_, keys_;
  bool has_old_ssl_ = false;  // "ssl on;"
};

/// nginx takes "ssl" of one block for the address, and so for all blocks that listen there.
void share_tls(std::vector<VirtualHost>& hosts) {
  std::set<std::string> with_tls;
  for (const VirtualHost& host : hosts)
    for (const Listen& listen : host.listens)
      for (const Address& address : listen.addresses)
        if (listen.has_tls) with_tls.insert(address.text);
  for (VirtualHost& host : hosts)
    for (Listen& listen : host.listens) {
      const auto is_shared = [&](const Address& address) { return with_tls.contains(address.text); };
      listen.has_tls = listen.has_tls || std::ranges::any_of(listen.addresses, is_shared);
      host.has_tls = host.has_tls || listen.has_tls;
    }
}

}  // namespace

std::vector<VirtualHost> virtual_hosts(const NginxConfig& config, const std::string& host_name,
                                       bool is_root) {
  std::vector<Found> blocks, certificates, keys;
  config.each([&](const Found& top) {
    if (!top.is("http")) return;
    config.each_in(top, [&](const Found& found) {
      if (found.is("server") && found.directive->body == Body::directives) blocks.push_back(found);
      Reader::take_certificate(found, certificates, keys);
    });
  });
  std::vector<VirtualHost> hosts;
  hosts.reserve(blocks.size());
  size_t sockets = 0;
  for (const Found& block : blocks) {
    Reader reader(block, host_name);
    config.each_in(block, [&](const Found& found) { reader.take(found); });
    hosts.push_back(reader.finish(is_root, certificates, keys));
    for (const Listen& listen : hosts.back().listens) sockets += listen.addresses.size();
    if (sockets > sockets_limit)
      throw Error(Exit::bad_input, block.place() + ": the blocks up to here listen on more than " +
                                       std::to_string(sockets_limit) + " addresses");
  }
  share_tls(hosts);
  return hosts;
}

std::string_view text(By by) {
  switch (by) {
    case By::exact: return "exact name";
    case By::leading_wildcard:
    case By::trailing_wildcard: return "wildcard";
    case By::regex: return "regular expression";
    case By::is_default: return "default";
  }
  return "";
}

Selection::Selection(const std::vector<VirtualHost>& hosts) {
  for (const VirtualHost& host : hosts)
    for (const Listen& listen : host.listens)
      for (const Address& address : listen.addresses) add(host, listen, address);
}

void Selection::add(const VirtualHost& host, const Listen& listen, const Address& address) {
  const std::string key = (listen.is_quic ? "quic " : "") + address.text;
  const auto [found, is_new] = by_address_.try_emplace(key, sites_.size());
  if (is_new) sites_.push_back({.address = address, .first = &host});
  Site& site = sites_[found->second];
  site.protocols.has_tls |= listen.has_tls;
  site.protocols.takes_proxy_protocol |= listen.takes_proxy_protocol;
  site.protocols.is_quic |= listen.is_quic;
  if (listen.is_quic) site.address.text = address.text + " (quic)";
  if (listen.is_default && !site.chosen) site.chosen = &host;
  for (const std::string& name : host.names) add_name(site, host, name);
}

/// As ngx_hash_add_key sorts them: ".x" takes the place of "x" and of "*.x".
void Selection::add_name(Site& site, const VirtualHost& host, const std::string& name) {
  if (name.starts_with('~')) {
    site.regexes.push_back({&host, &name});
    return;
  }
  const std::string_view all = name;
  const Entry entry{&host, &name};
  const auto put = [&](std::map<std::string_view, Entry>& table, std::string_view key) {
    const auto [found, is_new] = table.try_emplace(key, entry);
    if (!is_new && found->second.host != &host)
      ignored_.push_back({&host, found->second.host, name, site.address});
    return is_new;
  };
  if (all.size() > 1 && all.starts_with('.')) {
    if (put(site.exact, all.substr(1))) put(site.leading, all.substr(1));
  } else if (all.size() > 2 && all.starts_with("*.")) {
    put(site.leading, all.substr(2));
  } else if (all.size() > 2 && all.ends_with(".*")) {
    put(site.trailing, all.substr(0, all.size() - 2));
  } else {
    put(site.exact, all);
  }
}

Answer Selection::answer(const Site& site, std::string_view name) const {
  const auto by = [&](const Entry& entry, By how) {
    return Answer{site.address, entry.host, how, *entry.name, site.protocols};
  };
  if (const auto found = site.exact.find(name); found != site.exact.end())
    return by(found->second, By::exact);
  // The longest first.
  for (size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1))
    if (const auto found = site.leading.find(name.substr(dot + 1)); found != site.leading.end())
      return by(found->second, By::leading_wildcard);
  for (size_t dot = name.rfind('.'); dot != name.npos && dot > 0; dot = name.rfind('.', dot - 1))
    if (const auto found = site.trailing.find(name.substr(0, dot)); found != site.trailing.end())
      return by(found->second, By::trailing_wildcard);
  for (const Entry& entry : site.regexes) {
    const Matches found = matches_regex(std::string_view(*entry.name).substr(1), name);
    if (found == Matches::yes) return by(entry, By::regex);
    const std::string what = entry.host->place() + ": " + *entry.name;
    if (found == Matches::unknown && std::ranges::find(unread_, what) == unread_.end())
      unread_.push_back(what);
  }
  return {site.address, site.chosen ? site.chosen : site.first, By::is_default, {}, site.protocols};
}

std::vector<Answer> Selection::answers(std::string_view name) const {
  const std::string plain = lower(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
  std::vector<Answer> all;
  for (const Site& site : sites_) all.push_back(answer(site, plain));
  return all;
}

}  // namespace certo::webserver
