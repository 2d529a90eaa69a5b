#include "webserver/nginx_file.h"

#include <doctest/doctest.h>

#include <string>

#include "base/error.h"

using namespace certo;
using webserver::Body;
using webserver::NginxDirective;
using webserver::NginxFile;

namespace {

/// "server{listen(80)}": the structure as nginx understands it.
std::string structure(const NginxFile& file) {
  std::string text;
  std::vector<uint32_t> ends;
  const auto all = file.directives();
  for (uint32_t at = 0; at < all.size(); ++at) {
    while (!ends.empty() && ends.back() == at) text += "}", ends.pop_back();
    if (!text.empty() && text.back() != '{') text += ' ';
    for (size_t word = 0; word < all[at].word_count; ++word)
      text += (word ? "," : "") + file.word(all[at], word);
    if (all[at].body == Body::directives) text += "{", ends.push_back(all[at].next);
    if (all[at].body == Body::other) text += "{…}";
  }
  for (; !ends.empty(); ends.pop_back()) text += "}";
  return text;
}

std::string structure(const std::string& text) { return structure(NginxFile("a.conf", text)); }

std::string refusal(const std::string& text) {
  try {
    const NginxFile file("a.conf", text);
  } catch (const Error& error) {
    return error.message;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("words of nginx's configuration are read as nginx reads them") {
  CHECK(structure("server{listen 80;}") == "server{listen,80}");
  CHECK(structure("\"server\" { \"listen\" '80'; }") == "server{listen,80}");
  CHECK(structure("server # a { ; \" '\n { # }\n listen # c\n 80; }") == "server{listen,80}");
  CHECK(structure("a /a#b it's /a\"b a}b;") == "a,/a#b,it's,/a\"b,a}b");
  CHECK(structure("a \\; \\{ b;") == "a,\\;,\\{,b");
  CHECK(structure("a ${host}x ${a}{ b; }") == "a,${host}x,${a}{b}");
  CHECK(structure("return 301 https://$host$request_uri;") == "return,301,https://$host$request_uri");
  CHECK(structure("a 'x;{\n}' \"y\\\"z\" 'it\\'s' \"tab\\t\" \"\";") == "a,x;{\n},y\"z,it's,tab\t,");
  CHECK(structure("if ($a = \"x\") { b; }") == "if,($a,=,x,){b}");
  CHECK(structure("location ~ \"^/a{2}$\" { }") == "location,~,^/a{2}${}");
  CHECK(structure("a\r\n b\r\n;\r\n") == "a,b");
  CHECK(structure("# only a comment\r still the same { \n").empty());
  CHECK(structure("").empty());
  CHECK(structure("server_name b\xfc"
                  "cher.example; # \xe9\n") ==
        "server_name,b\xfc"
        "cher.example");
  CHECK(structure(std::string("a; # \0 x\nb;", 11)) == "a b");
  CHECK(structure("a \\ b;") == "a,\\ b");
}

TEST_CASE("blocks of data and of Lua are skipped as a whole") {
  CHECK(structure("map $a $b { default 0; \\include x; \"{\" '}'; ~a\\{ c; } d;") == "map,$a,$b{…} d");
  CHECK(structure("types { text/html html htm; # }\n } geo { 1.1.1.1 a; }") == "types{…} geo{…}");
  CHECK(structure("content_by_lua_block { if a then b = {} end } c;") == "content_by_lua_block{…} c");
  CHECK(structure("set_by_lua_block $x { return \"}\" .. '\\'}' } c;") == "set_by_lua_block,$x{…} c");
  CHECK(structure("a_by_lua_block { -- } it's\n x = [[ } ]] y = [==[ ]] } ]==] --[[ } \n ]] } c;") ==
        "a_by_lua_block{…} c");
  CHECK(structure("a_by_lua_block { x = t[1] - -1; y = #t } c;") == "a_by_lua_block{…} c");
  CHECK(NginxFile("a", "a_by_lua_block {\n\n}\nb;").directives()[1].line == 4);
}

TEST_CASE("what nginx refuses is refused with file and line") {
  CHECK(refusal("a;\nserver {\n listen 80;\n") == "a.conf:2: the block that begins there has no '}'");
  CHECK(refusal("a;\n}\n") == "a.conf:2: unexpected '}'");
  CHECK(refusal("a b") == "a.conf:1: unexpected end of file, expecting ';' or '}'");
  CHECK(refusal("a\n b }\n }") == "a.conf:2: unexpected '}'");
  CHECK(refusal(";") == "a.conf:1: unexpected ';'");
  CHECK(refusal("\n{}") == "a.conf:2: unexpected '{'");
  CHECK(refusal("a \"b\"c;") == "a.conf:1: unexpected 'c' after a quoted word");
  CHECK(refusal("a;\na \"b\n;\n") == "a.conf:2: the text that begins there has no closing \"");
  CHECK(refusal("\xef\xbb\xbfserver { }") ==
        "a.conf:1: the file begins with a byte order mark, which nginx does not accept");
  CHECK(refusal("map $a $b {\n a { }\n}") == "a.conf:2: unexpected '{'");
  CHECK(refusal("map $a $b {\n a b;\n") == "a.conf:1: the block that begins there has no '}'");
  CHECK(refusal("x;\na_by_lua_block {\n {\n}\n") ==
        "a.conf:2: the block of Lua that begins there has no '}'");
  CHECK(refusal("location ~ ^/a{2}$ { }") != "accepted");
}

TEST_CASE("a quote in a later line is counted to its own line") {
  const NginxFile file("a", "a 'x\ny'\n\n b;\r\n\"c\"\n d;");
  CHECK(file.place(file.directives()[0]) == "a:1");
  CHECK(file.place(file.directives()[1]) == "a:5");
}

TEST_CASE("places are those of the words as they are written") {
  const std::string text = "server { server_name \"a.example\" # c\n\tb.example; }";
  const NginxFile file("a", text);
  const NginxDirective& server = file.directives()[0];
  const NginxDirective& name = file.directives()[1];
  CHECK(file.slice(file.span(name, 1)) == "\"a.example\"");
  CHECK(file.slice(file.span(name, 2)) == "b.example");
  CHECK(file.slice(name.whole) == text.substr(9, text.size() - 11));
  CHECK(file.slice(server.whole) == text);
  CHECK(file.slice(server.body_span) == text.substr(8, text.size() - 9));
  CHECK(server.next == 2);
}

TEST_CASE("deep blocks and large files are bounded") {
  std::string deep;
  for (int i = 0; i < 101; ++i) deep += "a {";
  CHECK(refusal(deep) == "a.conf:1: more than 100 blocks in each other");
  CHECK(refusal(std::string(webserver::nginx_file_limit + 1, ' ')).find("32 MiB") != std::string::npos);
  std::string large = "http {\n";
  while (large.size() < 10'000'000) large += "server { listen 80; server_name a.example; root /srv; }\n";
  large += "}\n";
  CHECK(NginxFile("large", large).directives().size() > 500'000);
}
