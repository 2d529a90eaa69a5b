#include "base/txt_strings.h"

#include <doctest/doctest.h>

using namespace certo;
using Texts = std::vector<std::string>;

TEST_CASE("a long value is several strings of one record") {
  const std::string full(255, 'a');
  CHECK(txt_strings("") == Texts{""});
  CHECK(txt_strings(full) == Texts{full});
  CHECK(txt_strings(full + "b") == Texts{full, "b"});
  CHECK(txt_strings(full + full + "b") == Texts{full, full, "b"});
  CHECK(quoted_txt("a; b") == "\"a; b\"");
  CHECK(quoted_txt(full + "b") == "\"" + full + "\" \"b\"");
}
