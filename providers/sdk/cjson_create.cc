// The cJSON API: creating, copying and comparing nodes.
#include <bit>
#include <climits>
#include <cstring>
#include <functional>
#include <string_view>

#include "sdk/cJSON.h"
#include "sdk/cjson_node.h"

using namespace certo::sdk::cjson;

namespace {

cJSON* of_text(int type, const char* text) {
  Node node = new_node(type);
  if (!node) return nullptr;
  node->valuestring = copied(text);
  return node->valuestring ? node.release() : nullptr;
}

cJSON* reference(int type, const cJSON* child) {
  Node node = new_node(type | cJSON_IsReference);
  if (node) node->child = const_cast<cJSON*>(child);
  return node.release();
}

template <typename Value>
cJSON* array_of(const Value* values, int count, cJSON* (*create)(Value)) {
  if (!values || count < 0) return nullptr;
  Node array = new_node(cJSON_Array);
  for (int i = 0; array && i < count; ++i) {
    if (!cJSON_AddItemToArray(array.get(), create(values[i]))) return nullptr;
  }
  return array.release();
}

int saturated(double number) {
  if (std::isnan(number)) return 0;
  if (number >= INT_MAX) return INT_MAX;
  if (number <= INT_MIN) return INT_MIN;
  return static_cast<int>(number);
}

/// Copies key and text. False if memory is short.
bool copy_texts(const cJSON& from, cJSON& to) {
  to.valuestring = copied(from.valuestring);
  const bool is_shared = from.type & cJSON_StringIsConst;
  to.string = is_shared ? from.string : copied(from.string);
  return (!from.valuestring || to.valuestring) && (!from.string || to.string);
}

bool equal(const cJSON& a, const cJSON& b, Case regard);

bool equal_items(const cJSON& a, const cJSON& b, Case regard) {
  const cJSON *one = a.child, *other = b.child;
  for (; one && other; one = one->next, other = other->next) {
    if (!equal(*one, *other, regard)) return false;
  }
  return !one && !other;
}

bool has_members_of(const cJSON& object, const cJSON& other, Case regard) {
  for (const cJSON* item = other.child; item; item = item->next) {
    const cJSON* const same = member(&object, item->string, regard);
    if (!same || !equal(*item, *same, regard)) return false;
  }
  return true;
}

/// Exactly one type, and none that does not exist.
bool has_type(const cJSON& node) { return std::has_single_bit(static_cast<unsigned>(kind(node))); }

bool equal(const cJSON& a, const cJSON& b, Case regard) {
  if (kind(a) != kind(b) || !has_type(a)) return false;
  if (&a == &b) return true;
  switch (kind(a)) {
    case cJSON_Number: return nearly_equal(a.valuedouble, b.valuedouble);
    case cJSON_String:
    case cJSON_Raw: return a.valuestring && b.valuestring && std::strcmp(a.valuestring, b.valuestring) == 0;
    case cJSON_Array: return equal_items(a, b, regard);
    case cJSON_Object: return has_members_of(b, a, regard) && has_members_of(a, b, regard);
    default: return true;
  }
}

/// Neither is in the other, each with its NUL.
bool lies_apart(std::string_view one, std::string_view other) {
  constexpr std::less<const char*> before;
  return before(one.data() + one.size(), other.data()) || before(other.data() + other.size(), one.data());
}

Node duplicate(const cJSON& item, bool recurse, size_t depth) {
  Node copy = new_node(item.type & ~cJSON_IsReference);
  if (!copy || !copy_texts(item, *copy)) return nullptr;
  copy->valueint = item.valueint;
  copy->valuedouble = item.valuedouble;
  if (!recurse) return copy;
  for (const cJSON* child = item.child; child; child = child->next) {
    if (depth >= CJSON_CIRCULAR_LIMIT) return nullptr;
    if (!cJSON_AddItemToArray(copy.get(), duplicate(*child, recurse, depth + 1).release())) return nullptr;
  }
  return copy;
}

}  // namespace

cJSON* cJSON_CreateNull() { return new_node(cJSON_NULL).release(); }
cJSON* cJSON_CreateTrue() { return new_node(cJSON_True).release(); }
cJSON* cJSON_CreateFalse() { return new_node(cJSON_False).release(); }
cJSON* cJSON_CreateBool(cJSON_bool boolean) { return new_node(boolean ? cJSON_True : cJSON_False).release(); }

cJSON* cJSON_CreateNumber(double num) {
  Node node = new_node(cJSON_Number);
  if (node) cJSON_SetNumberHelper(node.get(), num);
  return node.release();
}

cJSON* cJSON_CreateString(const char* string) { return of_text(cJSON_String, string); }
cJSON* cJSON_CreateRaw(const char* raw) { return of_text(cJSON_Raw, raw); }
cJSON* cJSON_CreateArray() { return new_node(cJSON_Array).release(); }
cJSON* cJSON_CreateObject() { return new_node(cJSON_Object).release(); }

cJSON* cJSON_CreateStringReference(const char* string) {
  Node node = new_node(cJSON_String | cJSON_IsReference);
  if (node) node->valuestring = const_cast<char*>(string);
  return node.release();
}

cJSON* cJSON_CreateObjectReference(const cJSON* child) { return reference(cJSON_Object, child); }
cJSON* cJSON_CreateArrayReference(const cJSON* child) { return reference(cJSON_Array, child); }

cJSON* cJSON_CreateIntArray(const int* numbers, int count) {
  return array_of<int>(numbers, count, [](int number) { return cJSON_CreateNumber(number); });
}

cJSON* cJSON_CreateFloatArray(const float* numbers, int count) {
  return array_of<float>(numbers, count, [](float number) { return cJSON_CreateNumber(number); });
}

cJSON* cJSON_CreateDoubleArray(const double* numbers, int count) {
  return array_of<double>(numbers, count, cJSON_CreateNumber);
}

cJSON* cJSON_CreateStringArray(const char* const* strings, int count) {
  return array_of<const char*>(strings, count, cJSON_CreateString);
}

double cJSON_SetNumberHelper(cJSON* object, double number) {
  object->valueint = saturated(number);
  object->valuedouble = number;
  return number;
}

char* cJSON_SetValuestring(cJSON* object, const char* valuestring) {
  const bool is_ours = object && (object->type & cJSON_String) && !(object->type & cJSON_IsReference);
  if (!is_ours || !object->valuestring || !valuestring) return nullptr;
  // If it fits, it stays in its place: callers may hold the pointer.
  const size_t length = std::strlen(valuestring), room = std::strlen(object->valuestring);
  if (length <= room) {
    if (!lies_apart({valuestring, length}, {object->valuestring, room})) return nullptr;
    std::memcpy(object->valuestring, valuestring, length + 1);
    return object->valuestring;
  }
  char* const copy = copied(valuestring);
  if (!copy) return nullptr;
  cJSON_free(object->valuestring);
  return object->valuestring = copy;
}

cJSON* cJSON_Duplicate(const cJSON* item, cJSON_bool recurse) {
  return item ? duplicate(*item, recurse, 0).release() : nullptr;
}

cJSON_bool cJSON_Compare(const cJSON* a, const cJSON* b, cJSON_bool case_sensitive) {
  return a && b && equal(*a, *b, case_sensitive ? Case::counts : Case::ignored);
}
