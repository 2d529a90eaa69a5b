// certo thumbprint: what a web server needs to answer http-01 by itself (--stateless).
// Defines thumbprint_command of commands/commands.h.
#include <algorithm>

#include "acme/jws.h"
#include "base/error.h"
#include "base/text.h"
#include "commands/choices.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "os/trust.h"
#include "store/account.h"

namespace certo::console::flag {

constexpr Option snippet{"--snippet", Value::web_server, "SERVER",
                         "print the lines for nginx, apache, haproxy, caddy or lighttpd"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

constexpr std::string_view placeholder = "THUMBPRINT";

struct Snippet {
  const char* server;
  const char* text;  // with `placeholder`
};

constexpr Snippet snippets[] = {
    {"nginx", R"(# nginx: into each "server" that listens on port 80, before other locations.
location ~ "^/\.well-known/acme-challenge/([-_a-zA-Z0-9]+)$" {
  default_type text/plain;
  return 200 "$1.THUMBPRINT";
}
)"},
    {"apache", R"(# Apache 2.4.13 or newer, with mod_rewrite: into each <VirtualHost *:80>.
<LocationMatch "^/\.well-known/acme-challenge/(?<token>[-_a-zA-Z0-9]+)$">
  RewriteEngine On
  RewriteRule "^" "-" [L,R=200]
  ErrorDocument 200 "%{env:MATCH_TOKEN}.THUMBPRINT"
</LocationMatch>
)"},
    {"haproxy",
     R"(# HAProxy 2.2 or newer: into the frontend that binds port 80, before other http-request lines.
http-request return status 200 content-type text/plain lf-string "%[path,field(-1,/)].THUMBPRINT" if { path_reg ^/\.well-known/acme-challenge/[-_a-zA-Z0-9]+$ }
)"},
    {"caddy",
     R"(# Caddy: into a site of the Caddyfile that serves http://, for example: http://example.com { … }
@acme path_regexp acme ^/\.well-known/acme-challenge/([-_a-zA-Z0-9]+)$
respond @acme "{re.acme.1}.THUMBPRINT" 200
)"},
    {"lighttpd",
     R"lua(-- lighttpd with mod_magnet (on Debian: lighttpd-modules-lua). This is /etc/lighttpd/acme.lua; lighttpd.conf gets:
--   server.modules += ( "mod_magnet" )
--   $HTTP["url"] =~ "^/\.well-known/acme-challenge/" {
--     magnet.attract-raw-url-to = ( "/etc/lighttpd/acme.lua" )
--   }
local token = lighty.env["uri.path"]:match("^/%.well%-known/acme%-challenge/([%w_-]+)$")
if not token then return 404 end
lighty.header["Content-Type"] = "text/plain"
lighty.content = { token .. ".THUMBPRINT" }
return 200
)lua"},
};

std::string thumbprint_of(const Args& args, const std::string& directory) {
  const renew::SessionSettings settings = session_settings(args, directory);
  if (!settings.account_key.empty())
    return acme::thumbprint(
        crypto::PrivateKey::from_pem(os::read_private(settings.account_key), settings.account_key)
            .public_key());
  const store::Home state = home(args);
  if (const auto key = store::AccountFolder(state, directory, settings.account).key())
    return acme::thumbprint(key->public_key());
  throw Error(Exit::config, "there is no account '" + settings.account + "' at " + directory + " yet",
              "'certo account new --server " + directory + " --agree-tos' makes it");
}

std::string snippet_for(const std::string& server, const std::string& thumbprint) {
  const auto* const found =
      std::ranges::find_if(snippets, [&](const Snippet& one) { return one.server == lower(server); });
  if (found == std::end(snippets))
    throw Error(Exit::usage, "--snippet: certo has no lines for '" + server + "'",
                "one of: " + join(web_servers(), ", "));
  std::string text = found->text;
  text.replace(text.find(placeholder), placeholder.size(), thumbprint);
  return text;
}

Exit run(const Args& args) {
  const std::string directory = directory_url(args);
  const std::string thumbprint = thumbprint_of(args, directory);
  const std::string text = args.has(flag::snippet) ? snippet_for(args.get(flag::snippet), thumbprint) : "";
  if (args.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "thumbprint/1").set("directory", directory).set("thumbprint", thumbprint);
    if (!text.empty()) json.set("snippet", text);
    print_json(json);
  } else {
    print(text.empty() ? thumbprint + "\n" : text);
  }
  return Exit::ok;
}

}  // namespace

std::vector<std::string> web_servers() {
  std::vector<std::string> names;
  for (const Snippet& one : snippets) names.emplace_back(one.server);
  return names;
}

const Command thumbprint_command{
    .name = "thumbprint",
    .group = Group::plumbing,
    .summary = "what a web server answers to http-01 by itself (--stateless)",
    .output = "thumbprint, or lines for a server's configuration",
    .options = {flag::snippet},
    .sets = {&server_options, &account_options},
    .examples = {"certo thumbprint", "certo thumbprint --snippet nginx > /etc/nginx/snippets/acme.conf",
                 "certo issue -d example.com --stateless"},
    .description =
        R"(A server with these lines answers each token with the thumbprint of your account's key. The lines hold no secret and stay in the configuration: certo writes no file and reloads nothing when it renews. Nobody else can use them, because a token is only valid for the account that ordered it. After 'certo account rollover', the thumbprint is another one.)",
    .run = run,
};

}  // namespace certo::commands
