#include "import/domains_txt.h"

#include "fixtures/support.h"

using namespace certo;
using namespace certo::imports;

namespace {

using Texts = std::vector<std::string>;

std::string refusal(const std::string& text) {
  return test::error_of([&] { parse_domains(text, "domains.txt"); }).message;
}

}  // namespace

TEST_CASE("dehydrated's domains.txt is understood as it is") {
  const auto lines = parse_domains(
      "# the first\n\n  a.example   www.a.example\t\r\n*.b.example b.example > star_b # in use\n"
      "c.example>c\nip:192.0.2.1\n",
      "domains.txt");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].names == Texts{"a.example", "www.a.example"});
  CHECK(lines[0].number == 3);
  CHECK(lines[0].alias.empty());
  CHECK(lines[1].names == Texts{"*.b.example", "b.example"});
  CHECK(lines[1].alias == "star_b");
  CHECK(lines[2].alias == "c");
  CHECK(lines[3].names == Texts{"192.0.2.1"});
}

TEST_CASE("a line that makes no sense is named") {
  CHECK(refusal("a.example\n> a\n") == "domains.txt: line 2: it has no name");
  CHECK(refusal("a.example >") == "domains.txt: line 1: one word must follow '>'");
  CHECK(refusal("a.example > b c") == "domains.txt: line 1: one word must follow '>'");
  CHECK(refusal("a.example >>") == "domains.txt: line 1: one word must follow '>'");
  CHECK(refusal("a.example > b > c") == "domains.txt: line 1: one word must follow '>'");
  CHECK(refusal("a.example\nip: b.example\n") == "domains.txt: line 2: an address must follow 'ip:'");
  CHECK(refusal("# nothing\n\n") == "domains.txt names no certificate");
}
