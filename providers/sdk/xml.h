// The part of XML (https://www.w3.org/TR/xml/) that the APIs of DNS services send: elements, attributes,
// text, CDATA and comments.
//
// Strict: it refuses a document type, a processing instruction, an unknown entity, a repeated attribute,
// nesting deeper than 32 and anything after the root. Names keep their prefixes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace certo::sdk {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes{};
  std::string text{};  // its own, without that of its children; white space is kept
  std::vector<Element> children{};

  /// The first child of that name, or nullptr.
  const Element* find(std::string_view child) const;
  /// "" if there is none.
  std::string text_of(std::string_view child) const;
  std::string attribute(const std::string& key) const;
};

/// The root element. Throws Failure{unreachable} that begins with `subject`: a service in good order would
/// not send anything else.
Element parse_xml(std::string_view text, const std::string& subject);

/// The element as a text without white space of its own, and without a declaration.
std::string to_xml(const Element& element);
/// For text and for values of attributes.
std::string xml_escaped(std::string_view text);

}  // namespace certo::sdk
