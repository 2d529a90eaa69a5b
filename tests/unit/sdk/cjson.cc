// sdk/cJSON.h: what C code that was written against cJSON relies on. The expected texts are what cJSON 1.7
// prints.
#include "sdk/cJSON.h"

#include <climits>
#include <cmath>
#include <cstdlib>
#include <string>

#include "fixtures/cjson.h"
#include "fixtures/support.h"
#include "sdk/provider.h"

using namespace certo::test;

namespace {

std::string number(double value) { return printed(Tree(cJSON_CreateNumber(value))); }

std::string minified(std::string text) {
  cJSON_Minify(text.data());
  return text.c_str();
}

int blocks;       // that are allocated
int blocks_left;  // until memory is short

void* counted_malloc(size_t size) {
  if (blocks_left == 0) return nullptr;
  --blocks_left;
  ++blocks;
  return std::malloc(size);
}

void counted_free(void* memory) {
  --blocks;
  std::free(memory);
}

struct CountedMemory {
  explicit CountedMemory(int limit) {
    blocks = 0;
    blocks_left = limit;
    cJSON_Hooks hooks = {counted_malloc, counted_free};
    cJSON_InitHooks(&hooks);
  }
  ~CountedMemory() { cJSON_InitHooks(nullptr); }
};

}  // namespace

TEST_CASE("cJSON: a tree is walked by its members, as C code does") {
  const Tree tree = parse(R"({"zones":[{"id":7},{"id":8.5}],"ok":true,"none":null,"text":"é\n"})");
  REQUIRE(tree);
  CHECK(tree->type == cJSON_Object);
  CHECK(std::string(tree->child->string) == "zones");
  CHECK(tree->child->child->child->valueint == 7);
  CHECK(tree->child->child->next->child->valuedouble == 8.5);
  CHECK(tree->child->child->next->child->valueint == 8);
  CHECK(cJSON_IsTrue(tree->child->next));
  CHECK(tree->child->next->valueint == 1);
  CHECK(tree->child->prev->valuestring == std::string("é\n"));
  CHECK(cJSON_GetArraySize(tree.get()) == 4);
  CHECK(cJSON_IsNull(cJSON_GetArrayItem(tree.get(), 2)));
  CHECK(cJSON_GetArrayItem(tree.get(), 4) == nullptr);
  CHECK(cJSON_GetArrayItem(tree.get(), -1) == nullptr);
  CHECK(is_linked(tree));
}

TEST_CASE("cJSON: keys are found without case, and with it where that is asked for") {
  const Tree tree = parse(R"({"Id":1,"id":2})");
  CHECK(cJSON_GetObjectItem(tree.get(), "ID")->valueint == 1);
  CHECK(cJSON_GetObjectItemCaseSensitive(tree.get(), "id")->valueint == 2);
  CHECK(cJSON_GetObjectItemCaseSensitive(tree.get(), "ID") == nullptr);
  CHECK(cJSON_HasObjectItem(tree.get(), "iD"));
  CHECK_FALSE(cJSON_HasObjectItem(tree.get(), "name"));
  CHECK(cJSON_GetObjectItem(parse(R"(["id"])").get(), "id") == nullptr);
}

TEST_CASE("cJSON: what is not there is asked without harm") {
  CHECK(cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(nullptr, 0), "id")) == nullptr);
  CHECK(std::isnan(cJSON_GetNumberValue(nullptr)));
  CHECK_FALSE(cJSON_IsInvalid(nullptr));
  CHECK(cJSON_GetArraySize(nullptr) == 0);
  CHECK(cJSON_Print(nullptr) == nullptr);
  CHECK(cJSON_Duplicate(nullptr, true) == nullptr);
  CHECK_FALSE(cJSON_AddItemToArray(nullptr, nullptr));
  cJSON_Delete(nullptr);
  cJSON_Minify(nullptr);
}

TEST_CASE("cJSON: whole numbers end at the limits of an int, and doubles do not") {
  const Tree tree = parse("[2147483648,-2147483649,12345678901234567890,1e300]");
  CHECK(cJSON_GetArrayItem(tree.get(), 0)->valueint == INT_MAX);
  CHECK(cJSON_GetArrayItem(tree.get(), 0)->valuedouble == 2147483648.0);
  CHECK(cJSON_GetArrayItem(tree.get(), 1)->valueint == INT_MIN);
  CHECK(cJSON_GetArrayItem(tree.get(), 2)->valueint == INT_MAX);
  CHECK(cJSON_GetArrayItem(tree.get(), 3)->valuedouble == 1e300);
}

TEST_CASE("cJSON: numbers are printed with the digits that they need") {
  CHECK(number(0) == "0");
  CHECK(number(-1) == "-1");
  CHECK(number(2147483648) == "2147483648");
  CHECK(number(1e15) == "1e+15");
  CHECK(number(0.1) == "0.1");
  CHECK(number(0.1 + 0.2) == "0.3");  // lost at the 16th digit, which cJSON does not count
  CHECK(number(1.0 / 3) == "0.33333333333333331");
  CHECK(number(3.141592653589793) == "3.1415926535897931");
  CHECK(number(123456789012345680.0) == "1.2345678901234568e+17");
  CHECK(number(9007199254740993.0) == "9.00719925474099e+15");
  CHECK(number(std::nan("")) == "null");
  CHECK(number(HUGE_VAL) == "null");
}

TEST_CASE("cJSON: the formatted print has tabs, and arrays in one line") {
  const Tree tree = parse(R"({"a":{"b":[1,{"c":null},{}],"d":[]}})");
  const std::string pretty =
      "{\n\t\"a\":\t{\n\t\t\"b\":\t[1, {\n\t\t\t\t\"c\":\tnull\n\t\t\t}, "
      "{\n\t\t\t}],\n\t\t\"d\":\t[]\n\t}\n}";
  CHECK(taken(cJSON_Print(tree.get())) == pretty);
  CHECK(taken(cJSON_PrintBuffered(tree.get(), 1, true)) == pretty);
  CHECK(printed(tree) == R"({"a":{"b":[1,{"c":null},{}],"d":[]}})");
}

TEST_CASE("cJSON: strings come back from print as they went in") {
  const std::string text = R"(["a\"\\/\b\f\n\r\t\u0001","é😀"])";
  CHECK(printed(parse(text)) == text);
}

TEST_CASE("cJSON: a buffer takes the text and its NUL, or nothing") {
  const Tree tree = parse("[1,2,3]");
  char buffer[8];
  CHECK_FALSE(cJSON_PrintPreallocated(tree.get(), buffer, 7, false));
  CHECK(cJSON_PrintPreallocated(tree.get(), buffer, 8, false));
  CHECK(buffer == std::string("[1,2,3]"));
  CHECK_FALSE(cJSON_PrintPreallocated(tree.get(), buffer, -1, false));
}

TEST_CASE("cJSON: a node of no type cannot be printed, wherever it lies") {
  const Tree tree(cJSON_CreateArray());
  cJSON_AddItemToArray(tree.get(), cJSON_CreateTrue());
  tree->child->type = cJSON_Invalid;
  CHECK(cJSON_Print(tree.get()) == nullptr);
}

TEST_CASE("cJSON: text may follow a value unless its end is asked for") {
  const char* const text = "\xEF\xBB\xBF [\"]\\\"\"] {}";
  const char* end = nullptr;
  CHECK(printed(Tree(cJSON_ParseWithOpts(text, &end, false))) == R"(["]\""])");
  CHECK(end == std::string(" {}"));
  CHECK(printed(Tree(cJSON_Parse(end))) == "{}");
  CHECK(cJSON_ParseWithOpts(text, &end, true) == nullptr);
  CHECK(end == std::string("{}"));
  CHECK(cJSON_GetErrorPtr() == end);
  CHECK(printed(Tree(cJSON_ParseWithOpts(" 1 \n", &end, true))) == "1");
  CHECK(end == std::string(""));
  CHECK(cJSON_GetErrorPtr() == nullptr);
  CHECK(printed(parse("truefalse")) == "true");
}

TEST_CASE("cJSON: a length ends the text before its NUL does") {
  CHECK(printed(Tree(cJSON_ParseWithLength("[1]xyz", 3))) == "[1]");
  CHECK(cJSON_ParseWithLength("[1]", 2) == nullptr);
  CHECK(cJSON_ParseWithLength("[1]", 0) == nullptr);
  CHECK(cJSON_ParseWithLengthOpts("[1]", 3, nullptr, true) == nullptr);
  CHECK(Tree(cJSON_ParseWithLengthOpts("[1]", 4, nullptr, true)));
}

TEST_CASE("cJSON: invalid JSON is refused, with its position") {
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\"}", "nul", "'a'", "\"a", "\"\\", "\"\\x\"", "01", "}",
                           "[}", "\"\\u0000\"", "\"\xff\"", "{\"a\":1,\"a\":2}", "1e999"}) {
    CAPTURE(text);
    CHECK(parse(text) == nullptr);
  }
  const char* const text = "  [1,]";
  CHECK(cJSON_Parse(text) == nullptr);
  CHECK(cJSON_GetErrorPtr() == text + 2);
  CHECK(cJSON_Parse(nullptr) == nullptr);
  CHECK(cJSON_GetErrorPtr() == text + 2);  // it is not a reading
  CHECK(cJSON_ParseWithLength(nullptr, 1) == nullptr);
  CHECK(cJSON_GetErrorPtr() == nullptr);
}

TEST_CASE("cJSON: what is missing at the end of a buffer is missed at its last byte") {
  const char* end = nullptr;
  const char* const number = "[1]";
  CHECK(cJSON_ParseWithLengthOpts(number, 3, &end, true) == nullptr);
  CHECK(end == number + 2);
  const char* const blanks = "   ";
  CHECK(cJSON_ParseWithLengthOpts(blanks, 3, &end, false) == nullptr);
  CHECK(end == blanks + 2);
  const char* const marked =
      "\xEF\xBB\xBF"
      "1";
  CHECK(cJSON_ParseWithLength(marked, 4) == nullptr);  // a mark needs two more bytes
  CHECK(Tree(cJSON_ParseWithLength(marked, 5)));
}

TEST_CASE("cJSON: depth and length have the limits that the header names") {
  CHECK(parse(nested(CJSON_NESTING_LIMIT)));
  CHECK_FALSE(parse(nested(CJSON_NESTING_LIMIT + 1)));
  CHECK_FALSE(parse(nested(1000000)));
  CHECK(parse('"' + std::string(CERTO_REPLY_SIZE - 2, 'a') + '"'));
  CHECK_FALSE(parse('"' + std::string(CERTO_REPLY_SIZE, 'a') + '"'));
}

TEST_CASE("cJSON: an object is built and printed") {
  const Tree tree(cJSON_CreateObject());
  const int ints[] = {1, 2};
  const float floats[] = {1.5F};
  const double doubles[] = {0.1};
  const char* const strings[] = {"x", "y"};
  cJSON_AddStringToObject(tree.get(), "name", "a\"b");
  cJSON_AddNumberToObject(tree.get(), "ttl", 60);
  cJSON_AddBoolToObject(tree.get(), "on", 7);
  cJSON_AddTrueToObject(tree.get(), "t");
  cJSON_AddFalseToObject(tree.get(), "f");
  cJSON_AddNullToObject(tree.get(), "null");
  cJSON_AddRawToObject(tree.get(), "raw", "[ ]");
  cJSON_AddItemToObject(cJSON_AddObjectToObject(tree.get(), "o"), "ints", cJSON_CreateIntArray(ints, 2));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(tree.get(), "a"), cJSON_CreateFloatArray(floats, 1));
  cJSON_AddItemToObject(tree.get(), "d", cJSON_CreateDoubleArray(doubles, 1));
  cJSON_AddItemToObject(tree.get(), "s", cJSON_CreateStringArray(strings, 2));
  CHECK(printed(tree) == R"({"name":"a\"b","ttl":60,"on":true,"t":true,"f":false,"null":null,"raw":[ ],)"
                         R"("o":{"ints":[1,2]},"a":[[1.5]],"d":[0.1],"s":["x","y"]})");
  CHECK(is_linked(tree));
  CHECK(cJSON_CreateString(nullptr) == nullptr);
  CHECK(cJSON_CreateIntArray(ints, -1) == nullptr);
  CHECK(cJSON_AddStringToObject(tree.get(), "n", nullptr) == nullptr);
  CHECK_FALSE(cJSON_AddItemToArray(tree.get(), tree.get()));
}

TEST_CASE("cJSON: references show what they do not own") {
  const Tree source = parse(R"({"list":[1,2]})");
  static const char key[] = "constant";
  {
    const Tree tree(cJSON_CreateObject());
    cJSON_AddItemReferenceToObject(tree.get(), "ref", source->child);
    cJSON_AddItemToObjectCS(tree.get(), key, cJSON_CreateStringReference("text"));
    cJSON_AddItemToObject(tree.get(), "items", cJSON_CreateArrayReference(source->child->child));
    cJSON_AddItemToObject(tree.get(), "members", cJSON_CreateObjectReference(source->child));
    cJSON_AddItemReferenceToArray(cJSON_AddArrayToObject(tree.get(), "array"), source->child);
    CHECK(cJSON_GetObjectItem(tree.get(), key)->string == key);
    CHECK(printed(tree) == R"({"ref":[1,2],"constant":"text","items":[1,2],"members":{"list":[1,2]},)"
                           R"("array":[[1,2]]})");
    const Tree copy(cJSON_Duplicate(tree.get(), true));
    CHECK(printed(copy) == printed(tree));
    CHECK(copy->child->type == cJSON_Array);
  }
  CHECK(printed(source) == R"({"list":[1,2]})");
}

TEST_CASE("cJSON: items are removed at both ends and between") {
  const Tree tree = parse(R"({"a":0,"b":1,"c":2,"d":3})");
  const Tree first(cJSON_DetachItemFromArray(tree.get(), 0));
  CHECK(first->valueint == 0);
  CHECK(first->next == nullptr);
  CHECK(is_linked(tree));
  CHECK(cJSON_DetachItemFromObjectCaseSensitive(tree.get(), "C") == nullptr);
  CHECK(Tree(cJSON_DetachItemFromObject(tree.get(), "C"))->valueint == 2);
  CHECK(is_linked(tree));
  cJSON_DeleteItemFromArray(tree.get(), 1);
  CHECK(printed(tree) == R"({"b":1})");
  CHECK(is_linked(tree));
  cJSON_DeleteItemFromObjectCaseSensitive(tree.get(), "B");
  cJSON_DeleteItemFromObject(tree.get(), "B");
  CHECK(printed(tree) == "{}");
  CHECK(cJSON_DetachItemViaPointer(tree.get(), first.get()) == nullptr);
  CHECK(cJSON_AddItemToArray(tree.get(), cJSON_CreateNull()));
  CHECK(is_linked(tree));
}

TEST_CASE("cJSON: items are put before others, and behind the last") {
  const Tree tree(cJSON_CreateArray());
  CHECK(cJSON_InsertItemInArray(tree.get(), 0, cJSON_CreateNumber(3)));
  CHECK(cJSON_InsertItemInArray(tree.get(), 0, cJSON_CreateNumber(1)));
  CHECK(cJSON_InsertItemInArray(tree.get(), 1, cJSON_CreateNumber(2)));
  CHECK(cJSON_InsertItemInArray(tree.get(), 9, cJSON_CreateNumber(4)));
  CHECK(printed(tree) == "[1,2,3,4]");
  CHECK(is_linked(tree));
  const Tree ours(cJSON_CreateNull());
  CHECK_FALSE(cJSON_InsertItemInArray(tree.get(), -1, ours.get()));
}

TEST_CASE("cJSON: an item is replaced where it stands, with its key") {
  const Tree tree = parse(R"({"a":1,"b":2,"c":3})");
  CHECK(cJSON_ReplaceItemInObject(tree.get(), "A", cJSON_CreateString("first")));
  CHECK(cJSON_ReplaceItemInObjectCaseSensitive(tree.get(), "b", cJSON_CreateNull()));
  CHECK(cJSON_ReplaceItemInArray(tree.get(), 2, cJSON_CreateString("last")));
  CHECK(printed(tree) == R"({"A":"first","b":null,"":"last"})");
  CHECK(is_linked(tree));
  CHECK(cJSON_ReplaceItemViaPointer(tree.get(), tree->child, tree->child));
  const Tree ours(cJSON_CreateNull());
  CHECK_FALSE(cJSON_ReplaceItemInObject(tree.get(), "z", ours.get()));
  const Tree one = parse("[1]");
  CHECK(cJSON_ReplaceItemInArray(one.get(), 0, cJSON_CreateTrue()));
  CHECK(is_linked(one));
}

TEST_CASE("cJSON: values are set in place") {
  const Tree value(cJSON_CreateNumber(3));
  CHECK(cJSON_SetNumberValue(value.get(), 1e20) == 1e20);
  CHECK(value->valueint == INT_MAX);
  cJSON_SetIntValue(value.get(), 7);
  CHECK(value->valuedouble == 7);
  CHECK(cJSON_SetValuestring(value.get(), "x") == nullptr);
  cJSON* const flag = cJSON_CreateFalse();
  cJSON_SetBoolValue(flag, 1);
  CHECK(cJSON_IsTrue(flag));
  cJSON_Delete(flag);

  const Tree text(cJSON_CreateString("hello"));
  const char* const before = text->valuestring;
  CHECK(cJSON_SetValuestring(text.get(), "lo") == before);
  CHECK(text->valuestring == std::string("lo"));
  CHECK(cJSON_SetValuestring(text.get(), "a longer one") == std::string("a longer one"));
  const Tree reference(cJSON_CreateStringReference("constant"));
  CHECK(cJSON_SetValuestring(reference.get(), "x") == nullptr);
}

TEST_CASE("cJSON: trees are equal whatever the order of members, not of items") {
  const auto equal = [](const char* a, const char* b, bool with_case = true) {
    return cJSON_Compare(parse(a).get(), parse(b).get(), with_case) != 0;
  };
  CHECK(equal(R"({"a":[1,{"x":"y"}],"b":null})", R"({"b":null,"a":[1.0,{"x":"y"}]})"));
  CHECK_FALSE(equal("[1,2]", "[2,1]"));
  CHECK_FALSE(equal("[1]", "[1,2]"));
  CHECK_FALSE(equal(R"({"a":1})", R"({"a":1,"b":2})"));
  CHECK_FALSE(equal(R"({"a":1})", R"({"A":1})"));
  CHECK(equal(R"({"a":1})", R"({"A":1})", false));
  CHECK_FALSE(equal("true", "false"));
  CHECK_FALSE(equal(R"("a")", R"("b")"));
  CHECK_FALSE(cJSON_Compare(nullptr, nullptr, true));
}

TEST_CASE("cJSON: a copy stands alone, with its children or without") {
  Tree tree = parse(R"({"a":[1,"x"],"b":{"c":true}})");
  const Tree copy(cJSON_Duplicate(tree.get(), true));
  CHECK(cJSON_Compare(tree.get(), copy.get(), true));
  CHECK(printed(Tree(cJSON_Duplicate(tree.get(), false))) == "{}");
  tree.reset();
  CHECK(printed(copy) == R"({"a":[1,"x"],"b":{"c":true}})");
  CHECK(is_linked(copy));
}

// The expected results of the next seven were compared with cJSON 1.7.19.

TEST_CASE("cJSON: comments and white space are removed, but not from strings") {
  CHECK(minified("{ \"a b\" : /* one */ [1,\t2] } // end") == R"({"a b":[1,2]})");
  CHECK(minified(R"([ "http://x", "\" // " ])") == R"(["http://x","\" // "])");
  CHECK(minified("// one\n1") == "1");
  CHECK(minified("1 /* open") == "1");
  CHECK(minified("\"open ") == "\"open ");
}

TEST_CASE("cJSON: when memory is short nothing is kept and nothing breaks") {
  int successes = 0;
  for (int limit = 0; limit < 40; ++limit) {
    const CountedMemory memory(limit);
    {
      const Tree tree = parse(R"({"a":[1,"x",{"b":null}]})");
      const Tree copy(cJSON_Duplicate(tree.get(), true));
      cJSON_AddStringToObject(copy.get(), "c", "text");
      const char* const strings[] = {"x", "y"};
      const Tree array(cJSON_CreateStringArray(strings, 2));
      if (printed(copy) == R"({"a":[1,"x",{"b":null}],"c":"text"})" && array) ++successes;
    }
    CHECK(blocks == 0);
  }
  CHECK(successes > 0);
  CHECK(successes < 40);
}

TEST_CASE("hostile JSON of 1 MiB becomes a tree in time that grows with its length only") {
  const std::string digits(1 << 19, '7');
  const Tree both(cJSON_Parse(("[99999999999999999999,\"" + digits + "\"]").c_str()));
  REQUIRE(both);
  CHECK(both->child->next->valuestring == digits);
  std::string numbers = "[1";
  while (numbers.size() < (1 << 20)) numbers += ",1";
  const Tree many(cJSON_Parse((numbers + "]").c_str()));
  REQUIRE(many);
  CHECK(cJSON_GetArraySize(many.get()) == static_cast<int>(numbers.size() / 2));
}
