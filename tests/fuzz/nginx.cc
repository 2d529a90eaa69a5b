// nginx's configuration: what is read are places, and text that is put into one of them changes nothing else.
#include "webserver/nginx_file.h"

#include <algorithm>

#include "target.h"
#include "webserver/listen.h"
#include "webserver/server_regex.h"

using namespace certo;
using webserver::Body;
using webserver::NginxDirective;
using webserver::NginxFile;

namespace {

/// Only blanks, comments and the signs of the grammar are between the words.
bool is_between(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '#')
      at = std::min(text.find('\n', at), text.size());
    else if (std::string_view(" \t\r\n;{}").find(text[at]) == std::string_view::npos)
      return false;
  }
  return true;
}

void check_spans(const NginxFile& file) {
  uint32_t at = 0;
  const auto pass = [&](webserver::Span span) {
    fuzz::promise(at <= span.begin && span.begin < span.end && span.end <= file.text().size(),
                  "spans are in order");
    fuzz::promise(is_between(file.slice({at, span.begin})),
                  "every byte belongs to a word or is between words");
    at = span.end;
  };
  for (const NginxDirective& one : file.directives()) {
    fuzz::promise(one.word_count > 0, "a directive has a name");
    for (size_t word = 0; word < one.word_count; ++word) pass(file.span(one, word));
    const char last = file.text()[one.whole.end - 1];
    fuzz::promise(last == (one.body == Body::none ? ';' : '}'), "a directive ends with its sign");
    if (one.body != Body::none)
      fuzz::promise(file.text()[one.body_span.begin - 1] == '{', "a block begins after its brace");
    if (one.body == Body::other) at = one.body_span.end;
  }
  fuzz::promise(is_between(file.slice({at, static_cast<uint32_t>(file.text().size())})), "so does the end");
}

/// A line is put right after the brace of each block.
void check_insertion(const NginxFile& file) {
  constexpr std::string_view line = "certo_added";
  std::string text = file.text();
  if (text.find(line) != text.npos) return;
  const auto before = file.directives();
  size_t added = 0;
  for (size_t i = before.size(); i-- > 0;) {
    if (before[i].body != Body::directives) continue;
    text.insert(before[i].body_span.begin, "\n" + std::string(line) + ";\n");
    ++added;
  }
  const NginxFile after("after", text);
  auto old = before.begin();
  for (const NginxDirective& one : after.directives()) {
    if (after.is(one, line)) {
      --added;
      continue;
    }
    fuzz::promise(old != before.end() && file.word(*old, 0) == after.word(one, 0), "the others stay");
    ++old;
  }
  fuzz::promise(added == 0 && old == before.end(), "an insertion adds what was inserted");
}

void run(std::string_view input) {
  const std::vector<std::string> parts = fuzz::parts(input);
  fuzz::accepts([&] {
    const NginxFile file("input", parts[0]);
    fuzz::promise(file.text() == parts[0], "the text stays as it is");
    check_spans(file);
    check_insertion(file);
  });
  for (const std::string& part : parts) {
    const size_t end = std::min(part.find('\n'), part.size());
    webserver::parse_listen(part.substr(0, end));
    webserver::matches_regex(part.substr(0, end), part.substr(end));
  }
}

const fuzz::Registered registered("nginx", run);

}  // namespace
