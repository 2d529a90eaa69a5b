// acme.sh's folder, taken over into the store.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "fixtures/store_shelf.h"
#include "import/acmesh_conf.h"
#include "import/found.h"
#include "install/deliver.h"
#include "install/hooks.h"
#include "store/account.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string directory = "https://ca.example/v2/directory";

/// A folder of acme.sh with one account, and an empty store.
struct Move {
  Shelf shelf;
  std::string from = shelf.temporary / "acme";
  crypto::PrivateKey account_key = crypto::PrivateKey::generate(crypto::KeyType::ec256);

  Move() {
    put("account.conf", "LOG_FILE='/var/log/acme.log'\nSAVED_CF_Token='t0ken'\nSAVED_CF_Zone_ID='z'\n");
    put("ca/ca.example/v2/directory/account.key", account_key.pkcs8_pem());
    put("ca/ca.example/v2/directory/ca.conf",
        "ACCOUNT_URL='https://ca.example/acct/7'\nCA_EMAIL='admin@example.com'\n");
  }

  void put(const std::string& path, const std::string& content) const {
    const std::string full = from + "/" + path;
    os::make_folder(full.substr(0, full.rfind('/')), 0700);
    os::write_file(full, content, 0600);
  }

  Pair put_certificate(const std::string& folder, const std::string& domain, const std::string& more) const {
    Pair pair = make_pair();
    const std::string at = folder + "/" + domain;
    put(at + ".conf", "Le_Domain='" + domain + "'\nLe_API='" + directory + "'\n" + more);
    put(at + ".key", pair.key.pkcs8_pem());
    put(folder + "/fullchain.cer", crypto::pem(std::span(pair.chain)));
    return pair;
  }

  imports::Taken run() const { return imports::take(shelf.home, imports::read_acmesh(from), {}); }
};

bool tells(const imports::Taken& taken, const std::string& text) {
  return std::ranges::any_of(taken.left,
                             [&](const std::string& line) { return line.find(text) != line.npos; });
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("acme.sh's settings are read up to the last quote, and out of their base64") {
  const imports::Conf conf = imports::parse_conf(
      "A='plain'\nB='it's'\nC=''\n# D='no'\nE=bare\nexport F='exported'\n  G=\"double 'quotes'\"\n"
      "export H=\"it's\"\nI='open\nJ K='no'\n=x\n"
      "Le_ReloadCmd='__ACME_BASE64__START_c2VydmljZSBuZ2lueCByZWxvYWQ=__ACME_BASE64__END_'\n");
  CHECK(imports::value(conf, "A") == "plain");
  CHECK(imports::value(conf, "B") == "it's");
  CHECK(conf.contains("C"));
  CHECK_FALSE(conf.contains("D"));
  CHECK(imports::value(conf, "E") == "bare");
  CHECK(imports::value(conf, "F") == "exported");
  CHECK(imports::value(conf, "G") == "double 'quotes'");
  CHECK(imports::value(conf, "H") == "it's");
  CHECK_FALSE(conf.contains("I"));
  CHECK(conf.size() == 8);
  CHECK(imports::value(conf, "Le_ReloadCmd") == "service nginx reload");
}

TEST_CASE("acme.sh's account and certificate are taken over without the CA") {
  const Move move;
  const Pair pair =
      move.put_certificate("example.com_ecc", "example.com",
                           "Le_Alt='www.example.com,*.b.example'\n"
                           "Le_Webroot='/srv/www,no,dns_cf'\nLe_HTTPPort='88'\nLe_DNSSleep='30'\n"
                           "Le_ChallengeAlias='no,no,v.example'\n");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts == Texts{directory});
  CHECK(taken.certificates == Texts{"example.com"});
  CHECK(taken.settings == Texts{"cloudflare"});
  CHECK(move.shelf.is_live(pair));

  const store::Request request = move.shelf.entry.request();
  CHECK(request.identifiers == crypto::identifiers({"example.com", "www.example.com", "*.b.example"}));
  CHECK(request.directory == directory);
  CHECK(request.account == "default");
  CHECK(request.ways.of(crypto::identifier("example.com")) == store::Way(store::Webroot{"/srv/www"}));
  CHECK(request.ways.of(crypto::identifier("www.example.com")) == store::Way(store::Standalone{":88"}));
  const auto& dns = std::get<store::Dns>(request.ways.of(crypto::identifier("*.b.example")));
  CHECK(dns.provider == "dns_cf");
  CHECK(dns.propagation == store::Propagation(store::FixedWait{Seconds(30)}));
  CHECK(dns.aliases.at("b.example") == "_acme-challenge.v.example");

  const store::AccountFolder account(move.shelf.home, directory);
  CHECK(account.key()->public_key() == move.account_key.public_key());
  CHECK(account.account()->url == "https://ca.example/acct/7");
  CHECK(account.account()->contact == Texts{"mailto:admin@example.com"});
  const std::string settings = move.shelf.home.credentials() + "/cloudflare";
  CHECK(os::read_file(settings).find("t0ken") != std::string::npos);
  CHECK(mode_of(settings) == 0600);
}

TEST_CASE("the same import again adds nothing and changes nothing") {
  const Move move;
  move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='dns_cf'\n");
  move.run();
  const Texts before = move.shelf.versions();
  const imports::Taken again = move.run();
  CHECK(again.accounts.empty());
  CHECK(again.certificates.empty());
  CHECK(again.settings.empty());
  CHECK(tells(again, "example.com: is in the store already"));
  CHECK(move.shelf.versions() == before);
}

TEST_CASE("for a name with an RSA and an EC key, the RSA one becomes a second certificate") {
  const Move move;
  move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='no'\n");
  move.put_certificate("example.com", "example.com", "Le_Webroot='no'\n");
  CHECK(store::entries(move.shelf.home).empty());
  Texts names = move.run().certificates;
  std::ranges::sort(names);
  CHECK(names == Texts{"example.com", "example.com-rsa"});
}

TEST_CASE("another existing account keeps its place") {
  const Move move;
  const auto other = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  store::AccountFolder(move.shelf.home, directory).save_key(other);
  move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='no'\n");
  move.run();
  CHECK(store::AccountFolder(move.shelf.home, directory).key()->public_key() == other.public_key());
  CHECK(move.shelf.entry.request().account == "imported");
}

TEST_CASE("unsupported settings are reported, and the rest is imported") {
  const Move move;
  move.put_certificate("iis.example_ecc", "iis.example", "Le_Webroot='iis:'\n");
  move.put_certificate("never.example_ecc", "never.example", "Le_Webroot='no'\n");
  os::remove_file(move.from + "/never.example_ecc/fullchain.cer");
  move.put_certificate("torn.example_ecc", "torn.example", "Le_Webroot='no'\n");
  move.put("torn.example_ecc/torn.example.key",
           crypto::PrivateKey::generate(crypto::KeyType::ec256).pkcs8_pem());
  move.put_certificate("odd.example_ecc", "odd.example",
                       "Le_Webroot='dns_nobody'\nLe_DeployHook='haproxy'\n");
  move.put("empty.example/empty.example.conf", "");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates == Texts{"odd.example"});
  CHECK(tells(taken, "iis.example_ecc: its names are proven by 'iis:'"));
  CHECK(tells(taken, "never.example_ecc: it was never issued"));
  CHECK(tells(taken, "torn.example_ecc: the key and the certificate do not belong together"));
  CHECK(tells(taken, "dns_nobody: certo has no such DNS provider"));
  CHECK(tells(taken, "odd.example: not taken over: acme.sh's --deploy-hook 'haproxy'"));
  CHECK(tells(taken, "empty.example: Le_Domain is missing"));
}

TEST_CASE("the next renewal installs to the files of acme.sh, and nothing is written before") {
  const Move move;
  const std::string files = move.shelf.temporary / "server/";
  const Pair pair = move.put_certificate(
      "example.com_ecc", "example.com",
      "Le_Webroot='no'\nLe_RealKeyPath='" + files + "key.pem'\nLe_RealFullChainPath='" + files +
          "full.pem'\nLe_RealCACertPath=''\nLe_RealCertPath='" + files + "cert.pem'\n" +
          "Le_ReloadCmd='__ACME_BASE64__START_c2VydmljZSBuZ2lueCByZWxvYWQ=__ACME_BASE64__END_'\n");
  move.put("../server/key.pem", pair.key.pkcs8_pem());
  move.put("../server/full.pem", crypto::pem(std::span(pair.chain)));
  move.put("../server/cert.pem", crypto::pem(make_pair().chain.front()));
  const imports::Taken taken = move.run();
  const std::vector<install::Installation> all = install::installations(move.shelf.entry);
  REQUIRE(all.size() == 1);
  const auto target = [&](install::Part part, const char* name) {
    return install::Target{part, files + name, "", "", {}};
  };
  CHECK(all[0].targets == std::vector{target(install::Part::certificate, "cert.pem"),
                                      target(install::Part::key, "key.pem"),
                                      target(install::Part::fullchain, "full.pem")});
  CHECK(all[0].reload == "service nginx reload");
  CHECK_FALSE(install::is_pending(move.shelf.entry));
  CHECK(tells(taken, "cert.pem does not belong to this certificate"));
  CHECK(taken.left.size() == 1);
  move.shelf.finish(make_pair(test_time + std::chrono::days(91)));
  CHECK(install::is_pending(move.shelf.entry));
}

TEST_CASE("for an installation that cannot work, the report names the command that does the same") {
  const Move move;
  const std::string nowhere = move.shelf.temporary / "nowhere/key.pem";
  move.put_certificate("a.example_ecc", "a.example",
                       "Le_Webroot='no'\nLe_RealKeyPath='" + nowhere + "'\nLe_ReloadCmd='it'\''s'\n");
  move.put_certificate("b.example_ecc", "b.example", "Le_Webroot='no'\nLe_RealCertPath='key.pem'\n");
  move.put_certificate("c.example_ecc", "c.example", "Le_Webroot='no'\nLe_ReloadCmd='true'\n");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates.size() == 3);
  CHECK(install::installations(store::Entry(move.shelf.home, "a.example")).empty());
  CHECK(tells(taken, "certo install-cert -d 'a.example' --key-file '" + nowhere + "' --reloadcmd '"));
  CHECK(tells(taken, "b.example: renewals are not installed, because key.pem: not an absolute path"));
  CHECK(install::installations(store::Entry(move.shelf.home, "c.example")).size() == 1);
}

TEST_CASE("acme.sh's hooks are run around the next renewal, and not before") {
  const Move move;
  move.put_certificate("example.com_ecc", "example.com",
                       "Le_Webroot='no'\nLe_PreHook='__ACME_BASE64__START_c3RvcA==__ACME_BASE64__END_'\n"
                       "Le_PostHook='start'\nLe_RenewHook='tell'\n");
  CHECK(move.run().left.empty());
  const auto hooks = install::stored_hooks(move.shelf.entry);
  REQUIRE(hooks);
  CHECK(hooks->of(install::HookKind::pre) == Texts{"stop"});
  CHECK(hooks->of(install::HookKind::post) == Texts{"start"});
  CHECK(hooks->of(install::HookKind::deploy) == Texts{"tell"});
  CHECK_FALSE(install::hooks_pending(move.shelf.entry));
}

TEST_CASE("each method of acme.sh that certo has is imported") {
  const std::pair<const char*, store::Way> methods[] = {{"/srv", store::Webroot{"/srv"}},
                                                        {"no", store::Standalone{}},
                                                        {"stateless", store::Stateless{}},
                                                        {"alpn", store::Alpn{}},
                                                        {"apache", store::Apache{}},
                                                        {"nginx:", store::Nginx{}},
                                                        {"nginx:/etc/nginx/sites-enabled/a", store::Nginx{}},
                                                        {"dns_persist", store::DnsPersist{}}};
  for (const auto& [text, way] : methods) {
    const Move move;
    move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='" + std::string(text) + "'\n");
    CHECK(move.run().certificates == Texts{"example.com"});
    CHECK(move.shelf.entry.request().ways.usual == way);
  }
}

TEST_CASE("a certificate with an unsupported method of acme.sh is imported with another method") {
  const Move move;
  move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='iis:'\n");
  imports::TakeSettings settings{.command = "certo import"};
  imports::Taken taken = imports::take(move.shelf.home, imports::read_acmesh(move.from), settings);
  CHECK(tells(taken, "certo import --cert-name 'example.com' --webroot DIR"));
  settings.way = store::Standalone{};
  taken = imports::take(move.shelf.home, imports::read_acmesh(move.from), settings);
  CHECK(taken.certificates == Texts{"example.com"});
}

TEST_CASE("what an import does not take over is one line each, and a CA keeps its port") {
  const Move move;
  move.put("ca/localhost/dir/account.key", move.account_key.pkcs8_pem());
  move.put("ca/acme-v01.api.letsencrypt.org/account.key", move.account_key.pkcs8_pem());
  move.put_certificate("old.example_ecc", "old.example",
                       "Le_Webroot='no'\nLe_API='https://acme-v01.api.letsencrypt.org/directory'\n"
                       "Le_RenewalDays='45'\n");
  move.put_certificate("port.example_ecc", "port.example",
                       "Le_Webroot='no'\nLe_API='https://localhost:14000/dir'\nLe_RenewalDays='60'\n"
                       "Le_Valid_To='+30d'\nLe_Valid_From='+1h'\n");
  move.put_certificate("closed.example_ecc", "closed.example",
                       "Le_Webroot='no'\nLe_API='https://api.buypass.com/acme/directory'\n");
  const imports::Taken taken = move.run();
  const auto request = [&](const char* name) { return store::Entry(move.shelf.home, name).request(); };
  CHECK(request("old.example").directory == "https://acme-v02.api.letsencrypt.org/directory");
  CHECK(tells(taken, "old.example: https://acme-v01.api.letsencrypt.org/directory has ended"));
  CHECK(tells(taken, "old.example: not taken over: Le_RenewalDays=45"));
  CHECK_FALSE(tells(taken, "Le_RenewalDays=60"));
  CHECK(request("port.example").not_after == "+30d");
  CHECK_FALSE(tells(taken, "Le_Valid_To"));
  CHECK(tells(taken, "port.example: not taken over: Le_Valid_From=+1h"));
  CHECK(tells(taken, "ca/acme-v01.api.letsencrypt.org: an account of a server that has ended"));
  CHECK(store::AccountFolder(move.shelf.home, "https://localhost:14000/dir").key());
  CHECK(tells(taken, "closed.example: Buypass has ended (it issued its last certificate on 2025-10-31)"));
}

TEST_CASE("a CERT_HOME without certificates is named") {
  const Move move;
  move.put("account.conf", "export CERT_HOME=\"" + move.from + "/elsewhere\"\n");
  CHECK(tells(move.run(), "CERT_HOME is " + move.from + "/elsewhere, and there is no certificate in it"));
}

TEST_CASE("certificate and chain in one file are the full chain") {
  const Move move;
  const std::string file = move.shelf.temporary / "one.pem";
  const Pair pair = move.put_certificate(
      "example.com_ecc", "example.com",
      "Le_Webroot='no'\nLe_RealCertPath='" + file + "'\nLe_RealCACertPath='" + file + "'\n");
  os::write_file(file, crypto::pem(std::span(pair.chain)), 0644);
  move.run();
  const auto list = install::installations(move.shelf.entry);
  REQUIRE(list.size() == 1);
  REQUIRE(list[0].targets.size() == 1);
  CHECK(list[0].targets[0].part == install::Part::fullchain);
}

TEST_CASE("a rehearsal of an import stores nothing and says the same") {
  const Move move;
  move.put_certificate("example.com_ecc", "example.com", "Le_Webroot='no'\n");
  imports::TakeSettings settings;
  settings.is_rehearsal = true;
  const imports::Taken taken = imports::take(move.shelf.home, imports::read_acmesh(move.from), settings);
  CHECK(taken.certificates == Texts{"example.com"});
  CHECK(taken.accounts == Texts{directory});
  CHECK_FALSE(move.shelf.entry.exists());
  CHECK_FALSE(store::AccountFolder(move.shelf.home, directory).key());
  CHECK(move.run().certificates == taken.certificates);
  CHECK(move.run().present > 0);
}

TEST_CASE("the client of a folder is recognised by what is in it") {
  const TempDir dir;
  const auto with = [&](const std::string& name, const std::string& entry) {
    os::make_folder(dir / name + "/" + entry, 0700);
    return imports::client_of(dir / name);
  };
  CHECK(with("a", "ca") == "acme.sh");
  CHECK(with("b", "renewal") == "certbot");
  CHECK(with("c", "certificates") == "lego");
  CHECK(with("d", "accounts") == "lego");
  CHECK(with("d", "live") == "certbot");
  CHECK(error_of([&] { with("e", "domains.txt"); }).message.find("dehydrated") != std::string::npos);
  CHECK(error_of([&] { with("f", "nothing"); }).code == Exit::bad_input);
  CHECK(error_of([&] { imports::client_of(dir / "absent"); }).message.find("no such folder") !=
        std::string::npos);
}

TEST_CASE("a folder that is not acme.sh's is refused") {
  const Shelf shelf;
  CHECK(error_of([&] { imports::read_acmesh(shelf.temporary / "none"); }).code == Exit::bad_input);
}
