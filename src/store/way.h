// The methods of proving names. Each has a type with its settings, and a row in one table: the options, what
// they may be combined with, the members in JSON, the hints and the challenge types follow from the row.
// CONTRIBUTING.md, "A new challenge type", shows how to add one.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/json.h"
#include "crypto/name.h"
#include "store/propagation.h"

namespace certo::store {

/// http-01 (RFC 8555 section 8.3): a file in the folder of a web server that is running.
struct Webroot {
  std::string folder;
  bool operator==(const Webroot&) const = default;
};

/// The same for a server that maps /.well-known/acme-challenge/ to a folder of its own ("alias").
struct ChallengeDir {
  std::string folder;
  bool operator==(const ChallengeDir&) const = default;
};

/// http-01: certo is the web server.
struct Standalone {
  std::string listen;  // "ADDR:PORT"; "" is port 80 of all addresses
  bool operator==(const Standalone&) const = default;
};

/// http-01: the web server answers every token with the account's thumbprint, and nothing is written.
struct Stateless {
  bool operator==(const Stateless&) const = default;
};

/// http-01: the nginx that runs gets lines by which it serves a folder of certo's.
struct Nginx {
  std::string config;  // its main file; "": of the only one that runs
  bool operator==(const Nginx&) const = default;
};

/// The same for the Apache that runs.
struct Apache {
  std::string config;
  bool operator==(const Apache&) const = default;
};

/// tls-alpn-01 (RFC 8737): certo answers the CA's TLS handshake.
struct Alpn {
  std::string listen;  // "ADDR:PORT"; "" is port 443 of all addresses
  bool operator==(const Alpn&) const = default;
};

/// DNS servers in the order in which they are asked: "ADDR[:PORT]" or the URL of one that speaks DNS over
/// HTTPS. The system's are the last, and the only ones if it is empty.
struct Resolvers {
  std::vector<std::string> servers;
  bool operator==(const Resolvers&) const = default;
};

/// dns-01 (RFC 8555 section 8.4): a TXT record.
struct Dns {
  std::string provider;     // "exec:/path", "NAME", "NAME.profile", "manual", the path of a .so or a recipe
  std::string credentials;  // file with the provider's settings, or "exec:/path WORD…"
  Propagation propagation;
  bool is_per_account = false;  // dns-account-01: the record's name has the account's label
  Resolvers resolvers;
  std::string zone;                            // holds the records; "": the provider finds it
  bool keep_settings = true;                   // store what the provider got from the environment
  std::vector<std::string> provider_env;       // names of variables that an executable may see
  std::map<std::string, std::string> aliases;  // record by proven name, without "*."; "*" is every other name
  bool operator==(const Dns&) const = default;
};

/// Any challenge type: a program of the user, with the words of uacme's hooks.
struct Program {
  std::string path;
  std::string type;  // the challenge type; "": the first of the CA's that the program accepts
  bool operator==(const Program&) const = default;
};

/// dns-persist-01 (draft-ietf-acme-dns-persist): a TXT record that stays; certo only checks it.
struct DnsPersist {
  Resolvers resolvers;
  bool operator==(const DnsPersist&) const = default;
};

/// How a name is proven. The alternatives stand in the order of `methods`.
using Way =
    std::variant<Webroot, ChallengeDir, Nginx, Apache, Standalone, Stateless, Alpn, Dns, Program, DnsPersist>;

/// The kind of value that an option takes.
enum class Takes { nothing, text, folder, path, file, program, provider, zone, dns_server, challenge_type };

struct WayOption {
  const char* flags;    // "-w,--webroot"
  Takes takes;          // nothing: a switch
  const char* metavar;  // "DIR"; nullptr for a switch
  const char* help;     // one line, no full stop
  bool repeated = false;
  bool rare = false;  // not in the short help

  constexpr std::string_view name() const {  // "--webroot"
    const std::string_view all = flags;
    return all.substr(all.find("--"));
  }
};

/// The place of a setting in a Way.
using Slot = std::variant<std::string*, bool*, Propagation*, std::vector<std::string>*,
                          std::map<std::string, std::string>*, Resolvers*>;

struct Setting {
  const char* key;          // its member in JSON, which is left out when the setting has its default
  const WayOption* option;  // nullptr: the value of the method's own option. A switch inverts the default
  Slot (*slot)(Way&);       // the way is of the method that has this setting
  bool is_shown = false;    // in describe()
};

struct Method {
  const char* name;                         // "method" in JSON
  WayOption option;                         // chooses it
  std::span<const std::string_view> types;  // challenge types, best first; empty: any
  bool proves_wildcards, proves_addresses;
  std::span<const Setting> settings;  // in the order in which they are written
  Way (*make)();                      // with default settings
};

template <typename Type, typename Value>
Type owner(Value Type::*);  // only for decltype

template <auto member>
Slot slot(Way& way) {
  return &(std::get<decltype(owner(member))>(way).*member);
}

template <typename Type>
Way make() {
  return Type{};
}

namespace row {

inline constexpr std::string_view http_01[] = {"http-01"};
inline constexpr std::string_view tls_alpn_01[] = {"tls-alpn-01"};
inline constexpr std::string_view dns_01[] = {"dns-01"};
inline constexpr std::string_view dns_account_01[] = {"dns-account-01"};
inline constexpr std::string_view dns_persist_01[] = {"dns-persist-01"};

inline constexpr WayOption listen{
    "--listen", Takes::text, "ADDR:PORT",
    "address of --standalone or --alpn (default: port 80 or 443 of all addresses)"};
inline constexpr WayOption nginx_conf{"--nginx-conf", Takes::path, "FILE",
                                      "the main file of nginx, if several nginx run"};
inline constexpr WayOption apache_conf{"--apache-conf", Takes::path, "FILE",
                                       "the main file of Apache, if several Apaches run"};
inline constexpr WayOption credentials{
    "--dns-credentials", Takes::file, "FILE",
    "KEY=value settings of the DNS provider, in a file that only you can read, or 'exec:/path/to/program WORD…' that prints them"};
inline constexpr WayOption propagation{
    "--propagation", Takes::text, "none|wait=N",
    "do not query the zone's name servers; with wait=N, wait N seconds instead"};
inline constexpr WayOption dns_account{
    "--dns-account", Takes::nothing, nullptr,
    "with --dns: dns-account-01, so that the records of several accounts do not meet"};
inline constexpr WayOption resolver{
    "--resolver", Takes::dns_server, "ADDR[:PORT]|URL",
    "query this DNS server before those of the system; https://… is DNS over HTTPS", true};
inline constexpr WayOption zone{"--dns-zone", Takes::zone, "ZONE",
                                "the zone of the records, if certo does not find it"};
inline constexpr WayOption no_save{"--no-save", Takes::nothing, nullptr,
                                   "do not store the provider's settings from the environment"};
inline constexpr WayOption provider_env{"--dns-env", Takes::text, "NAME",
                                        "pass this environment variable to the provider", true};
inline constexpr WayOption alias{
    "--alias", Takes::text, "[NAME=]TARGET",
    "put the record (of NAME) at _acme-challenge.TARGET, or at TARGET itself if that begins with '_' or '='",
    true};

inline constexpr Setting webroot[] = {{"webroot", nullptr, slot<&Webroot::folder>, true}};
inline constexpr Setting challenge_dir[] = {{"folder", nullptr, slot<&ChallengeDir::folder>, true}};
inline constexpr Setting nginx[] = {{"config", &nginx_conf, slot<&Nginx::config>, true}};
inline constexpr Setting apache[] = {{"config", &apache_conf, slot<&Apache::config>, true}};
inline constexpr Setting standalone[] = {{"listen", &listen, slot<&Standalone::listen>, true}};
inline constexpr WayOption challenge_type{
    "--challenge-type", Takes::challenge_type, "TYPE",
    "the challenge type of --challenge-hook (default: the first that the program accepts)"};

inline constexpr Setting alpn[] = {{"listen", &listen, slot<&Alpn::listen>, true}};
inline constexpr Setting program[] = {{"program", nullptr, slot<&Program::path>, true},
                                      {"type", &challenge_type, slot<&Program::type>, true}};
inline constexpr Setting dns[] = {
    {"provider", nullptr, slot<&Dns::provider>, true},
    {"credentials", &credentials, slot<&Dns::credentials>},
    {"propagation", &propagation, slot<&Dns::propagation>, true},
    {"per_account", &dns_account, slot<&Dns::is_per_account>, true},
    {"resolver", &resolver, slot<&Dns::resolvers>},
    {"zone", &zone, slot<&Dns::zone>},
    {"keep_settings", &no_save, slot<&Dns::keep_settings>},
    {"provider_env", &provider_env, slot<&Dns::provider_env>},
    {"aliases", &alias, slot<&Dns::aliases>},
};
inline constexpr Setting dns_persist[] = {{"resolver", &resolver, slot<&DnsPersist::resolvers>}};

}  // namespace row

inline constexpr Method methods[] = {
    {.name = "webroot",
     .option = {"-w,--webroot", Takes::folder, "DIR", "http-01: files in DIR/.well-known/acme-challenge",
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::webroot,
     .make = make<Webroot>},
    {.name = "challenge-dir",
     .option = {"--challenge-dir", Takes::folder, "DIR",
                "http-01: put files into DIR, which the server serves as /.well-known/acme-challenge", true,
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::challenge_dir,
     .make = make<ChallengeDir>},
    {.name = "nginx",
     .option = {"--nginx", Takes::nothing, nullptr, "http-01: by nginx, which gets the certificate, too",
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::nginx,
     .make = make<Nginx>},
    {.name = "apache",
     .option = {"--apache", Takes::nothing, nullptr, "http-01: by Apache, which gets the certificate, too",
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::apache,
     .make = make<Apache>},
    {.name = "standalone",
     .option = {"--standalone", Takes::nothing, nullptr, "http-01: run a web server while the CA validates",
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::standalone,
     .make = make<Standalone>},
    {.name = "stateless",
     .option = {"--stateless", Takes::nothing, nullptr,
                "http-01: the web server answers with the account's thumbprint, see 'certo thumbprint'", true,
                true},
     .types = row::http_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = {},
     .make = make<Stateless>},
    {.name = "alpn",
     .option = {"--alpn", Takes::nothing, nullptr, "tls-alpn-01: certo answers on port 443", true},
     .types = row::tls_alpn_01,
     .proves_wildcards = false,
     .proves_addresses = true,
     .settings = row::alpn,
     .make = make<Alpn>},
    {.name = "dns",
     .option = {"--dns", Takes::provider, "PROVIDER",
                "dns-01: see 'certo providers'; auto recognizes it; or exec:/path/to/program", true},
     .types = row::dns_01,
     .proves_wildcards = true,
     .proves_addresses = false,
     .settings = row::dns,
     .make = make<Dns>},
    {.name = "challenge-hook",
     .option = {"--challenge-hook", Takes::program, "PROGRAM",
                "any type: PROGRAM fulfils the challenge, with the words of uacme's hooks", true, true},
     .types = {},
     .proves_wildcards = true,
     .proves_addresses = true,
     .settings = row::program,
     .make = make<Program>},
    {.name = "dns-persist",
     .option = {"--dns-persist", Takes::nothing, nullptr,
                "dns-persist-01: by a TXT record that stays, see 'certo persist'; no credentials", true,
                true},
     .types = row::dns_persist_01,
     .proves_wildcards = true,
     .proves_addresses = false,
     .settings = row::dns_persist,
     .make = make<DnsPersist>},
};
static_assert(std::size(methods) == std::variant_size_v<Way>);

const Method& method_of(const Way& way);
const Method* find_method(std::string_view name);  // nullptr: there is none

/// The challenge types of a way, best first: those of its method, unless a setting chooses another one.
std::span<const std::string_view> types_of(const Way& way);

bool can_prove(const Method& method, const crypto::Identifier& identifier);
/// The options of the usual methods that can prove all of `identifiers`: "--webroot DIR, --nginx,
/// --standalone,
/// --alpn or --dns PROVIDER".
std::string options_for(const std::vector<crypto::Identifier>& identifiers);

/// Calls `act` with each setting of `way` and its place.
template <typename Act>
void each_setting(Way& way, const Act& act) {
  for (const Setting& setting : method_of(way).settings)
    std::visit([&](auto* value) { act(setting, *value); }, setting.slot(way));
}

/// Where the files of http-01 are put: the webroot or the challenge folder; "" for other methods.
std::string served_folder(const Way& way);

/// For a person: the method and the settings that are shown, "standalone :8080".
std::string describe(const Way& way);

Json to_json(const Way& way);
/// Sets the members of `way` in `json`, which may have others.
void write_way(Json& json, const Way& way);
/// `others`: members of `json` that do not belong to the way. A setting of another method is ignored with a
/// warning. Throws Error{bad_input} for an unknown method or member, and for a bad value.
Way parse_way(const Json& json, const std::string& subject, const std::vector<std::string>& others = {});

}  // namespace certo::store
