// Namecheap, by https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/
//
// A change replaces all hosts of a domain. certo reads all of them first and writes them back unchanged, in
// one request for each domain. A domain with anything that cannot be written back unchanged is not touched.
#include <algorithm>

#include "sdk/provider.hpp"
#include "sdk/xml.h"

namespace {

using namespace certo::sdk;

constexpr const char* api_url = "https://api.namecheap.com/xml.response";
constexpr const char* sandbox = "https://api.sandbox.namecheap.com/xml.response";
constexpr const char* access = "https://ap.www.namecheap.com/settings/tools/apiaccess/";

constexpr uint32_t shortest_ttl = 60;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, text) != list.end();
}

struct Domain {
  std::string name, sld, tld;
};

struct Entry {
  std::string name, type, address, mx_pref, ttl;
};

struct Hosts {
  std::string email_type;
  std::vector<Entry> entries;
};

/// Throws Failure{failed}, because anything that certo does not understand would be lost.
void require_known(bool is_known, const Domain& domain, const std::string& what) {
  if (is_known) return;
  throw Failure{CERTO_FAILED,
                domain.name + " is not changed: a change replaces all its hosts, and it has " + what +
                    ", which would be lost; a CNAME at _acme-challenge to another domain avoids this"};
}

Entry entry_of(const Element& host, const Domain& domain) {
  require_known(host.name == "host" || host.name == "Host", domain, "an entry <" + host.name + ">");
  const std::string name = host.attribute("Name");
  for (const auto& [key, value] : host.attributes) {
    const bool is_known = is_one_of(key, {"HostId", "HostID", "Name", "Type", "Address", "MXPref", "TTL",
                                          "AssociatedAppTitle", "FriendlyName", "IsActive", "IsDDNSEnabled"});
    require_known(is_known, domain, "a host " + name + " with " + key + "=" + value);
    const bool is_empty = value.empty() && is_one_of(key, {"Name", "Type", "Address", "MXPref", "TTL"});
    require_known(!is_empty, domain, "a host " + name + " without " + key);
  }
  const std::string type = host.attribute("Type");
  require_known(is_one_of(type, {"A", "AAAA", "ALIAS", "CAA", "CNAME", "FRAME", "MX", "MXE", "NS", "TXT",
                                 "URL", "URL301"}),
                domain, "a host " + name + " of the type '" + type + "'");
  for (const char* key : {"Name", "Address", "MXPref", "TTL"})
    require_known(host.attributes.contains(key), domain, "a host " + name + " without " + key);
  require_known(is_one_of(certo::lower(host.attribute("IsActive")), {"", "true"}), domain,
                "a host " + name + " that is off");
  // setHosts has no parameter for it, so it would be switched off.
  require_known(is_one_of(certo::lower(host.attribute("IsDDNSEnabled")), {"", "false"}), domain,
                "a host " + name + " with dynamic DNS");
  return {name, type, host.attribute("Address"), host.attribute("MXPref"), host.attribute("TTL")};
}

Hosts hosts_of(const Element& result, const Domain& domain) {
  if (certo::lower(result.attribute("IsUsingOurDNS")) != "true")
    throw Failure{CERTO_NO_ZONE, "the name servers of " + domain.name + " are not Namecheap's"};
  require_known(certo::lower(result.attribute("Domain")) == domain.name, domain,
                "the name '" + result.attribute("Domain") + "' in its list");
  Hosts hosts{result.attribute("EmailType"), {}};
  require_known(is_one_of(hosts.email_type, {"", "FWD", "GMAIL", "MX", "MXE", "NONE", "OX"}), domain,
                "the mail setting " + hosts.email_type);
  for (const Element& host : result.children) {
    hosts.entries.push_back(entry_of(host, domain));
    // The mail setting decides about these.
    const bool is_mail = is_one_of(hosts.entries.back().type, {"MX", "MXE"});
    require_known(!is_mail || !hosts.email_type.empty(), domain, "mail hosts without a mail setting");
  }
  return hosts;
}

std::string parameter(const std::string& name, const std::string& value) {
  return "&" + name + "=" + escaped(value);
}

[[noreturn]] void refuse(const Reply& reply, const Element& answer) {
  const Element* const errors = answer.find("Errors");
  const Element* const error = errors ? errors->find("Error") : nullptr;
  if (!error) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered neither a result nor an error"};
  const std::string number = error->attribute("Number");
  const std::string told = number + ": " + std::string(certo::trim(error->text));
  if (is_one_of(number, {"1010105", "1011105", "1011150", "1017105", "1017150"}))
    throw Failure{CERTO_CONFIG, "this machine's address is refused: " + told +
                                    "; NAMECHEAP_CLIENT_IP must be on the list at " + access};
  if (number.starts_with("101") || number == "1030408")
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
  if (number == "500000") throw Failure{CERTO_LATER, "rate limited: " + told};
  if (is_one_of(number, {"2016166", "2019166", "2030288"})) throw Failure{CERTO_NO_ZONE, told};
  throw Failure{CERTO_FAILED, told};
}

class Api {
 public:
  explicit Api(const Host& host)
      : host_(host),
        url_(url_of(host)),
        common_("ApiUser=" + escaped(host.require("NAMECHEAP_API_USER")) +
                parameter("ApiKey", host.require("NAMECHEAP_API_KEY")) +
                parameter("UserName", host.require("NAMECHEAP_API_USER")) +
                parameter("ClientIp", client_ip(host))) {}

  /// The registered domain of `name`, or a zone below it that the user named.
  Domain domain(const std::string& name) {
    if (registered_.empty()) registered_ = list();
    for (const std::string& candidate : zone_candidates(host_, name)) {
      for (const std::string& registered : registered_) {
        const bool is_named = host_.setting("ZONE") && lies_in(candidate, registered);
        if (candidate != registered && !is_named) continue;
        const std::string tld = registered.substr(registered.find('.') + 1);
        return {candidate, candidate.substr(0, candidate.size() - tld.size() - 1), tld};
      }
    }
    throw Failure{CERTO_NO_ZONE, "there is no domain for " + name + " in this account"};
  }

  Hosts read(const Domain& domain) const {
    const Element answer =
        get("namecheap.domains.dns.getHosts", parameter("SLD", domain.sld) + parameter("TLD", domain.tld));
    return hosts_of(result(answer, "DomainDNSGetHostsResult"), domain);
  }

  void write(const Domain& domain, const Hosts& hosts) const {
    std::string form = common_ + parameter("Command", "namecheap.domains.dns.setHosts") +
                       parameter("SLD", domain.sld) + parameter("TLD", domain.tld);
    if (!hosts.email_type.empty()) form += parameter("EmailType", hosts.email_type);
    for (size_t i = 0; i < hosts.entries.size(); ++i) {
      const Entry& entry = hosts.entries[i];
      const std::string number = std::to_string(i + 1);
      form += parameter("HostName" + number, entry.name) + parameter("RecordType" + number, entry.type) +
              parameter("Address" + number, entry.address) + parameter("MXPref" + number, entry.mx_pref) +
              parameter("TTL" + number, entry.ttl);
    }
    const Element answer = send({"POST", url_, {"Content-Type: application/x-www-form-urlencoded"}, form});
    if (certo::lower(result(answer, "DomainDNSSetHostsResult").attribute("IsSuccess")) != "true")
      throw Failure{CERTO_FAILED, "the hosts of " + domain.name + " were not set, without a reason"};
  }

 private:
  static std::string url_of(const Host& host) {
    const bool is_sandbox = certo::lower(host.setting("NAMECHEAP_SANDBOX").value_or("")) == "true";
    const std::string url = host.base_url();
    return is_sandbox && url == api_url ? sandbox : url;
  }

  static std::string client_ip(const Host& host) {
    std::string address = host.require("NAMECHEAP_CLIENT_IP");
    const bool is_address = address.find_first_not_of("0123456789.") == address.npos;
    if (is_address && std::ranges::count(address, '.') == 3) return address;
    throw Failure{CERTO_CONFIG, "NAMECHEAP_CLIENT_IP is not an IPv4 address: " + address};
  }

  /// All domains of the account, because a name does not show which part of it is registered.
  std::vector<std::string> list() const {
    constexpr size_t page_size = 100;
    std::vector<std::string> names;
    for (size_t page = 1;; ++page) {
      const Element answer =
          get("namecheap.domains.getList",
              parameter("PageSize", std::to_string(page_size)) + parameter("Page", std::to_string(page)));
      const Element& found = result(answer, "DomainGetListResult");
      for (const Element& one : found.children) names.push_back(certo::lower(one.attribute("Name")));
      if (found.children.size() < page_size) return names;
    }
  }

  Element get(const std::string& command, const std::string& parameters) const {
    return send({"GET", url_ + "?" + common_ + parameter("Command", command) + parameters});
  }

  /// <ApiResponse Status="OK">
  Element send(const Request& request) const {
    const Reply reply = host_.raw_http(request);
    // Not documented: the reply to more than 20 requests a minute.
    if (reply.status == 405) throw Failure{CERTO_LATER, "rate limited: " + reply.subject + " answered 405"};
    throw_if_refused(reply, "");
    Element answer = parse_xml(reply.body, reply.subject);
    if (answer.attribute("Status") != "OK") refuse(reply, answer);
    return answer;
  }

  static const Element& result(const Element& answer, const char* name) {
    const Element* const response = answer.find("CommandResponse");
    const Element* const found = response ? response->find(name) : nullptr;
    if (!found) throw Failure{CERTO_UNREACHABLE, std::string("the reply has no ") + name};
    return *found;
  }

  const Host& host_;
  std::string url_, common_;
  std::vector<std::string> registered_;
};

/// Adds or removes the record. False if there is nothing to do.
bool edit(std::vector<Entry>& entries, const std::string& name, const Record& record, Change change) {
  const auto is_it = [&](const Entry& entry) {
    return certo::lower(entry.name) == name && entry.type == "TXT" && entry.address == record.value;
  };
  if (change == Change::remove) return std::erase_if(entries, is_it) > 0;
  if (std::ranges::any_of(entries, is_it)) return false;
  entries.push_back({name, "TXT", record.value, "10", std::to_string(std::max(record.ttl, shortest_ttl))});
  return true;
}

void change_records(const Host& host, Records records, Change change) {
  struct Edit {
    Domain domain;
    Hosts hosts;
    bool is_changed = false;
  };
  Api api(host);
  std::map<std::string, Edit> edits;  // by domain
  for (const Record& record : records) {
    const std::string name = record.name;
    const Domain domain = api.domain(name);
    const auto [found, is_new] = edits.try_emplace(domain.name);
    if (is_new) found->second = {domain, api.read(domain)};
    const bool is_apex = name == domain.name;
    const std::string below = is_apex ? "@" : name.substr(0, name.size() - domain.name.size() - 1);
    found->second.is_changed |= edit(found->second.hosts.entries, below, record, change);
  }
  for (const auto& [name, edited] : edits) {
    if (edited.is_changed) api.write(edited.domain, edited.hosts);
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "namecheap", .aliases = "dns_namecheap", .title = "Namecheap", .base_url = api_url,
               .propagation = 3600,
               .settings = {
                   {"NAMECHEAP_API_USER", "NAMECHEAP_USERNAME", "the name that you log in with", 1},
                   {"NAMECHEAP_API_KEY", "",
                    "created at https://ap.www.namecheap.com/settings/tools/apiaccess/", 1},
                   {"NAMECHEAP_CLIENT_IP", "NAMECHEAP_SOURCEIP",
                    "this machine's public IPv4 address, which must be on the list at the same place", 1},
                   {"NAMECHEAP_SANDBOX", "", "true: use the sandbox, api.sandbox.namecheap.com", 0},
               })
