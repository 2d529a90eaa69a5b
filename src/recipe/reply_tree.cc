#include "recipe/reply_tree.h"

#include <algorithm>
#include <map>

#include "base/json_pointer.h"
#include "base/text.h"
#include "sdk/xml.h"

namespace certo::recipe {
namespace {

using sdk::Element;
using sdk::Failure;
using sdk::Reply;

// A tree takes many times the memory of its text.
constexpr size_t longest_text = 4 << 20;

Json tree_of_element(const Element& element) {
  std::string text(trim(element.text));
  if (element.attributes.empty() && element.children.empty()) return text;
  Json::Object members;
  for (const auto& [name, value] : element.attributes) members.emplace_back("@" + name, value);
  std::map<std::string, size_t> places;
  for (const Element& child : element.children) {
    const auto [place, is_new] = places.emplace(child.name, members.size());
    if (is_new) {
      members.emplace_back(child.name, tree_of_element(child));
      continue;
    }
    Json& first = members[place->second].second;
    if (!first.is_array()) first = Json::Array{std::move(first)};
    first.push(tree_of_element(child));
  }
  if (!text.empty()) members.emplace_back("#text", std::move(text));
  return members;
}

Json tree_of_xml(const Reply& reply) {
  const Element root = sdk::parse_xml(trim(reply.body), reply.subject);
  return Json::object().set(root.name, tree_of_element(root));
}

std::vector<std::string> parts_of(std::string_view text, const std::string& separator) {
  std::vector<std::string> parts;
  for (size_t at = text.find(separator); at != text.npos; at = text.find(separator)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  if (!text.empty() || parts.empty()) parts.emplace_back(text);
  if (separator != "\n") return parts;
  for (std::string& line : parts)
    if (line.ends_with('\r')) line.pop_back();
  std::erase(parts, "");
  return parts;
}

/// An array of parts, whose parts are arrays again; text if no separator is left.
Json tree_of_parts(const std::string& text, std::span<const std::string> separators) {
  if (separators.empty()) return text;
  Json::Array items;
  for (const std::string& part : parts_of(text, separators.front()))
    items.push_back(tree_of_parts(part, separators.subspan(1)));
  return items;
}

/// An object; a key that is repeated has an array.
Json tree_of_pairs(const std::string& text, const ReplyForm& form) {
  Json::Object members;
  std::map<std::string, size_t> places;
  for (const std::string& line : parts_of(text, form.separators.empty() ? "\n" : form.separators.front())) {
    const size_t at = line.find(form.pair);
    if (at == line.npos) continue;
    std::string key(trim(std::string_view(line).substr(0, at)));
    const std::string value(trim(std::string_view(line).substr(at + form.pair.size())));
    const auto [place, is_new] = places.emplace(key, members.size());
    if (is_new) {
      members.emplace_back(std::move(key), value);
      continue;
    }
    Json& first = members[place->second].second;
    if (!first.is_array()) first = Json::Array{std::move(first)};
    first.push(value);
  }
  return members;
}

Json tree_of_text(const Reply& reply, const ReplyForm& form) {
  const std::string text(trim(reply.body));
  return form.pair.empty() ? tree_of_parts(text, form.separators) : tree_of_pairs(text, form);
}

}  // namespace

Json tree_of(const Reply& reply, const ReplyForm& form, bool must_be_read) {
  if (form.format == ReplyForm::Format::json) {
    const bool is_json = reply.body.starts_with('{') || reply.body.starts_with('[');
    return is_json || must_be_read ? reply.json() : Json();
  }
  if (reply.body.size() > longest_text)
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered more than 4 MiB"};
  if (form.format == ReplyForm::Format::text) return tree_of_text(reply, form);
  if (!must_be_read && trim(reply.body).empty()) return {};
  try {
    return tree_of_xml(reply);
  } catch (const Failure&) {
    if (must_be_read) throw;
    return {};
  }
}

std::optional<Json::Array> list_in(const Json& tree, const std::string& pointer, const ReplyForm& form) {
  const Json* const found = follow(tree, pointer);
  if (found && found->is_array()) return found->items();
  if (found && found->is_null() && !pointer.empty()) return Json::Array();
  if (form.format != ReplyForm::Format::xml) return std::nullopt;
  if (!found)
    return follow(tree, pointer.substr(0, pointer.rfind('/'))) ? std::optional(Json::Array()) : std::nullopt;
  return found->is_string() && found->string().empty() ? Json::Array() : Json::Array{*found};
}

}  // namespace certo::recipe
