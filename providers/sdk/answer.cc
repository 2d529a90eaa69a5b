#include "sdk/answer.h"

#include "base/json_pointer.h"

namespace certo::sdk {

std::string text_at(const Json& json, std::string_view pointer) {
  const Json* const found = follow(json, pointer);
  if (!found) return {};
  if (found->is_string()) return found->string();
  return found->is_integer() ? std::to_string(found->integer()) : "";
}

Json::Array list_at(const Json& json, std::string_view pointer, const std::string& subject) {
  const Json* const found = follow(json, pointer);
  if (found && found->is_array()) return found->items();
  if (found && found->is_null() && !pointer.empty()) return {};
  throw Failure{CERTO_UNREACHABLE, subject + " answered without a list" +
                                       (pointer.empty() ? "" : " at " + std::string(pointer))};
}

std::string explanation(const Reply& reply, Words words) {
  try {
    const Json json = reply.json();
    for (const char* pointer : words) {
      const std::string text = text_at(json, pointer);
      if (!text.empty()) return text.substr(0, text.find_first_of("\r\n"));
    }
  } catch (const Failure&) {  // the page of a gateway; its status is enough
  }
  return {};
}

void refuse(const Reply& reply, const std::string& why) {
  throw_if_refused(reply, why);
  throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                  (why.empty() ? "" : ": " + why)};
}

Reply accepted(Reply reply, Words words, int missing) {
  if (!reply.ok() && reply.status != missing) refuse(reply, explanation(reply, words));
  return reply;
}

std::string below(const std::string& name, const std::string& zone, const char* apex) {
  return name == zone ? apex : name.substr(0, name.size() - zone.size() - 1);
}

}  // namespace certo::sdk
