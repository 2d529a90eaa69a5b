#include "recipe/node.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "recipe/template.h"

namespace certo::recipe {

void Node::fail(const std::string& what, const std::string& hint) const {
  const std::string line = std::to_string(source_->lines.line_of(pointer_));
  const std::string place = pointer_.empty() ? "" : pointer_ + ": ";
  throw Error(Exit::bad_input, source_->subject + ":" + line + ": " + place + what,
              hint.empty() ? "providers/README.md describes the format" : hint);
}

std::optional<Node> Node::find(std::string_view key) const {
  if (!json_->is_object()) fail("not an object");
  const Json* found = json_->find(key);
  if (!found) return std::nullopt;
  return Node(*source_, *found, pointer_to(pointer_, key));
}

Node Node::at(std::string_view key) const {
  if (auto found = find(key)) return *found;
  fail("\"" + std::string(key) + "\" is missing");
}

void Node::require_known(std::initializer_list<std::string_view> known,
                         std::initializer_list<std::string_view> newer) const {
  for (const auto& [name, member] : members()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const bool is_newer = std::ranges::find(newer, name) != newer.end();
    if (is_newer && version() >= 2) continue;
    if (is_newer) member.fail("version 1 of the format does not have it", "write \"recipe\": 2");
    std::vector<std::string> names(known.begin(), known.end());
    if (version() >= 2) names.insert(names.end(), newer.begin(), newer.end());
    const auto meant = nearest(name, names);
    member.fail("unknown member",
                meant ? "did you mean \"" + *meant + "\"?" : "known members: " + join(names, ", "));
  }
}

std::vector<std::pair<std::string, Node>> Node::members() const {
  if (!json_->is_object()) fail("not an object");
  std::vector<std::pair<std::string, Node>> members;
  for (const auto& [name, value] : json_->members()) {
    members.emplace_back(name, Node(*source_, value, pointer_to(pointer_, name)));
  }
  return members;
}

std::string Node::text() const {
  if (!json_->is_string()) fail("not a string");
  return json_->string();
}

std::string Node::plain() const {
  const std::string text = this->text();
  const auto names = placeholders(text);
  if (version() >= 2 && names && !names->empty())
    fail("{" + names->front() + "} is not replaced here", "this text is used as it is");
  return text;
}

bool Node::boolean() const {
  if (!json_->is_bool()) fail("neither true nor false");
  return json_->boolean();
}

int64_t Node::integer() const {
  if (!json_->is_integer() || json_->integer() < 0) fail("not a whole number of 0 or more");
  return json_->integer();
}

std::vector<Node> Node::items() const {
  if (!json_->is_array()) fail("not an array");
  std::vector<Node> items;
  for (size_t i = 0; i < json_->items().size(); ++i) {
    items.emplace_back(*source_, json_->items()[i], pointer_to(pointer_, std::to_string(i)));
  }
  return items;
}

std::vector<std::string> Node::texts() const {
  if (json_->is_string()) return {json_->string()};
  std::vector<std::string> texts;
  for (const Node& item : items()) texts.push_back(item.text());
  return texts;
}

std::string Node::pointer() const {
  std::string pointer = text();
  if (!pointer_steps(pointer))
    fail("'" + pointer + "' is not a JSON pointer",
         "\"/a/b/0\" means the first item of b in a; \"\" means the whole document");
  return pointer;
}

}  // namespace certo::recipe
