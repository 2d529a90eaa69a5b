// The XML of providers/sdk: what is read, written and read again is the same.
#include "sdk/xml.h"

#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  sdk::Element root;
  if (!fuzz::accepts([&] { root = sdk::parse_xml(input, "input"); })) return;
  const std::string text = to_xml(root);
  fuzz::promise(fuzz::accepts([&] { root = sdk::parse_xml(text, "again"); }), "to_xml makes XML");
  // White space in a value is made one kind when it is read first.
  const std::string again = to_xml(root);
  fuzz::promise(to_xml(sdk::parse_xml(again, "again")) == again, "read(write(x)) == x");
}

const fuzz::Registered registered("xml", run);

}  // namespace
