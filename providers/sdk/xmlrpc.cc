#include "sdk/xmlrpc.h"

#include <limits>

#include "sdk/xml.h"

namespace certo::sdk {
namespace {

using Limits = std::numeric_limits<int64_t>;

std::string written(const Json& value) {
  std::string text;
  if (value.is_integer()) {
    text = "<int>" + std::to_string(value.integer()) + "</int>";
  } else if (value.is_bool()) {
    text = std::string("<boolean>") + (value.boolean() ? "1" : "0") + "</boolean>";
  } else if (value.is_array()) {
    for (const Json& item : value.items()) text += written(item);
    text = "<array><data>" + text + "</data></array>";
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.members())
      text += "<member><name>" + xml_escaped(name) + "</name>" + written(member) + "</member>";
    text = "<struct>" + text + "</struct>";
  } else {
    text = "<string>" + xml_escaped(value.string()) + "</string>";
  }
  return "<value>" + text + "</value>";
}

[[noreturn]] void malformed(const std::string& subject, const char* why) {
  throw Failure{CERTO_UNREACHABLE, subject + " cannot be read as XML-RPC: " + why};
}

const Element& child(const Element& of, const char* name, const std::string& subject) {
  const Element* const found = of.find(name);
  if (!found) malformed(subject, "a part is missing");
  return *found;
}

Json value_in(const Element& value, const std::string& subject);

Json structure(const Element& element, const std::string& subject) {
  Json made = Json::object();
  for (const Element& member : element.children)
    made.set(trim(child(member, "name", subject).text), value_in(child(member, "value", subject), subject));
  return made;
}

Json array(const Element& element, const std::string& subject) {
  Json made = Json::array();
  for (const Element& value : child(element, "data", subject).children) made.push(value_in(value, subject));
  return made;
}

/// <value><int>1</int></value>; without a type, it is a string.
Json value_in(const Element& value, const std::string& subject) {
  if (value.children.empty()) return value.text;
  const Element& typed = value.children.front();
  if (typed.name == "struct") return structure(typed, subject);
  if (typed.name == "array") return array(typed, subject);
  if (typed.name == "boolean") return trim(typed.text) == "1";
  if (typed.name != "int" && typed.name != "i4" && typed.name != "i8") return typed.text;
  const auto integer = number(trim(typed.text), Limits::min(), Limits::max());
  if (!integer) malformed(subject, "a number that is not one");
  return *integer;
}

XmlRpcFault fault_in(const Json& said) {
  const Json* const code = said.find("faultCode");
  const Json* const text = said.find("faultString");
  XmlRpcFault fault;
  if (code && code->is_integer()) fault.code = code->integer();
  if (text && text->is_string()) fault.text = join(split(trim(text->string()), '\n'), " ");
  return fault;
}

}  // namespace

Json xmlrpc(const Host& host, const std::string& url, const std::string& method,
            const Json::Array& parameters, bool reads) {
  std::string body = "<?xml version=\"1.0\"?><methodCall><methodName>" + method + "</methodName><params>";
  for (const Json& parameter : parameters) body += "<param>" + written(parameter) + "</param>";
  body += "</params></methodCall>";
  const Reply reply = host.http({.method = "POST",
                                 .url = url,
                                 .headers = {"Content-Type: text/xml"},
                                 .body = std::move(body),
                                 .reads = reads});
  const std::string subject = method + " of " + url;
  if (!reply.ok()) throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
  const Element response = parse_xml(reply.body, reply.subject);
  if (response.name != "methodResponse") malformed(subject, "it is not a methodResponse");
  if (const Element* const fault = response.find("fault"))
    throw fault_in(value_in(child(*fault, "value", subject), subject));
  const Element& parameter = child(child(response, "params", subject), "param", subject);
  return value_in(child(parameter, "value", subject), subject);
}

}  // namespace certo::sdk
