// Sorting that keeps the order of equals. std::stable_sort would be compiled for each type, 3 KB each time:
// here only the places are sorted, all of them by one function.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace certo {

/// The places from 0 to `count` - 1, in order.
std::vector<size_t> stable_order(size_t count, const std::function<bool(size_t, size_t)>& is_before);

/// As std::ranges::stable_sort.
template <typename Item, typename Compare = std::ranges::less, typename Projection = std::identity>
void sort_stably(std::vector<Item>& items, Compare is_before = {}, Projection key = {}) {
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  const auto compare = [&](size_t a, size_t b) {
    return std::invoke(is_before, std::invoke(key, items[a]), std::invoke(key, items[b]));
  };
  for (const size_t place : stable_order(items.size(), compare)) sorted.push_back(std::move(items[place]));
  items = std::move(sorted);
}

}  // namespace certo
