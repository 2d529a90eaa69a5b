// sdk/cJSON.h: what its functions do with damaged lists, trees that contain themselves, overlaps and odd
// types. The expected results are those of cJSON 1.7.19.
#include "fixtures/cjson.h"
#include "fixtures/support.h"

using namespace certo::test;

TEST_CASE("cJSON: a list that has lost its last item takes no other, and says nothing") {
  const Tree tree = parse("[1,2]"), ours(cJSON_CreateNumber(3));
  cJSON* const last = tree->child->prev;
  tree->child->prev = nullptr;
  CHECK(cJSON_AddItemToArray(tree.get(), ours.get()));
  CHECK(printed(tree) == "[1,2]");
  CHECK(ours->next == nullptr);
  last->prev = nullptr;
  CHECK_FALSE(cJSON_InsertItemInArray(tree.get(), 1, ours.get()));
  CHECK(cJSON_DetachItemFromArray(tree.get(), 1) == nullptr);
  CHECK(printed(tree) == "[1,2]");
  CHECK(cJSON_ReplaceItemInArray(tree.get(), 0, cJSON_CreateNumber(7)));
  CHECK(printed(tree) == "[7,2]");
  CHECK(tree->child->prev == nullptr);  // damaged as before
}

TEST_CASE("cJSON: an item takes along what its list has after it") {
  const Tree chain = parse("[2,3]");
  cJSON* const second = chain->child;
  chain->child = nullptr;
  const Tree tree = parse("[1]");
  CHECK(cJSON_AddItemToArray(tree.get(), second));
  CHECK(printed(tree) == "[1,2,3]");
  CHECK(tree->child->prev == second);
}

TEST_CASE("cJSON: a member without a key ends a search with case, and no other") {
  const Tree tree = parse(R"({"a":1,"b":2})"), same = parse(R"({"a":1,"b":2})");
  cJSON_free(tree->child->string);
  tree->child->string = nullptr;
  CHECK(cJSON_GetObjectItemCaseSensitive(tree.get(), "b") == nullptr);
  CHECK(cJSON_GetObjectItem(tree.get(), "b")->valueint == 2);
  CHECK_FALSE(cJSON_Compare(tree.get(), same.get(), false));
  CHECK(printed(tree) == R"({"":1,"b":2})");
}

TEST_CASE("cJSON: a node of two types is like no other, and a bit of each counts where bits are asked for") {
  const Tree node(cJSON_CreateTrue()), other(cJSON_CreateTrue());
  node->type = other->type = cJSON_True | cJSON_False;
  CHECK(cJSON_IsBool(node.get()));
  CHECK_FALSE(cJSON_IsTrue(node.get()));
  CHECK_FALSE(cJSON_Compare(node.get(), node.get(), true));
  CHECK_FALSE(cJSON_Compare(node.get(), other.get(), true));
  CHECK(cJSON_Print(node.get()) == nullptr);
  const Tree text(cJSON_CreateString("old"));
  text->type |= cJSON_Raw;
  CHECK(cJSON_SetValuestring(text.get(), "new") == std::string("new"));
  CHECK(cJSON_SetValuestring(nullptr, "new") == nullptr);
}

TEST_CASE("cJSON: a text is not set to a part of itself") {
  const Tree text(cJSON_CreateString("hello"));
  CHECK(cJSON_SetValuestring(text.get(), text->valuestring) == nullptr);
  CHECK(cJSON_SetValuestring(text.get(), text->valuestring + 3) == nullptr);
  CHECK(cJSON_SetValuestring(text.get(), text->valuestring + 5) == nullptr);
  CHECK(text->valuestring == std::string("hello"));
}

TEST_CASE("cJSON: a tree that contains itself, or is too deep, is not copied") {
  const Tree tree = parse("[[1]]");
  cJSON* const number = tree->child->child;
  tree->child->child = tree.get();
  CHECK(cJSON_Duplicate(tree.get(), true) == nullptr);
  CHECK(Tree(cJSON_Duplicate(tree.get(), false)));
  tree->child->child = number;

  const auto tower = [](int levels) {
    Tree top(cJSON_CreateArray());
    for (int i = 0; i < levels; ++i) {
      Tree above(cJSON_CreateArray());
      cJSON_AddItemToArray(above.get(), top.release());
      top = std::move(above);
    }
    return top;
  };
  CHECK(Tree(cJSON_Duplicate(tower(CJSON_CIRCULAR_LIMIT).get(), true)));
  CHECK(cJSON_Duplicate(tower(CJSON_CIRCULAR_LIMIT + 1).get(), true) == nullptr);
}

TEST_CASE("cJSON: a reference keeps the flags of what it shows, until it gets a key") {
  const Tree array(cJSON_CreateArray()), object(cJSON_CreateObject());
  cJSON_AddItemToObjectCS(object.get(), "key", cJSON_CreateTrue());
  CHECK(cJSON_AddItemReferenceToArray(array.get(), object->child));
  CHECK(array->child->type == (cJSON_True | cJSON_IsReference | cJSON_StringIsConst));
  CHECK(array->child->string == nullptr);
}
