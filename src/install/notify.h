// Notifications about a pass over the store: hooks in <home>/hooks/notify/ get the summary on stdin.
#pragma once

#include <string>
#include <vector>

#include "store/home.h"

namespace certo::install {

/// The last three are alerts (status/alerts.h).
enum class Event { ok, change, failure, late, expires, endpoint, will_fail };
enum class NotifyWhen { on_failure, on_change, always };  // each includes the one before it

/// "on-failure", "on-change", "always".
std::vector<std::string> notify_words();
/// Error{usage} for another word.
NotifyWhen notify_when(const std::string& text);
bool is_told(Event event, NotifyWhen when);

struct Notice {
  Event event = Event::ok;
  std::string subject;  // one line: CERTO_SUBJECT
  std::string text;     // lines, on stdin
};

/// Runs them one after the other. If one fails, certo prints a warning and continues. Throws Interrupted if a
/// signal arrives meanwhile; after a signal, each has two seconds.
void notify(const store::Home& home, const Notice& notice);

}  // namespace certo::install
