// certo's cJSON for plugins in C: what is read, printed and read again is equal.
#include <cstdlib>
#include <memory>

#include "sdk/cJSON.h"
#include "target.h"

using namespace certo;

namespace {

struct Deleted {
  void operator()(cJSON* node) const { cJSON_Delete(node); }
  void operator()(char* text) const { cJSON_free(text); }
};
using Node = std::unique_ptr<cJSON, Deleted>;
using Text = std::unique_ptr<char, Deleted>;

void run(std::string_view input) {
  const Node as_text(cJSON_Parse(std::string(input).c_str()));
  const Node node(cJSON_ParseWithLength(input.data(), input.size()));
  if (!node) return;
  for (const bool is_formatted : {false, true}) {
    const Text printed(is_formatted ? cJSON_Print(node.get()) : cJSON_PrintUnformatted(node.get()));
    fuzz::promise(printed != nullptr, "what was read can be printed");
    const Node again(cJSON_Parse(printed.get()));
    fuzz::promise(again != nullptr, "what was printed can be read");
    const Text twice(is_formatted ? cJSON_Print(again.get()) : cJSON_PrintUnformatted(again.get()));
    fuzz::promise(twice && std::string_view(printed.get()) == twice.get(),
                  "print(read(print(x))) == print(x)");
    cJSON_Minify(printed.get());
    const Node small(cJSON_Parse(printed.get()));
    fuzz::promise(small != nullptr, "what was minified can be read");
  }
  const Node copy(cJSON_Duplicate(node.get(), true));
  fuzz::promise(copy && cJSON_Compare(node.get(), node.get(), true), "a value is equal to itself");
  cJSON_DeleteItemFromArray(copy.get(), 0);
}

const fuzz::Registered registered("cjson", run);

}  // namespace
