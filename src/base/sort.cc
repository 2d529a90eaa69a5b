#include "base/sort.h"

#include <algorithm>
#include <numeric>

namespace certo {

std::vector<size_t> stable_order(size_t count, const std::function<bool(size_t, size_t)>& is_before) {
  std::vector<size_t> places(count);
  std::iota(places.begin(), places.end(), 0);
  std::ranges::stable_sort(places, is_before);
  return places;
}

}  // namespace certo
