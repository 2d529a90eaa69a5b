#include "acmesh/values.h"

#include <array>
#include <cstdint>

#include "base/error.h"
#include "base/text.h"

namespace certo::acmesh {

std::string key_type(const Given& given) {
  for (const char* type : {"ec-256", "ec-384", "ec-521"}) {
    if (given.value == type) return type;
  }
  for (const char* bits : {"2048", "3072", "4096"}) {
    if (given.value == bits) return std::string("rsa-") + bits;
  }
  throw Error(Exit::usage, given.flag + " " + given.value + ": certo makes no such key",
              "one of: ec-256, ec-384, ec-521, 2048, 3072, 4096");
}

int number_of(const Given& given) {
  if (const auto value = number(given.value, 0, INT32_MAX)) return static_cast<int>(*value);
  throw Error(Exit::usage, given.flag + " '" + given.value + "' is not a number");
}

std::string reason_name(const Given& given) {
  static constexpr std::array names = {"unspecified",        "keyCompromise", "cACompromise",
                                       "affiliationChanged", "superseded",    "cessationOfOperation"};
  const size_t reason = static_cast<size_t>(number_of(given));
  if (reason < names.size()) return names[reason];
  throw Error(Exit::usage, given.flag + " " + given.value + " is not a reason that a CA accepts",
              "give a number from 0 to 5");
}

}  // namespace certo::acmesh
