// A warning about something that concerns many certificates is said once.
#pragma once

#include <string>

namespace certo::log {

/// Like `warn`; the same line a second time is not said again. Any thread may call this.
void warn_once(const std::string& line);

}  // namespace certo::log
