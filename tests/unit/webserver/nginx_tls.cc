#include "webserver/nginx_tls.h"

#include <doctest/doctest.h>

#include <set>

#include "base/text.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "webserver/nginx_proof.h"
#include "webserver/nginx_tls_listen.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

const NginxBuild build_1_22{.version = "nginx/1.22.1", .has_tls = true, .has_http2 = true};
const NginxBuild build_1_26{.version = "nginx/1.26.0", .has_tls = true, .has_http2 = true};

/// A folder with files, the plan for a certificate, and what the files are with it.
struct Site {
  TempDir folder;
  NginxBuild build = build_1_22;
  TlsWish wish{.names = {"a.example"}, .certificate = "/c/full.pem", .key = "/c/key.pem", .key_type = "ec"};

  explicit Site(const std::string& http) { put("nginx.conf", "http {\n" + http + "\n}\n"); }

  void put(const std::string& name, const std::string& content) const {
    os::write_file(folder / name, content, 0644);
  }
  Site& wants(std::vector<std::string> names) {
    wish.names = std::move(names);
    return *this;
  }
  TlsPlan plan() const {
    const NginxConfig config(folder / "nginx.conf");
    const auto hosts = virtual_hosts(config, "machine.example", true);
    return plan_tls(config, hosts, Selection(hosts), build, wish);
  }
  /// Without the folder, and with "#" for each mark.
  std::string short_form(std::string text) const {
    for (size_t at; (at = text.find(folder.path + "/")) != std::string::npos;)
      text.erase(at, folder.path.size() + 1);
    for (size_t at; (at = text.find(" # certo:")) != std::string::npos;)
      text.replace(at, mark_after(text, at).size(), "#");
    return text;
  }
  /// A file with the changes of the plan.
  std::string edited(const std::string& name = "nginx.conf") const {
    const auto files = by_file(plan().edits.changes);
    const std::string path = without_links(folder / name), text = os::read_file(path);
    const auto found = files.find(path);
    std::string result = short_form(found == files.end() ? text : with_changes(text, found->second));
    if (name != "nginx.conf") return result;
    result.erase(0, std::string("http {\n").size());
    result.resize(result.size() - std::string("\n}\n").size());
    return result;
  }
  void apply() const {
    const TlsPlan now = plan();
    for (const OwnFile& one : now.edits.files) {
      os::make_folder(folder / "certo", 0755);
      os::write_file(one.path, one.content, 0644);
    }
    for (const auto& [path, changes] : by_file(now.edits.changes))
      os::write_file(path, with_changes(os::read_file(path), changes), 0644);
  }
  std::string notes() const { return short_form(join(plan().notes, "\n")); }
  std::string fault() const {
    const Error error = error_of([&] { plan(); });
    CHECK(error.code == Exit::config);
    CHECK_FALSE(error.hint.empty());
    return short_form(error.message);
  }
  std::string presented() const {
    std::string text;
    for (const Presented& one : plan().presented)
      text += (text.empty() ? "" : " ") + one.name + "@" + one.address;
    return text;
  }
  std::string opened() const {
    std::vector<std::string> all;
    for (const Address& one : plan().new_addresses) all.push_back(one.text);
    return join(all, " ");
  }
};

constexpr const char* pair_lines = "ssl_certificate /c/full.pem;#\n    ssl_certificate_key /c/key.pem;#\n";

/// The file of a certificate for these names.
std::string pem_of(const std::vector<std::string>& names, crypto::KeyType type = crypto::KeyType::ec256,
                   bool is_over = false) {
  static const Authority ca = make_ca();
  static const auto ec = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  static const auto rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa2048);
  const auto& key = type == crypto::KeyType::ec256 ? ec : rsa;
  return crypto::pem(make_leaf(ca, key.public_key(),
                               {.identifiers = dns(names),
                                .not_before = now() - std::chrono::days(50),
                                .not_after = now() + std::chrono::days(is_over ? -10 : 40)}));
}

}  // namespace

TEST_CASE("a block of port 80 gets listeners for TLS on its own addresses, without socket options") {
  const Site site(R"(server {
    listen 80 reuseport deferred;
    listen [::]:80 ipv6only=on backlog=99;
    server_name a.example;
})");
  CHECK(site.edited() == std::string(R"(server {
    listen 443 ssl http2;#
    listen [::]:443 ssl http2;#
    )") + pair_lines + R"(    include certo/tls.conf;#
    listen 80 reuseport deferred;
    listen [::]:80 ipv6only=on backlog=99;
    server_name a.example;
})");
  CHECK(site.opened() == "*:443 [::]:443");
  CHECK(site.presented() == "a.example@127.0.0.1:443 a.example@[::1]:443");
  CHECK(site.plan().edits.changes.size() == 1);
  REQUIRE(site.plan().edits.files.size() == 1);
  CHECK(site.plan().edits.files[0].path == site.folder / "certo/tls.conf");
  CHECK(site.notes().empty());
}

TEST_CASE("HTTP/2 is written as the running version wants it, and only if it has it") {
  const auto lines = [](const std::string& version, bool has_http2 = true, const std::string& more = "") {
    Site site("server { listen 80; server_name a.example; " + more + "}");
    site.build = {.version = version, .has_tls = true, .has_http2 = has_http2};
    const std::string text = site.edited();
    return text.substr(text.find("listen 443"), text.find("    ssl_cert") - text.find("listen 443"));
  };
  CHECK(lines("nginx/1.25.0") == "listen 443 ssl http2;#\n");
  CHECK(lines("nginx/1.25.1") == "listen 443 ssl;#\n    http2 on;#\n");
  CHECK(lines("openresty/1.25.3.1") == "listen 443 ssl;#\n    http2 on;#\n");
  CHECK(lines("nginx/1.26.0", true, "http2 off; ") == "listen 443 ssl;#\n");
  CHECK(lines("nginx/1.26.0", false) == "listen 443 ssl;#\n");
  CHECK(lines("nginx/1.9.4") == "listen 443 ssl;#\n");
  CHECK(lines("Tengine/3.1.0") == "listen 443 ssl;#\n");
  Site site("server { listen 80; server_name a.example; }");
  site.build.has_tls = false;
  CHECK(site.fault() == "this nginx (nginx/1.22.1) is compiled without TLS");
}

TEST_CASE("a second plan adds nothing, and knows the lines of the first") {
  for (const NginxBuild& build : {build_1_22, build_1_26}) {
    Site site("server { listen 80; listen 127.0.0.1:80; server_name a.example; }");
    site.build = build;
    site.wish.redirect = true;
    const TlsPlan first = site.plan();
    site.apply();
    const TlsPlan second = site.plan();
    CHECK(second.edits.empty());
    CHECK(second.notes.empty());
    CHECK(second.new_addresses.empty());
    CHECK(second.presented == first.presented);
    std::set<std::string> known(second.marks.begin(), second.marks.end());
    CHECK(known.size() == (build.version == build_1_26.version ? 7 : 6));
    const std::string text = os::read_file(site.folder / "nginx.conf");
    CHECK(split(text, '#').size() - 1 == known.size());
  }
}

TEST_CASE("the block that answers by TLS gets the certificate, and only that one") {
  const std::string http =
      R"(server { listen 80; server_name a.example; return 301 https://$host$request_uri; }
)";
  const Site site(http + R"(server {
  listen 443 ssl;
  server_name a.example;
  ssl_certificate   "/old/a b.pem"; # mine
  ssl_certificate_key
    /old/key.pem;
})");
  CHECK(site.edited() == http + R"(server {
  include certo/tls.conf;#
  listen 443 ssl;
  server_name a.example;
  ssl_certificate /c/full.pem;# # mine
  ssl_certificate_key /c/key.pem;#
})");
  CHECK(site.opened().empty());
  CHECK(site.presented() == "a.example@127.0.0.1:443");
  // On one line, in words that nginx reads the same, and with CRLF.
  CHECK(Site("server { listen 443 ssl; server_name A.example; ssl_ciphers HIGH; \"ssl_certificate\" old; "
             "ssl_certificate_key old; }")
            .edited() ==
        "server { listen 443 ssl; server_name A.example; ssl_ciphers HIGH; ssl_certificate /c/full.pem;#\n "
        "ssl_certificate_key /c/key.pem;#\n }");
  CHECK(
      Site("server {\r\n  listen 443 ssl;\r\n  server_name a.example;\r\n  ssl_protocols TLSv1.3;\r\n}")
          .edited() ==
      "server {\r\n  ssl_certificate /c/full.pem;#\r\n  ssl_certificate_key /c/key.pem;#\r\n  listen 443 ssl;\r\n"
      "  server_name a.example;\r\n  ssl_protocols TLSv1.3;\r\n}");
}

TEST_CASE("a block with TLS on some addresses keeps its listeners") {
  const Site site(
      "ssl_protocols TLSv1.3;\nserver { listen 80; listen [::]:80; listen 443 ssl; server_name a.example;\n"
      "ssl_certificate /c/full.pem; ssl_certificate_key /c/other.pem; }");
  CHECK(site.edited() ==
        "ssl_protocols TLSv1.3;\nserver { listen 80; listen [::]:80; listen 443 ssl; server_name a.example;\n"
        "ssl_certificate /c/full.pem; ssl_certificate_key /c/key.pem;#\n }");
  CHECK(Site("server { listen 80; listen 8443 ssl; server_name a.example; ssl_certificate a; "
             "ssl_certificate_key b; }")
            .notes() == "no block answers for a.example on port 443");
}

TEST_CASE("lines of http are left to the other blocks") {
  const Site site(
      "ssl_certificate out.pem; ssl_certificate_key out.key; ssl_ciphers HIGH;\n"
      "server {\n    listen 443 ssl; server_name a.example; }\nserver { listen 443; server_name b.example; }");
  CHECK(
      site.edited() ==
      std::string("ssl_certificate out.pem; ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    ") +
          pair_lines +
          "    listen 443 ssl; server_name a.example; }\nserver { listen 443; server_name b.example; }");
  CHECK(Site("ssl_certificate /c/full.pem; ssl_certificate_key /c/key.pem;\n"
             "server { listen 443 ssl; server_name a.example; }")
            .plan()
            .edits.empty());
  // The key of http, and a certificate of the block.
  CHECK(
      Site(
          "ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    listen 443 ssl; ssl_certificate x; server_name "
          "a.example; }")
          .edited() ==
      "ssl_certificate_key out.key; ssl_ciphers HIGH;\nserver {\n    ssl_certificate_key /c/key.pem;#\n    listen 443 ssl; "
      "ssl_certificate /c/full.pem;#\n server_name a.example; }");
}

TEST_CASE("of several pairs the one with the same type of key is replaced") {
  const std::string text =
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example;\nssl_certificate rsa.pem;\nssl_certificate_key rsa.key;\n"
      "ssl_certificate ec.pem;\nssl_certificate_key ec.key;\n}";
  Site site(text);
  CHECK(site.fault().starts_with("nginx.conf:3: has several certificates, and certo cannot tell which one"));
  site.put("rsa.pem", pem_of({"a.example"}, crypto::KeyType::rsa2048));
  site.put("ec.pem", pem_of({"a.example"}));
  std::string expected = text;
  expected.replace(expected.find("ssl_certificate ec"), std::string::npos,
                   "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n}");
  CHECK(site.edited() == expected);
  site.wish.key_type = "rsa";
  CHECK(site.edited().find("ssl_certificate ec.pem;\nssl_certificate_key ec.key;\n}") != std::string::npos);
  site.put("rsa.pem", pem_of({"a.example"}));
  CHECK(site.fault() == "nginx.conf:3: has several certificates, and none with a key of the type rsa");
  CHECK(Site("server { listen 443 ssl; server_name a.example; ssl_certificate a; ssl_certificate b; "
             "ssl_certificate_key a; }")
            .fault() == "nginx.conf:2: has not as many lines 'ssl_certificate_key' as 'ssl_certificate'");
}

TEST_CASE("a name that would lose its valid certificate is a refusal, any other is a note") {
  Site site(
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example www.a.example; ssl_certificate a.pem; "
      "ssl_certificate_key a.key; }");
  CHECK(site.notes() == "nginx.conf:3 also answers for www.a.example, which the certificate does not have");
  site.put("a.pem", pem_of({"a.example", "www.a.example"}));
  CHECK(site.fault().starts_with("nginx.conf:3: www.a.example would lose its certificate a.pem, because"));
  site.put("a.pem", pem_of({"a.example", "*.a.example"}));
  CHECK(site.fault().starts_with("nginx.conf:3: www.a.example would lose"));
  site.put("a.pem", pem_of({"a.example", "www.a.example"}, crypto::KeyType::ec256, true));
  CHECK(site.plan().edits.changes.size() == 2);
  site.put("a.pem", pem_of({"a.example", "www.a.example"}));
  CHECK(site.wants({"a.example", "*.a.example"}).notes().empty());
  // The block of a wildcard answers for the name by TLS, and another one on port 80.
  Site wide(
      "ssl_ciphers HIGH;\nserver { listen 80; server_name x.a.example; }\nserver { listen 443 ssl; server_name *.a.example; "
      "ssl_certificate a.pem; ssl_certificate_key a.key; }");
  wide.put("a.pem", pem_of({"*.a.example"}));
  CHECK(wide.wants({"x.a.example"}).fault().starts_with("nginx.conf:4: *.a.example would lose"));
}

TEST_CASE("a line of a shared file is for all sites that include it") {
  Site site(
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example; include tls.inc; }\n"
      "server { listen 443 ssl; server_name b.example c.example; include tls.inc; }\n"
      "server { listen 80; server_name d.example; include tls.inc; }");
  site.put("tls.inc", "ssl_certificate x;\nssl_certificate_key y;\n");
  CHECK(
      site.fault() ==
      "tls.inc:1: this line is for other blocks, too, which include the file: nginx.conf:4 (b.example c.example)");
  site.wants({"a.example", "b.example", "c.example"});
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(site.edited("tls.inc") == "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n");
  Site own("ssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.example; include tls.inc; }");
  own.put("tls.inc", "ssl_certificate x;\nssl_certificate_key y;\n");
  CHECK(own.edited("tls.inc") == "ssl_certificate /c/full.pem;#\nssl_certificate_key /c/key.pem;#\n");
}

TEST_CASE("an address that others listen on is used as they do") {
  const auto line = [](const std::string& others) {
    Site site("ssl_ciphers HIGH;\n" + others + "\nserver {\n    listen 80; server_name a.example; }");
    const std::string text = site.edited();
    const size_t at = text.find("server {\n    ") + 13;
    return text.substr(at, text.find('\n', at) - at);
  };
  CHECK(line("server { listen 443 ssl; server_name b.example; }") == "listen 443 ssl;#");
  CHECK(line("server { listen 443 ssl http2 default_server reuseport; server_name b.example; }") ==
        "listen 443 ssl http2;#");
  CHECK(line("server { listen 443 http2 ssl proxy_protocol; }") == "listen 443 ssl http2 proxy_protocol;#");
  // The words of a line without socket options count.
  CHECK(
      line("server { listen 443 ssl http2 reuseport; } server { listen 443 ssl; server_name b.example; }") ==
      "listen 443 ssl;#");
  CHECK(Site("server { listen 443; server_name b.example; }\nserver { listen 80; server_name a.example; }")
            .fault() ==
        "nginx.conf:2: listens on *:443 without 'ssl', and TLS on this address would end its http");
  CHECK(Site("server { listen 80; listen 443; server_name a.example; }").fault() ==
        "nginx.conf:2: listens on *:443 without 'ssl', and TLS on this address would end its http");
  const Site site(
      "server { listen 443 ssl; server_name b.example; }\nserver { listen 80; server_name a.example; }");
  CHECK(site.opened().empty());
  CHECK(
      Site("server { listen 80; server_name a.example; }\nserver { listen 443 ssl; server_name b.example; }")
          .notes() ==
      "nginx.conf:2 becomes the default block of *:443, because nginx reads it before nginx.conf:3; "
      "'default_server' in the latter's 'listen' keeps that one");
}

TEST_CASE("a listener takes nothing away from other sites") {
  CHECK(
      Site(
          "server { listen 443 ssl; server_name b.example; }\nserver { listen 10.0.0.1:80; server_name a.example; }")
          .fault() ==
      "nginx.conf:3: a listener on 10.0.0.1:443 would take the connections to this address away from "
      "nginx.conf:2, which listens on *:443");
  CHECK(Site("server { listen [::]:443 ssl; server_name b.example; }\n"
             "server { listen [::1]:80; server_name a.example; }")
            .fault()
            .find("away from nginx.conf:2, which listens on [::]:443") != std::string::npos);
  CHECK(Site("server { listen [::]:443 ssl; server_name b.example; }\n"
             "server { listen 10.0.0.1:80; server_name a.example; }")
            .opened() == "10.0.0.1:443");
  // The other name of the block has TLS in another one.
  CHECK(
      Site("server { listen 80; server_name a.example www.example; }\n"
           "server { listen 443 ssl; server_name www.example; }")
          .fault() ==
      "nginx.conf:3: with TLS on *:443, nginx would ignore the name 'www.example' there, because nginx.conf:2 has "
      "it");
}

TEST_CASE("a listener that nginx could not open is refused") {
  CHECK(
      Site(
          "server { listen 80; server_name a.example; }\nserver { listen 127.0.0.1:443 ssl; server_name b.example; }")
          .fault() ==
      "nginx.conf:2: nginx has a listener on 127.0.0.1:443 (nginx.conf:3), and a reload cannot open *:443 next to it");
  CHECK(Site("server { listen [::]:80; server_name a.example; }\nserver { listen 127.0.0.1:443 ssl; }")
            .opened() == "[::]:443");
  const std::string stream = "}\nstream {\n  server { listen 443; listen [::1]:443 udp; }\n";
  CHECK(Site("server { listen 80; server_name a.example; }\n" + stream).fault() ==
        "nginx.conf:5: 'stream' listens on *:443, so 'http' cannot listen on *:443");
  CHECK(Site("server { listen 10.0.0.1:80; server_name a.example; }\n" + stream)
            .fault()
            .ends_with("listens on *:443, so 'http' cannot listen on 10.0.0.1:443"));
  CHECK(Site("server { listen [::]:80; server_name a.example; }\n" + stream).opened() == "[::]:443");
}

TEST_CASE("a regular expression for all names is not the block of a name that has one on port 80") {
  const std::string all =
      "ssl_ciphers HIGH;\nserver { listen 443 ssl; listen [::]:443 ssl; server_name ~.; ssl_certificate a; "
      "ssl_certificate_key b; }\n";
  const Site site(all + "server {\n    listen 80; server_name a.example; }");
  CHECK(site.edited() == all + "server {\n    listen 443 ssl;#\n    " + pair_lines +
                             "    listen 80; server_name a.example; }");
  CHECK(site.presented() == "a.example@127.0.0.1:443");
  CHECK(site.notes() == "a.example on [::]:443: nginx.conf:3 answers, with its own certificate");
  const Site only(all + "server { listen 80; server_name ~^a; }");
  CHECK(only.edited().find("ssl_certificate /c/full.pem;#") != std::string::npos);
  CHECK(only.presented() == "a.example@127.0.0.1:443 a.example@[::1]:443");
}

TEST_CASE("addresses of IPv6 that take IPv4, too, and a block without listen") {
  CHECK(Site("server { listen [::]:80 ipv6only=off; server_name a.example; }").opened() == "*:443 [::]:443");
  const Site dual(
      "server { listen [::]:443 ssl ipv6only=off; server_name b.example; }\n"
      "server { listen 80; listen [::]:80; server_name a.example; }");
  CHECK(dual.edited().find("listen [::]:443 ssl;#") != std::string::npos);
  CHECK(dual.edited().find("listen 443") == std::string::npos);
  CHECK(Site("ssl_ciphers HIGH;\nserver {\n    server_name a.example;\n}").edited() ==
        std::string("ssl_ciphers HIGH;\nserver {\n    listen 80;#\n    listen 443 ssl http2;#\n    ") +
            pair_lines + "    server_name a.example;\n}");
  CHECK(Site("server { listen 127.0.0.1:79-81; listen localhost:80; server_name a.example; }").opened() ==
        "127.0.0.1:443 localhost:443");
}

TEST_CASE("the settings are for blocks without any, and a person's file is kept") {
  const auto has_line = [](const std::string& http) {
    return Site(http).edited().find("include certo/tls.conf;") != std::string::npos;
  };
  CHECK(has_line("server { listen 80; server_name a.example; }"));
  CHECK_FALSE(has_line("ssl_protocols TLSv1.2; server { listen 80; server_name a.example; }"));
  CHECK_FALSE(has_line("server { listen 443 ssl; ssl_ciphers HIGH; server_name a.example; }"));
  CHECK_FALSE(has_line("server { listen 443 ssl; ssl_session_timeout 5m; server_name a.example; }"));
  CHECK(has_line("ssl_session_timeout 5m; server { listen 443 ssl; server_name a.example; }"));
  const Site site("server { listen 80; add_header X y; server_name a.example; }");
  os::make_folder(site.folder / "certo", 0755);
  site.put("certo/tls.conf", "ssl_protocols TLSv1.3;\n");
  // Who writes the files of a plan keeps those that exist.
  CHECK(site.plan().edits.files.size() == 1);
  CHECK(site.edited().find("include certo/tls.conf;") != std::string::npos);
  site.put("certo/tls.conf", "add_header Strict-Transport-Security max-age=1;\n");
  CHECK(site.edited().find("include certo/tls.conf;") == std::string::npos);
}

TEST_CASE("a redirect is added to blocks of port 80 that have none, after the line of the proof") {
  const auto edited = [](const std::string& http, const std::string& names = "a.example") {
    Site site("ssl_ciphers HIGH;\n" + http);
    site.wants(split(names, ' ')).wish.redirect = true;
    return site.edited().substr(18) + (site.notes().empty() ? "" : "\n" + site.notes());
  };
  const std::string secure =
      "\nserver { listen 443 ssl; server_name a.example; ssl_certificate /c/full.pem; "
      "ssl_certificate_key /c/key.pem; }";
  const std::string line = "    if ($scheme = http) { return 301 https://$host$request_uri; }#\n";
  CHECK(edited("server {\n    listen 80;\n    server_name a.example;\n}" + secure) ==
        "server {\n" + line + "    listen 80;\n    server_name a.example;\n}" + secure);
  CHECK(edited("server {\n    listen 80;\n    server_name a.example;\n}") ==
        std::string("server {\n    listen 443 ssl http2;#\n    ") + pair_lines + line +
            "    listen 80;\n    server_name a.example;\n}");
  for (const char* known :
       {"return 301 https://$host$request_uri;", "return https://a.example/;",
        "rewrite ^ https://a.example permanent;", "rewrite ^/(.*)$ https://$host/$1;",
        "if ($scheme != \"https\") { return 308 https://$host$request_uri; }",
        "if ($https = \"\") { rewrite ^ https://$host$request_uri? permanent; }",
        "if ( $host = A.example ) { return 301 https://$host$request_uri; } return 404;",
        "if ($host ~* ^(www\\.)?a\\.example$) { return 301 https://a.example$request_uri; }",
        "location / { return 301 https://$host$request_uri; }"}) {
    const std::string http =
        std::string("server { listen 80; server_name a.example; ") + known + " }" + secure;
    CHECK_MESSAGE(edited(http) == http + "\nnginx.conf:3 redirects to https already", known);
  }
  for (const char* other : {"return 301 http://www.example;", "rewrite ^/old https://a.example/new;",
                            "return 404;", "if ($host = www.example) { return 301 https://a.example; }",
                            "location /x { return 301 https://$host/y; }",
                            "if ($request_method = POST) { return 301 https://a.example; }"}) {
    const std::string text =
        edited(std::string("server { listen 80; server_name a.example; ") + other + " }" + secure);
    CHECK_MESSAGE(text.find(line.substr(4)) != std::string::npos, other);
  }
}

TEST_CASE("a redirect to an address that has no TLS is said") {
  const auto notes = [](const std::string& http) {
    Site site(http);
    site.wish.redirect = true;
    return site.notes();
  };
  CHECK(
      notes("server { listen 80; listen [::]:80; listen 443 ssl; server_name a.example; }") ==
      "nginx.conf:2: requests for a.example on [::]:80 are redirected, too, but no block with the certificate answers "
      "there on port 443");
  CHECK(notes("server { listen 10.0.0.1:80; listen 443 ssl; server_name a.example; }").empty());
  CHECK(notes("server { listen 80; listen [::]:443 ssl ipv6only=off; server_name a.example; }").empty());
}

TEST_CASE("a redirect stands after the line of the proof, whether both are new or not") {
  Site site("ssl_ciphers HIGH;\nserver {\n  listen 80;\n  server_name a.example;\n}");
  site.wish.redirect = true;
  const std::string path = site.folder / "nginx.conf";
  const NginxConfig config(path);
  const auto hosts = virtual_hosts(config, "", true);
  const Proof proof = plan_proof(config, blocks_to_prove(Selection(hosts), {"a.example"}), "/srv");
  const std::string end =
      "  if ($scheme = http) { return 301 https://$host$request_uri; }#\n  listen 80;\n  server_name "
      "a.example;\n}\n}\n";
  const std::string pair =
      "  listen 443 ssl http2;#\n  ssl_certificate /c/full.pem;#\n  ssl_certificate_key /c/key.pem;#\n";
  std::vector<Change> both = proof.edits.changes;
  const TlsPlan plan = site.plan();
  both.insert(both.end(), plan.edits.changes.begin(), plan.edits.changes.end());
  CHECK(site.short_form(with_changes(os::read_file(path), by_file(both).begin()->second)) ==
        "http {\nssl_ciphers HIGH;\nserver {\n  include \"certo/challenge.conf\";#\n" + pair + end);
  os::make_folder(site.folder / "certo", 0755);
  site.put("certo/challenge.conf", proof.edits.files.front().content);
  os::write_file(path, with_changes(os::read_file(path), proof.edits.changes), 0644);
  const auto later = site.plan().edits.changes;
  CHECK(site.short_form(with_changes(os::read_file(path), by_file(later).begin()->second)) ==
        "http {\nssl_ciphers HIGH;\nserver {\n" + pair + "  include \"certo/challenge.conf\";#\n" + end);
}

TEST_CASE("a redirect that could go in a circle is not added") {
  const auto notes = [](const std::string& http) {
    Site site(http);
    site.wish.redirect = true;
    for (const Change& one : site.plan().edits.changes) CHECK(one.part != EditPart::redirect);
    return site.notes();
  };
  CHECK(
      notes("server { listen 80; server_name a.example; if ($http_x_forwarded_proto = http) { return 301 "
            "https://$host$request_uri; } }") ==
      "nginx.conf:2: no redirect is added, because the block expects a proxy that speaks https for it, and a redirect "
      "could go in a circle");
  CHECK(notes("server { listen 80; server_name a.example; }\n"
              "server { listen 443 ssl; server_name a.example; return 301 http://$host$request_uri; }") ==
        "nginx.conf:2: no redirect is added, because nginx.conf:3 leads back to http");
  CHECK(
      notes(
          "server { listen 80; server_name a.example; if ($scheme = https) { return 301 http://a.example; } }") ==
      "nginx.conf:2: no redirect is added, because nginx.conf:2 leads back to http");
  CHECK(
      notes(
          "server { listen 80; server_name a.example; }\nserver { listen 8443 ssl; server_name a.example; }")
          .ends_with("no redirect is added, because no block answers for a.example on port 443"));
  CHECK(notes("server { listen 80; server_name a.example b.example; }")
            .ends_with("no redirect is added, because it would also lead b.example to https"));
}

TEST_CASE("a name without a block, and one that nginx does not reach") {
  Site site(
      "server { listen 80 default_server; server_name _; }\nserver { listen 80; server_name aa.example; }");
  CHECK(site.fault() == "a.example: no server block has this name");
  CHECK(
      error_of([&] { site.plan(); }).hint ==
      "did you mean 'aa.example'? nginx has blocks for aa.example; write one for this name: server { listen 80; "
      "server_name a.example; root /var/www/html; }");
  os::make_folder(site.folder / "sites-available", 0755);
  site.put("sites-available/x", "server { server_name a.example; }");
  CHECK(site.short_form(error_of([&] { site.plan(); }).hint) ==
        "sites-available/x:1 has it, but nginx does not load that file: enable the site");
  CHECK(Site("server { listen 8080; server_name a.example; }").fault() ==
        "nginx.conf:2: answers for a.example on *:8080 only, and certo adds TLS to blocks of port 80");
  CHECK(Site("server { listen 443 ssl; server_name a.example; }\n"
             "server { listen 10.0.0.1:443 ssl; server_name b.example; }")
            .notes() ==
        "a.example on 10.0.0.1:443: nginx.conf:3 answers as the default block, with its own certificate");
  CHECK(
      Site("server { listen 80; server_name a.example; }\nserver { listen 80; server_name a.example; }")
          .notes() ==
      "nginx.conf:3: nginx ignores the name 'a.example' on *:80 there, because nginx.conf:2 has it; this block stays as "
      "it is");
  CHECK(Site("server { listen 8080; }").wants({"192.0.2.1"}).fault() ==
        "nginx.conf:2: answers for 192.0.2.1 on *:8080 only, and certo adds TLS to blocks of port 80");
}

TEST_CASE("a block that something else looks after is left alone") {
  CHECK(
      Site(
          "server { listen 443 ssl; server_name a.example; acme_certificate x; ssl_certificate $acme_certificate; }")
          .fault() == "nginx.conf:2: nginx-acme orders the certificate of this block");
  CHECK(Site("server { listen 443 ssl; server_name a.example; ssl_certificate_by_lua_block { x() } }")
            .fault() == "nginx.conf:2: Lua code chooses the certificate of this block");
  CHECK(Site("server { listen 443 ssl; server_name a.example; ssl_certificate /x/$ssl_server_name.pem; "
             "ssl_certificate_key y; }")
            .fault() == "nginx.conf:2: 'ssl_certificate' is not the path of a file");
  CHECK(
      Site(
          "server { listen 443 ssl; server_name a.example; ssl_certificate data:$x; ssl_certificate_key y; }")
          .fault() == "nginx.conf:2: 'ssl_certificate' is not the path of a file");
  CHECK(Site("server { listen 443 ssl; server_name a.example; ssl_reject_handshake on; }").fault() ==
        "nginx.conf:2: this block refuses every TLS connection");
  CHECK(Site("ssl on;\nserver { server_name a.example; }")
            .fault()
            .starts_with("nginx.conf:2: 'ssl on;' is for every"));
  Site panel("include a.vhost;");
  panel.put("a.vhost", "server { listen 80; server_name a.example; }");
  CHECK(panel.fault() == "a.vhost:1: ISPConfig writes this file");
  Site generated("include a.conf;");
  generated.put("a.conf", "# Ansible managed\nserver { listen 80; server_name a.example; }");
  CHECK(generated.notes() == "a.conf:2: Ansible writes this file, and may remove the lines again");
}

TEST_CASE("certbot's lines are replaced if a person wants it") {
  Site site(R"(server {
    server_name a.example;
    listen 443 ssl; # managed by Certbot
    ssl_certificate /etc/letsencrypt/live/a.example/fullchain.pem; # managed by Certbot
    ssl_certificate_key /etc/letsencrypt/live/a.example/privkey.pem; # managed by Certbot
    ssl_protocols TLSv1.2;
    ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem; # managed by Certbot
}
server {
    if ($host = a.example) {
        return 301 https://$host$request_uri;
    } # managed by Certbot
    listen 80;
    server_name a.example;
    return 404; # managed by Certbot
})");
  CHECK(site.fault() == "nginx.conf:2: certbot looks after this block");
  site.wish.takes_over = site.wish.redirect = true;
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(
      site.notes() ==
      "nginx.conf:8 still needs /etc/letsencrypt/ssl-dhparams.pem, a file of certbot's\nnginx.conf:12 redirects to https "
      "already");
  site.apply();
  site.wish.takes_over = false;
  CHECK(site.plan().edits.empty());
}

TEST_CASE("an IP address is for the default block of TLS, because clients send no name") {
  Site plain(
      "server { listen 80; server_name a.example; }\nserver { listen 80 default_server; }\n"
      "server { listen 127.0.0.1:80; }\nserver { listen [::]:80; }");
  plain.wants({"192.0.2.1"});
  CHECK(plain.opened() == "*:443");
  CHECK(plain.presented() == "192.0.2.1@127.0.0.1:443");
  CHECK(plain.plan().edits.changes.size() == 1);
  CHECK(plain.wants({"2001:db8::1"}).presented() == "2001:db8::1@[::1]:443");
  CHECK(plain.wants({"127.0.0.1"}).presented() == "127.0.0.1@127.0.0.1:443");
  Site secure(
      "server { listen 80; server_name 192.0.2.1; }\nserver { listen 443 ssl; server_name b.example; "
      "ssl_certificate b.pem; ssl_certificate_key b.key; }");
  secure.wants({"192.0.2.1", "b.example"}).wish.redirect = true;
  CHECK(secure.plan().edits.changes.size() == 4);
  CHECK(secure.notes().empty());
  secure.put("b.pem", pem_of({"b.example"}));
  CHECK(
      secure.wants({"192.0.2.1"}).fault().starts_with("nginx.conf:3: b.example would lose its certificate"));
}

TEST_CASE("a wildcard is for the block of its name and for those that it covers") {
  Site site(
      "ssl_ciphers HIGH;\nserver { listen 80; server_name *.a.example; }\n"
      "server { listen 80; server_name certo.a.example; }\nserver { listen 80; server_name .a.example; }\n"
      "server { listen 80; server_name x.y.a.example; }\nserver { listen 80; server_name *.example; }");
  site.wants({"*.a.example"});
  CHECK(site.plan().edits.changes.size() == 2);
  CHECK(site.presented() == "certo.a.example@127.0.0.1:443 certox.a.example@127.0.0.1:443");
  // ".a.example" is dead on port 80 in part, and would be so on port 443.
  CHECK(site.wants({"*.a.example", "a.example"})
            .fault()
            .starts_with("nginx.conf:5: with TLS on *:443, nginx would ignore the name '.a.example' there"));
  Site regex("server { listen 80; server_name ~^(?<user>[a-z]+)\\.a\\.example$; }");
  CHECK(regex.wants({"*.a.example"}).presented() == "certo.a.example@127.0.0.1:443");
  CHECK(Site("server { listen 80; server_name *.example; }").wants({"*.a.example"}).fault() ==
        "*.a.example: no server block has this name");
}

TEST_CASE("who must present the certificate then") {
  CHECK(
      Site(
          "server { listen 443 ssl; listen [::1]:8443 ssl; listen 10.0.0.1:443 ssl; server_name a.example; }\n"
          "server { listen 127.0.0.1:443 ssl; }")
          .presented() == "a.example@127.0.0.2:443 a.example@[::1]:8443 a.example@10.0.0.1:443");
  const Site hidden(
      "server { listen 443 ssl proxy_protocol; listen unix:/run/x ssl; server_name a.example; }");
  CHECK(hidden.presented().empty());
  CHECK(hidden.notes() ==
        "a.example on *:443: certo cannot look there whether nginx presents the certificate\n"
        "a.example on unix:/run/x: certo cannot look there whether nginx presents the certificate");
}

TEST_CASE("a file that is included twice is changed once, and a path gets quotes if it needs them") {
  Site site("ssl_ciphers HIGH;\ninclude a.conf;\ninclude a.conf;\n");
  site.put("a.conf", "server { listen 80; server_name a.example; }");
  CHECK(site.plan().edits.changes.size() == 1);
  site.wish.certificate = "/c/my files/it's.pem";
  CHECK(site.edited("a.conf").find("ssl_certificate \"/c/my files/it's.pem\";") != std::string::npos);
  site.wish.certificate = "/c/$x.pem";
  CHECK(error_of([&] { site.plan(); }).code == Exit::usage);
}
