// What the files behind sdk/cJSON.h share.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "sdk/cJSON.h"

namespace certo::sdk::cjson {

struct Deleted {
  void operator()(cJSON* node) const { cJSON_Delete(node); }
};
using Node = std::unique_ptr<cJSON, Deleted>;  // nullptr where memory was short

/// strcmp or strcasecmp.
using Comparison = int (*)(const char*, const char*);

Node new_node(int type);
/// By the hooks' memory. nullptr for nullptr, and when memory is short.
char* copied(const char* text);
cJSON* member(const cJSON* object, const char* key, Comparison comparison);

/// The type without its flags.
inline int kind(const cJSON& node) { return node.type & 0xff; }

/// As the last decimal digits of a number are lost and found.
inline bool nearly_equal(double a, double b) {
  return std::fabs(a - b) <= std::max(std::fabs(a), std::fabs(b)) * std::numeric_limits<double>::epsilon();
}

}  // namespace certo::sdk::cjson
