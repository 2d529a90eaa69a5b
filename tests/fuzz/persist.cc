// TXT values at _validation-persist, and the challenge that asks for one: what is read is written and read
// again as the same, and a value never breaks out of the line that a person copies.
#include <algorithm>

#include "acme/persist.h"
#include "base/text.h"
#include "base/txt_strings.h"
#include "target.h"

using namespace certo;

namespace {

constexpr Time test_time{Seconds(1795226400)};

void run(std::string_view input) {
  const std::vector<std::string> values = fuzz::parts(input);
  const acme::PersistOffer offer{{"authority.example"}, {"https://ca.example/acct/1"}};
  for (const std::string& value : values) {
    const auto record = acme::parse_persist_record(value);
    const acme::PersistVerdict verdict = acme::judge({value}, offer, true, test_time);
    acme::explain(verdict, offer);
    fuzz::promise(join(txt_strings(value), "") == value, "the strings of a value are the value");
    if (!record) {
      fuzz::promise(verdict.state == acme::PersistVerdict::State::malformed,
                    "a malformed value proves nothing");
      continue;
    }
    const std::string text = to_text(*record);
    fuzz::promise(acme::parse_persist_record(text) == record, "parse(to_text(x)) == x");
    fuzz::promise(std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; }), "one line");
    if (verdict.state == acme::PersistVerdict::State::good)
      fuzz::promise(record->issuer == "authority.example" && record->allows_wildcard &&
                        record->account_uri == offer.account_uris.front() &&
                        (!record->until || *record->until >= test_time),
                    "only a record for the CA, the account and the name is good");
  }
  acme::judge(values, offer, false, test_time);
  fuzz::accepts([&] {
    const Json json = parse_json(input, "input", Exit::protocol);
    for (const std::string& issuer : acme::issuer_names(&json))
      fuzz::promise(acme::parse_persist_record(issuer + "; accounturi=a").has_value(),
                    "a CA's name can be in a record");
  });
}

const fuzz::Registered registered("persist", run);

}  // namespace
