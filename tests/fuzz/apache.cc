// Apache's configuration and its dump: the directives are places, and a line that is put into a section
// changes nothing else.
#include <algorithm>

#include "target.h"
#include "webserver/apache_dump.h"
#include "webserver/apache_file.h"

using namespace certo;
using webserver::ApacheDirective;
using webserver::ApacheFile;

namespace {

void check_places(const ApacheFile& file) {
  const auto all = file.directives();
  uint32_t at = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const ApacheDirective& one = all[i];
    fuzz::promise(at <= one.whole.begin && one.whole.begin <= one.whole.end, "directives are in order");
    fuzz::promise(one.whole.end <= file.text().size(), "a directive ends in the text");
    fuzz::promise(i < one.next && one.next <= all.size(), "the next directive comes later");
    if (one.is_section)
      fuzz::promise(one.whole.end <= one.body.begin && one.body.begin <= one.body.end &&
                        one.body.end <= file.text().size(),
                    "a section's body follows its first line");
    at = one.whole.end;
  }
}

/// A line is put at the beginning of each section whose first line has an end.
void check_apache_insertion(const ApacheFile& file) {
  constexpr std::string_view line = "certo_added";
  std::string text = file.text();
  if (text.find(line) != text.npos) return;
  const auto before = file.directives();
  size_t added = 0;
  for (size_t i = before.size(); i-- > 0;) {
    const uint32_t at = before[i].body.begin;
    if (!before[i].is_section || text[at - 1] != '\n' || before[i].whole.end == at) continue;
    text.insert(at, std::string(line) + "\n");
    ++added;
  }
  const ApacheFile after("after", text);
  auto old = before.begin();
  for (const ApacheDirective& one : after.directives()) {
    if (one.name == line) {
      --added;
      continue;
    }
    fuzz::promise(old != before.end() && old->name == one.name && old->value == one.value, "the others stay");
    ++old;
  }
  fuzz::promise(added == 0 && old == before.end(), "an insertion adds what was inserted");
}

void run_apache(std::string_view input) {
  const std::vector<std::string> parts = fuzz::parts(input);
  fuzz::accepts([&] {
    const ApacheFile file("input", parts[0]);
    fuzz::promise(file.text() == parts[0], "the text stays as it is");
    check_places(file);
    check_apache_insertion(file);
    for (const ApacheDirective& one : file.directives())
      webserver::apache_words(
          webserver::with_variables(one.value, [](std::string_view name) { return std::string(name); }));
  });
  for (const std::string& part : parts)
    fuzz::accepts([&] {
      const webserver::ApacheDump dump = webserver::parse_apache_dump(part);
      for (size_t i = 0; i < dump.includes.size(); ++i)
        fuzz::promise(dump.includes[i].parent < static_cast<int>(i), "a file is included by an earlier one");
      for (const webserver::ApacheAddress& address : dump.addresses)
        for (const webserver::ApacheSite& site : address.sites)
          fuzz::promise(!text(site.place).empty(), "a host has a place");
    });
}

const fuzz::Registered registered_apache("apache", run_apache);

}  // namespace
