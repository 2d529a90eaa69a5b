#include "webserver/nginx_redirect.h"

#include <doctest/doctest.h>

#include "fixtures/nginx_site.h"
#include "webserver/nginx_proof.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("a redirect is added to blocks of port 80 that have none, after the line of the proof") {
  const auto edited = [](const std::string& http, const std::string& names = "a.example") {
    NginxSite site("ssl_ciphers HIGH;\n" + http);
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
    NginxSite site(http);
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
  NginxSite site("ssl_ciphers HIGH;\nserver {\n  listen 80;\n  server_name a.example;\n}");
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
    NginxSite site(http);
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
