// Order documents, from a pipe or the state tree: a document that was read, written and read again is the
// same.
#include "acme/document.h"
#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  acme::Document document;
  if (!fuzz::accepts([&] { document = acme::parse_document(input, "input"); })) return;
  const std::string text = to_json(acme::to_json(document, ""));
  acme::Document again;
  fuzz::promise(fuzz::accepts([&] { again = acme::parse_document(text, "again"); }),
                "certo reads what it writes");
  fuzz::promise(to_json(acme::to_json(again, "")) == text, "load(save(x)) == x");
  for (const acme::ChallengeRecord& record : document.records)
    fuzz::promise(record.name.ends_with("_acme-challenge." + record.identifier.base()),
                  "a record is for its name");
}

const fuzz::Registered registered("order", run);

}  // namespace
