// The XML reader of providers/sdk, by https://www.w3.org/TR/xml/
#include "sdk/xml.h"

#include "fixtures/support.h"
#include "sdk/provider.hpp"

using namespace certo;
using sdk::Element;
using sdk::parse_xml;

namespace {

std::string refusal(const std::string& text) {
  try {
    parse_xml(text, "the reply");
  } catch (const sdk::Failure& failure) {
    CHECK(failure.status == CERTO_UNREACHABLE);
    return failure.why;
  }
  return "";
}

}  // namespace

TEST_CASE("XML becomes elements with attributes and text") {
  const Element root = parse_xml(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a reply -->\n"
      "<Reply xmlns=\"https://api.example/\" Status = 'OK'>\n"
      "  <Host Name=\"@\" Type=\"A\"/><Host Name=\"www\" Type=\"MX\" ></Host >\n"
      "  <Empty />some<!-- < & -->thing<![CDATA[ <&amp;> ]]></Reply>\n<!-- end -->",
      "the reply");
  CHECK(root.name == "Reply");
  CHECK(root.attribute("Status") == "OK");
  CHECK(root.attribute("status") == "");
  REQUIRE(root.children.size() == 3);
  CHECK(root.children[1].attributes == std::map<std::string, std::string>{{"Name", "www"}, {"Type", "MX"}});
  REQUIRE(root.find("Host"));
  CHECK(root.find("Host")->attribute("Name") == "@");
  CHECK(root.find("Nothing") == nullptr);
  CHECK(root.text_of("Empty") == "");
  CHECK(root.text == "\n  \n  something <&amp;> ");
}

TEST_CASE("XML entities are resolved once, in text and in attributes") {
  const Element root =
      parse_xml("\xef\xbb\xbf<a k=\"&lt;&#34;&apos;\">&amp;lt;&gt;&quot;&#x41;&#233;&#x20ac;&#x1F600;</a>",
                "the reply");
  CHECK(root.attribute("k") == "<\"'");
  CHECK(root.text == "&lt;>\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST_CASE("text that is escaped comes back as it was") {
  const std::string text = "a \"quoted\" <value> & 'more'";
  CHECK(parse_xml("<a>" + sdk::xml_escaped(text) + "</a>", "the reply").text == text);
  CHECK(parse_xml("<a b='" + sdk::xml_escaped(text) + "'/>", "the reply").attribute("b") == text);
}

TEST_CASE("XML that is not well is refused") {
  CHECK(refusal("Service Unavailable") == "the reply cannot be read as XML: no element where one must be");
  for (const char* text : {"",
                           "<",
                           "<a",
                           "<a>",
                           "<a></b>",
                           "<a><b></a></b>",
                           "<a/><b/>",
                           "<a/>text",
                           "<a b/>",
                           "<a b=c/>",
                           "<a b='c/>",
                           "<a b='1' b='2'/>",
                           "<a b='1'c='2'/>",
                           "<a b='<'/>",
                           "<1/>",
                           "< a/>",
                           "<a><!-- </a>",
                           "<a><![CDATA[</a>",
                           "</a>",
                           "<a></a",
                           "<a//>"}) {
    CAPTURE(text);
    CHECK_FALSE(refusal(text).empty());
  }
}

TEST_CASE("XML with a document type, an entity of its own or an instruction is refused") {
  for (const char* text :
       {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<a>&b;</a>", "<a>&</a>", "<a>&amp</a>", "<a>&#0;</a>", "<a>&#xd800;</a>", "<a>&#x110000;</a>",
        "<a>&#;</a>", "<a>&#x;</a>", "<a>&#-1;</a>", "<a>&#99999999999;</a>", "<a><?php ?></a>",
        "<?other?><a/>", "<a><!ELEMENT b></a>"}) {
    CAPTURE(text);
    CHECK_FALSE(refusal(text).empty());
  }
}

TEST_CASE("XML nests 32 deep and no deeper") {
  const auto nested = [](int depth) {
    std::string start, end;
    for (int i = 0; i < depth; ++i) start += "<a>", end += "</a>";
    return start + end;
  };
  CHECK(refusal(nested(32)) == "");
  CHECK(refusal(nested(33)).ends_with("its nesting is too deep"));
  CHECK_FALSE(refusal(std::string(100'000, '<')).empty());
}

TEST_CASE("hostile XML of 1 MiB is read in time that grows with its length only") {
  constexpr size_t size = 1 << 20;
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() < size) text += part;
    return text;
  };
  CHECK(parse_xml("<a>" + repeated("&lt;") + "</a>", "the reply").text.size() == size / 4);
  CHECK(parse_xml("<a>" + repeated("<b/>") + "</a>", "the reply").children.size() == size / 4);
  CHECK(parse_xml("<a>" + repeated("<!---->x") + "</a>", "the reply").text.size() == size / 8);
  CHECK(refusal("<a>" + repeated("&") + ";</a>") != "");
  CHECK(refusal("<a>&#" + repeated("0") + "65;</a>") == "");
  CHECK(refusal(repeated("<!--")) != "");
  CHECK(refusal(repeated("<a>")) != "");
  std::string attributes;
  for (size_t i = 0; attributes.size() < size; ++i) attributes += " a" + std::to_string(i) + "=''";
  CHECK(parse_xml("<a" + attributes + "/>", "the reply").attributes.size() > 50000);
}

TEST_CASE("what is written as XML is read as what it was") {
  const Element element{.name = "a",
                        .attributes = {{"x", "1 < \"2\""}},
                        .text = "R&D",
                        .children = {{.name = "b"}, {.name = "c", .text = "<d>"}}};
  const std::string text = to_xml(element);
  CHECK(text == "<a x=\"1 &lt; &quot;2&quot;\">R&amp;D<b/><c>&lt;d&gt;</c></a>");
  CHECK(to_xml(parse_xml(text, "the text")) == text);
}
