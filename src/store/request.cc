#include "store/request.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/csr.h"
#include "crypto/hash.h"
#include "net/idn.h"
#include "store/format.h"

namespace certo::store {

namespace {

constexpr const char* format = "request/1";

template <typename Owner>
using Text = std::pair<const char*, std::string Owner::*>;

// Members that are plain text, in the order in which they are written; an empty one is left out.
constexpr std::array way_texts = {
    Text<Way>{"webroot", &Way::webroot},
    Text<Way>{"listen", &Way::listen},
    Text<Way>{"provider", &Way::provider},
    Text<Way>{"credentials", &Way::credentials},
    Text<Way>{"propagation", &Way::propagation},
    Text<Way>{"resolver", &Way::resolver},
    Text<Way>{"zone", &Way::zone},
};
constexpr std::array request_texts = {
    Text<Request>{"csr", &Request::csr},
    Text<Request>{"profile", &Request::profile},
    Text<Request>{"preferred_chain", &Request::preferred_chain},
    Text<Request>{"ca_bundle", &Request::ca_bundle},
    Text<Request>{"account_key", &Request::account_key},
};

template <typename Owner, size_t count>
void write_texts(Json& json, const Owner& owner, const std::array<Text<Owner>, count>& texts) {
  for (const auto& [key, member] : texts)
    if (!(owner.*member).empty()) json.set(key, owner.*member);
}

template <typename Owner, size_t count>
void read_texts(const Fields& fields, Owner& owner, const std::array<Text<Owner>, count>& texts) {
  for (const auto& [key, member] : texts) owner.*member = fields.optional_string(key).value_or("");
}

template <typename Owner, size_t count>
std::vector<std::string> names_of(const std::array<Text<Owner>, count>& texts,
                                  std::vector<std::string> others) {
  for (const auto& [key, member] : texts) others.push_back(key);
  return others;
}

Json strings_json(const std::vector<std::string>& strings) {
  Json json = Json::array();
  for (const std::string& string : strings) json.push(string);
  return json;
}

std::map<std::string, std::string> read_aliases(const Fields& way) {
  std::map<std::string, std::string> aliases;
  const Json* json = way.optional_object("aliases");
  if (!json) return aliases;
  const Fields fields(*json, way.subject() + ": \"aliases\"", Exit::bad_input);
  for (const auto& [name, target] : json->members()) aliases[name] = fields.string(name);
  return aliases;
}

/// What is wrong use on the command line is a bad member in a file.
template <typename Read>
auto read_member(const Fields& fields, const char* key, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(Exit::bad_input, fields.subject() + ": \"" + key + "\": " + error.message, error.hint);
  }
}

std::vector<crypto::Identifier> read_identifiers(const Fields& fields) {
  std::vector<std::string> names = fields.strings("identifiers");
  if (names.empty()) throw Error(Exit::bad_input, fields.subject() + ": \"identifiers\" names nothing");
  return read_member(fields, "identifiers", [&] {
    for (std::string& name : names) name = net::to_ascii(name);
    return crypto::identifiers(names);
  });
}

bool names(const OtherWay& other, const crypto::Identifier& identifier) {
  return std::ranges::find(other.identifiers, identifier) != other.identifiers.end();
}

Json names_json(const std::vector<crypto::Identifier>& identifiers) {
  Json json = Json::array();
  for (const crypto::Identifier& identifier : identifiers) json.push(identifier.value);
  return json;
}

void write_way(Json& json, const Way& way) {
  json.set("method", way.method);
  write_texts(json, way, way_texts);
  if (!way.keep_settings) json.set("keep_settings", false);
  if (!way.provider_env.empty()) json.set("provider_env", strings_json(way.provider_env));
  if (!way.aliases.empty()) {
    Json aliases = Json::object();
    for (const auto& [name, target] : way.aliases) aliases.set(name, target);
    json.set("aliases", std::move(aliases));
  }
}

Way read_way(const Fields& fields) {
  Way way;
  way.method = fields.string("method");
  read_texts(fields, way, way_texts);
  way.keep_settings = fields.boolean("keep_settings", true);
  way.provider_env = fields.strings("provider_env");
  way.aliases = read_aliases(fields);
  return way;
}

/// The members of a way, and before them the names that go it.
OtherWay read_other_way(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  require_known_members(
      json, names_of(way_texts, {"identifiers", "method", "provider_env", "keep_settings", "aliases"}),
      subject);
  return {read_identifiers(fields), read_way(fields)};
}

/// Throws for a name that the certificate is not for, or that goes another way already.
void check_other_way(const OtherWay& other, const Request& request, const std::string& subject) {
  for (const crypto::Identifier& identifier : other.identifiers) {
    const auto claims = [&](const OtherWay& one) { return names(one, identifier); };
    if (std::ranges::find(request.identifiers, identifier) == request.identifiers.end())
      throw Error(Exit::bad_input, subject + ": " + identifier.value + " is not in \"identifiers\"",
                  "add it there, or take it out here");
    if (std::ranges::any_of(request.ways.others, claims))
      throw Error(Exit::bad_input, subject + ": " + identifier.value + " is there twice",
                  "a name is proven one way");
  }
}

/// The type of the key, or the CSR of one that is elsewhere.
void read_key(const Fields& fields, Request& request) {
  if (request.csr.empty()) {
    request.key_type =
        read_member(fields, "key_type", [&] { return crypto::key_type(fields.string("key_type")); });
    return;
  }
  const crypto::Csr csr = crypto::parse_csr_pem(request.csr, fields.subject() + ": \"csr\"");
  if (!crypto::same_set(csr.identifiers, request.identifiers))
    throw Error(Exit::bad_input, fields.subject() + ": \"csr\" is for other names than \"identifiers\"",
                "'certo issue --csr FILE' takes another one");
}

Json to_json(const std::vector<OtherWay>& others) {
  Json list = Json::array();
  for (const OtherWay& other : others) {
    Json json = Json::object();
    json.set("identifiers", names_json(other.identifiers));
    write_way(json, other.way);
    list.push(std::move(json));
  }
  return list;
}

}  // namespace

Json to_json(const Way& way) {
  Json json = Json::object();
  write_way(json, way);
  return json;
}

Way parse_way(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  require_known_members(json, names_of(way_texts, {"method", "provider_env", "keep_settings", "aliases"}),
                        subject);
  return read_way(fields);
}

const Way& Ways::of(const crypto::Identifier& identifier) const {
  const auto other =
      std::ranges::find_if(others, [&](const OtherWay& one) { return names(one, identifier); });
  return other == others.end() ? usual : other->way;
}

void Ways::restrict_to(const std::vector<crypto::Identifier>& identifiers) {
  const auto is_gone = [&](const crypto::Identifier& one) {
    return std::ranges::find(identifiers, one) == identifiers.end();
  };
  for (OtherWay& other : others) std::erase_if(other.identifiers, is_gone);
  std::erase_if(others, [](const OtherWay& other) { return other.identifiers.empty(); });
  const auto goes_usual = [&](const crypto::Identifier& one) { return &of(one) == &usual; };
  if (others.empty() || std::ranges::any_of(identifiers, goes_usual)) return;
  usual = std::move(others.back().way);
  others.pop_back();
}

Json to_json(const Request& request) {
  Json json = new_file(format);
  json.set("identifiers", names_json(request.identifiers));
  if (request.csr.empty()) json.set("key_type", crypto::name(request.key_type));
  json.set("directory", request.directory);
  json.set("account", request.account);
  write_texts(json, request, request_texts);
  json.set("way", to_json(request.ways.usual));
  if (!request.ways.others.empty()) json.set("ways", to_json(request.ways.others));
  return json;
}

std::string digest(const Request& request) {
  return hex(crypto::sha256(to_json(to_json(request)))).substr(0, 32);
}

Request parse_request(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  require_format(json, format, subject);
  require_known_members(
      json,
      names_of(request_texts, {"certo", "identifiers", "key_type", "directory", "account", "way", "ways"}),
      subject);

  const Fields fields(json, subject, Exit::bad_input);
  Request request;
  request.identifiers = read_identifiers(fields);
  request.directory = fields.string("directory");
  request.account = fields.optional_string("account").value_or("default");
  read_texts(fields, request, request_texts);
  read_key(fields, request);
  const Json* way = fields.optional_object("way");
  if (!way) throw Error(Exit::bad_input, subject + ": \"way\" is missing");
  request.ways.usual = parse_way(*way, subject + ": \"way\"");
  const std::string others = subject + ": \"ways\"";
  const Json::Array* items = fields.optional_array("ways");
  if (!items) return request;
  for (const Json& item : *items) {
    OtherWay other = read_other_way(item, others);
    check_other_way(other, request, others);
    request.ways.others.push_back(std::move(other));
  }
  return request;
}

}  // namespace certo::store
