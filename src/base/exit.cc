// Which of several certificates' exit codes the run ends with.
#include <algorithm>
#include <array>

#include "base/exit.h"

namespace certo {

Exit worst(Exit a, Exit b) {
  static constexpr std::array order = {Exit::bug,           Exit::protocol,    Exit::config, Exit::failed,
                                       Exit::not_installed, Exit::unreachable, Exit::later};
  // What is not in the list stands behind it, and `ok` last of all.
  const auto rank = [](Exit code) {
    if (code == Exit::ok) return order.size() + 1;
    return static_cast<size_t>(std::find(order.begin(), order.end(), code) - order.begin());
  };
  return rank(b) < rank(a) ? b : a;
}

}  // namespace certo
