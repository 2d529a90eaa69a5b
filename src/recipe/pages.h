// The pages of a list.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recipe/address.h"
#include "recipe/recipe.h"

namespace certo::recipe {

/// What differs from the list's own request.
struct Page {
  std::string url{};        // instead of the request's; "": the same
  std::string parameter{};  // of the query, at its place there or at the end; "": none
  std::string value{};
};

class Pages {
 public:
  Pages(const Paging& paging, const Address& address)
      : paging_(paging), address_(address), number_(paging.first) {}

  Page first() const;
  /// After a reply with so many items. Nothing after the last page.
  std::optional<Page> next(const Json& reply, const std::vector<std::string>& headers, size_t items);

 private:
  Page numbered() const;
  bool was_last(const std::optional<int64_t>& all, size_t items) const;

  const Paging& paging_;
  const Address& address_;
  int64_t number_;
};

}  // namespace certo::recipe
