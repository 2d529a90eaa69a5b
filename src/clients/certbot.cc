// certbot's command line.
#include "clients/table.h"

namespace certo::clients {
namespace {

constexpr auto none = Arity::none, one = Arity::one;
using enum Sense;

constexpr const char* no_configuration =
    "certo does not add headers to a web server's configuration, nor settings for OCSP";
constexpr const char* own_state =
    "certo keeps its state in --home DIR; 'certo import DIR' takes over certbot's";

}  // namespace

const Client& certbot() {
  static const Client client{
      .name = "certbot",
      .verbs =
          {
              {"certonly", issue, Names::as_options, "issue"},
              {"run", issue, Names::as_options, "issue"},
              {"", issue, Names::as_options, "issue"},
              {"renew", renew, Names::as_word_or_all, "renew"},
              {"certificates", look, Names::none, "list"},
              {"delete", one_stored, Names::as_word, "remove"},
              {"revoke", revoke, Names::as_options, "revoke"},
              {"register", account, Names::none, "account new"},
              {"unregister", account, Names::none, "account deactivate"},
              {"update_account", account, Names::none, "account update"},
              {"show_account", account, Names::none, "account show"},
              {"install", hand_over, Names::as_options, "deploy"},
              {"reconfigure", issue, Names::as_options, "issue",
               "'certo info NAME' shows all names of the certificate: repeat each with -d"},
              {"enhance", look, Names::none, nullptr, no_configuration},
              {"plugins", look, Names::none, "providers"},
              {"rollback", look, Names::none, nullptr,
               "'certo undo NAME' removes certo's lines from nginx; 'certo rollback NAME' returns to an older certificate"},
          },
      .terms =
          {
              // names
              {"-d --domain --domains", one, name},
              {"--ip-address", one, name},
              {"--cert-name", one, cert_name},
              {"--expand", none, met},
              {"--renew-with-new-domains", none, met},
              {"--allow-subset-of-names", none, toggle, "--allow-subset", nullptr, issue},
              {"--csr", one, option, "--csr", nullptr, issue},
              // how they are proven
              {"-a --authenticator", one, named_way, nullptr, nullptr, issue},
              {"-i --installer", one, installer, nullptr, nullptr, issue | hand_over},
              {"--standalone", none, way, "--standalone", nullptr, issue},
              {"--webroot", none, met},
              {"-w --webroot-path", one, webroot, "--webroot", nullptr, issue},
              {"--nginx", none, server, "nginx", nullptr, issue | hand_over},
              {"--apache", none, server, "apache", nullptr, issue | hand_over},
              {"--manual", none, way, "--dns manual", nullptr, issue},
              {"--manual-auth-hook", one, program, "CERTBOT_AUTH_HOOK certbot-manual", nullptr, issue},
              {"--manual-cleanup-hook", one, variable, "CERTBOT_CLEANUP_HOOK", nullptr, issue},
              {"--manual-public-ip-logging-ok", none, met},
              {"--preferred-challenges", one, met},
              {"--http-01-port", one, port, "--listen", nullptr, issue},
              {"--http-01-address", one, address, "--listen", nullptr, issue},
              {"--dns-*", none, dns_plugin, nullptr, nullptr, issue},
              // the certificate
              {"--key-type", one, key_type, "--key-type", nullptr, issue},
              {"--elliptic-curve", one, key_type, "--key-type", nullptr, issue},
              {"--rsa-key-size", one, key_bits, "--key-type", nullptr, issue},
              {"--reuse-key", none, toggle, "--reuse-key", nullptr, issue},
              {"--new-key --no-reuse-key", none, toggle, "--new-key", nullptr, issue},
              {"--preferred-chain", one, option, "--preferred-chain", nullptr, issue},
              {"--preferred-profile", one, option, "--preferred-profile", nullptr, issue},
              {"--required-profile", one, option, "--profile", nullptr, issue},
              {"--must-staple", none, toggle, "--must-staple", nullptr, issue},
              // hooks and targets
              {"--pre-hook", one, option, "--pre-hook", nullptr, issue | renew},
              {"--deploy-hook --renew-hook", one, option, "--deploy-hook", nullptr, issue | renew},
              {"--post-hook", one, option, "--post-hook", nullptr, issue | renew},
              {"--run-deploy-hooks", none, Sense::remark, nullptr,
               "'certo hooks test NAME' runs the hooks of a certificate", all},
              {"--no-directory-hooks --disable-hook-validation", none, met},
              {"--redirect", none, Sense::redirect, "--redirect", nullptr, issue},
              {"--no-redirect", none, met},
              {"--hsts --no-hsts --uir --no-uir --staple-ocsp --no-staple-ocsp", none, Sense::remark, nullptr,
               no_configuration},
              {"--cert-path", one, word, nullptr, nullptr, revoke},
              {"--key-path", one, option, "--key", nullptr, revoke},
              {"--fullchain-path --chain-path", one, Sense::remark, nullptr,
               "'certo install-cert -d NAME --fullchain-file FILE --key-file FILE' installs a certificate"},
              // the CA and the account
              {"--server", one, option, "--server", nullptr, issue | account | revoke},
              {"--staging --test-cert", none, toggle, "--staging", nullptr, issue | account},
              {"-m --email", one, option, "--email", nullptr, issue | account},
              {"--agree-tos", none, toggle, "--agree-tos", nullptr, issue | account},
              {"--register-unsafely-without-email --eff-email --no-eff-email", none, met},
              {"--account", one, Sense::remark, nullptr, "--account of certo is a name, such as 'default'"},
              {"--eab-kid", one, option, "--eab-kid", nullptr, issue | account},
              {"--eab-hmac-key", one, variable, "CERTO_EAB_HMAC", nullptr, issue | account},
              {"--eab-hmac-alg", one, option, "--eab-hmac-alg", nullptr, issue | account},
              {"--no-verify-ssl", none, Sense::remark, nullptr,
               "--ca-bundle FILE names the roots of a private CA"},
              {"--user-agent --user-agent-comment", one, met},
              // revoke, delete
              {"--reason", one, option, "--reason", nullptr, revoke},
              {"--delete-after-revoke", none, toggle, "--remove", nullptr, revoke},
              {"--no-delete-after-revoke", none, met},
              // the run
              {"--force-renewal --renew-by-default", none, toggle, "--force", nullptr, issue | renew},
              {"--dry-run", none, toggle, "--dry-run", nullptr, issue | renew},
              {"--keep --keep-until-expiring --reinstall", none, met},
              {"-n --non-interactive --noninteractive", none, toggle, "--no-input", nullptr,
               issue | account | revoke},
              {"--autorenew", none, met},
              {"--no-autorenew", none, Sense::remark, nullptr,
               "certo renews every certificate in its store; 'certo remove NAME' ends it"},
              {"--config-dir --work-dir --logs-dir -c --config", one, Sense::remark, nullptr, own_state},
              {"--issuance-timeout", one, option, "--deadline", nullptr, issue | renew},
              {"--max-log-backups --strict-permissions --text --no-random-sleep-on-renew", none, met},
              {"-v --verbose", none, toggle, "-v"},
              {"-vv -vvv --debug --debug-challenges", none, toggle, "-vv"},
              {"-q --quiet", none, toggle, "--quiet"},
          },
  };
  return client;
}

}  // namespace certo::clients
