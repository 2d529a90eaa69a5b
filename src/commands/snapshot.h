// A certificate of the store as `list` and `info` show it. A damaged one is shown too.
#pragma once

#include <optional>
#include <string>

#include "store/entry.h"

namespace certo::commands {

enum class State { valid, due, failing, expired, missing, damaged };
const char* name(State state);

struct Snapshot {
  std::string name;
  std::optional<store::Request> request;  // nothing if it is damaged or not stored yet
  bool is_begun = false;                  // a first issue has not succeeded yet
  bool has_lost_request = false;          // request.json is damaged, or missing although there was one
  store::Status status;
  std::optional<store::Live> live;  // read if requested, or if it is not known to be sound
  Time not_after{}, renew_at{};     // zero: not known
  std::string installation;         // what is not in place, or ""
  bool are_hooks_pending = false;   // the next renewal run starts them again
  bool is_test = false;             // from a test CA
  bool is_rekey_owed = false;       // 'certo rekey --compromised' has not ended
  std::string damage;               // what is damaged and how, or ""
};

/// A thorough look reads and checks the live pair even if its fingerprint is known.
enum class Look { quick, thorough };
Snapshot look(const store::Home& home, const std::string& name, Look how);

State state(const Snapshot& snapshot, Time now);

}  // namespace certo::commands
