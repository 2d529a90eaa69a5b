/* JSON for providers in C, by the names and the struct of cJSON 1.7.19 (https://github.com/DaveGamble/cJSON),
 * so that code written for it compiles unchanged. certo's own reader stands behind it and the functions are
 * certo's: a plugin links no library for them. They do with damaged trees what cJSON does.
 *
 * As there: a node is freed with its tree by cJSON_Delete; text that is printed is the caller's, by
 * cJSON_free. What is added to a tree belongs to it, and what is detached belongs to the caller again.
 * Functions that return a pointer return NULL, and those that return a cJSON_bool 0, when an argument is
 * NULL, nothing is found, or memory is short; an item that could not be added is still the caller's. Nothing
 * here may be called by two threads at once.
 *
 * Otherwise than there:
 *   1. JSON is RFC 8259 to the letter: no leading zeros, no control characters in strings, valid UTF-8 only.
 *   2. More than 16 MiB, nesting deeper than 32, numbers beyond a double, the same key twice in one object,
 *      and "\u0000", where a C string would end, are refused.
 *   3. cJSON_GetErrorPtr is where the refused value begins, not the byte inside of it.
 *   4. cJSON_PrintPreallocated needs no spare bytes, and leaves a buffer that is too short as it was.
 *   5. cJSON_Minify knows that in "\\" the second backslash does not escape the quote.
 * Bytes behind a value are accepted, as there, unless require_null_terminated asks for the end of the text.
 */
#ifndef CERTO_CJSON_H
#define CERTO_CJSON_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CJSON_VERSION_MAJOR 1
#define CJSON_VERSION_MINOR 7
#define CJSON_VERSION_PATCH 19
#define CJSON_NESTING_LIMIT 32
/* A tree that is deeper, such as one that contains itself, is not copied by cJSON_Duplicate. */
#define CJSON_CIRCULAR_LIMIT 10000

#define CJSON_CDECL
#define CJSON_STDCALL
#ifdef __GNUC__
#define CJSON_PUBLIC(type) __attribute__((visibility("default"))) type
#else
#define CJSON_PUBLIC(type) type
#endif

/* The low byte of `type` has one of these, */
#define cJSON_Invalid (0)
#define cJSON_False (1 << 0)
#define cJSON_True (1 << 1)
#define cJSON_NULL (1 << 2)
#define cJSON_Number (1 << 3)
#define cJSON_String (1 << 4)
#define cJSON_Array (1 << 5)
#define cJSON_Object (1 << 6)
#define cJSON_Raw (1 << 7) /* JSON text that is printed as it is */
/* and these may be added: child and valuestring, or the key, are somebody else's and not freed. */
#define cJSON_IsReference 256
#define cJSON_StringIsConst 512

typedef int cJSON_bool;

typedef struct cJSON {
  struct cJSON* next;  /* NULL in the last one */
  struct cJSON* prev;  /* in the first one, the last one */
  struct cJSON* child; /* the first item of an array, or member of an object */
  int type;
  char* valuestring;  /* of String and Raw */
  int valueint;       /* valuedouble without its decimals, at most INT_MAX and at least INT_MIN */
  double valuedouble; /* set both with cJSON_SetNumberValue */
  char* string;       /* the key, where it is a member */
} cJSON;

typedef struct cJSON_Hooks {
  void*(CJSON_CDECL* malloc_fn)(size_t size);
  void(CJSON_CDECL* free_fn)(void* memory);
} cJSON_Hooks;

CJSON_PUBLIC(const char*) cJSON_Version(void);

/* NULL, and a member that is NULL, stand for malloc and free. */
CJSON_PUBLIC(void) cJSON_InitHooks(cJSON_Hooks* hooks);
CJSON_PUBLIC(void*) cJSON_malloc(size_t size);
CJSON_PUBLIC(void) cJSON_free(void* memory);

/* Reading. `*return_parse_end` becomes the end of the value, or what cJSON_GetErrorPtr is. */
CJSON_PUBLIC(cJSON*) cJSON_Parse(const char* value);
CJSON_PUBLIC(cJSON*) cJSON_ParseWithLength(const char* value, size_t buffer_length);
CJSON_PUBLIC(cJSON*)
cJSON_ParseWithOpts(const char* value, const char** return_parse_end, cJSON_bool require_null_terminated);
/* require_null_terminated: `buffer_length` counts the NUL. */
CJSON_PUBLIC(cJSON*)
cJSON_ParseWithLengthOpts(const char* value, size_t buffer_length, const char** return_parse_end,
                          cJSON_bool require_null_terminated);
CJSON_PUBLIC(const char*) cJSON_GetErrorPtr(void); /* of the last reading; NULL when it went well */
/* Takes white space and comments out, in place. */
CJSON_PUBLIC(void) cJSON_Minify(char* json);

/* Printing. NULL when the tree holds a node of no type. */
CJSON_PUBLIC(char*) cJSON_Print(const cJSON* item);
CJSON_PUBLIC(char*) cJSON_PrintUnformatted(const cJSON* item);
CJSON_PUBLIC(char*) cJSON_PrintBuffered(const cJSON* item, int prebuffer, cJSON_bool fmt);
CJSON_PUBLIC(cJSON_bool)
cJSON_PrintPreallocated(cJSON* item, char* buffer, const int length, const cJSON_bool format);

CJSON_PUBLIC(void) cJSON_Delete(cJSON* item);

/* Looking. Keys are compared without case unless it is said. */
CJSON_PUBLIC(int) cJSON_GetArraySize(const cJSON* array);
CJSON_PUBLIC(cJSON*) cJSON_GetArrayItem(const cJSON* array, int index);
CJSON_PUBLIC(cJSON*) cJSON_GetObjectItem(const cJSON* const object, const char* const string);
CJSON_PUBLIC(cJSON*) cJSON_GetObjectItemCaseSensitive(const cJSON* const object, const char* const string);
CJSON_PUBLIC(cJSON_bool) cJSON_HasObjectItem(const cJSON* object, const char* string);
CJSON_PUBLIC(char*) cJSON_GetStringValue(const cJSON* const item);
CJSON_PUBLIC(double) cJSON_GetNumberValue(const cJSON* const item); /* NaN for no number */

/* 0 for NULL. */
CJSON_PUBLIC(cJSON_bool) cJSON_IsInvalid(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsFalse(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsTrue(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsBool(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsNull(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsNumber(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsString(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsArray(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsObject(const cJSON* const item);
CJSON_PUBLIC(cJSON_bool) cJSON_IsRaw(const cJSON* const item);

/* Making. */
CJSON_PUBLIC(cJSON*) cJSON_CreateNull(void);
CJSON_PUBLIC(cJSON*) cJSON_CreateTrue(void);
CJSON_PUBLIC(cJSON*) cJSON_CreateFalse(void);
CJSON_PUBLIC(cJSON*) cJSON_CreateBool(cJSON_bool boolean);
CJSON_PUBLIC(cJSON*) cJSON_CreateNumber(double num);
CJSON_PUBLIC(cJSON*) cJSON_CreateString(const char* string);
CJSON_PUBLIC(cJSON*) cJSON_CreateRaw(const char* raw);
CJSON_PUBLIC(cJSON*) cJSON_CreateArray(void);
CJSON_PUBLIC(cJSON*) cJSON_CreateObject(void);
/* These keep the pointer, which has to outlive them. */
CJSON_PUBLIC(cJSON*) cJSON_CreateStringReference(const char* string);
CJSON_PUBLIC(cJSON*) cJSON_CreateObjectReference(const cJSON* child);
CJSON_PUBLIC(cJSON*) cJSON_CreateArrayReference(const cJSON* child);
CJSON_PUBLIC(cJSON*) cJSON_CreateIntArray(const int* numbers, int count);
CJSON_PUBLIC(cJSON*) cJSON_CreateFloatArray(const float* numbers, int count);
CJSON_PUBLIC(cJSON*) cJSON_CreateDoubleArray(const double* numbers, int count);
CJSON_PUBLIC(cJSON*) cJSON_CreateStringArray(const char* const* strings, int count);

/* Adding. ...CS keeps the pointer of the key. A reference shows the item and leaves it where it is. */
CJSON_PUBLIC(cJSON_bool) cJSON_AddItemToArray(cJSON* array, cJSON* item);
CJSON_PUBLIC(cJSON_bool) cJSON_AddItemToObject(cJSON* object, const char* string, cJSON* item);
CJSON_PUBLIC(cJSON_bool) cJSON_AddItemToObjectCS(cJSON* object, const char* string, cJSON* item);
CJSON_PUBLIC(cJSON_bool) cJSON_AddItemReferenceToArray(cJSON* array, cJSON* item);
CJSON_PUBLIC(cJSON_bool) cJSON_AddItemReferenceToObject(cJSON* object, const char* string, cJSON* item);

/* Made and added; the new item, which is the tree's. */
CJSON_PUBLIC(cJSON*) cJSON_AddNullToObject(cJSON* const object, const char* const name);
CJSON_PUBLIC(cJSON*) cJSON_AddTrueToObject(cJSON* const object, const char* const name);
CJSON_PUBLIC(cJSON*) cJSON_AddFalseToObject(cJSON* const object, const char* const name);
CJSON_PUBLIC(cJSON*)
cJSON_AddBoolToObject(cJSON* const object, const char* const name, const cJSON_bool boolean);
CJSON_PUBLIC(cJSON*)
cJSON_AddNumberToObject(cJSON* const object, const char* const name, const double number);
CJSON_PUBLIC(cJSON*)
cJSON_AddStringToObject(cJSON* const object, const char* const name, const char* const string);
CJSON_PUBLIC(cJSON*) cJSON_AddRawToObject(cJSON* const object, const char* const name, const char* const raw);
CJSON_PUBLIC(cJSON*) cJSON_AddObjectToObject(cJSON* const object, const char* const name);
CJSON_PUBLIC(cJSON*) cJSON_AddArrayToObject(cJSON* const object, const char* const name);

/* Taking out. */
CJSON_PUBLIC(cJSON*) cJSON_DetachItemViaPointer(cJSON* parent, cJSON* const item);
CJSON_PUBLIC(cJSON*) cJSON_DetachItemFromArray(cJSON* array, int which);
CJSON_PUBLIC(cJSON*) cJSON_DetachItemFromObject(cJSON* object, const char* string);
CJSON_PUBLIC(cJSON*) cJSON_DetachItemFromObjectCaseSensitive(cJSON* object, const char* string);
CJSON_PUBLIC(void) cJSON_DeleteItemFromArray(cJSON* array, int which);
CJSON_PUBLIC(void) cJSON_DeleteItemFromObject(cJSON* object, const char* string);
CJSON_PUBLIC(void) cJSON_DeleteItemFromObjectCaseSensitive(cJSON* object, const char* string);

/* Changing. What is inserted before an item that is not there comes last. What is replaced is freed. */
CJSON_PUBLIC(cJSON_bool) cJSON_InsertItemInArray(cJSON* array, int which, cJSON* newitem);
CJSON_PUBLIC(cJSON_bool)
cJSON_ReplaceItemViaPointer(cJSON* const parent, cJSON* const item, cJSON* replacement);
CJSON_PUBLIC(cJSON_bool) cJSON_ReplaceItemInArray(cJSON* array, int which, cJSON* newitem);
CJSON_PUBLIC(cJSON_bool) cJSON_ReplaceItemInObject(cJSON* object, const char* string, cJSON* newitem);
CJSON_PUBLIC(cJSON_bool)
cJSON_ReplaceItemInObjectCaseSensitive(cJSON* object, const char* string, cJSON* newitem);
CJSON_PUBLIC(double) cJSON_SetNumberHelper(cJSON* object, double number);
/* Of a String that is not a reference; its valuestring. NULL if the new text is a part of the old one. */
CJSON_PUBLIC(char*) cJSON_SetValuestring(cJSON* object, const char* valuestring);

/* A copy that stands alone; without `recurse` it has no children. */
CJSON_PUBLIC(cJSON*) cJSON_Duplicate(const cJSON* item, cJSON_bool recurse);
/* Members may stand in another order. */
CJSON_PUBLIC(cJSON_bool)
cJSON_Compare(const cJSON* const a, const cJSON* const b, const cJSON_bool case_sensitive);

#define cJSON_SetNumberValue(object, number) \
  ((object) != NULL ? cJSON_SetNumberHelper((object), (double)(number)) : (double)(number))
#define cJSON_SetIntValue(object, number) \
  ((object) != NULL ? ((object)->valueint = (int)((object)->valuedouble = (number))) : (int)(number))
#define cJSON_SetBoolValue(object, boolean)                                                            \
  ((object) != NULL && ((object)->type & (cJSON_False | cJSON_True))                                   \
       ? ((object)->type =                                                                             \
              ((object)->type & ~(cJSON_False | cJSON_True)) | ((boolean) ? cJSON_True : cJSON_False)) \
       : cJSON_Invalid)

/* for each item of an array, or member of an object; `element` is a cJSON*. */
#define cJSON_ArrayForEach(element, array) \
  for ((element) = (array) != NULL ? (array)->child : NULL; (element) != NULL; (element) = (element)->next)

#ifdef __cplusplus
}
#endif

#endif
