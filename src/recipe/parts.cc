#include "recipe/parts.h"

#include <algorithm>

#include "base/text.h"

namespace certo::recipe {
namespace {

std::string listed(const Names& names) {
  return names.empty() ? "none" : "{" + join({names.begin(), names.end()}, "}, {") + "}";
}

}  // namespace

bool is_own_placeholder(const std::string& name) {
  static const Names ours = {"name",       "fqdn",        "sub",    "zone",   "zone_id",
                             "zone_label", "zone_suffix", "value",  "quoted", "ttl",
                             "ttl_text",   "id",          "values", "type",   "records"};
  return ours.contains(name);
}

bool Parts::is_reserved(const std::string& name) const {
  return settings.contains(name) || is_own_placeholder(name) || computed.contains(name);
}

Names Parts::known_after(Computed::From last, Names names) const {
  for (const auto& [name, from] : computed) {
    if (from <= last) names.insert(name);
  }
  return names;
}

std::pair<std::string, std::string> Parts::text_body(const Node& node, const Names& names) {
  const auto members = node.members();
  if (members.size() != 1) node.fail("not one content type and its text", "{\"text/plain\": \"{value}\"}");
  const auto& [type, text] = members.front();
  const size_t slash = type.find('/');
  if (slash == 0 || slash == type.npos || type.find_first_of("{}\r\n") != type.npos)
    text.fail("its name is not a content type", "for example \"text/plain\" or \"application/xml\"");
  std::string body;
  const Names used_here = used_by([&] { body = filled(text, names); });
  if (has_one(used_here, {"values", "records"})) text.fail("a list cannot be a part of a text");
  return {type, std::move(body)};
}

Computed Parts::computation(const Node& node, const Names& names) {
  const auto hmac = node.find("hmac");
  if (hmac) {
    node.require_known({"hmac", "key", "text", "as"});
  } else {
    node.require_known({"hash", "text", "as"});
  }
  Computed made;
  if (const auto algorithm = hmac ? hmac : node.find("hash")) {
    made.algorithm = algorithm->text();
    const std::vector<std::string> known = {"sha1", "sha256", "sha512"};
    if (std::ranges::find(known, made.algorithm) == known.end())
      algorithm->fail("'" + made.algorithm + "' is not a hash function", "use " + join(known, ", "));
  }
  if (hmac) made.key = filled(node.at("key"), names);
  const Names needed = used_by([&] {
    made.text = filled(node.at("text"), names + Names{"method", "path", "body", "query"});
  });
  if (has_one(needed, {"method", "path"})) made.from = Computed::From::target;
  if (needed.contains("body")) made.from = Computed::From::body;
  if (needed.contains("query")) made.from = Computed::From::query;
  for (const std::string& name : needed) {
    const auto earlier = computed.find(name);
    if (earlier != computed.end()) made.from = std::max(made.from, earlier->second);
  }
  if (const auto as = node.find("as")) {
    made.is_base64 = as->text() == "base64";
    if (!made.is_base64 && as->text() != "hex")
      as->fail("'" + as->text() + "' is not a form of a hash", "use hex or base64");
  }
  return made;
}

Ask Parts::ask(const Node& node, const Names& names) {
  node.require_known({"method", "url", "headers", "query", "form", "json", "success"},
                     {"reply", "basic", "body"});
  Ask ask;
  if (const auto method = node.find("method")) ask.method = method->text();
  const std::vector<std::string> methods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (std::ranges::find(methods, ask.method) == methods.end())
    node.at("method").fail("'" + ask.method + "' is not a method", "use " + join(methods, ", "));
  const Node url = node.at("url");
  ask.url = filled(url, known_after(Computed::From::moment, names));
  if (!ask.url.starts_with('/') && !ask.url.starts_with("https://"))
    url.fail("begins with neither '/' nor \"https://\"", "it is appended to base_url");
  if (ask.url.find('?') != ask.url.npos) url.fail("contains a query", "put it into \"query\"");
  const std::string host = ask.url.substr(0, ask.url.find('/', std::string("https://").size()));
  const auto in_host = placeholders(ask.url.starts_with('/') ? "" : host);
  for (const std::string& name : *in_host) {
    if (!settings.contains(name))
      url.fail("{" + name + "} in the host", "only a setting may choose the host that gets the credentials");
  }
  const Names in_body = known_after(Computed::From::target, names);
  const Names in_headers = known_after(Computed::From::query, names);
  if (const auto headers = node.find("headers")) ask.headers = pairs(*headers, in_headers);
  if (const auto query = node.find("query"))
    ask.query = pairs(*query, known_after(Computed::From::body, names));
  if (const auto form = node.find("form")) ask.form = pairs(*form, in_body);
  if (const auto json = node.find("json")) ask.json = body(*json, in_body);
  if (const auto text = node.find("body")) ask.text = text_body(*text, in_body);
  if (ask.json && !ask.form.empty())
    node.at("form").fail("a request has one body, and \"json\" is given already");
  if (ask.text && (ask.json || !ask.form.empty()))
    node.at("body").fail("a request has one body, and another one is given already");
  if (ask.method == "GET" && (ask.json || ask.text || !ask.form.empty()))
    node.fail("a GET request has no body");
  ask.success = signs(node, "success", {}, {});
  if (const auto reply = node.find("reply")) ask.reply = reply_form(*reply);
  if (const auto user = node.find("basic")) ask.basic = basic(*user, in_headers);
  return ask;
}

Paging Parts::paging(const Node& node) {
  using By = Paging::By;
  node.require_known({"page", "first", "pages", "size", "url", "cursor", "query"}, {"step", "link"});
  if (const auto page = node.find("page")) {
    node.require_known({"page", "first", "pages", "size"}, {"step"});
    return numbered(node, *page);
  }
  if (const auto url = node.find("url")) {
    node.require_known({"url"});
    return {By::url, "", pointer(*url, {})};
  }
  if (const auto link = node.find("link")) {
    node.require_known({"link"});
    if (link->text() != "next")
      link->fail("not \"next\"", "it is the relation in the Link header (RFC 8288)");
    return {By::link, "", ""};
  }
  node.require_known({"cursor", "query"});
  return {By::cursor, node.at("query").plain(), pointer(node.at("cursor"), {})};
}

Paging Parts::numbered(const Node& node, const Node& parameter) {
  Paging paging{Paging::By::page, parameter.plain(), ""};
  if (const auto first = node.find("first")) paging.first = first->integer();
  if (const auto step = node.find("step")) {
    paging.step = step->integer();
    if (paging.step < 1) step->fail("not positive");
  }
  if (const auto pages = node.find("pages")) paging.pointer = pointer(*pages, {});
  if (const auto size = node.find("size")) paging.size = size->integer();
  return paging;
}

std::string Parts::pointer(const Node& node, const Names& names) {
  const std::string pointer = node.pointer();
  if (node.version() < 2) return literal(pointer);
  require_placeholders(node, pointer, names);
  return pointer;
}

std::vector<std::string> Parts::pointers(const Node& list, const Names& names) {
  std::vector<std::string> pointers;
  for (const Node& one : list.items()) pointers.push_back(pointer(one, names));
  return pointers;
}

Matches Parts::matches(const Node& node, const Names& names) {
  Matches matches;
  for (const auto& [pointer, texts] : node.members()) {
    if (!pointer_steps(pointer)) texts.fail("its name is not a JSON pointer", "for example \"/name\"");
    matches.push_back(match(texts, key(texts, pointer, names), names));
  }
  return matches;
}

Match Parts::match(const Node& node, std::string pointer, const Names& names) {
  if (node.version() < 2 || !node.json().is_object()) {
    for (const std::string& text : node.texts()) require_placeholders(node, text, names);
    return {std::move(pointer), node.texts()};
  }
  node.require_known({"begins", "contains"});
  const auto begins = node.find("begins"), contains = node.find("contains");
  if (begins.has_value() == contains.has_value()) node.fail("needs one of \"begins\" and \"contains\"");
  const Node& list = begins ? *begins : *contains;
  for (const std::string& text : list.texts()) require_placeholders(list, text, names);
  return {std::move(pointer), list.texts(), begins ? Match::How::begins : Match::How::contains};
}

Signs Parts::signs(const Node& node, const char* key, std::vector<int> otherwise, const Names& names) {
  const auto list = node.find(key);
  if (!list) return {std::move(otherwise), {}};
  Signs signs;
  for (const Node& sign : list->items()) {
    if (sign.version() >= 2 && sign.json().is_object()) {
      signs.contents.push_back(matches(sign, names));
      continue;
    }
    if (sign.integer() < 100 || sign.integer() > 599) sign.fail("not an HTTP status");
    signs.statuses.push_back(static_cast<int>(sign.integer()));
  }
  return signs;
}

ReplyForm Parts::reply_form(const Node& node) {
  using Format = ReplyForm::Format;
  if (node.json().is_object()) {
    node.require_known({"text", "pair"});
    ReplyForm form{Format::text, node.at("text").texts()};
    const auto pair = node.find("pair");
    if (pair) form.pair = pair->text();
    if (std::ranges::count(form.separators, "") > 0 || (pair && form.pair.empty()))
      node.fail("a separator is empty");
    if (pair && form.separators.size() > 1) node.fail("pairs have one separator of lines");
    return form;
  }
  const std::string name = node.text();
  if (name == "xml") return {Format::xml};
  if (name == "text") return {Format::text};
  if (name != "json") node.fail("'" + name + "' is not a form of replies", "use json, xml or text");
  return {};
}

std::vector<Taken> Parts::taken(const Node& node, const Names& names) {
  std::vector<Taken> taken;
  for (const auto& [name, place] : node.members()) {
    if (place.version() < 2 || !place.json().is_object()) {
      taken.push_back({name, Taken::From::body, pointer(place, names)});
      continue;
    }
    place.require_known({"header", "cookie"});
    const auto header = place.find("header");
    const Node text = header ? *header : place.at("cookie");
    if (text.plain().empty()) text.fail("is empty");
    taken.push_back({name, header ? Taken::From::header : Taken::From::cookie,
                     header ? lower(text.plain()) : text.plain()});
  }
  return taken;
}

std::pair<std::string, std::string> Parts::basic(const Node& node, const Names& names) {
  const std::vector<Node> both = node.items();
  if (both.size() != 2) node.fail("not [user, password]");
  return {filled(both[0], names), filled(both[1], names)};
}

Pairs Parts::pairs(const Node& node, const Names& names) {
  Pairs pairs;
  for (const auto& [name, value] : node.members())
    pairs.emplace_back(key(value, name, names), filled(value, names));
  return pairs;
}

std::string Parts::key(const Node& node, const std::string& name, const Names& names) {
  if (node.version() < 2) return literal(name);
  require_placeholders(node, name, names);
  return name;
}

std::string Parts::filled(const Node& node, const Names& names) {
  require_placeholders(node, node.text(), names);
  return node.text();
}

Json Parts::body(const Node& node, const Names& names) {
  if (node.json().is_string()) return filled(node, names);
  if (node.json().is_array()) {
    Json::Array items;
    for (const Node& item : node.items()) items.push_back(body(item, names));
    return items;
  }
  if (node.json().is_object()) {
    Json::Object members;
    for (const auto& [name, member] : node.members())
      members.emplace_back(key(member, name, names), body(member, names));
    return members;
  }
  return node.json();
}

void Parts::require_placeholders(const Node& node, const std::string& text, const Names& names) {
  auto found = placeholders(text);
  if (node.version() < 2 && (text.find("{{") != text.npos || text.find("}}") != text.npos)) found.reset();
  if (!found)
    node.fail("a brace in the wrong place", "a placeholder is {name}, with letters, digits and '_'");
  for (const std::string& name : *found) {
    used.insert(name);
    if (names.contains(name)) continue;
    const std::string what = "{" + name + "} is not known here";
    if (settings.contains(name))
      node.fail(what,
                "the setting may be unset: give it \"group\": 0 and a \"default\", or use it in \"auth\"");
    if (computed.contains(name))
      node.fail(what,
                "requests know it after what it is computed from: "
                "first comes the path, then the body, the query and the headers");
    const auto meant = nearest(name, {names.begin(), names.end()});
    node.fail(what, meant ? "did you mean {" + *meant + "}?" : "known placeholders: " + listed(names));
  }
}

}  // namespace certo::recipe
