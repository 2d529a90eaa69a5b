// Replies that have arrived or will arrive: HttpReply and Pending.
// Implements a part of net/http.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "net/http.h"
#include "os/signals.h"

namespace certo::net {

std::string HttpReply::header(std::string_view name) const {
  const std::vector<std::string> values = all(name);
  return values.empty() ? std::string() : values.back();
}

std::vector<std::string> HttpReply::all(std::string_view name) const {
  const std::string wanted = lower(name);
  std::vector<std::string> values;
  for (const auto& [known, value] : headers) {
    if (known == wanted) values.push_back(value);
  }
  return values;
}

HttpReply Pending::get() {
  constexpr Millis live_line_pace(250);
  while (reply_.wait_for(live_line_pace) != std::future_status::ready) {
    os::check_signal();
    log::tick();
  }
  return reply_.get();
}

bool Pending::ready() const { return reply_.wait_for(Millis(0)) == std::future_status::ready; }

}  // namespace certo::net
