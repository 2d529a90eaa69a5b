#include "store/request.h"

#include <algorithm>
#include <utility>

#include "crypto/csr.h"
#include "crypto/hash.h"
#include "net/idn.h"
#include "store/format.h"
#include "store/lifetime.h"

namespace certo::store {

namespace {

constexpr const char* format = "request/1";

// Members that are plain text, in the order in which they are written; an empty one is left out.
constexpr std::pair<const char*, std::string Request::*> texts[] = {
    {"csr", &Request::csr},
    {"profile", &Request::profile},
    {"preferred_profile", &Request::preferred_profile},
    {"preferred_chain", &Request::preferred_chain},
    {"renew_before", &Request::renew_before},
    {"not_before", &Request::not_before},
    {"not_after", &Request::not_after},
    {"ca_bundle", &Request::ca_bundle},
    {"account_key", &Request::account_key},
};

// Members that are true or left out.
constexpr std::pair<const char*, bool Request::*> switches[] = {
    {"reuse_key", &Request::reuse_key},
    {"must_staple", &Request::must_staple},
    {"allow_subset", &Request::allow_subset},
    {"deactivate_authorizations", &Request::deactivate_authorizations},
};

std::vector<std::string> known_members() {
  std::vector<std::string> known = {"certo",     "identifiers", "key_type", "directory",
                                    "fallbacks", "account",     "way",      "ways"};
  for (const auto& [key, member] : texts) known.emplace_back(key);
  for (const auto& [key, member] : switches) known.emplace_back(key);
  return known;
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

Json list_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push(text);
  return json;
}

Json names_json(const std::vector<crypto::Identifier>& identifiers) {
  Json json = Json::array();
  for (const crypto::Identifier& identifier : identifiers) json.push(identifier.value);
  return json;
}

/// The members of a way, and before them the names that are proven by it.
OtherWay read_other_way(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  Way way = parse_way(json, subject, {"identifiers"});
  return {read_identifiers(fields), std::move(way)};
}

/// Throws for a name that the certificate is not for, or that is proven another way already.
void check_other_way(const OtherWay& other, const Request& request, const std::string& subject) {
  for (const crypto::Identifier& identifier : other.identifiers) {
    const auto claims = [&](const OtherWay& one) { return names(one, identifier); };
    if (std::ranges::find(request.identifiers, identifier) == request.identifiers.end())
      throw Error(Exit::bad_input, subject + ": " + identifier.value + " is not in \"identifiers\"",
                  "add it there, or remove it here");
    if (std::ranges::any_of(request.ways.others, claims))
      throw Error(Exit::bad_input, subject + ": " + identifier.value + " is there twice",
                  "a name is proven in one way only");
  }
}

/// The type of the key, or the CSR of a key that certo does not have.
void read_key(const Fields& fields, Request& request) {
  if (request.csr.empty()) {
    request.key_type =
        read_member(fields, "key_type", [&] { return crypto::key_type(fields.string("key_type")); });
    return;
  }
  const crypto::Csr csr = crypto::parse_csr_pem(request.csr, fields.subject() + ": \"csr\"");
  if (!crypto::same_set(csr.identifiers, request.identifiers))
    throw Error(Exit::bad_input, fields.subject() + ": \"csr\" is for other names than \"identifiers\"",
                "to use another CSR: 'certo issue --csr FILE'");
}

void check_dates(const Fields& fields, const Request& request) {
  if (!request.renew_before.empty())
    read_member(fields, "renew_before", [&] { return parse_renew_before(request.renew_before); });
  for (const char* key : {"not_before", "not_after"}) {
    const std::string text = fields.optional_string(key).value_or("");
    if (!text.empty()) read_member(fields, key, [&] { return parse_date(text, now()); });
  }
}

/// What only counts for renewals.
void copy_renewal(const Request& from, Request& to) {
  to.renew_before = from.renew_before;
  to.reuse_key = from.reuse_key;
  to.allow_subset = from.allow_subset;
  to.fallbacks = from.fallbacks;
  to.deactivate_authorizations = from.deactivate_authorizations;
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

const Way& Ways::of(const crypto::Identifier& identifier) const {
  const auto other =
      std::ranges::find_if(others, [&](const OtherWay& one) { return names(one, identifier); });
  return other == others.end() ? usual : other->way;
}

std::vector<const Way*> Ways::all() const {
  std::vector<const Way*> all;
  for (const OtherWay& other : others) all.push_back(&other.way);
  all.push_back(&usual);
  return all;
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
  if (!request.fallbacks.empty()) json.set("fallbacks", list_json(request.fallbacks));
  json.set("account", request.account);
  for (const auto& [key, member] : texts)
    if (!(request.*member).empty()) json.set(key, request.*member);
  for (const auto& [key, member] : switches)
    if (request.*member) json.set(key, true);
  json.set("way", to_json(request.ways.usual));
  if (!request.ways.others.empty()) json.set("ways", to_json(request.ways.others));
  return json;
}

std::vector<std::string> directories(const Request& request) {
  std::vector<std::string> all = {request.directory};
  all.insert(all.end(), request.fallbacks.begin(), request.fallbacks.end());
  return all;
}

bool asks_for_same(const Request& a, const Request& b) {
  Request other = a;
  other.ways = b.ways;
  other.ca_bundle = b.ca_bundle;
  other.account = b.account;
  other.account_key = b.account_key;
  copy_renewal(b, other);
  return other == b;
}

std::string digest(const Request& request) {
  Request asked = request;
  copy_renewal({}, asked);
  return hex(crypto::sha256(to_json(to_json(asked)))).substr(0, 32);
}

Request parse_request(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  require_format(json, format, subject);
  require_known_members(json, known_members(), subject);

  const Fields fields(json, subject, Exit::bad_input);
  Request request;
  request.identifiers = read_identifiers(fields);
  request.directory = fields.string("directory");
  request.fallbacks = fields.strings("fallbacks");
  request.account = fields.optional_string("account").value_or("default");
  for (const auto& [key, member] : texts) request.*member = fields.optional_string(key).value_or("");
  for (const auto& [key, member] : switches) request.*member = fields.boolean(key, false);
  read_key(fields, request);
  check_dates(fields, request);
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
