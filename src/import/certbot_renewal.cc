#include "import/certbot_renewal.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "challenge/listen.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "import/certbot_dns.h"
#include "import/parts.h"
#include "install/hook_list.h"
#include "net/url.h"
#include "os/file.h"
#include "os/path.h"
#include "store/lifetime.h"

namespace certo::imports {
namespace {

constexpr const char* default_server = "https://acme-v02.api.letsencrypt.org/directory";

/// One certificate's file.
class Renewal {
 public:
  Renewal(std::string folder, std::string name, const Ini& conf, CertbotProviders& providers)
      : folder_(std::move(folder)), name_(std::move(name)), conf_(conf), providers_(providers) {}

  FoundCertificate read() {
    const std::string live = folder_ + "/live/" + name_;
    found_.name = store::certificate_name(name_);
    found_.origin = folder_ + "/renewal/" + name_ + ".conf";
    found_.key = os::read_file(live + "/privkey.pem");
    found_.chain = os::read_file(live + "/fullchain.pem");
    store::Request& request = found_.request;
    const auto chain = crypto::parse_chain(found_.chain, live + "/fullchain.pem", Exit::bad_input);
    request.identifiers = chain.front().identifiers;
    if (request.identifiers.empty()) throw Error(Exit::bad_input, "its certificate holds no name");
    request.key_type = key_type(live + "/privkey.pem");
    request.directory = certbot_server(conf_);
    net::parse_url(request.directory, "server", Exit::bad_input);
    request.preferred_chain = param("preferred_chain");
    request.profile = param("required_profile");
    if (request.profile.empty()) request.preferred_profile = param("preferred_profile");
    request.reuse_key = param("reuse_key") == "True";
    request.must_staple = param("must_staple") == "True";
    request.allow_subset = param("allow_subset_of_names") == "True";
    request.renew_before = renew_before();
    found_.account = param("account");
    read_ways();
    read_hooks();
    tell();
    return std::move(found_);
  }

 private:
  std::string param(const std::string& key) const { return conf_.value("renewalparams", key); }

  /// The type of the next key. Old versions of certbot made RSA keys and wrote no type; then the existing key
  /// decides.
  crypto::KeyType key_type(const std::string& file) const {
    const crypto::KeyType present = crypto::PrivateKey::from_pem(found_.key, file).public_key().type;
    const std::string kind = param("key_type");
    const std::string curve = param("elliptic_curve"), size = param("rsa_key_size");
    if (kind == "ecdsa") return crypto::key_type(curve.empty() ? "secp256r1" : curve);
    if (kind == "rsa") return crypto::key_type(size.empty() ? "2048" : size);
    return present;
  }

  void read_ways() {
    std::string way = param("authenticator");
    way = way.substr(way.rfind(':') + 1);  // "certbot-dns-x:dns-x" of old versions
    std::ranges::replace(way, '_', '-');
    if (way == "webroot") {
      webroots();
    } else if (way == "standalone") {
      const store::Standalone standalone{
          listen_on(param("http01_address"), param("http01_port"), challenge::http_port)};
      challenge::parse_listen(standalone.listen, challenge::http_port);
      found_.request.ways.usual = standalone;
    } else if (way.starts_with("dns-")) {
      dns(way.substr(4));
    } else if (way == "manual") {
      manual();
    } else if (way == "nginx") {
      found_.request.ways.usual = store::Nginx{};
    } else if (way == "apache") {
      found_.request.ways.usual = store::Apache{};
    } else {
      found_.no_way = way.empty() ? "its file does not say how its names are proven"
                                  : "its names are proven by '" + way + "', which certo does not know";
    }
  }

  void webroots() {
    const std::vector<std::string> folders = conf_.list("renewalparams", "webroot_path");
    const auto& identifiers = found_.request.identifiers;
    const auto folder_of = [&](const crypto::Identifier& one) {
      const std::string mapped = conf_.value("webroot_map", one.value);
      return mapped.empty() && !folders.empty() ? folders.back() : mapped;
    };
    const auto has_folder = [&](const crypto::Identifier& one) { return folder_of(one).starts_with('/'); };
    if (!std::ranges::all_of(identifiers, has_folder)) {
      found_.no_way = "its file does not name the web server's folder for each name";
      return;
    }
    found_.request.ways =
        ways_of(identifiers, [&](size_t i) { return store::Webroot{folder_of(identifiers[i])}; });
  }

  void dns(const std::string& plugin) {
    std::string prefix = "dns_" + plugin;
    std::ranges::replace(prefix, '-', '_');
    const std::string provider = providers_.provider(plugin, param(prefix + "_credentials"));
    if (provider.empty()) {
      found_.no_way = "its names are proven by certbot's plugin dns-" + plugin +
                      ", whose settings certo cannot take over";
      return;
    }
    store::Dns dns;
    dns.provider = provider;
    const std::string seconds = param(prefix + "_propagation_seconds");
    if (!seconds.empty() && seconds != "0") dns.propagation = store::parse_propagation("wait=" + seconds);
    found_.request.ways.usual = std::move(dns);
  }

  void manual() {
    const std::string hook = param("manual_auth_hook");
    const bool is_dns = param("pref_challs").find("dns") != std::string::npos;
    found_.no_way = "its names are proven by hand";
    if (!hook.empty()) found_.no_way = "its names are proven by the program " + shell_word(hook);
    if (!hook.empty() && is_dns)
      found_.no_way +=
          ", which a copy of certo's hooks/adapters/certbot-manual.sh with its name in it runs as --dns exec:/path/of/the/copy";
  }

  /// certbot passes them to a shell. The last name is an old one.
  void read_hooks() {
    for (const auto& [key, kind] : {std::pair{"pre_hook", install::HookKind::pre},
                                    {"post_hook", install::HookKind::post},
                                    {"deploy_hook", install::HookKind::deploy},
                                    {"renew_hook", install::HookKind::deploy}}) {
      std::vector<std::string>& hooks = found_.hooks[static_cast<size_t>(kind)];
      const std::string command = param(key);
      if (!command.empty() && std::ranges::count(hooks, command) == 0) hooks.push_back(command);
    }
  }

  /// "30 days" as "30d"; "" for what certo does not read.
  std::string renew_before() const {
    const std::vector<std::string> words = split(conf_.value("", "renew_before_expiry"), ' ');
    if (words.size() != 2 || (words[1] != "days" && words[1] != "day" && words[1] != "hours")) return {};
    const std::string text = words[0] + words[1][0];
    return store::parse_span(text) ? text : "";
  }

  void tell() {
    const std::string installer = param("installer");
    const std::string server = installer.substr(installer.rfind(':') + 1);
    if (server == "nginx" || server == "apache")
      found_.left.push_back(
          server + " still names certbot's files; to make it present certo's: certo issue --cert-name " +
          shell_word(found_.name) + " --" + server + " --take-over");
    if (param("server") != found_.request.directory && !param("server").empty())
      found_.left.push_back(param("server") + " has ended; certo uses " + found_.request.directory);
    const std::string before = conf_.value("", "renew_before_expiry");
    if (!before.empty() && found_.request.renew_before.empty())
      found_.left.push_back("not taken over: renew_before_expiry = " + before + ": " + when_renewed);
    if (param("autorenew") == "False")
      found_.left.push_back("certbot did not renew it (autorenew = False), but certo does");
  }

  std::string folder_, name_;
  const Ini& conf_;
  CertbotProviders& providers_;
  FoundCertificate found_;
};

/// "work" for "/root/.secrets/work.ini".
std::string profile_of(const std::string& file) {
  std::string name = os::name_of(file);
  name = name.substr(0, name.rfind('.')).substr(0, 60);
  std::ranges::replace_if(
      name, [](char c) { return !is_token(std::string(1, c)); }, '_');
  return name.empty() ? "other" : name;
}

}  // namespace

std::string certbot_server(const Ini& conf) {
  std::string server = conf.value("renewalparams", "server");
  if (server.empty()) server = default_server;
  return current_directory(server);
}

std::string CertbotProviders::provider(const std::string& plugin, const std::string& file) {
  const std::pair key{plugin, file};
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  std::optional<DnsPlugin> found;
  try {
    found = dns_plugin(plugin, file);
  } catch (const Error& error) {
    found = dns_plugin(plugin, "");
    left.push_back(error.message + ": the settings of dns-" + plugin + " were not taken over");
  }
  if (!found) return {};
  std::string spec = found->provider;
  const auto is_taken = [&] {
    return std::ranges::any_of(known_, [&](const auto& one) { return one.second == spec; });
  };
  for (int number = 1; is_taken(); ++number)
    spec = found->provider + "." + profile_of(file) + (number == 1 ? "" : "-" + std::to_string(number));
  known_[key] = spec;
  if (!found->values.empty()) settings.push_back({spec, std::move(found->values)});
  if (!found->left.empty()) left.push_back(found->left);
  return spec;
}

FoundCertificate read_certbot_renewal(const std::string& folder, const std::string& name, const Ini& conf,
                                      CertbotProviders& providers) {
  return Renewal(folder, name, conf, providers).read();
}

}  // namespace certo::imports
