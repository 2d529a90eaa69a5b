// lego's command line, of version 4 (options before the verb) and 5 (after it).
#include "clients/table.h"

namespace certo::clients {
namespace {

constexpr auto none = Arity::none, one = Arity::one;
using enum Sense;

}  // namespace

const Client& lego() {
  static const Client client{
      .name = "lego",
      .verbs =
          {
              {"run", issue, Names::as_options, "issue"},
              {"renew", renew, Names::as_word_or_all, "renew"},
              {"list", look, Names::none, "list"},
              {"certificates list", look, Names::none, "list"},
              {"revoke", revoke, Names::as_options, "revoke"},
              {"certificates revoke", revoke, Names::as_options, "revoke"},
              {"accounts register", account, Names::none, "account new"},
              {"accounts recover", account, Names::none, "account recover",
               "certo finds an account by its key: --account-key FILE"},
              {"accounts keyrollover", account, Names::none, "account rollover"},
              {"accounts list", look, Names::none, "account list"},
              {"archives list", look, Names::none, "list", "'certo info NAME' lists the older versions"},
              {"archives restore", one_stored, Names::as_word, "rollback"},
              {"dnshelp", look, Names::none, "providers"},
              {"migrate", look, Names::none, nullptr, "'certo import DIR' takes over the folder of lego"},
          },
      .terms =
          {
              {"-d --domains", one, name},
              {"--cert.name", one, cert_name},
              {"--csr -c", one, option, "--csr", nullptr, issue},
              {"--http", none, way, "--standalone", nullptr, issue},
              {"--http.webroot", one, way_value, "--webroot", nullptr, issue},
              {"--http.port --http.address --tls.port --tls.address", one, address, "--listen", nullptr,
               issue},
              {"--http.delay --tls.delay --http.proxy-header", one, met},
              {"--http.memcached-host --http.s3-bucket", one, Sense::remark, nullptr,
               "certo answers http-01 from a folder or by itself: --webroot DIR, --standalone", issue},
              {"--tls", none, way, "--alpn", nullptr, issue},
              {"--dns", one, way_value, "--dns", nullptr, issue},
              {"--dns.resolvers", one, option, "--resolver", nullptr, issue},
              {"--dns.propagation-wait --dns.propagation.wait", one, seconds, "--propagation", nullptr,
               issue},
              {"--dns.disable-cp --dns.propagation-disable-ans --dns.propagation.disable-ans", none, no_wait,
               "--propagation", nullptr, issue},
              {"--dns.propagation-rns --dns.propagation.disable-rns", none, met},
              {"--dns-timeout --dns.timeout", one, met},
              {"--dns-persist", none, way, "--dns-persist", "'certo persist -d NAME' prints the record",
               issue},
              {"--dns-persist.resolvers", one, option, "--resolver", nullptr, issue},
              {"--dns-persist.issuer-domain-name --dns-persist.persist-until", one, Sense::remark, nullptr,
               "certo persist -d NAME --issuer DOMAIN --until DATE prints the record", issue},
              {"--dns-persist.propagation.wait --dns-persist.timeout", one, met},
              {"--dns-persist.propagation.disable-ans --dns-persist.propagation.disable-rns", none, met},
              {"-k --key-type", one, key_type, "--key-type", nullptr, issue},
              {"--must-staple", none, toggle, "--must-staple", nullptr, issue},
              {"--not-before", one, option, "--not-before", nullptr, issue},
              {"--not-after", one, option, "--not-after", nullptr, issue},
              {"--preferred-chain", one, option, "--preferred-chain", nullptr, issue},
              {"--profile", one, option, "--profile", nullptr, issue},
              {"--pem", none, Sense::remark, nullptr, "--pem-file FILE installs key and chain in one file",
               issue},
              {"--pfx", none, Sense::remark, nullptr, "--pfx-file FILE installs a PKCS#12 file", issue},
              {"--pfx.pass --pfx.password --pfx.format", one, Sense::remark, nullptr,
               "--pfx-password-file FILE has the password of --pfx-file", issue},
              {"--no-bundle --enable-cn --disable-cn --dynamic", none, met},
              {"--always-deactivate-authorizations", none, toggle, "--deactivate-authorizations", nullptr,
               issue},
              {"--private-key", one, Sense::remark, nullptr, "a key of your own goes with a CSR: --csr FILE",
               issue},
              {"--filename", one, Sense::remark, nullptr, "--key-file and --fullchain-file name the files",
               issue},
              {"--pre-hook", one, option, "--pre-hook", nullptr, issue | renew},
              {"--run-hook --renew-hook --deploy-hook --hook", one, option, "--deploy-hook", nullptr,
               issue | renew},
              {"--post-hook", one, option, "--post-hook", nullptr, issue | renew},
              {"--run-hook-timeout --renew-hook-timeout --deploy-hook-timeout --pre-hook-timeout "
               "--post-hook-timeout",
               one, met},
              {"-m --email", one, option, "--email", nullptr, issue | account},
              {"-a --accept-tos", none, toggle, "--agree-tos", nullptr, issue | account},
              {"-s --server", one, option, "--server", nullptr, issue | account},
              {"--eab", none, met},
              {"--kid --eab.kid", one, option, "--eab-kid", nullptr, issue | account},
              {"--hmac --eab.hmac", one, variable, "CERTO_EAB_HMAC", nullptr, issue | account},
              {"--account-id", one, option, "--account", nullptr, issue | account},
              {"--tls-skip-verify", none, Sense::remark, nullptr,
               "--ca-bundle FILE names the roots of a private CA"},
              {"--ipv4only -4", none, toggle, "--ipv4", nullptr, issue | renew | account},
              {"--ipv6only -6", none, toggle, "--ipv6", nullptr, issue | renew | account},
              {"--user-agent --http-timeout --overall-request-limit --log.format --env-file", one, met},
              {"--cert.timeout", one, option, "--deadline", nullptr, issue | renew},
              {"--path", one, Sense::remark, nullptr,
               "certo keeps its state in --home DIR; 'certo import DIR' takes over lego's"},
              {"--days --renew-days", one, days, "--renew-before", nullptr, issue},
              {"--ari-disable --ari-enable --renew-dynamic", none, met},
              {"--ari-wait-to-renew-duration", one, met},
              {"--renew-force --force", none, toggle, "--force", nullptr, issue | renew},
              {"--reuse-key", none, toggle, "--reuse-key", nullptr, issue},
              {"--no-random-sleep --force-cert-domains --keep", none, met},
              {"--reason", one, option, "--reason", nullptr, revoke},
              {"--json", none, toggle, "--json"},
              {"--log.level", one, met},
          },
  };
  return client;
}

}  // namespace certo::clients
