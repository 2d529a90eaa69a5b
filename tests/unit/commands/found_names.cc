#include "commands/found_names.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "webserver/nginx_config.h"

using namespace certo;
using namespace certo::test;
using namespace certo::commands;

namespace {

/// "a b|c" and what is left out.
std::pair<std::string, std::string> found_in(const std::string& http) {
  const TempDir folder;
  os::write_file(folder / "nginx.conf", "http {\n" + http + "}\n", 0644);
  const webserver::NginxConfig config(folder / "nginx.conf");
  std::vector<webserver::NamedHost> hosts;
  for (const webserver::VirtualHost& one : webserver::virtual_hosts(config, "machine", true))
    hosts.push_back({one.place(), one.names, webserver::owner_of(one)});
  const FoundSites found = sites_of(hosts);
  std::vector<std::string> sites;
  for (const FoundSite& one : found.sites) sites.push_back(join(one.names, " "));
  return {join(sites, "|"), join(found.left_out, "|")};
}

}  // namespace

TEST_CASE("blocks that share a name are one site") {
  CHECK(found_in("server { server_name a.example.com www.example.com; }\n"
                 "server { listen 443 ssl; server_name www.example.com a.example.com; }\n"
                 "server { server_name other.example.com; }\n")
            .first == "a.example.com www.example.com|other.example.com");
  // The third joins the first two.
  CHECK(found_in("server { server_name a.example.com; }\nserver { server_name b.example.com; }\n"
                 "server { listen 443; server_name b.example.com a.example.com; }\n")
            .first == "a.example.com b.example.com");
}

TEST_CASE("names that cannot be ordered are left out, with the reason") {
  const auto [sites, left_out] = found_in(
      "server { server_name _; }\nserver { listen 8080; }\n"
      "server { server_name good.example.com *.example.com ~^x$ localhost 192.0.2.1 $hostname; }\n"
      "server { listen 443 ssl; server_name lua.example.com; ssl_certificate_by_lua_block { } }\n");
  CHECK(sites == "good.example.com");
  CHECK(left_out ==
        "*.example.com (a wildcard needs --dns)|~^x$ (a regular expression)|localhost (not a public name)|"
        "192.0.2.1 (an address: name it with -d)|machine (not a public name)|"
        "lua.example.com (Lua code looks after it)");
}
