// The cJSON API: memory, and looking at a tree.
#include "sdk/cJSON.h"

#include <cstdlib>
#include <cstring>

#include "sdk/cjson_node.h"

using namespace certo::sdk::cjson;

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)

namespace {

cJSON_Hooks memory = {std::malloc, std::free};

bool is(const cJSON* item, int type) { return item && kind(*item) == type; }

}  // namespace

namespace certo::sdk::cjson {

Node new_node(int type) {
  Node node(static_cast<cJSON*>(cJSON_malloc(sizeof(cJSON))));
  if (!node) return nullptr;
  *node = cJSON{};
  node->type = type;
  return node;
}

char* copied(const char* text) {
  if (!text) return nullptr;
  const size_t size = std::strlen(text) + 1;
  char* const copy = static_cast<char*>(cJSON_malloc(size));
  if (copy) std::memcpy(copy, text, size);
  return copy;
}

cJSON* member(const cJSON* object, const char* key, Case regard) {
  if (!object || !key) return nullptr;
  for (cJSON* item = object->child; item; item = item->next) {
    // As in cJSON, a member without a key ends one of the two searches.
    if (!item->string && regard == Case::counts) return nullptr;
    if (item->string && comparison(regard)(key, item->string) == 0) return item;
  }
  return nullptr;
}

}  // namespace certo::sdk::cjson

const char* cJSON_Version() {
  return TEXT_OF(CJSON_VERSION_MAJOR) "." TEXT_OF(CJSON_VERSION_MINOR) "." TEXT_OF(CJSON_VERSION_PATCH);
}

void cJSON_InitHooks(cJSON_Hooks* hooks) {
  memory.malloc_fn = hooks && hooks->malloc_fn ? hooks->malloc_fn : std::malloc;
  memory.free_fn = hooks && hooks->free_fn ? hooks->free_fn : std::free;
}

void* cJSON_malloc(size_t size) { return memory.malloc_fn(size); }

void cJSON_free(void* object) {
  if (object) memory.free_fn(object);
}

void cJSON_Delete(cJSON* item) {
  while (item) {
    cJSON* const next = item->next;
    if (!(item->type & cJSON_IsReference)) {
      cJSON_Delete(item->child);
      cJSON_free(item->valuestring);
    }
    if (!(item->type & cJSON_StringIsConst)) cJSON_free(item->string);
    cJSON_free(item);
    item = next;
  }
}

int cJSON_GetArraySize(const cJSON* array) {
  int size = 0;
  const cJSON* item = nullptr;
  cJSON_ArrayForEach(item, array)++ size;
  return size;
}

cJSON* cJSON_GetArrayItem(const cJSON* array, int index) {
  if (!array || index < 0) return nullptr;
  cJSON* item = array->child;
  for (; item && index > 0; --index) item = item->next;
  return item;
}

cJSON* cJSON_GetObjectItem(const cJSON* object, const char* string) {
  return member(object, string, Case::ignored);
}

cJSON* cJSON_GetObjectItemCaseSensitive(const cJSON* object, const char* string) {
  return member(object, string, Case::counts);
}

cJSON_bool cJSON_HasObjectItem(const cJSON* object, const char* string) {
  return cJSON_GetObjectItem(object, string) != nullptr;
}

char* cJSON_GetStringValue(const cJSON* item) { return cJSON_IsString(item) ? item->valuestring : nullptr; }

double cJSON_GetNumberValue(const cJSON* item) {
  return cJSON_IsNumber(item) ? item->valuedouble : std::numeric_limits<double>::quiet_NaN();
}

cJSON_bool cJSON_IsInvalid(const cJSON* item) { return is(item, cJSON_Invalid); }
cJSON_bool cJSON_IsFalse(const cJSON* item) { return is(item, cJSON_False); }
cJSON_bool cJSON_IsTrue(const cJSON* item) { return is(item, cJSON_True); }
cJSON_bool cJSON_IsBool(const cJSON* item) { return item && (item->type & (cJSON_False | cJSON_True)) != 0; }
cJSON_bool cJSON_IsNull(const cJSON* item) { return is(item, cJSON_NULL); }
cJSON_bool cJSON_IsNumber(const cJSON* item) { return is(item, cJSON_Number); }
cJSON_bool cJSON_IsString(const cJSON* item) { return is(item, cJSON_String); }
cJSON_bool cJSON_IsArray(const cJSON* item) { return is(item, cJSON_Array); }
cJSON_bool cJSON_IsObject(const cJSON* item) { return is(item, cJSON_Object); }
cJSON_bool cJSON_IsRaw(const cJSON* item) { return is(item, cJSON_Raw); }
