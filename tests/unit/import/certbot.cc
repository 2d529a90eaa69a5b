// certbot's folder, taken over into the store.
#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>

#include "base/ini.h"
#include "fixtures/rfc7515.h"
#include "fixtures/store_shelf.h"
#include "import/certbot_dns.h"
#include "import/found.h"
#include "install/hook_list.h"
#include "store/account.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string directory = "https://ca.example/v2/directory";
const std::string account_folder = "accounts/ca.example/v2/directory/8d624a3992bb296dc441906350462b07";

/// A folder as certbot 2.1 leaves it, with one account, and an empty store.
struct Move {
  Shelf shelf;
  std::string from = shelf.temporary / "letsencrypt";

  Move() {
    put(account_folder + "/private_key.json", rfc7515_jwk);
    put(account_folder + "/regr.json", R"({"body": {}, "uri": "https://ca.example/acct/7"})");
    put(account_folder + "/meta.json", R"({"creation_dt": "2026-01-02T03:04:05Z", "creation_host": "a"})");
    put("live/README", "This directory contains your keys and certificates.\n");
  }

  void put(const std::string& path, const std::string& content) const {
    const std::string full = from + "/" + path;
    os::make_folder(full.substr(0, full.rfind('/')), 0700);
    os::write_file(full, content, 0600);
  }

  void link(const std::string& path, const std::string& target) const {
    os::make_folder((from + "/" + path).substr(0, (from + "/" + path).rfind('/')), 0700);
    std::filesystem::create_symlink(target, from + "/" + path);
  }

  /// `params` is what stands in [renewalparams] besides account and server.
  Pair put_certificate(const std::string& name, const std::string& params,
                       const std::vector<std::string>& names = {"example.com", "www.example.com"}) const {
    static const Authority root = make_ca();
    Pair pair;
    pair.chain = {make_leaf(root, pair.key.public_key(), {.identifiers = dns(names)}), root.certificate};
    const std::string archive = "archive/" + name + "/", live = "live/" + name + "/";
    put(archive + "privkey1.pem", pair.key.pkcs8_pem());
    put(archive + "fullchain1.pem", crypto::pem(std::span(pair.chain)));
    link(live + "privkey.pem", "../../archive/" + name + "/privkey1.pem");
    link(live + "fullchain.pem", "../../archive/" + name + "/fullchain1.pem");
    put("renewal/" + name + ".conf",
        "# renew_before_expiry = 30 days\nversion = 2.1.0\narchive_dir = " + from + "/" + archive +
            "\n\n# Options used in the renewal process\n[renewalparams]\n"
            "account = 8d624a3992bb296dc441906350462b07\nserver = " +
            directory + "\n" + params);
    return pair;
  }

  imports::Taken run(const imports::TakeSettings& settings = {}) const {
    return imports::take(shelf.home, imports::read_certbot(from), settings);
  }
  store::Request request(const std::string& name = "example.com") const {
    return store::Entry(shelf.home, name).request();
  }
};

bool tells(const imports::Taken& taken, const std::string& text) {
  return std::ranges::any_of(taken.left,
                             [&](const std::string& line) { return line.find(text) != line.npos; });
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("certbot's settings are read in all their quotes") {
  const Ini ini = Ini::parse(
      "a = '''echo \"a, b\" # it's'''\nb = echo \"plain\"\nc = x, \"y, z\", \"\"\nd = one,\ne = \"\"\n"
      "f = '''a\nb = no'''\ng = it's   # a comment\nh = None\n[s]\nk = v\n[[t]]\n\"*.e\" = w\nk = t\n");
  CHECK(ini.value("", "a") == "echo \"a, b\" # it's");
  CHECK(ini.value("", "b") == "echo \"plain\"");
  CHECK(ini.list("", "c") == Texts{"x", "y, z"});
  CHECK(ini.list("", "d") == Texts{"one"});
  CHECK(ini.list("", "e").empty());
  CHECK(ini.value("", "f") == "a\nb = no");
  CHECK(ini.value("", "g") == "it's");
  CHECK(ini.value("", "h").empty());
  CHECK(ini.value("s", "k") == "v");
  CHECK(ini.value("t", "*.e") == "w");
}

TEST_CASE("one odd line hides no other one") {
  const Ini ini = Ini::parse(
      "bare\n= 1\na = 'open\nb = \"x\" y\nc = '''open\nd = 4\n[\n]e\n\xff\xfe = \x01\nf==6\n# = 7");
  CHECK(ini.value("", "a").empty());
  CHECK(ini.value("", "b").empty());
  CHECK(ini.value("", "c").empty());
  CHECK(ini.value("", "d") == "4");
  CHECK(ini.value("", "f") == "=6");
}

TEST_CASE("a settings file of a megabyte of open quotes is read in no time") {
  std::string text;
  while (text.size() < 1000000) text += "a='''\nb=\"\"\"\n";
  const auto begun = std::chrono::steady_clock::now();
  Ini::parse(text);
  CHECK(std::chrono::steady_clock::now() - begun < Seconds(5));
}

TEST_CASE("certbot's account and certificate are taken over without the CA") {
  const Move move;
  const Pair pair = move.put_certificate(
      "example.com",
      "key_type = ecdsa\nelliptic_curve = secp384r1\npreferred_chain = ISRG Root X1\n"
      "reuse_key = True\nallow_subset_of_names = True\nmust_staple = False\n"
      "preferred_profile = shortlived\nauthenticator = webroot\nwebroot_path = /srv/www,\n"
      "pre_hook = systemctl stop x\npost_hook = '''echo 'a', \"b\"'''\nrenew_hook = \"echo a, b\"\n"
      "[[webroot_map]]\nexample.com = /srv/main\n");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts == Texts{directory});
  CHECK(taken.certificates == Texts{"example.com"});
  CHECK(move.shelf.is_live(pair));

  const store::Request request = move.request();
  CHECK(request.identifiers == crypto::identifiers({"example.com", "www.example.com"}));
  CHECK(request.key_type == crypto::KeyType::ec384);
  CHECK(request.directory == directory);
  CHECK(request.account == "default");
  CHECK(request.preferred_chain == "ISRG Root X1");
  CHECK(request.preferred_profile == "shortlived");
  CHECK(request.reuse_key);
  CHECK(request.allow_subset);
  CHECK_FALSE(request.must_staple);
  CHECK(request.ways.of(crypto::identifier("example.com")) == store::Way(store::Webroot{"/srv/main"}));
  CHECK(request.ways.of(crypto::identifier("www.example.com")) == store::Way(store::Webroot{"/srv/www"}));

  const store::AccountFolder account(move.shelf.home, directory);
  CHECK(account.key()->pkcs8_pem() == rfc7515_key);
  CHECK(account.account()->url == "https://ca.example/acct/7");
  CHECK(tells(taken, move.from + "/live/NAME/: servers that read a certificate there"));
}

TEST_CASE("certbot's hooks become the certificate's own, and none is run before the next renewal") {
  const Move move;
  move.put_certificate("example.com",
                       "authenticator = standalone\npre_hook = systemctl stop x\n"
                       "post_hook = '''echo 'a', \"b\"'''\nrenew_hook = \"echo a, b\"\ndeploy_hook = None\n");
  move.run();
  const auto hooks = install::stored_hooks(move.shelf.entry);
  REQUIRE(hooks);
  CHECK(hooks->of(install::HookKind::pre) == Texts{"systemctl stop x"});
  CHECK(hooks->of(install::HookKind::post) == Texts{"echo 'a', \"b\""});
  CHECK(hooks->of(install::HookKind::deploy) == Texts{"echo a, b"});
  CHECK(hooks->settled == install::live_version(move.shelf.entry));
}

TEST_CASE("standalone keeps its address and port") {
  const Move move;
  move.put_certificate("a", "authenticator = standalone\nhttp01_port = 8080\nhttp01_address = ::1\n");
  move.put_certificate("b", "authenticator = standalone\n");
  move.run();
  CHECK(move.request("a").ways.usual == store::Way(store::Standalone{"[::1]:8080"}));
  CHECK(move.request("b").ways.usual == store::Way(store::Standalone{}));
}

TEST_CASE("two accounts at one DNS service keep their settings apart") {
  const Move move;
  move.put("cf.ini", "# comment\ndns_cloudflare_api_token = t0ken\n");
  move.put("work.ini", "dns_cloudflare_email=\"me@example.com\"\ndns_cloudflare_api_key=k3y\n");
  const std::string way = "authenticator = dns-cloudflare\ndns_cloudflare_credentials = " + move.from;
  move.put_certificate("a", way + "/cf.ini\ndns_cloudflare_propagation_seconds = 60\n");
  move.put_certificate("b", way + "/cf.ini\n");
  move.put_certificate("c", way + "/work.ini\n");
  const imports::Taken taken = move.run();
  CHECK(taken.settings == Texts{"cloudflare", "cloudflare.work"});
  const auto dns_of = [&](const char* name) { return std::get<store::Dns>(move.request(name).ways.usual); };
  CHECK(dns_of("a").provider == "cloudflare");
  CHECK(dns_of("a").propagation == store::Propagation(store::FixedWait{Seconds(60)}));
  CHECK(dns_of("b").provider == "cloudflare");
  CHECK(dns_of("c").provider == "cloudflare.work");
  const std::string settings = move.shelf.home.credentials() + "/cloudflare";
  CHECK(os::read_file(settings).find("CLOUDFLARE_API_TOKEN=t0ken") != std::string::npos);
  CHECK(os::read_file(settings + ".work").find("me@example.com") != std::string::npos);
  CHECK(mode_of(settings) == 0600);
}

TEST_CASE("settings with line breaks are not imported, and neither is a missing file") {
  const Move move;
  move.put("cf.ini", "dns_cloudflare_api_token = '''t\nCLOUDFLARE_BASE_URL=https://bad.example'''\n");
  const std::string way = "authenticator = dns-cloudflare\ndns_cloudflare_credentials = " + move.from;
  move.put_certificate("a", way + "/cf.ini\n");
  move.put_certificate("b", "authenticator = dns-linode\ndns_linode_credentials = /nowhere/x.ini\n");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates == Texts{"a", "b"});
  CHECK(taken.settings.empty());
  CHECK(tells(taken, "cloudflare: CLOUDFLARE_API_TOKEN holds a line break"));
  CHECK(tells(taken, "/nowhere/x.ini"));
  CHECK_FALSE(os::exists(move.shelf.home.credentials() + "/cloudflare"));
}

TEST_CASE("each of certbot's own DNS plugins is a provider here, with its settings") {
  const TempDir dir;
  const auto values = [&](const std::string& name, const std::string& text) {
    os::write_file(dir / "x.ini", text, 0600);
    return imports::dns_plugin(name, dir / "x.ini")->values;
  };
  using Values = std::map<std::string, std::string>;
  CHECK(values("digitalocean", "dns_digitalocean_token = t") == Values{{"DIGITALOCEAN_TOKEN", "t"}});
  CHECK(values("linode", "dns_linode_key = t\ndns_linode_version = 4") == Values{{"LINODE_TOKEN", "t"}});
  CHECK(values("nsone", "dns_nsone_api_key = t") == Values{{"NS1_API_KEY", "t"}});
  CHECK(
      values("rfc2136", "dns_rfc2136_server = 192.0.2.1\ndns_rfc2136_name = k.\ndns_rfc2136_secret = s==") ==
      Values{{"DNSUPDATE_NAMESERVER", "192.0.2.1"},
             {"DNSUPDATE_TSIG_KEY", "k."},
             {"DNSUPDATE_TSIG_SECRET", "s=="},
             {"DNSUPDATE_TSIG_ALGORITHM", "hmac-md5"}});
  CHECK(imports::dns_plugin("google", "/key.json")->values ==
        Values{{"GCE_SERVICE_ACCOUNT_FILE", "/key.json"}});
  CHECK(imports::dns_plugin("route53", "")->provider == "route53");
  CHECK_FALSE(imports::dns_plugin("gehirn", ""));
}

TEST_CASE("a certificate without a known method is imported if one is given") {
  const Move move;
  move.put_certificate("a", "authenticator = other\ninstaller = apache\n");
  move.put_certificate("b", "authenticator = manual\nmanual_auth_hook = /etc/a\npref_challs = dns-01,\n");
  move.put_certificate("c", "authenticator = dns-gehirn\n", {"*.example.com"});
  imports::TakeSettings settings{.command = "certo import"};
  imports::Taken taken = move.run(settings);
  CHECK(taken.certificates.empty());
  CHECK(tells(taken, "a.conf: its names are proven by 'other', which certo does not know"));
  CHECK(tells(taken, "certo import --cert-name 'a' --webroot DIR"));
  CHECK(tells(taken, "hooks/adapters/certbot-manual.sh"));
  CHECK(tells(taken, "certo import --cert-name 'c' --dns PROVIDER"));

  settings.way = store::Webroot{"/srv"};
  settings.names = {"a", "c"};
  taken = move.run(settings);
  CHECK(taken.certificates == Texts{"a"});
  CHECK(move.request("a").ways.usual == store::Way(store::Webroot{"/srv"}));
  CHECK(tells(taken, "apache still names certbot's files"));
  CHECK(tells(taken, "certo issue --cert-name 'a' --apache --take-over"));
  CHECK(tells(taken, "c.conf: "));
}

TEST_CASE("a certificate by nginx stays one") {
  const Move move;
  move.put_certificate("a", "authenticator = nginx\ninstaller = nginx\n");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates == Texts{"a"});
  CHECK(move.request("a").ways.usual == store::Way(store::Nginx{}));
  CHECK(tells(taken, "certo issue --cert-name 'a' --nginx --take-over"));
}

TEST_CASE("each certificate keeps its own of several accounts") {
  const Move move;
  const std::string other = "accounts/ca.example/v2/directory/other/";
  move.put(other + "private_key.json",
           R"({"kty":"EC","crv":"P-256","x":"zhR1VkRNgmKsptiD4HBN7JrC-TaFE5Ubwo1IYXZbu-U",)"
           R"("y":"zBd_0ompIerBH88NGq6GX2iLjNc9bq5FHSwHUMU923U",)"
           R"("d":"-11OQLv0WqutvJ7V6gn-oyM28lbAahm-6nU6qk7gWcc"})");
  move.put_certificate("a", "authenticator = standalone\n");
  move.put_certificate("b", "authenticator = standalone\naccount = other\n");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts.size() == 2);
  CHECK(move.request("a").account == "default");
  CHECK(move.request("b").account == "imported");
  CHECK_FALSE(store::AccountFolder(move.shelf.home, directory, "imported").account());
  CHECK(tells(taken, "other/regr.json"));
}

TEST_CASE("the server's URL is as the certificate's file has it") {
  const Move move;
  move.put_certificate("a", "authenticator = standalone\nserver = " + directory + "/\n");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts == Texts{directory + "/"});
  CHECK(move.request("a").directory == directory + "/");
}

TEST_CASE("each damaged part is reported in a sentence, and the rest is imported") {
  const Move move;
  move.put_certificate("good", "authenticator = standalone\n");
  for (const char* name : {"dangling", "torn", "foreign", "huge", "empty", "server", "port"})
    move.put_certificate(name, "authenticator = standalone\n");
  os::remove_file(move.from + "/archive/dangling/privkey1.pem");
  move.put("archive/torn/fullchain1.pem", "-----BEGIN CERTIFICATE-----\nMII");
  move.put("archive/foreign/privkey1.pem", crypto::PrivateKey::generate(crypto::KeyType::ec256).pkcs8_pem());
  move.put("renewal/huge.conf", std::string(2 << 20, 'x'));
  move.put("renewal/empty.conf", "");
  move.put("renewal/server.conf", "[renewalparams]\nserver = nowhere\nauthenticator = standalone\n");
  move.put("renewal/port.conf", "[renewalparams]\nauthenticator = standalone\nhttp01_port = many\n");
  move.link("renewal/gone.conf", "nowhere");
  move.link("accounts/ca.example/loop", "..");
  move.link("accounts/ca.example/gone", "nowhere");
  move.put("accounts/other.example/directory/1/private_key.json", R"({"kty": "RSA", "n": "AQAB"})");
  move.put("accounts/torn.example/directory/1/private_key.json", "{");
  move.put("live/alone/cert.pem", "");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates == Texts{"good"});
  CHECK(taken.accounts == Texts{directory});
  for (const char* part : {"dangling.conf: ", "torn.conf: ", "foreign.conf: ", "huge.conf: ", "empty.conf: ",
                           "server.conf: ", "port.conf: ", "gone.conf", "other.example/directory/1",
                           "torn.example/directory/1", "live/alone: there is no "}) {
    CAPTURE(part);
    CHECK(std::ranges::count_if(taken.left,
                                [&](const std::string& line) { return line.find(part) != line.npos; }) == 1);
  }
}

TEST_CASE("programs that certbot runs for every certificate are reported, with the command that links them") {
  const Move move;
  move.put_certificate("a", "authenticator = standalone\n");
  move.put("renewal-hooks/deploy/reload.sh", "#!/bin/sh\n");
  move.put("cli.ini", "max-log-backups = 0\npost-hook = echo done\n");
  const imports::Taken taken = move.run();
  CHECK(tells(taken, "ln -s '" + move.from + "/renewal-hooks/deploy/reload.sh' '" + move.shelf.home.path() +
                         "/hooks/deploy/'"));
  CHECK(tells(taken, "cli.ini: not taken over: post-hook = echo done"));
}

TEST_CASE("while certbot is at work nothing is read") {
  const Move move;
  move.put(".certbot.lock", "");
  const os::Fd theirs(::open((move.from + "/.certbot.lock").c_str(), O_RDWR | O_CLOEXEC));
  struct flock all {};
  all.l_type = F_WRLCK;
  REQUIRE(::fcntl(theirs.get(), F_OFD_SETLK, &all) == 0);
  CHECK(error_of([&] { imports::read_certbot(move.from); }).code == Exit::later);
}

TEST_CASE("a folder that is not certbot's is refused") {
  const Shelf shelf;
  CHECK(error_of([&] { imports::read_certbot(shelf.temporary / "none"); }).code == Exit::bad_input);
}
