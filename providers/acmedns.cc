// acme-dns, by https://github.com/joohoi/acme-dns#api
//
// Each account is one name with room for two values. A third value replaces the oldest, so nothing is
// removed. _acme-challenge of a domain is a CNAME to that name, and the records here have the name that it
// leads to.
#include <algorithm>
#include "sdk/provider.hpp"

namespace {

using certo::Fields;
using certo::Json;
using namespace certo::sdk;

constexpr const char* public_server = "https://auth.acme-dns.io";
constexpr size_t room = 2;

struct Account {
  std::string username, password, subdomain;
  std::string full_domain{};  // "" if only the settings name the account
  std::string server{};
};

/// {"example.com":{"fulldomain":"…","subdomain":"…","username":"…","password":"…","server_url":"…"}}
std::map<std::string, Account> read_storage(const std::string& text) {
  constexpr const char* subject = "ACMEDNS_STORAGE_FILE";
  try {
    const Json json = certo::parse_json(text, subject, certo::Exit::config);
    if (!json.is_object())
      throw Failure{CERTO_CONFIG, std::string(subject) + " does not list accounts by domain"};
    std::map<std::string, Account> accounts;
    for (const auto& [domain, entry] : json.members()) {
      const Fields fields(entry, std::string(subject) + ": " + domain, certo::Exit::config);
      accounts[certo::lower(domain)] = {fields.string("username"), fields.string("password"),
                                        fields.string("subdomain"), fields.string("fulldomain"),
                                        fields.optional_string("server_url").value_or("")};
    }
    return accounts;
  } catch (const certo::Error& error) {
    throw Failure{CERTO_CONFIG, error.message};
  }
}

[[noreturn]] void throw_no_alias(const std::string& name, const std::string& target) {
  throw Failure{CERTO_NO_ZONE,
                name + " is not a CNAME: add the record '" + name + ". CNAME " + target + ".'"};
}

constexpr std::string_view challenge_label = "_acme-challenge.";

/// The account in the file that has the name `name`.
Account stored_account(const std::map<std::string, Account>& accounts, const std::string& name) {
  for (const auto& [domain, account] : accounts) {
    if (certo::lower(account.full_domain) == name) return account;
  }
  if (name.starts_with(challenge_label)) {
    const auto of_domain = accounts.find(name.substr(challenge_label.size()));
    if (of_domain != accounts.end()) throw_no_alias(name, of_domain->second.full_domain);
  }
  throw Failure{CERTO_NO_ZONE, "no account in ACMEDNS_STORAGE_FILE has the name " + name};
}

class Api {
 public:
  explicit Api(const Host& host) : host_(host) {
    if (const auto storage = host.setting("ACMEDNS_STORAGE_FILE")) accounts_ = read_storage(*storage);
  }

  Account account(const std::string& name) const {
    if (!host_.setting("ACMEDNS_SUBDOMAIN")) return stored_account(accounts_, name);
    Account account = {host_.require("ACMEDNS_USERNAME"), host_.require("ACMEDNS_PASSWORD"),
                       host_.require("ACMEDNS_SUBDOMAIN")};
    if (name.starts_with(certo::lower(account.subdomain) + ".")) return account;
    if (name.starts_with(challenge_label)) {
      const std::string url = server(account);
      const std::string host = url.substr(std::min(url.find("://"), url.size() - 3) + 3);
      throw_no_alias(name, account.subdomain + "." + host.substr(0, host.find_first_of(":/")));
    }
    throw Failure{CERTO_NO_ZONE, name + " is not the name of the account " + account.subdomain};
  }

  void update(const Account& account, const std::string& value) const {
    Json body = Json::object();
    body.set("subdomain", account.subdomain).set("txt", value);
    const Reply reply = host_.raw_http({"POST",
                                        server(account) + "/update",
                                        {"X-Api-User: " + account.username, "X-Api-Key: " + account.password,
                                         "Content-Type: application/json"},
                                        to_json(body)});
    if (reply.ok()) {
      const Json answer = reply.json();
      const Json* txt = answer.find("txt");
      if (txt && txt->is_string() && txt->string() == value) return;
      throw Failure{CERTO_UNREACHABLE, reply.subject + " did not confirm the value"};
    }
    const std::string why = reason(reply);
    throw_if_refused(reply, why);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                    (why.empty() ? "" : ": " + why)};
  }

 private:
  /// The server of the settings, or else that of the account's file.
  std::string server(const Account& account) const {
    std::string url = host_.setting("ACMEDNS_API_BASE").value_or(host_.base_url());
    if (url == public_server && !account.server.empty()) url = account.server;
    while (url.ends_with('/')) url.pop_back();
    return url;
  }

  /// {"error":"forbidden"}; "" if the server gives no reason.
  static std::string reason(const Reply& reply) {
    try {
      const Json json = reply.json();
      const Json* error = json.find("error");
      return error && error->is_string() ? error->string() : "";
    } catch (const Failure&) {
      return "";
    }
  }

  const Host& host_;
  std::map<std::string, Account> accounts_;
};

void present(const Host& host, Records records) {
  const Api api(host);
  std::vector<std::pair<Account, std::vector<std::string>>> updates;
  for (const auto& [name, values] : by_name(records)) {
    std::vector<std::string> different = merged({}, values, Change::add);
    if (different.size() > room)
      throw Failure{CERTO_FAILED, name + " holds two values, but " + std::to_string(different.size()) +
                                      " are needed: give each domain an account of its own"};
    updates.emplace_back(api.account(name), std::move(different));
  }
  for (const auto& [account, values] : updates) {
    for (const std::string& value : values) api.update(account, value);
  }
}

void cleanup(const Host&, Records) {}

}  // namespace

CERTO_PROVIDER(
        .name = "acmedns", .aliases = "acme-dns dns_acmedns", .title = "acme-dns", .base_url = public_server,
        .propagation = 60, .traits = CERTO_OWN_NAMES,
        .settings = {
            {"ACMEDNS_USERNAME", "",
             "the account's username: 'curl -X POST https://auth.acme-dns.io/register' creates an account and prints it; then make _acme-challenge of the domain a CNAME to its fulldomain",
             1},
            {"ACMEDNS_PASSWORD", "", "... with its password", 1},
            {"ACMEDNS_SUBDOMAIN", "", "... and its subdomain", 1},
            {"ACMEDNS_STORAGE_FILE", "ACME_DNS_STORAGE_FILE ACME_DNS_STORAGE_PATH",
             "instead: a file of JSON with the accounts by domain, as lego keeps them", 2},
            {"ACMEDNS_API_BASE", "ACME_DNS_API_BASE", "the server, if it is not the public one", 0},
        })
