// Dynamic updates of DNS itself: RFC 2136, signed by TSIG (RFC 8945). BIND, Knot, PowerDNS, Windows and
// others support them.
//
// The server says which zones it has. All changes of a zone are one message, which the server applies as a
// whole.
#include <algorithm>
#include "sdk/dns_wire.h"
#include "sdk/provider.hpp"
#include "sdk/record_data.h"

namespace {

using certo::Bytes;
using namespace certo::sdk;

/// The 64 KiB of a TCP message minus a header, a zone's name and a signature.
constexpr size_t room_for_changes = 65535 - 12 - 260 - 640;

/// A key as tools write it into files; missing parts are empty.
struct KeyText {
  std::string name, algorithm, secret;
};

/// Quoted strings, and words between spaces and the punctuation of named.conf. Comments are skipped; a secret
/// can begin with "//", too, so it begins a comment only if a space follows.
std::vector<std::string> words(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n{};";
  const auto skip = [&text](size_t count) { text.remove_prefix(std::min(count, text.size())); };
  const auto take = [&](size_t end) {
    std::string word(text.substr(0, end));
    skip(word.size());
    return word;
  };
  std::vector<std::string> words;
  while (!text.empty()) {
    if (text[0] == '#' || text.starts_with("// ")) {
      skip(text.find('\n'));
    } else if (text.starts_with("/*")) {
      skip(text.find("*/"));
      skip(2);
    } else if (blank.find(text[0]) != blank.npos) {
      skip(1);
    } else if (text[0] == '"') {
      skip(1);
      words.push_back(take(text.find('"')));
      skip(1);
    } else {
      words.push_back(take(text.find_first_of(blank)));
    }
  }
  return words;
}

/// Files of dnssec-keygen have these numbers instead of names.
std::string algorithm_of_number(const std::string& number) {
  constexpr std::pair<std::string_view, const char*> numbers[] = {
      {"157", "hmac-md5"},    {"161", "hmac-sha1"},   {"162", "hmac-sha224"},
      {"163", "hmac-sha256"}, {"164", "hmac-sha384"}, {"165", "hmac-sha512"},
  };
  for (const auto& [known, name] : numbers) {
    if (known == number) return name;
  }
  return "number " + number;
}

/// key "NAME" { algorithm hmac-sha256; secret "…"; };   as tsig-keygen and ddns-confgen write it
/// NAME. IN KEY 512 3 163 …                             K*.key of dnssec-keygen
/// Algorithm: 163 (HMAC_SHA256) … Key: …                K*.private, which has the key's name only in its file
/// name
KeyText read_key_file(const std::string& content) {
  const std::vector<std::string> all = words(content);
  const auto after = [&all](const char* word) {
    const auto found = std::ranges::find(all, word);
    return found == all.end() || found + 1 == all.end() ? std::string() : found[1];
  };
  if (!after("key").empty()) return {after("key"), after("algorithm"), after("secret")};
  if (!after("Key:").empty()) return {"", algorithm_of_number(after("Algorithm:")), after("Key:")};
  if (const auto key = std::ranges::find(all, "KEY"); key > all.begin() && all.end() - key > 4) {
    std::string secret;
    for (auto part = key + 4; part != all.end(); ++part) secret += *part;
    return {all[0], algorithm_of_number(key[3]), secret};
  }
  throw Failure{CERTO_CONFIG,
                "DNSUPDATE_TSIG_FILE is not a key file: key \"NAME\" { algorithm …; secret …; };"};
}

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

/// Nothing if the server knows its clients by their addresses.
std::optional<dns::TsigKey> find_key(const Host& host) {
  if (host.setting("DNSUPDATE_TSIG_GSS_REALM"))
    throw Failure{CERTO_CONFIG, "GSS-TSIG is not supported: configure a TSIG key on the server"};
  KeyText text;
  if (const auto file = host.setting("DNSUPDATE_TSIG_FILE")) {
    text = read_key_file(*file);
  } else {
    text.secret = host.setting("DNSUPDATE_TSIG_SECRET").value_or("");
    if (text.secret.empty() && !host.setting("DNSUPDATE_TSIG_KEY")) return std::nullopt;
    if (text.secret.empty()) throw Failure{CERTO_CONFIG, "DNSUPDATE_TSIG_SECRET is not set"};
  }
  if (text.name.empty()) text.name = host.require("DNSUPDATE_TSIG_KEY");
  if (text.algorithm.empty())
    text.algorithm = host.setting("DNSUPDATE_TSIG_ALGORITHM").value_or("hmac-sha256");
  return dns::TsigKey{without_dot(text.name), dns::tsig_hash(text.algorithm), dns::tsig_secret(text.secret)};
}

/// The server with DNSUPDATE_PORT, unless it names a port itself.
std::string with_port(const std::string& server, const std::optional<std::string>& port) {
  if (!port) return server;
  const bool is_bare_v6 = std::ranges::count(server, ':') > 1 && !server.starts_with('[');
  if (is_bare_v6) return "[" + server + "]:" + *port;
  const bool has_port = server.find(':', server.starts_with('[') ? server.find(']') : 0) != server.npos;
  return has_port ? server : server + ":" + *port;
}

std::vector<std::string> find_servers(const Host& host) {
  std::string list = host.require("DNSUPDATE_NAMESERVER");
  std::ranges::replace(list, ',', ' ');
  std::vector<std::string> servers;
  for (const std::string& server : certo::split(list, ' '))
    if (!server.empty()) servers.push_back(with_port(server, host.setting("DNSUPDATE_PORT")));
  if (servers.empty()) throw Failure{CERTO_CONFIG, "DNSUPDATE_NAMESERVER names no server"};
  return servers;
}

class Server {
 public:
  explicit Server(const Host& host) : host_(host), others_(find_servers(host)), key_(find_key(host)) {
    take_next();
  }

  /// RFC 1035: the owner of a zone's SOA record is the zone. The request is signed, because the reply of a
  /// server may depend on the key.
  bool has_zone(const std::string& name) {
    const dns::Message answer = ask({.name = name, .type = dns::soa_type});
    const int rcode = answer.rcode();
    // Servers refuse requests about names above their zones.
    const bool is_elsewhere = rcode == dns::nx_domain || rcode == dns::refused || rcode == dns::not_auth;
    if (rcode != dns::no_error && !is_elsewhere) refuse("the search for the zone", rcode);
    return std::ranges::any_of(answer.answers, [&](const auto& record) {
      return record.type == dns::soa_type && record.name == name;
    });
  }

  void update(const std::string& zone, const std::vector<dns::ResourceRecord>& changes) {
    const int rcode =
        ask({.flags = dns::update_opcode, .name = zone, .type = dns::soa_type, .authorities = changes})
            .rcode();
    if (rcode == dns::no_error) return;
    if (rcode == dns::refused)
      throw Failure{CERTO_CONFIG, server_ + " refuses to change " + names_of(changes) + with_key() +
                                      ": its policy does not allow it"};
    // Knot also answers this for a key that its ACL does not list.
    if (rcode == dns::not_auth)
      throw Failure{CERTO_CONFIG, server_ + " is not the primary of " + zone +
                                      ", or does not let it be changed" + with_key() + " (NOTAUTH)"};
    if (rcode == dns::not_zone) throw Failure{CERTO_NO_ZONE, server_ + " has no zone " + zone + " (NOTZONE)"};
    refuse("an update of " + zone, rcode);
  }

  const std::string& name() const { return server_; }

 private:
  static std::string names_of(const std::vector<dns::ResourceRecord>& changes) {
    std::vector<std::string> names;
    for (const auto& change : changes) {
      if (std::ranges::count(names, change.name) == 0) names.push_back(change.name);
    }
    return certo::join(names, ", ");
  }

  std::string with_key() const { return key_ ? " with the key " + key_->name : " without a key"; }

  [[noreturn]] void refuse(const std::string& what, int rcode) const {
    throw Failure{rcode == dns::serv_fail ? CERTO_UNREACHABLE : CERTO_FAILED,
                  server_ + " answered " + dns::rcode_name(rcode) + " to " + what};
  }

  /// The number only distinguishes answers, and here each connection has one question.
  dns::Message ask(dns::Message question) {
    question.id = ++last_id_;
    const dns::SignedMessage request =
        key_ ? dns::sign(host_, *key_, question) : dns::SignedMessage{dns::to_wire(question), {}};
    const Bytes bytes = exchange(request.bytes);
    dns::Message answer = dns::from_wire(bytes);
    constexpr uint16_t is_response = 0x8000, opcode = 0x7800;
    if (answer.id != question.id || (answer.flags & (is_response | opcode)) != (is_response | question.flags))
      throw Failure{CERTO_UNREACHABLE, server_ + " answered another question"};
    if (key_) dns::verify(host_, *key_, request.mac, bytes);
    return answer;
  }

  void take_next() {
    server_ = others_.front();
    others_.erase(others_.begin());
  }

  /// With the next server of the list if one cannot be reached. To make a change twice is the same as to make
  /// it once.
  Bytes exchange(const Bytes& request) {
    for (;;) {
      try {
        return host_.dns(server_, request);
      } catch (const Failure& failure) {
        if (failure.status != CERTO_UNREACHABLE || others_.empty()) throw;
        take_next();
      }
    }
  }

  const Host& host_;
  std::vector<std::string> others_;  // that were not asked yet
  std::string server_;
  std::optional<dns::TsigKey> key_;
  uint16_t last_id_ = 0;
};

/// The zone of `name`: one of DNSUPDATE_ZONES, or the longest name above it that is a zone of the server.
class Zones {
 public:
  Zones(const Host& host, Server& server) : host_(host), server_(server) {
    std::string list = host.setting("DNSUPDATE_ZONES").value_or("");
    std::ranges::replace(list, ',', ' ');
    for (const std::string& zone : certo::split(list, ' ')) {
      if (!zone.empty()) named_.push_back(without_dot(certo::lower(zone)));
    }
    std::ranges::sort(named_, std::ranges::greater(), &std::string::size);
  }

  std::string find(const std::string& name) {
    if (host_.setting("ZONE")) return zone_candidates(host_, name).front();
    for (const std::string& zone : named_) {
      if (lies_in(name, zone)) return zone;
    }
    if (!named_.empty())
      throw Failure{CERTO_CONFIG, name + " is not in any of DNSUPDATE_ZONES: " + certo::join(named_, ", ")};
    for (const std::string& candidate : zone_candidates(host_, name)) {
      auto known = known_.find(candidate);
      if (known == known_.end()) known = known_.emplace(candidate, server_.has_zone(candidate)).first;
      if (known->second) return candidate;
    }
    throw Failure{CERTO_NO_ZONE, server_.name() + " has no zone for " + name};
  }

 private:
  const Host& host_;
  Server& server_;
  std::vector<std::string> named_;
  std::map<std::string, bool> known_;
};

/// The RDATA of a record of the type that the host asks for.
std::pair<uint16_t, Bytes> data_of(const Host& host, const char* value) {
  if (host.type() == "CAA") {
    const Caa caa = parse_caa(value);
    return {dns::caa_type, dns::caa_data(caa.flags, caa.tag, caa.value)};
  }
  if (host.type() == "TLSA") {
    const Tlsa tlsa = parse_tlsa(value);
    return {dns::tlsa_type, dns::tlsa_data(tlsa.usage, tlsa.selector, tlsa.matching, tlsa.data)};
  }
  return {dns::txt_type, dns::txt_data(value)};
}

/// RFC 2136 section 2.5: one value is added in class IN, and removed, whatever its TTL is, in class NONE.
dns::ResourceRecord change_of(const Host& host, const Record& record, Change change) {
  const bool is_added = change == Change::add;
  auto [type, data] = data_of(host, record.value);
  return {record.name, type, is_added ? dns::in : dns::no_settings, is_added ? record.ttl : 0,
          std::move(data)};
}

void change_zone(const Host& host, Server& server, const std::string& zone,
                 const std::vector<Record>& records, Change change) {
  std::vector<dns::ResourceRecord> changes;
  size_t size = 0;
  for (const Record& record : records) {
    dns::ResourceRecord next = change_of(host, record, change);
    const size_t next_size = next.name.size() + 12 + next.data.size();
    if (size + next_size > room_for_changes) {
      server.update(zone, changes);
      changes.clear();
      size = 0;
    }
    changes.push_back(std::move(next));
    size += next_size;
  }
  server.update(zone, changes);
}

void change_records(const Host& host, Records records, Change change) {
  Server server(host);
  Zones zones(host, server);
  std::map<std::string, std::vector<Record>> by_zone;
  for (const Record& record : records) by_zone[zones.find(record.name)].push_back(record);
  for (const auto& [zone, of_zone] : by_zone) change_zone(host, server, zone, of_zone, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "dnsupdate", .aliases = "rfc2136 dns_nsupdate nsupdate",
        .title = "Dynamic DNS updates (RFC 2136)",
        .settings =
            {
                {"DNSUPDATE_NAMESERVER", "RFC2136_NAMESERVER NSUPDATE_SERVER",
                 "the primary name server of the zone: ADDRESS, NAME or either with :PORT; several are asked in turn until one answers",
                 1},
                {"DNSUPDATE_PORT", "NSUPDATE_SERVER_PORT", "its port (default: 53)", 0},
                {"DNSUPDATE_TSIG_FILE", "RFC2136_TSIG_FILE NSUPDATE_KEY",
                 "a file with the key, as tsig-keygen writes it; without one the server knows this machine by its address",
                 0},
                {"DNSUPDATE_TSIG_KEY", "RFC2136_TSIG_KEY", "instead of a file: the name of the key", 0},
                {"DNSUPDATE_TSIG_SECRET", "RFC2136_TSIG_SECRET", "... with its secret, in base64", 0},
                {"DNSUPDATE_TSIG_ALGORITHM", "RFC2136_TSIG_ALGORITHM",
                 "... and its algorithm: hmac-sha1, -sha224, -sha256 (default), -sha384, -sha512 or hmac-md5",
                 0},
                {"DNSUPDATE_ZONES", "RFC2136_ZONES NSUPDATE_ZONE",
                 "the zones, separated by commas, if the server does not reveal them", 0},
                {"DNSUPDATE_TSIG_GSS_REALM",
                 "RFC2136_TSIG_GSS_REALM DNSUPDATE_TSIG_GSS_USERNAME RFC2136_TSIG_GSS_USERNAME",
                 "not supported: GSS-TSIG", 0},
            },
        .types = "CAA TLSA",
        .rights = "an update-policy that lets the key change TXT records below _acme-challenge")
