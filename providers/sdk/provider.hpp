// The same in C++: two functions and one description. providers/README.md shows how to write a provider.
//
// It uses certo's own JSON, base/json.h, which never crosses the line of provider.h: a provider that is built
// as a .so has its own copy.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "sdk/provider.h"

namespace certo::sdk {

using Record = certo_record;
using Records = std::span<const certo_record>;

/// Thrown inside a provider only; `guarded` turns it into a status and its reason.
struct Failure {
  certo_status status;
  std::string why;  // one line, no full stop, no secret
};

struct Reply {
  int status = 0;
  std::string body;
  std::string subject;                 // "GET https://api.example/v1/zones", for messages; without query
  std::vector<std::string> headers{};  // "name: value", names in lower case

  bool ok() const { return status >= 200 && status < 300; }
  /// Throws Failure{unreachable} if the body is not JSON: a service in good order would not send that.
  Json json() const;
  /// "" if there is none. `name` in lower case.
  std::string header(std::string_view name) const;
};

struct Request {
  std::string method, url;
  std::vector<std::string> headers{};  // "Name: value"
  std::string body{};
  bool reads = false;  // it changes no record, although its method is neither GET nor HEAD
};

class Host {
 public:
  explicit Host(const certo_host& raw) : raw_(raw) {}

  std::optional<std::string> setting(const char* name) const;  // an empty one counts as unset
  std::string require(const char* name) const;                 // Failure{config}
  std::string base_url() const;                                // without a slash at the end

  /// Throws Failure for what is the same with every service: no reply or 5xx {unreachable}, 401 and 403
  /// {config}, 429 {later}. The caller judges every other reply.
  Reply http(const Request& request) const;
  /// The reply whatever its status is.
  Reply raw_http(const Request& request) const;

  /// "md5", "sha1", "sha256", …; throws Failure{config} for a name that certo does not know.
  Bytes hash(const char* algorithm, std::string_view data) const;
  Bytes hmac(const char* algorithm, std::span<const uint8_t> key, std::string_view data) const;
  std::string base64(std::string_view data) const;
  /// RS256 or ES256 (RFC 7518) with a private key in PEM. Throws Failure{config} for another key.
  Bytes sign(const std::string& private_key, std::string_view data) const;
  /// "RS512", "PS256", … with an RSA key in PEM. Throws Failure{config} for another key.
  Bytes sign_by(const char* algorithm, const std::string& private_key, std::string_view data) const;
  /// A version 4 UUID (RFC 9562) of random numbers, for what must not be sent twice.
  std::string uuid() const;
  Time now() const;
  int64_t now_ms() const;  // milliseconds since 1970

  /// The type of all records of this call: "TXT", or one of the provider's `types`.
  std::string type() const;

  /// The zone that the user named, or else the zone of `name` by its SOA record. Failure{no_zone}.
  std::string zone(const std::string& name) const;
  /// One DNS message over TCP. Throws Failure{unreachable} or {config}.
  Bytes dns(const std::string& server, const Bytes& message) const;

 private:
  const certo_host& raw_;
};

std::string bearer(const std::string& token);  // "Authorization: Bearer …"
std::string basic(const Host&, const std::string& user, const std::string& password);
std::string escaped(std::string_view text);  // for a query or a path: %XX

/// Throws what Host::http throws for `reply`, with the service's own words `why`, which may be empty.
void throw_if_refused(const Reply& reply, const std::string& why);

/// "_acme-challenge.a.example.com" gives itself, "a.example.com", "example.com": from the longest on, without
/// the top-level domain. If the user named a zone, that is the only one; Failure{config} if the name is not
/// in it.
std::vector<std::string> zone_candidates(const Host& host, const std::string& name);

/// The zone of `name` by its SOA record, if that is a candidate; "" if the user named a zone, or DNS tells
/// none.
std::string told_zone(const Host& host, const std::string& name);

/// Thrown by a look-up: the credentials do not permit to see the candidate. Another candidate may be
/// permitted.
struct Hidden {
  std::string why;
};

/// The zone of a name, as what `look_up` returns for it: the zone that DNS tells, if the account has it,
/// which is one request for all names of a zone. Otherwise (the account has a private zone, or another part)
/// the first candidate that `look_up` knows. Remembers every answer. Throws Failure{no_zone}, or {config} if
/// some were hidden.
template <typename Zone>
class ZoneFinder {
 public:
  using LookUp = std::function<std::optional<Zone>(const std::string& candidate)>;

  ZoneFinder(const Host& host, LookUp look_up) : host_(host), look_up_(std::move(look_up)) {}

  const Zone& find(const std::string& name) {
    if (const std::string told = told_zone(host_, name); !told.empty())
      if (const std::optional<Zone>& zone = at(told)) return *zone;
    for (const std::string& candidate : zone_candidates(host_, name))
      if (const std::optional<Zone>& zone = at(candidate)) return *zone;
    if (hidden_.empty()) throw Failure{CERTO_NO_ZONE, "there is no zone for " + name + " in this account"};
    throw Failure{CERTO_CONFIG, "the credentials show no zone for " + name + ": " + hidden_};
  }

 private:
  const std::optional<Zone>& at(const std::string& candidate) {
    const auto known = known_.find(candidate);
    return known != known_.end() ? known->second : known_.emplace(candidate, ask(candidate)).first->second;
  }

  std::optional<Zone> ask(const std::string& candidate) {
    try {
      return look_up_(candidate);
    } catch (const Hidden& hidden) {
      hidden_ = hidden.why;
      return std::nullopt;
    }
  }

  const Host& host_;
  LookUp look_up_;
  std::map<std::string, std::optional<Zone>> known_;
  std::string hidden_;  // the last that was; ""
};

/// "www.example.com" is in "example.com", and so is "example.com".
bool lies_in(std::string_view name, std::string_view zone);

enum class Change { add, remove };

/// The values of one name after the change, each of them once. Values of others keep their places.
std::vector<std::string> merged(std::vector<std::string> values, const std::vector<std::string>& ours,
                                Change change);

/// The values to change, by name: an RRset is one name's.
std::map<std::string, std::vector<std::string>> by_name(Records records);

/// '"' around it, as zone files have it; around each part of 255 bytes, if there are several.
std::string quoted(std::string_view value);

/// For services that replace a name's whole RRset: reads the values of each name, adds or removes ours, and
/// writes the result if it differs; an empty list means that the RRset is removed. Values are without quotes.
using ReadValues = std::function<std::vector<std::string>(const std::string& name)>;
using WriteValues = std::function<void(const std::string& name, const std::vector<std::string>& values)>;
void edit_rrsets(Records records, Change change, const ReadValues& read, const WriteValues& write);

using Work = void (*)(const Host&, Records);

/// Runs `work` so that no exception leaves it.
int guarded(const std::function<void(const Host&, Records)>& work, const certo_host* host,
            const certo_record* records, size_t count) noexcept;

template <Work work>
int entry(const certo_host* host, const certo_record* records, size_t count) noexcept {
  return guarded(work, host, records, count);
}

/// What differs from one provider to the next; the members are those of certo_provider.
struct Description {
  const char* name;
  const char* aliases = "";
  const char* title;
  const char* base_url = "";
  uint32_t propagation = 120;
  uint32_t traits = 0;
  std::initializer_list<certo_setting> settings;
  const char* types = "";
  const char* name_servers = "";
  const char* rights = "";
  const char* source = "";
};

constexpr certo_provider descriptor(const Description& about, certo_change* present, certo_change* cleanup) {
  return {.abi = CERTO_PROVIDER_ABI,
          .size = sizeof(certo_provider),
          .name = about.name,
          .aliases = about.aliases,
          .title = about.title,
          .base_url = about.base_url,
          .settings = about.settings.begin(),
          .setting_count = about.settings.size(),
          .propagation = about.propagation,
          .traits = about.traits,
          .present = present,
          .cleanup = cleanup,
          .types = about.types,
          .name_servers = about.name_servers,
          .rights = about.rights,
          .source = about.source};
}

}  // namespace certo::sdk

// certo_provider_v1 in a .so; certo_builtin_NAME if the Makefile compiles with -DCERTO_BUILTIN=NAME.
#ifdef CERTO_BUILTIN
#define CERTO_JOIN_(a, b) a##b
#define CERTO_JOIN(a, b) CERTO_JOIN_(a, b)
#define CERTO_ENTRY CERTO_JOIN(certo_builtin_, CERTO_BUILTIN)
extern "C" const certo_provider* CERTO_ENTRY();
#else
#define CERTO_ENTRY certo_provider_v1
#endif

// The end of a provider's file: what it is, and the table of its settings. It runs the functions `present`
// and `cleanup` of the file.
//
//   CERTO_PROVIDER(.name = "example", .title = "Example DNS", .base_url = "https://api.example/v1",
//                  .settings = {{"EXAMPLE_TOKEN", "", "an API token: https://example.com/account/tokens",
//                  1}})
#define CERTO_PROVIDER(...)                                                                              \
  static constexpr certo::sdk::Description certo_description{__VA_ARGS__};                               \
  static constexpr certo_provider certo_descriptor =                                                     \
      certo::sdk::descriptor(certo_description, certo::sdk::entry<present>, certo::sdk::entry<cleanup>); \
  extern "C" const certo_provider* CERTO_ENTRY() { return &certo_descriptor; }
