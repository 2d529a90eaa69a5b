// base/json and base/json_pointer: what is read and written again is the same, and both know the same texts.
#include "base/json.h"

#include "base/json_pointer.h"
#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  const JsonLines lines(input);
  Json json;
  if (!fuzz::accepts([&] { json = parse_json(input, "input", Exit::bad_input); })) return;
  fuzz::promise(!lines.fault(), "JsonLines finds no fault in what parse_json reads");
  fuzz::promise(parse_json(to_json(json), "again", Exit::bad_input, input.size() * 8 + 64) == json,
                "to_json");
  fuzz::promise(parse_json(to_pretty_json(json), "again", Exit::bad_input, size_t{64} << 20) == json,
                "to_pretty_json");
  fuzz::promise(follow(json, "") == &json, "the empty pointer is the whole document");
}

const fuzz::Registered registered("json", run);

}  // namespace
