// The cJSON API: adding to a tree, removing from it and changing it.
//
// The items of a node are a list that begins at `child`. The first one's `prev` is the last one, and the last
// one's `next` is NULL. The caller may have damaged a list: what is done with it then, and in which order, is
// what cJSON does.
#include "sdk/cJSON.h"
#include "sdk/cjson_node.h"

using namespace certo::sdk::cjson;

namespace {

enum class Key { ours, constant };  // a constant one is never freed

void set_key(cJSON& item, char* key, Key kind) {
  if (!(item.type & cJSON_StringIsConst)) cJSON_free(item.string);
  item.string = key;
  item.type = kind == Key::constant ? item.type | cJSON_StringIsConst : item.type & ~cJSON_StringIsConst;
}

bool copy_key(cJSON& item, const char* key) {
  char* const copy = copied(key);
  if (!copy) return false;
  set_key(item, copy, Key::ours);
  return true;
}

/// Shares the content of `item` and never frees it.
Node reference_to(const cJSON* item) {
  if (!item) return nullptr;
  Node node = new_node(item->type | cJSON_IsReference);
  if (!node) return nullptr;
  node->child = item->child;
  node->valuestring = item->valuestring;
  node->valueint = item->valueint;
  node->valuedouble = item->valuedouble;
  return node;
}

cJSON* add_new(cJSON* object, const char* key, cJSON* item) {
  Node owned(item);
  return cJSON_AddItemToObject(object, key, item) ? owned.release() : nullptr;
}

bool replace_member(cJSON* object, const char* key, cJSON* replacement, Case regard) {
  if (!replacement || !key || !copy_key(*replacement, key)) return false;
  return cJSON_ReplaceItemViaPointer(object, member(object, key, regard), replacement);
}

}  // namespace

cJSON_bool cJSON_AddItemToArray(cJSON* array, cJSON* item) {
  if (!array || !item || array == item) return false;
  if (!array->child) {
    array->child = item->prev = item;
    item->next = nullptr;
  } else if (cJSON* const last = array->child->prev) {  // without it, the item is not added
    last->next = item;
    item->prev = last;
    array->child->prev = item;
  }
  return true;
}

cJSON_bool cJSON_AddItemToObject(cJSON* object, const char* string, cJSON* item) {
  if (!object || !string || !item || object == item || !copy_key(*item, string)) return false;
  return cJSON_AddItemToArray(object, item);
}

cJSON_bool cJSON_AddItemToObjectCS(cJSON* object, const char* string, cJSON* item) {
  if (!object || !string || !item || object == item) return false;
  set_key(*item, const_cast<char*>(string), Key::constant);
  return cJSON_AddItemToArray(object, item);
}

cJSON_bool cJSON_AddItemReferenceToArray(cJSON* array, cJSON* item) {
  Node node = reference_to(item);
  if (!cJSON_AddItemToArray(array, node.get())) return false;
  return node.release() != nullptr;
}

cJSON_bool cJSON_AddItemReferenceToObject(cJSON* object, const char* string, cJSON* item) {
  return add_new(object, string, reference_to(item).release()) != nullptr;
}

cJSON* cJSON_AddNullToObject(cJSON* object, const char* name) {
  return add_new(object, name, cJSON_CreateNull());
}

cJSON* cJSON_AddTrueToObject(cJSON* object, const char* name) {
  return add_new(object, name, cJSON_CreateTrue());
}

cJSON* cJSON_AddFalseToObject(cJSON* object, const char* name) {
  return add_new(object, name, cJSON_CreateFalse());
}

cJSON* cJSON_AddBoolToObject(cJSON* object, const char* name, cJSON_bool boolean) {
  return add_new(object, name, cJSON_CreateBool(boolean));
}

cJSON* cJSON_AddNumberToObject(cJSON* object, const char* name, double number) {
  return add_new(object, name, cJSON_CreateNumber(number));
}

cJSON* cJSON_AddStringToObject(cJSON* object, const char* name, const char* string) {
  return add_new(object, name, cJSON_CreateString(string));
}

cJSON* cJSON_AddRawToObject(cJSON* object, const char* name, const char* raw) {
  return add_new(object, name, cJSON_CreateRaw(raw));
}

cJSON* cJSON_AddObjectToObject(cJSON* object, const char* name) {
  return add_new(object, name, cJSON_CreateObject());
}

cJSON* cJSON_AddArrayToObject(cJSON* object, const char* name) {
  return add_new(object, name, cJSON_CreateArray());
}

cJSON* cJSON_DetachItemViaPointer(cJSON* parent, cJSON* item) {
  const bool is_first = parent && item && parent->child == item;
  if (!parent || !item || (!is_first && !item->prev)) return nullptr;
  if (is_first) {
    parent->child = item->next;
  } else {
    item->prev->next = item->next;
  }
  if (item->next) {
    item->next->prev = item->prev;
  } else if (!is_first) {
    parent->child->prev = item->prev;
  }
  item->next = item->prev = nullptr;
  return item;
}

cJSON* cJSON_DetachItemFromArray(cJSON* array, int which) {
  return cJSON_DetachItemViaPointer(array, cJSON_GetArrayItem(array, which));
}

cJSON* cJSON_DetachItemFromObject(cJSON* object, const char* string) {
  return cJSON_DetachItemViaPointer(object, cJSON_GetObjectItem(object, string));
}

cJSON* cJSON_DetachItemFromObjectCaseSensitive(cJSON* object, const char* string) {
  return cJSON_DetachItemViaPointer(object, cJSON_GetObjectItemCaseSensitive(object, string));
}

void cJSON_DeleteItemFromArray(cJSON* array, int which) {
  cJSON_Delete(cJSON_DetachItemFromArray(array, which));
}

void cJSON_DeleteItemFromObject(cJSON* object, const char* string) {
  cJSON_Delete(cJSON_DetachItemFromObject(object, string));
}

void cJSON_DeleteItemFromObjectCaseSensitive(cJSON* object, const char* string) {
  cJSON_Delete(cJSON_DetachItemFromObjectCaseSensitive(object, string));
}

cJSON_bool cJSON_InsertItemInArray(cJSON* array, int which, cJSON* newitem) {
  if (which < 0 || !newitem) return false;
  cJSON* const after = cJSON_GetArrayItem(array, which);
  if (!after) return cJSON_AddItemToArray(array, newitem);
  if (after != array->child && !after->prev) return false;
  newitem->next = after;
  newitem->prev = after->prev;
  after->prev = newitem;
  if (after == array->child) {
    array->child = newitem;
  } else {
    newitem->prev->next = newitem;
  }
  return true;
}

cJSON_bool cJSON_ReplaceItemViaPointer(cJSON* parent, cJSON* item, cJSON* replacement) {
  if (!parent || !parent->child || !item || !replacement) return false;
  if (item == replacement) return true;
  replacement->next = item->next;
  replacement->prev = item->prev;
  if (replacement->next) replacement->next->prev = replacement;
  if (parent->child == item) {
    if (item->prev == item) replacement->prev = replacement;
    parent->child = replacement;
  } else {
    if (replacement->prev) replacement->prev->next = replacement;
    if (!replacement->next) parent->child->prev = replacement;
  }
  item->next = item->prev = nullptr;
  cJSON_Delete(item);
  return true;
}

cJSON_bool cJSON_ReplaceItemInArray(cJSON* array, int which, cJSON* newitem) {
  return cJSON_ReplaceItemViaPointer(array, cJSON_GetArrayItem(array, which), newitem);
}

cJSON_bool cJSON_ReplaceItemInObject(cJSON* object, const char* string, cJSON* newitem) {
  return replace_member(object, string, newitem, Case::ignored);
}

cJSON_bool cJSON_ReplaceItemInObjectCaseSensitive(cJSON* object, const char* string, cJSON* newitem) {
  return replace_member(object, string, newitem, Case::counts);
}
