#include "recipe/pages.h"

#include <algorithm>

#include "base/text.h"
#include "recipe/template.h"

namespace certo::recipe {
namespace {

constexpr int64_t most_items = 1'000'000'000;

/// The target of the relation "next" in a Link header (RFC 8288); "" if there is none.
std::string linked_next(const std::vector<std::string>& headers) {
  for (const std::string& line : headers) {
    if (!line.starts_with("link:")) continue;
    for (const std::string& link : split(line.substr(line.find(':') + 1), ',')) {
      const size_t open = link.find('<'), close = link.find('>', open);
      if (open == link.npos || close == link.npos) continue;
      for (const std::string& parameter : split(link.substr(close + 1), ';')) {
        const std::string_view text = trim(parameter);
        if (text == "rel=\"next\"" || text == "rel=next") return link.substr(open + 1, close - open - 1);
      }
    }
  }
  return {};
}

}  // namespace

Page Pages::first() const { return paging_.by == Paging::By::page ? numbered() : Page(); }

Page Pages::numbered() const { return {"", paging_.parameter, std::to_string(number_)}; }

std::optional<Page> Pages::next(const Json& reply, const std::vector<std::string>& headers, size_t items) {
  const Json* const found = paging_.pointer.empty() ? nullptr : find(reply, paging_.pointer, {});
  const std::string told = found ? text_of(*found) : "";
  switch (paging_.by) {
    case Paging::By::nothing: break;
    case Paging::By::page:
      if (was_last(number(told, 0, most_items), items)) break;
      number_ += paging_.step;
      return numbered();
    case Paging::By::url:
      if (told.empty()) break;
      return Page{address_.next(told)};
    case Paging::By::link: {
      const std::string url = linked_next(headers);
      if (url.empty()) break;
      return Page{address_.next(url)};
    }
    case Paging::By::cursor:
      if (told.empty()) break;
      return Page{"", paging_.parameter, told};
  }
  return std::nullopt;
}

/// `all`: what the reply says about the number of pages or items.
bool Pages::was_last(const std::optional<int64_t>& all, size_t items) const {
  if (paging_.pointer.empty()) return static_cast<int64_t>(items) < std::max<int64_t>(paging_.size, 1);
  return number_ - paging_.first + paging_.step >= all.value_or(0);
}

}  // namespace certo::recipe
