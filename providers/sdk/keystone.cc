#include "sdk/keystone.h"

#include <algorithm>

namespace certo::sdk {
namespace {

bool is_header_text(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string string_in(const Json& object, std::string_view key) {
  const Json* const found = object.find(key);
  return found && found->is_string() ? found->string() : "";
}

const Json& member(const Json& object, std::string_view key) {
  static const Json none;
  const Json* const found = object.find(key);
  return found ? *found : none;
}

Reply sent(const Host& host, const std::string& url, Json auth) {
  Json body = Json::object();
  body.set("auth", std::move(auth));
  Reply reply = host.raw_http({.method = "POST",
                               .url = url,
                               .headers = {"Content-Type: application/json", "Accept: application/json"},
                               .body = to_json(body),
                               .reads = true});
  if (reply.ok()) return reply;
  const std::string words = openstack_words(reply);
  throw_if_refused(reply, words);
  throw Failure{CERTO_CONFIG, "the login is refused: " + reply.subject + " answered " +
                                  std::to_string(reply.status) + (words.empty() ? "" : ": " + words)};
}

Keystone checked(const Reply& reply, std::string token, const Json& catalog) {
  if (!is_header_text(token)) throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a token"};
  return {std::move(token), catalog};
}

bool is_in(const Json& endpoint, const std::string& region) {
  return region.empty() || string_in(endpoint, "region") == region ||
         string_in(endpoint, "region_id") == region;
}

}  // namespace

Json keystone_password(Json user) {
  Json password = Json::object();
  password.set("user", std::move(user));
  return Json::Object{{"methods", Json::Array{"password"}}, {"password", std::move(password)}};
}

Keystone keystone_login(const Host& host, const std::string& url, Json identity, Json scope) {
  Json auth = Json::object();
  auth.set("identity", std::move(identity));
  if (!scope.is_null()) auth.set("scope", std::move(scope));
  const Reply reply = sent(host, url, std::move(auth));
  return checked(reply, reply.header("x-subject-token"), member(member(reply.json(), "token"), "catalog"));
}

Keystone keystone_v2_login(const Host& host, const std::string& url, Json auth) {
  const Reply reply = sent(host, url, std::move(auth));
  const Json json = reply.json();
  const Json& access = member(json, "access");
  return checked(reply, string_in(member(access, "token"), "id"), member(access, "serviceCatalog"));
}

std::string keystone_endpoint(const Keystone& keystone, const std::string& type, const std::string& region) {
  if (keystone.catalog.is_array()) {
    for (const Json& service : keystone.catalog.items()) {
      const Json& endpoints = member(service, "endpoints");
      if (string_in(service, "type") != type || !endpoints.is_array()) continue;
      for (const Json& endpoint : endpoints.items()) {
        const std::string interface = string_in(endpoint, "interface");
        std::string url = string_in(endpoint, "url");
        while (url.ends_with('/')) url.pop_back();
        if ((interface.empty() || interface == "public") && is_in(endpoint, region) && !url.empty())
          return url;
      }
    }
  }
  throw Failure{CERTO_CONFIG, "the cloud's catalog has no service of the type " + type +
                                  (region.empty() ? "" : " in the region " + region)};
}

std::string openstack_words(const Reply& reply) {
  try {
    const Json json = reply.json();
    const std::string words = string_in(member(json, "error"), "message");
    return words.empty() ? string_in(json, "message") : words;
  } catch (const Failure&) {
    return "";
  }
}

void require_openstack(const Reply& reply, int allowed) {
  if (reply.ok() || reply.status == allowed) return;
  const std::string words = openstack_words(reply);
  throw_if_refused(reply, words);
  throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                  (words.empty() ? "" : ": " + words)};
}

}  // namespace certo::sdk
