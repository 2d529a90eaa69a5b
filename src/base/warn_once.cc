#include "base/warn_once.h"

#include <mutex>
#include <set>

#include "base/log.h"

namespace certo::log {

void warn_once(const std::string& line) {
  static std::mutex mutex;
  static std::set<std::string> said;
  {
    const std::lock_guard hold(mutex);
    if (!said.insert(line).second) return;
  }
  warn(line);
}

}  // namespace certo::log
