// Shared by the files that implement sdk/cJSON.h.
#pragma once

#include <strings.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "sdk/cJSON.h"

namespace certo::sdk::cjson {

struct Deleted {
  void operator()(cJSON* node) const { cJSON_Delete(node); }
};
using Node = std::unique_ptr<cJSON, Deleted>;  // nullptr if memory is short

enum class Case { counts, ignored };
/// strcmp or strcasecmp.
inline auto comparison(Case regard) { return regard == Case::counts ? std::strcmp : strcasecmp; }

Node new_node(int type);
/// Memory from the hooks. nullptr for nullptr, and if memory is short.
char* copied(const char* text);
cJSON* member(const cJSON* object, const char* key, Case regard);

/// The type without its flags.
inline int kind(const cJSON& node) { return node.type & 0xff; }

/// Equal except for the last decimal digits.
inline bool nearly_equal(double a, double b) {
  return std::fabs(a - b) <= std::max(std::fabs(a), std::fabs(b)) * std::numeric_limits<double>::epsilon();
}

}  // namespace certo::sdk::cjson
