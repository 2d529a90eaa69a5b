// The command lines of dehydrated and uacme.
#include "clients/table.h"

namespace certo::clients {
namespace {

constexpr auto none = Arity::none, one = Arity::one;
using enum Sense;

constexpr const char* old_versions = "certo keeps the last versions of a certificate and removes older ones";

}  // namespace

const Client& dehydrated() {
  static const Client client{
      .name = "dehydrated",
      .verbs =
          {
              {"-c --cron", renew, Names::as_word_or_all, "renew"},
              {"-s --signcsr", issue, Names::csr, "issue"},
              {"-r --revoke", revoke, Names::as_word, "revoke"},
              {"--register", account, Names::none, "account new"},
              {"--account", account, Names::none, "account update"},
              {"--deactivate", account, Names::none, "account deactivate"},
              {"--display-terms", account, Names::none, "account show"},
              {"-gc --cleanup", look, Names::none, nullptr, old_versions},
              {"-gcd --cleanup-delete", look, Names::none, nullptr, old_versions},
              {"-e --env", look, Names::none, "schedule status"},
          },
      .terms =
          {
              {"-d --domain", one, name},
              {"--alias", one, cert_name, nullptr, nullptr, issue},
              {"-t --challenge", one, named_way, nullptr, nullptr, issue},
              {"-k --hook", one, program, "DEHYDRATED_HOOK dehydrated", nullptr, issue},
              {"--alpn", one, Sense::remark, nullptr,
               "certo answers the CA by itself: -t tls-alpn-01 is its --alpn", issue},
              {"-a --algo", one, key_type, "--key-type", nullptr, issue},
              {"--preferred-chain", one, option, "--preferred-chain", nullptr, issue},
              {"--acme-profile", one, option, "--profile", nullptr, issue},
              {"--ocsp", none, toggle, "--must-staple", nullptr, issue},
              {"-o --out", one, Sense::remark, nullptr,
               "--key-file and --fullchain-file of certo install-cert name the files"},
              {"-p --privkey", one, option, "--key", nullptr, revoke},
              {"--accept-terms", none, toggle, "--agree-tos", nullptr, issue | account},
              {"--ca", one, option, "--server", nullptr, issue | account},
              {"-4 --ipv4", none, toggle, "--ipv4", nullptr, issue | renew | account},
              {"-6 --ipv6", none, toggle, "--ipv6", nullptr, issue | renew | account},
              {"-x --force", none, toggle, "--force", nullptr, issue | renew},
              {"-g --keep-going --full-chain -n --no-lock --force-validation", none, met},
              {"--lock-suffix --order-timeout --validation-timeout", one, met},
              {"-f --config", one, Sense::remark, nullptr,
               "certo reads certo.conf in its state folder: 'certo help state'"},
              {"--domains-txt --domains.txt", one, domains_file, "--domains-file", nullptr, issue},
          },
      .default_way = "--challenge-dir /var/www/dehydrated",
  };
  return client;
}

const Client& uacme() {
  static const Client client{
      .name = "uacme",
      .verbs =
          {
              {"new", account, Names::email, "account new"},
              {"update", account, Names::email, "account update"},
              {"deactivate", account, Names::none, "account deactivate"},
              {"newkey", account, Names::none, "account rollover"},
              {"issue", issue, Names::as_options, "issue"},
              {"check", look, Names::as_word_or_all, "renew --plan"},
              {"revoke", revoke, Names::as_word, "revoke"},
          },
      .terms =
          {
              {"-h --hook", one, program, "UACME_HOOK uacme", nullptr, issue},
              {"-a --acme-url", one, option, "--server", nullptr, issue | account},
              {"-b --bits", one, key_bits, "--key-type", nullptr, issue},
              {"-t --type", one, key_type, "--key-type", nullptr, issue},
              {"-c --confdir", one, Sense::remark, nullptr, "certo keeps its state in --home DIR"},
              {"-d --days", one, days, "--renew-before", nullptr, issue},
              {"-e --eab", one, eab, nullptr, nullptr, issue | account},
              {"-f --force", none, toggle, "--force", nullptr, issue},
              {"-k --key", one, Sense::remark, nullptr, "a key of your own goes with a CSR: --csr FILE",
               issue},
              {"-l --alternate", one, chain, "--preferred-chain", nullptr, issue},
              {"-m --must-staple", none, toggle, "--must-staple", nullptr, issue},
              {"-i --no-ari -n --never-create -o --no-ocsp", none, met},
              {"-p --profile", one, option, "--profile", nullptr, issue},
              {"-r --reason", one, option, "--reason", nullptr, revoke},
              {"-s --staging", none, toggle, "--staging", nullptr, issue | account},
              {"-v --verbose", none, toggle, "-v"},
              {"-y --yes", none, toggle, "--agree-tos", nullptr, issue | account},
          },
      .default_way = "--webroot /var/www/html",
  };
  return client;
}

const std::vector<const Client*>& clients() {
  static const std::vector<const Client*> all_of_them = {&certbot(), &lego(), &dehydrated(), &uacme()};
  return all_of_them;
}

}  // namespace certo::clients
