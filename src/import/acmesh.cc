// acme.sh's folder: account.conf, ca/<host>/<path>/, <domain>/ and <domain>_ecc/.
// Implements a part of import/found.h.
#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/listen.h"
#include "challenge/manual.h"
#include "crypto/key.h"
#include "import/acmesh_conf.h"
#include "import/found.h"
#include "import/parts.h"
#include "install/hook_list.h"
#include "net/idn.h"
#include "os/file.h"
#include "os/path.h"
#include "store/lifetime.h"

namespace certo::imports {
namespace {

constexpr const char* default_directory = "https://acme-v02.api.letsencrypt.org/directory";

constexpr std::array<std::string_view, 2> usual_days = {"60", "30"};  // acme.sh's own defaults

std::vector<std::string> list_of(const std::string& text) {
  return text.empty() || text == "no" ? std::vector<std::string>{} : split(text, ',');
}

/// The i-th field; if it is empty or missing, the last one before it that has a value.
std::string aligned(const std::vector<std::string>& fields, size_t i) {
  if (fields.empty()) return {};
  for (size_t at = std::min(i, fields.size() - 1) + 1; at-- > 0;) {
    if (!fields[at].empty()) return fields[at];
  }
  return {};
}

std::string listen_of(const Conf& conf, const char* port_key, int usual_port) {
  const std::string port = value(conf, port_key);
  std::string address = value(conf, "Le_LocalAddress");
  if (address.empty() && !value(conf, "Le_Listen_V4").empty()) address = "0.0.0.0";
  if (address.empty() && !value(conf, "Le_Listen_V6").empty()) address = "::";
  return listen_on(address, port, usual_port);
}

store::Propagation propagation_of(const Conf& conf) {
  const std::string seconds = value(conf, "Le_DNSSleep");
  if (seconds.empty()) return {};
  return store::parse_propagation(seconds == "0" ? "none" : "wait=" + seconds);
}

/// One certificate's folder.
class Certificate {
 public:
  Certificate(std::string folder, std::string domain, Conf conf)
      : folder_(std::move(folder)), domain_(std::move(domain)), conf_(std::move(conf)) {}

  FoundCertificate read(bool has_twin) {
    FoundCertificate found;
    found.origin = folder_;
    const std::string name = store::certificate_name(domain_);
    found.name = has_twin ? name + "-rsa" : name;
    found.key = os::read_file(folder_ + "/" + domain_ + ".key");
    found.chain = os::read_file(folder_ + "/fullchain.cer");

    store::Request& request = found.request;
    read_names(request);
    request.key_type =
        crypto::PrivateKey::from_pem(found.key, folder_ + "/" + domain_ + ".key").public_key().type;
    request.directory = value(conf_, "Le_API");
    if (request.directory.empty()) request.directory = default_directory;
    request.directory = current_directory(request.directory);
    request.profile = value(conf_, "Le_Certificate_Profile");
    request.preferred_chain = value(conf_, "Le_Preferred_Chain");
    found.no_way = no_way();
    if (found.no_way.empty()) read_ways(request);
    read_installation(found.installation);
    read_hooks(found);
    tell(found);
    return found;
  }

 private:
  /// acme.sh appends the chain to the certificate if both are for one file.
  static void join_certificate_and_chain(std::vector<install::Target>& targets) {
    const auto leaf = std::ranges::find(targets, install::Part::certificate, &install::Target::part);
    const auto chain = std::ranges::find(targets, install::Part::chain, &install::Target::part);
    if (leaf == targets.end() || chain == targets.end() || leaf->path != chain->path) return;
    leaf->part = install::Part::fullchain;
    targets.erase(chain);
  }

  void read_installation(install::Installation& installation) const {
    for (const auto& [key, part] : {std::pair{"Le_RealCertPath", install::Part::certificate},
                                    {"Le_RealKeyPath", install::Part::key},
                                    {"Le_RealCACertPath", install::Part::chain},
                                    {"Le_RealFullChainPath", install::Part::fullchain}}) {
      const std::string path = value(conf_, key);
      if (!path.empty()) installation.targets.push_back({part, path, "", "", {}});
    }
    join_certificate_and_chain(installation.targets);
    installation.reload = value(conf_, "Le_ReloadCmd");
  }

  void read_hooks(FoundCertificate& found) const {
    for (const auto& [key, kind] : {std::pair{"Le_PreHook", install::HookKind::pre},
                                    {"Le_PostHook", install::HookKind::post},
                                    {"Le_RenewHook", install::HookKind::deploy}}) {
      const std::string command = value(conf_, key);
      if (!command.empty() && command != "no") found.hooks[static_cast<size_t>(kind)].push_back(command);
    }
  }

  void tell(FoundCertificate& found) const {
    const std::string deploy = value(conf_, "Le_DeployHook");
    if (!deploy.empty() && deploy != "no")
      found.left.push_back("not taken over: acme.sh's --deploy-hook " + shell_word(deploy) +
                           ": see certo deploy --help for the hooks of certo");
    const std::string server = value(conf_, "Le_API");
    if (!server.empty() && server != found.request.directory)
      found.left.push_back(server + " has ended; certo uses " + found.request.directory);
    const std::string days = value(conf_, "Le_RenewalDays");
    if (!days.empty() && std::ranges::count(usual_days, days) == 0)
      found.left.push_back("not taken over: Le_RenewalDays=" + days + ": " + when_renewed);
    // A fixed date was for one certificate.
    const std::string until = value(conf_, "Le_Valid_To");
    const bool is_taken = store::is_relative(until) && store::parse_span(until.substr(1));
    if (is_taken) found.request.not_after = until;
    for (const char* key : {"Le_Valid_To", "Le_Valid_From", "Le_ExtKeyUse"}) {
      if (is_taken && std::string_view(key) == "Le_Valid_To") continue;
      if (!value(conf_, key).empty())
        found.left.push_back("not taken over: " + std::string(key) + "=" + value(conf_, key));
    }
  }

  void read_names(store::Request& request) {
    names_ = {domain_};
    for (const std::string& name : list_of(value(conf_, "Le_Alt"))) names_.push_back(name);
    std::vector<std::string> ascii;
    for (const std::string& name : names_) ascii.push_back(net::to_ascii(name));
    request.identifiers = crypto::identifiers(ascii);
  }

  /// FoundCertificate::no_way.
  std::string no_way() const {
    const std::vector<std::string> ways = split(value(conf_, "Le_Webroot"), ',');
    if (ways.front().empty()) return "its file does not say how its names are proven";
    for (const std::string& text : ways) {
      if (!text.empty() && !is_known(text))
        return "its names are proven by '" + text + "', which certo does not support";
    }
    return {};
  }

  static bool is_known(const std::string& text) {
    constexpr std::string_view words[] = {"no", "stateless", "alpn", "apache", "dns"};
    constexpr std::string_view starts[] = {"/", "nginx:", "dns_"};
    return std::ranges::find(words, text) != std::end(words) ||
           std::ranges::any_of(starts, [&](std::string_view one) { return text.starts_with(one); });
  }

  void read_ways(store::Request& request) const {
    const std::vector<std::string> ways = split(value(conf_, "Le_Webroot"), ',');
    const auto aliases = challenge::parse_aliases(alias_texts());
    request.ways = ways_of(request.identifiers, [&](size_t i) { return way(aligned(ways, i), aliases); });
  }

  std::vector<std::string> alias_texts() const {
    const std::vector<std::string> fields = list_of(value(conf_, "Le_ChallengeAlias"));
    std::vector<std::string> texts;
    for (size_t i = 0; !fields.empty() && i < names_.size(); ++i) {
      const std::string target = aligned(fields, i);
      const std::string name = names_[i].starts_with("*.") ? names_[i].substr(2) : names_[i];
      const std::string text = name + "=" + target;
      if (target.empty() || target == "no" || std::ranges::count(texts, text) > 0) continue;
      texts.push_back(text);
    }
    return texts;
  }

  store::Way way(const std::string& text, const std::map<std::string, std::string>& aliases) const {
    if (text == "no") return store::Standalone{listen_of(conf_, "Le_HTTPPort", challenge::http_port)};
    if (text == "stateless") return store::Stateless{};
    if (text == "alpn") return store::Alpn{listen_of(conf_, "Le_TLSPort", challenge::tls_port)};
    if (text == "apache") return store::Apache{};
    // The file can be that of one site, but certo names the main file.
    if (text.starts_with("nginx:")) return store::Nginx{};
    if (text.starts_with('/')) return store::Webroot{text};
    if (text == "dns_persist") return store::DnsPersist{};
    store::Dns dns;
    dns.provider = text == "dns" ? challenge::manual : text;
    dns.propagation = propagation_of(conf_);
    dns.aliases = aliases;
    return dns;
  }

  std::string folder_, domain_;
  Conf conf_;
  std::vector<std::string> names_;
};

class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {
    if (!os::exists(file()) && !os::exists(folder_ + "/ca"))
      throw Error(Exit::bad_input, folder_ + " is not a folder of acme.sh",
                  "it contains account.conf and ca/; most are called .acme.sh");
  }

  Found read() {
    attempt(file(), [&] { conf_ = parse_conf(os::read_file_if(file()).value_or("")); });
    attempt(folder_ + "/ca", [&] { read_accounts(folder_ + "/ca", "https:/"); });
    const std::string certificates = value(conf_, "CERT_HOME").empty() ? folder_ : value(conf_, "CERT_HOME");
    attempt(certificates, [&] {
      for (const std::string& name : os::list_folder(certificates))
        attempt(certificates + "/" + name, [&] { read_certificate(certificates, name); });
    });
    if (found_.certificates.empty() && certificates != folder_)
      found_.left.push_back(file() + ": CERT_HOME is " + certificates +
                            ", and there is no certificate in it");
    keep_ports();
    return std::move(found_);
  }

 private:
  void attempt(const std::string& subject, const std::function<void()>& act) {
    imports::attempt(found_.left, subject, act);
  }

  std::string file() const { return folder_ + "/account.conf"; }

  /// acme.sh leaves the port out of an account's folder; the certificates have it.
  void keep_ports() {
    for (FoundAccount& account : found_.accounts) {
      const auto is_its = [&](const FoundCertificate& one) {
        return without_port(one.request.directory) == account.directory;
      };
      const auto certificate = std::ranges::find_if(found_.certificates, is_its);
      if (certificate != found_.certificates.end()) account.directory = certificate->request.directory;
    }
  }

  static std::string without_port(const std::string& url) {
    const size_t host = url.find("://") + 3;
    const size_t end = std::min(url.find('/', host), url.size());
    const size_t colon = url.find(':', host);
    return colon < end ? url.substr(0, colon) + url.substr(end) : url;
  }

  void read_account(const std::string& folder, const std::string& url) {
    Conf conf;
    attempt(folder + "/ca.conf",
            [&] { conf = parse_conf(os::read_file_if(folder + "/ca.conf").value_or("")); });
    FoundAccount account{url, folder, os::read_file(folder + "/account.key"), value(conf, "ACCOUNT_URL"), {}};
    const std::string email = value(conf, "CA_EMAIL");
    if (!email.empty()) account.contact.push_back("mailto:" + email);
    found_.accounts.push_back(std::move(account));
  }

  /// ca/HOST/PATH is the directory URL.
  void read_accounts(const std::string& folder, const std::string& url) {
    if (current_directory(url + "/") != url + "/") {
      found_.left.push_back(folder + ": an account of a server that has ended");
      return;
    }
    if (os::exists(folder + "/account.key")) attempt(folder, [&] { read_account(folder, url); });
    if (!os::is_folder(folder)) return;
    for (const std::string& name : os::list_folder(folder)) {
      const std::string below = folder + "/" + name;
      const bool is_link = os::read_link(below).has_value();  // a loop, perhaps
      if (name != "deactivated" && !is_link && os::is_folder(below))
        attempt(below, [&] { read_accounts(below, url + "/" + name); });
    }
  }

  void read_certificate(const std::string& certificates, const std::string& name) {
    constexpr std::string_view ending = "_ecc";
    const std::string domain = name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : name;
    const std::string folder = certificates + "/" + name;
    const std::optional<std::string> text = os::read_file_if(folder + "/" + domain + ".conf");
    if (!text) return;
    const Conf conf = parse_conf(*text);
    const bool has_twin = name == domain && os::exists(folder + std::string(ending) + "/" + domain + ".conf");
    if (value(conf, "Le_Domain") != domain)
      return found_.left.push_back(folder + ": Le_Domain is missing in " + domain + ".conf");
    if (!os::exists(folder + "/fullchain.cer"))
      return found_.left.push_back(folder + ": it was never issued");
    attempt(folder, [&] {
      found_.certificates.push_back(Certificate(folder, domain, conf).read(has_twin));
      add_settings(found_.certificates.back().request.ways, conf);
    });
  }

  void add_settings(const store::Ways& ways, const Conf& conf) {
    for (const store::Way* way : ways.all())
      if (const auto* const dns = std::get_if<store::Dns>(way)) add_settings(dns->provider, conf);
  }

  /// acme.sh stores the settings of a plugin as SAVED_NAME; old versions store them as NAME.
  void add_settings(const std::string& provider, const Conf& of_certificate) {
    if (provider == challenge::manual) return;
    const bool is_known =
        std::ranges::find(found_.settings, provider, &FoundSettings::provider) != found_.settings.end();
    if (is_known) return;
    constexpr std::string_view saved = "SAVED_";
    std::map<std::string, std::string> values;
    for (const Conf* conf : {&of_certificate, &std::as_const(conf_)}) {
      for (const auto& [key, text] : *conf) {
        if (key.starts_with(saved) && !text.empty()) values.emplace(key.substr(saved.size()), text);
      }
    }
    for (const auto& [key, text] : conf_) {
      if (!text.empty()) values.emplace(key, text);
    }
    found_.settings.push_back({provider, std::move(values)});
  }

  std::string folder_;
  Conf conf_;
  Found found_;
};

}  // namespace

Found read_acmesh(const std::string& folder) { return Reader(folder).read(); }

}  // namespace certo::imports
