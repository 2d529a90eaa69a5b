#include "webserver/nginx_hosts.h"

#include <doctest/doctest.h>

#include <chrono>

#include "fixtures/support.h"
#include "os/file.h"
#include "webserver/owner.h"
#include "webserver/server_regex.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// The virtual hosts of an http block with this content.
struct Hosts {
  TempDir folder;
  NginxConfig config;
  std::vector<VirtualHost> all;
  Selection selection;

  explicit Hosts(const std::string& http, bool is_root = true)
      : config(written(folder, http)),
        all(virtual_hosts(config, "machine.example", is_root)),
        selection(all) {}

  static std::string written(const TempDir& folder, const std::string& http) {
    os::write_file(folder / "nginx.conf", "http {\n" + http + "\n}\n", 0644);
    return folder / "nginx.conf";
  }
  /// "*:80 2 exact name; …": address, line of the block, why.
  std::string answers(const std::string& name) const {
    std::string text;
    for (const Answer& one : selection.answers(name))
      text += (text.empty() ? "" : "; ") + one.address.text + " " +
              std::to_string(one.host->block.directive->line) + " " + std::string(webserver::text(one.by));
    return text;
  }
};

std::string listens(const std::string& text) {
  std::string all;
  for (const Address& one : parse_listen(text)) all += (all.empty() ? "" : " ") + one.text;
  return all;
}

}  // namespace

TEST_CASE("every form of an address is brought into one spelling") {
  CHECK(listens("80") == "*:80");
  CHECK(listens("*:8080") == "*:8080");
  CHECK(listens("0.0.0.0:80") == "*:80");
  CHECK(listens("127.0.0.1") == "127.0.0.1:80");
  CHECK(listens("[::]:443") == "[::]:443");
  CHECK(listens("[0:0:0:0:0:0:0:1]") == "[::1]:80");
  CHECK(listens("[2001:DB8::1]:80") == "[2001:db8::1]:80");
  CHECK(listens("localhost:8000") == "localhost:8000");
  CHECK(listens("LocalHost") == "localhost:80");
  CHECK(listens("unix:/run/a.sock") == "unix:/run/a.sock");
  CHECK(listens("127.0.0.1:8000-8002") == "127.0.0.1:8000 127.0.0.1:8001 127.0.0.1:8002");
  CHECK(listens("8000-8001") == "*:8000 *:8001");
  for (const char* wrong : {"", "127.0.0.1:0", "127.0.0.1:70000", "[::1", "[::g]:80", "[::1]80", "a:b", ":80",
                            "unix:", "127.0.0.1:90-80"})
    CHECK_MESSAGE(parse_listen(wrong).empty(), wrong);
}

TEST_CASE("a server block's addresses, names and certificates are read with their flags") {
  const Hosts hosts(R"(ssl_certificate_key outer.key; ssl_certificate outer.pem;
server { listen 80 default_server; listen [::]:443 ssl http2 reuseport; listen 443 quic; listen 81 proxy_protocol;
  server_name A.Example
    # more of them
    "b.example" $hostname ~^C\d;
  ssl_certificate a.pem; ssl_certificate_key a.key; ssl_certificate b.pem; }
server { }
upstream x { server 127.0.0.1:80; })");
  REQUIRE(hosts.all.size() == 2);
  const VirtualHost& first = hosts.all[0];
  CHECK(first.names == std::vector<std::string>{"a.example", "b.example", "machine.example", "~^C\\d"});
  REQUIRE(first.listens.size() == 4);
  CHECK(first.listens[0].is_default);
  CHECK_FALSE(first.listens[0].has_tls);
  CHECK(first.listens[1].has_tls);
  CHECK(first.listens[2].is_quic);
  CHECK(first.listens[3].takes_proxy_protocol);
  CHECK(first.has_tls);
  REQUIRE(first.certificates.size() == 2);
  CHECK(first.certificates[0].key.word(1) == "a.key");
  CHECK(first.certificates[1].key.file == nullptr);
  CHECK(first.block.directive->line == 3);
  const VirtualHost& second = hosts.all[1];
  CHECK(second.names == std::vector<std::string>{""});
  CHECK(second.listens[0].addresses[0].text == "*:80");
  CHECK(second.certificates[0].certificate.word(1) == "outer.pem");
  CHECK_FALSE(second.has_tls);
  CHECK(Hosts("server { }", false).all[0].listens[0].addresses[0].text == "*:8000");
}

TEST_CASE("the block of a name is chosen as nginx chooses it") {
  const Hosts hosts(R"(server { server_name first.example; }
server { server_name *.example.com; }
server { server_name *.b.example.com; }
server { server_name www.*; }
server { server_name www.example.*; }
server { server_name ~^r\d+\.example\.org$; }
server { server_name ~\.example\.org$; }
server { server_name .dot.example; }
server { server_name Exact.example.com; }
server { server_name ""; })");
  CHECK(hosts.answers("exact.EXAMPLE.com.") == "*:80 10 exact name");
  CHECK(hosts.answers("a.example.com") == "*:80 3 wildcard");
  CHECK(hosts.answers("a.b.example.com") == "*:80 4 wildcard");
  CHECK(hosts.answers("b.example.com") == "*:80 3 wildcard");
  CHECK(hosts.answers("example.com") == "*:80 2 default");
  CHECK(hosts.answers("www.example.com") == "*:80 3 wildcard");
  CHECK(hosts.answers("www.example.net") == "*:80 6 wildcard");
  CHECK(hosts.answers("www.other.net") == "*:80 5 wildcard");
  CHECK(hosts.answers("r12.example.org") == "*:80 7 regular expression");
  CHECK(hosts.answers("x.example.org") == "*:80 8 regular expression");
  CHECK(hosts.answers("dot.example") == "*:80 9 exact name");
  CHECK(hosts.answers("x.y.dot.example") == "*:80 9 wildcard");
}

TEST_CASE("each address has its own blocks and its own default") {
  const Hosts hosts(R"(server { listen 80; server_name a.example; }
server { listen 10.0.0.1:80; listen [::]:80; server_name b.example; }
server { listen *:80 default_server; listen unix:/run/s; server_name c.example; })");
  CHECK(hosts.answers("a.example") ==
        "*:80 2 exact name; 10.0.0.1:80 3 default; [::]:80 3 default; unix:/run/s 4 default");
  CHECK(hosts.answers("x.example") ==
        "*:80 4 default; 10.0.0.1:80 3 default; [::]:80 3 default; unix:/run/s 4 default");
}

TEST_CASE("a name that nginx ignores is found with the block that has it") {
  const Hosts hosts(R"(server { listen 80; server_name a.example; }
server { listen 80; listen 81; server_name A.example *.example; }
server { listen 80; server_name .example; })");
  REQUIRE(hosts.selection.ignored().size() == 2);
  const Ignored& first = hosts.selection.ignored()[0];
  CHECK(first.name == "a.example");
  CHECK(first.address.text == "*:80");
  CHECK(first.winner->block.directive->line == 2);
  CHECK(hosts.selection.ignored()[1].name == ".example");
}

TEST_CASE("a regular expression that certo cannot read does not fit, and is named") {
  const Hosts hosts("server { }\nserver { server_name ~(?<!x)y$ ~^a; }");
  CHECK(hosts.answers("b.example") == "*:80 2 default");
  CHECK(hosts.answers("a.example") == "*:80 3 regular expression");
  REQUIRE(hosts.selection.unread().size() == 1);
  CHECK(hosts.selection.unread()[0].ends_with("nginx.conf:3: ~(?<!x)y$"));
}

TEST_CASE("regular expressions of names") {
  const auto is = [](const char* pattern, const char* name) { return matches_regex(pattern, name); };
  CHECK(is("^(?<user>.+)\\.example\\.com$", "joe.example.com") == Matches::yes);
  CHECK(is("^(?P<user>.+?)\\.example\\.com$", "example.com") == Matches::no);
  CHECK(is("^(www\\.)?(.+)$", "a") == Matches::yes);
  CHECK(is("^WWW\\.", "www.example") == Matches::yes);
  CHECK(is("[^.]{3}\\.com$", "abc.com") == Matches::yes);
  CHECK(is("^[^.]{3}\\.com$", "abcd.com") == Matches::no);
  CHECK(is("^a{2,3}$", "aaaa") == Matches::no);
  CHECK(is("^a{2,}$", "aaaa") == Matches::yes);
  CHECK(is("^(a|b(c|d))+$", "abdbc") == Matches::yes);
  CHECK(is("^(?:a|b(?:c|d))+$", "abdb") == Matches::no);
  CHECK(is("^[[:alnum:]-]+\\.x$", "a-1.x") == Matches::yes);
  CHECK(is("^[\\w.-]+$", "a.b-c") == Matches::yes);
  CHECK(is("^(|www)\\.x", ".x") == Matches::yes);
  CHECK(is("^a{b$", "a{b") == Matches::yes);
  CHECK(is("\\bexample\\b", "an.example.com") == Matches::yes);
  CHECK(is("\\bexample\\b", "anexample.com") == Matches::no);
  CHECK(is("", "x") == Matches::yes);
  for (const char* unread :
       {"(a)\\1", "(?!a)b", "a++", "(?>a)", "\\p{L}", "(", ")", "*a", "[a", "a{3,2}", "\\"})
    CHECK_MESSAGE(is(unread, "ab") == Matches::unknown, unread);
  CHECK(is("((((a{99}){99}){99}){99})", "a") == Matches::unknown);
  CHECK(is("(((){999}){999}){999}", "a") == Matches::unknown);
  CHECK(is("^(a*)*$", std::string(250, 'a').append("b").c_str()) == Matches::no);
}

TEST_CASE("two thousand virtual hosts are read, and a name found, in a moment") {
  std::string http;
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "site" + std::to_string(i) + ".example";
    http += "server {\n  listen 80;\n  listen [::]:80;\n  server_name " + name + " www." + name + " ~^x" +
            std::to_string(i) + "\\.;\n  root /srv/www/" + name +
            ";\n  location / {\n    try_files $uri $uri/ =404;\n  }\n  location ~ \\.php$ {\n"
            "    fastcgi_pass unix:/run/php.sock;\n    include snippets/*.conf;\n  }\n}\n";
  }
  const auto start = std::chrono::steady_clock::now();
  const Hosts hosts(http);
  CHECK(hosts.answers("www.site1999.example") == "*:80 25989 exact name; [::]:80 25989 exact name");
  // Without optimization and on a busy machine; a square would take minutes.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("who looks after a virtual host") {
  const auto owner = [](const std::string& http) { return owner_of(Hosts(http).all[0]).name; };
  CHECK(owner("server { listen 80; }").empty());
  CHECK(owner("server { listen 443 ssl; # managed by Certbot\n }") == "certbot");
  CHECK(owner("server { ssl_certificate /etc/letsencrypt/live/a/fullchain.pem; }") == "certbot");
  CHECK(owner("server { acme_certificate le; ssl_certificate $acme_certificate; }") == "nginx-acme");
  CHECK(owner("server { ssl_certificate_by_lua_block { x() } }") == "Lua code");
}

TEST_CASE("ssl of one block counts for all blocks of the address") {
  const Hosts hosts(
      "server { listen 443; server_name a.example; }\nserver { listen 443 ssl; server_name b.example; }\n"
      "server { listen 8443; }");
  CHECK(hosts.all[0].has_tls);
  CHECK(hosts.all[1].has_tls);
  CHECK_FALSE(hosts.all[2].has_tls);
}
