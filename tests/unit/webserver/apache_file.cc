#include "webserver/apache_file.h"

#include <doctest/doctest.h>

using namespace certo;
using namespace certo::webserver;

namespace {

std::vector<std::string> names_of(const ApacheFile& file) {
  std::vector<std::string> names;
  for (const ApacheDirective& one : file.directives()) names.push_back(one.name);
  return names;
}

std::string slice(const ApacheFile& file, Span span) {
  return file.text().substr(span.begin, span.end - span.begin);
}

}  // namespace

TEST_CASE("lines of Apache's files are joined as Apache joins them, in comments too") {
  // Apache 2.4.71 names of this: a, c, e and f.
  const ApacheFile file(
      "x",
      "ServerName a\n# x \\\\\nServerAlias b\n# y \\ \nServerAlias c\n# z \\\r\nServerAlias d\r\n"
      "ServerAl\\\nias e \\\n f\n");
  CHECK(names_of(file) == std::vector<std::string>{"servername", "serveralias", "serveralias"});
  CHECK(file.directives()[1].value == "c");
  CHECK(apache_words(file.directives()[2].value) == std::vector<std::string>{"e", "f"});
  CHECK(file.directives()[2].line == 10);
  CHECK(slice(file, file.directives()[2].whole) == "ServerAl\\\nias e \\\n f");
  CHECK(file.at_line(10, "serveralias") == &file.directives()[2]);
  CHECK(file.at_line(8, "serveralias") == nullptr);
}

TEST_CASE("sections of Apache have a body, whatever their case") {
  const ApacheFile file("x",
                        "<VIRTUALHOST *:80 >\r\n  ServerName a\r\n  <Location \"/x>\">\n  Require all\n"
                        "  </location>\n</VirtualHost>\nListen 80");
  REQUIRE(file.directives().size() == 5);
  const ApacheDirective& host = file.directives()[0];
  CHECK(host.is_section);
  CHECK(host.name == "virtualhost");
  CHECK(host.value == "*:80");
  CHECK(host.next == 4);
  CHECK(slice(file, host.body) == "  ServerName a\r\n  <Location \"/x>\">\n  Require all\n  </location>\n");
  CHECK(slice(file, file.directives()[2].body) == "  Require all\n");
  CHECK(file.directives()[4].name == "listen");
  CHECK(file.directives()[4].next == 5);
}

TEST_CASE("a section that Apache skips may be torn") {
  const ApacheFile file("x",
                        "<IfModule none>\n</VirtualHost>\n<Location />\n</IfModule>\n<VirtualHost *:80>\n");
  REQUIRE(file.directives().size() == 3);
  CHECK(file.directives()[0].next == 2);
  CHECK(slice(file, file.directives()[0].body) == "</VirtualHost>\n<Location />\n");
  CHECK(file.directives()[2].next == 3);
}

TEST_CASE("words of Apache keep or lose their quotes as Apache has it") {
  CHECK(apache_words("a\\\"b \"c\\\"d\" 'e'f \"\" \"open x") ==
        std::vector<std::string>{"a\\\"b", "c\"d", "e", "f", "", "open x"});
  CHECK(apache_words("").empty());
  CHECK(apache_words("\"a\\\\b\\c\"") == std::vector<std::string>{"a\\b\\c"});
}

TEST_CASE("variables of Apache are replaced, and others stay") {
  const Lookup value_of = [](std::string_view name) {
    return name == "a" ? std::optional<std::string>("1") : std::nullopt;
  };
  CHECK(with_variables("${a}/${b}/$a${a}${", value_of) == "1/${b}/$a1${");
}
