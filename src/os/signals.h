// SIGTERM, SIGINT and SIGHUP. The handler notes the signal; everything that waits
// notices it and throws Interrupted; destructors and clean-up take tokens
// and records out; main exits with 128 + n. All of it within 5 s (an alarm), and at
// once when a second signal comes (a second SIGHUP does not count: a terminal that is
// closed sends several).
#pragma once

#include "base/time.h"

namespace certo::os {

/// Once, at the start of main. Also ignores SIGPIPE and switches core dumps off. SIGINT
/// and SIGHUP stay ignored where they were (nohup, a shell's background jobs).
void catch_signals();

/// Readable, for good, once a signal has come: for poll and curl_multi_poll. -1, which both
/// skip, before `catch_signals` and while a `Grace` lives: ask again before every wait.
int signal_fd();

/// The signal that came, 0 if none, and 0 while a `Grace` lives.
int pending_signal();
/// Throws Interrupted when pending_signal() is not 0.
void check_signal();

/// While one lives, waiting is allowed although a signal came: for clean-up. It
/// counts for the whole process.
class Grace {
 public:
  Grace();
  ~Grace();
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;
};

/// A process group that dies with us, when the clean-up takes too long or a second signal ends it.
void kill_at_the_end(int group);
void no_longer_kill(int group);

/// Sleeps; throws Interrupted when a signal comes. Ticks the live line.
void sleep_for(Millis time);

}  // namespace certo::os
