// SIGTERM, SIGINT and SIGHUP. The handler notes the signal; everything that waits notices it and throws
// Interrupted; destructors and clean-up remove tokens and records; main exits with 128 + n. All of it takes 5
// s at most (an alarm), and ends at once when a second signal comes (a second SIGHUP does not count: a
// terminal that is closed sends several).
#pragma once

#include "base/time.h"

namespace certo::os {

/// To be called once, at the start of main. Also ignores SIGPIPE and switches core dumps off. SIGINT and
/// SIGHUP stay ignored if they were (nohup, background jobs of a shell).
void catch_signals();

/// Stays readable after a signal has come: for poll and curl_multi_poll. -1, which both skip, before
/// `catch_signals` and while a `Grace` exists, so it must be asked before every wait.
int signal_fd();

/// The signal that came; 0 if there was none, and while a `Grace` exists.
int pending_signal();
/// Throws Interrupted if pending_signal() is not 0.
void check_signal();

/// While one exists, the whole process may wait although a signal came. It is for clean-up.
class Grace {
 public:
  Grace();
  ~Grace();
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;
};

/// A process group that is killed with us if the clean-up takes too long or a second signal ends it.
void kill_at_the_end(int group);
void no_longer_kill(int group);

/// Waits for a signal. False if none came within `time`.
bool signal_within(Millis time);

/// Sleeps, and redraws the live line. Throws Interrupted when a signal comes.
void sleep_for(Millis time);

}  // namespace certo::os
