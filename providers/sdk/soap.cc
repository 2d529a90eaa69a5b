#include "sdk/soap.h"

#include <algorithm>

namespace certo::sdk {
namespace {

constexpr std::string_view envelope_namespace = "http://schemas.xmlsoap.org/soap/envelope/";

std::string one_line(const Element* element) {
  return element ? join(split(trim(element->text), '\n'), " ") : "";
}

/// A fault comes with status 500 (section 6.2), and so does an error page, which is not a fault.
const Element* body_of(const Element& envelope) {
  return envelope.name.ends_with("Envelope") ? local_child(envelope, "Body") : nullptr;
}

Element content(const Reply& reply) {
  Element envelope = parse_xml(reply.body, reply.subject);
  const Element* const body = body_of(envelope);
  if (!body || body->children.empty())
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a SOAP body"};
  return body->children.front();
}

}  // namespace

const Element* local_child(const Element& of, std::string_view name) {
  const auto found = std::ranges::find_if(of.children, [&](const Element& child) {
    return std::string_view(child.name).substr(child.name.find(':') + 1) == name;
  });
  return found == of.children.end() ? nullptr : &*found;
}

Element soap(const Host& host, const std::string& url, const std::string& action, const std::string& call,
             bool reads) {
  const Reply reply = host.raw_http(
      {.method = "POST",
       .url = url,
       .headers = {"Content-Type: text/xml; charset=utf-8", "SOAPAction: \"" + action + "\""},
       .body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><e:Envelope xmlns:e=\"" +
               std::string(envelope_namespace) + "\"><e:Body>" + call + "</e:Body></e:Envelope>",
       .reads = reads});
  const bool may_be_fault = reply.status == 500 && reply.body.find("Envelope") != std::string::npos;
  if (!may_be_fault) throw_if_refused(reply, "");
  if (!may_be_fault && !reply.ok())
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status)};
  Element answer = content(reply);
  if (!answer.name.ends_with("Fault")) return answer;
  throw SoapFault{one_line(local_child(answer, "faultstring")), one_line(local_child(answer, "detail"))};
}

}  // namespace certo::sdk
