#include "acmesh/table.h"
#include "console/layout.h"

#include <algorithm>

namespace certo::acmesh {
namespace {

constexpr auto none = Arity::none, one = Arity::one, optional = Arity::optional;
using enum Sense;

constexpr unsigned asks_a_ca = issue | renew | account | revoke | persist | deauthorize;
constexpr const char* by_issue =
    "a certificate keeps what it was issued with; 'certo issue -d NAME …' changes it";
constexpr const char* by_install =
    "give it to --install-cert -d NAME, or to --issue; every renewal repeats it";
constexpr const char* by_record = "give it to --make-dns-persist-value, which prints the record";

}  // namespace

const std::vector<Verb>& verbs() {
  using enum Names;
  static const std::vector<Verb> table = {
      {"--issue", issue, with_ways, "issue --agree-tos", nullptr},
      {"--sign-csr --signcsr", issue, in_csr, "issue --agree-tos", nullptr},
      {"-r --renew", renew, first_as_word, "renew", nullptr},
      {"--renew-all --renewAll --renewall", renew, Names::none, "renew --all", nullptr},
      {"--cron", renew, Names::none, "cron", nullptr},
      {"-i --install-cert --installcert", install, first_as_option, "install-cert", nullptr},
      {"--deploy", deploy, first_as_option, "deploy", nullptr},
      {"--list", look, Names::none, "list", nullptr},
      {"--info", look, first_as_word, "info", nullptr},
      {"--revoke", revoke, first_as_option, "revoke --yes", nullptr},
      {"--remove", look, first_as_word, "remove --yes", nullptr},
      {"--register-account --registeraccount", account, Names::none, "account new --agree-tos", nullptr},
      {"--update-account --updateaccount", account, Names::none, "account update", nullptr},
      {"--deactivate-account", account, Names::none, "account deactivate --yes", nullptr},
      {"--list-profiles", account, Names::none, "account show", "the CA's profiles are listed in 'profiles'"},
      {"--set-default-ca", default_ca, Names::none, "account default", nullptr},
      {"--to-pkcs12 --to-pkcs --toPkcs", pkcs12, first_as_word, "convert --to pkcs12", nullptr},
      {"--to-pkcs8 --toPkcs8", look, first_as_word, "info",
       "the private keys in the store are PKCS#8 already"},
      {"--show-csr --showcsr", show_csr, Names::none, "inspect", nullptr},
      {"-ccr --create-csr --createCSR --createcsr", new_csr, as_options, "csr", nullptr},
      {"-cdk --create-domain-key --createDomainKey --createdomainkey", new_key, as_options, "keygen",
       nullptr},
      {"--install-cronjob --installcronjob", schedule, Names::none, "schedule install", nullptr},
      {"--uninstall-cronjob --uninstallcronjob", schedule, Names::none, "schedule remove", nullptr},
      {"--upgrade", upgrade, Names::none, "upgrade", nullptr},
      {"-v --version", look, Names::none, "version", nullptr},
      {"-h --help", look, Names::none, "help", nullptr},
      {"-cak --create-account-key --createAccountKey --createaccountkey", account, Names::none, nullptr,
       "--register-account makes the key; a key of your own goes with --accountkey FILE"},
      {"--install --install-online", schedule, Names::none, nullptr,
       "certo is a single program: 'certo schedule install' sets up the renewal"},
      {"--uninstall", schedule, Names::none, nullptr,
       "'certo schedule remove' ends the renewal; then remove the program"},
      {"--set-notify", schedule, Names::none, nullptr,
       "put a program into the folder hooks/notify of the state folder"},
      {"--set-default-chain", default_ca, Names::none, nullptr, "give --preferred-chain to --issue"},
      {"--deactivate", deauthorize, Names::as_words, "account deauthorize", nullptr},
      {"--make-dns-persist-value --makednspersistvalue", persist, as_options, "persist --agree-tos", nullptr},
  };
  return table;
}

const std::vector<Parameter>& parameters() {
  static const std::vector<Parameter> table = {
      // names, and how they are proven
      {"-d --domain", one, name, all & ~(account | default_ca | schedule)},
      {"-w --webroot", one, way, issue, "--webroot", by_issue},
      {"--standalone", none, way, issue, "--standalone", by_issue},
      {"--dns", optional, way, issue, "--dns", by_issue},
      {"--alpn", none, way, issue, "--alpn", by_issue},
      {"--tlsport", one, tls_port, issue, "--listen", by_issue},
      {"--stateless", none, way, issue, "--stateless", by_issue},
      {"--apache", none, way, issue, "--apache", by_issue},
      {"--nginx", optional, way, issue, "--nginx", by_issue},
      {"--dns-persist", none, way, issue, "--dns-persist", by_issue},
      {"--dns-persist-wildcard", none, toggle, persist, "--wildcard", by_record, issue},
      {"--dns-persist-ca-name", one, option, persist, "--issuer", by_record, issue},
      {"--dns-persist-days", one, lasting, persist, "--until", by_record, issue},
      {"--challenge-alias", one, challenge_alias, issue, nullptr, by_issue},
      {"--domain-alias", one, domain_alias, issue, nullptr, by_issue},
      {"--dnssleep", one, seconds, issue, "--propagation", by_issue},
      {"--httpport", one, port, issue, "--listen", by_issue},
      {"--local-address", one, address, issue, nullptr, by_issue},
      {"--listen-v4", none, address, issue, "0.0.0.0", by_issue},
      {"--listen-v6", none, address, issue, "::", by_issue},
      {"--yes-I-know-dns-manual-mode-enough-go-ahead-please", none, manual},
      // the certificate
      {"--ecc", none, ec_twin},
      {"-k --keylength", one, key_length, issue | new_key, "--key-type", by_issue},
      {"--preferred-chain", one, option, issue, "--preferred-chain", by_issue, renew},
      {"--cert-profile --certificate-profile", one, option, issue, "--profile", by_issue, renew},
      {"--always-force-new-domain-key", optional, new_key_switch, issue, nullptr, by_issue},
      {"--valid-from", one, option, issue, "--not-before", by_issue, renew},
      {"--valid-to", one, option, issue, "--not-after", by_issue, renew},
      {"--ocsp --ocsp-must-staple", none, toggle, issue | new_csr, "--must-staple", by_issue, renew},
      {"--extended-key-usage", one, refused, all, nullptr, "the CA decides it; choose one by --cert-profile"},
      {"--csr", one, csr, show_csr | issue},
      {"--days", one, days, issue, "--renew-before", by_issue},
      {"--revoke-reason", one, reason, revoke, "--reason"},
      {"--password", one, secret_file, pkcs12, "--password-file"},
      // installation
      {"--cert-file --certpath", one, option, issue | install, "--cert-file", by_install, all},
      {"--key-file --keypath", one, option, issue | install, "--key-file", by_install, all},
      {"--ca-file --capath", one, option, issue | install, "--ca-file", by_install, all},
      {"--fullchain-file --fullchainpath", one, option, issue | install, "--fullchain-file", by_install, all},
      {"--reloadcmd --reloadCmd", one, option, issue | install, "--reloadcmd", by_install, all},
      {"--pre-hook", one, option, issue, "--pre-hook", by_issue, all},
      {"--post-hook", one, option, issue, "--post-hook", by_issue, all},
      {"--renew-hook", one, option, issue, "--deploy-hook", by_issue, all},
      {"--deploy-hook", one, option, deploy, "--hook", "run --deploy -d NAME --deploy-hook HOOK by itself",
       all},
      {"--notify-hook", one, ignored, all, nullptr, "certo runs the programs in the folder hooks/notify"},
      {"--notify-level", one, ignored, all, nullptr, "--notify of certo says when these programs run"},
      {"--notify-mode", one, ignored, all, nullptr, "certo notifies once in each run"},
      {"--notify-source", one, ignored, all, nullptr, "certo does not report the name of the host"},
      // the CA
      {"--server", one, option, issue | account | default_ca | persist | deauthorize, "--server", by_issue,
       renew | revoke},
      {"--staging --test", none, toggle, issue | account | default_ca | persist | deauthorize, "--staging",
       by_issue, renew | revoke},
      {"-m --email --accountemail", one, option, issue | account | persist, "--email"},
      {"--accountkey", one, option, asks_a_ca, "--account-key"},
      {"-ak --accountkeylength", one, key_length, issue | account | persist, "--account-key-type"},
      {"--eab-kid", one, option, issue | account | persist, "--eab-kid"},
      {"--eab-hmac-key", one, variable, issue | account | persist, "CERTO_EAB_HMAC"},
      {"--ca-bundle", one, option, asks_a_ca, "--ca-bundle"},
      {"--ca-path", one, ignored, all, nullptr, "certo reads roots from one file: --ca-bundle FILE"},
      {"--insecure", none, refused, all, nullptr,
       "certo always verifies the CA's server; give roots of your own with --ca-bundle FILE"},
      {"--request-v4", none, toggle, asks_a_ca, "--ipv4"},
      {"--request-v6", none, toggle, asks_a_ca, "--ipv6"},
      {"--useragent", one, ignored, all, nullptr, "certo sends a User-Agent of its own"},
      {"--use-wget", none, ignored, all, nullptr, "certo needs neither curl nor wget"},
      {"--openssl-bin", one, ignored, all, nullptr, "certo needs no openssl"},
      // the run
      {"--home", one, home, all, "weak"},
      {"--config-home", one, home},
      {"--cert-home --certhome", one, ignored, all, nullptr, "certificates are kept in the folder of --home"},
      {"--accountconf", one, ignored, all, nullptr, "settings are in certo.conf in the folder of --home"},
      {"-f --force", none, toggle, issue | renew | install | new_key, "--force"},
      {"--debug", optional, loudness},
      {"--log --logfile", optional, option, all, "--log", "certo has no log file of its own: name one"},
      {"--log-level", one, ignored, all, nullptr, "the log has everything but secrets"},
      {"--syslog", optional, unless_zero, all, "--syslog"},
      {"--listraw", none, ignored, all, nullptr, "the form for programs is --list --json"},
      {"-se --stop-renew-on-error", none, ignored, all, nullptr,
       "one failure never stops the other renewals"},
      {"--treat-skip-as-success", none, skip_is_success},
      {"--output-insecure", none, ignored, all, nullptr, "certo shows no secrets"},
      {"--no-color", none, variable, all, "NO_COLOR"},
      {"--force-color", none, ignored, all, nullptr, "colours are for terminals only"},
      {"--no-cron --nocron", none, met},
      {"--no-profile --noprofile", none, met},
      {"--auto-upgrade", optional, Sense::auto_upgrade, upgrade, "--auto"},
      {"-b --branch", one, refused, all, nullptr, "certo upgrades to signed releases only"},
  };
  return table;
}

namespace {

template <typename Row>
const Row* find_row(const std::vector<Row>& table, std::string_view flag) {
  for (const Row& row : table) {
    for (const std::string_view spelling : console::spellings(row.flags)) {
      if (spelling == flag) return &row;
    }
  }
  return nullptr;
}

}  // namespace

const Verb* find_verb(std::string_view flag) { return find_row(verbs(), flag); }
const Parameter* find_parameter(std::string_view flag) { return find_row(parameters(), flag); }

}  // namespace certo::acmesh
