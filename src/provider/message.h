// The messages to and from the child of a caged provider: one JSON document on stdin, and one on stdout. Both
// ends are the same program, but the child ran code that is not trusted, so its answer is checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "provider/credentials.h"
#include "provider/provider.h"

namespace certo::provider {

inline constexpr int record_ttl = 60;  // seconds; a service may round it up

/// A record as certo requests it from a service.
struct Record : DnsRecord {
  int ttl = record_ttl;

  Record(DnsRecord record, int ttl = record_ttl) : DnsRecord(std::move(record)), ttl(ttl) {}
  Record(std::string name, std::string value, int ttl) : Record({std::move(name), std::move(value)}, ttl) {}
};

/// What a provider must do; `describe`: say what it is.
enum class Action { present, cleanup, describe };
/// "present", …: as the protocols spell it.
const char* name_of(Action action);
/// Nothing for any other word.
std::optional<Action> parse_action(std::string_view word);

struct Task {
  std::string provider;  // its name
  Action action = Action::describe;
  std::vector<Record> records;  // all of one type
  Values settings;
  std::vector<std::string> resolvers{};  // of --resolver
  Values environment;                    // proxies and CA bundle: a proxy's URL may contain a password
  Millis deadline = Seconds(120);
  bool is_loud = false;  // -vv
  std::string plugin{};  // path of the .so that the provider is in, or
  std::string recipe{};  // the text of the recipe; both empty: built in
};

struct Outcome {
  int status = 0;   // certo_status
  std::string why;  // one line, from outside
  Json descriptor;  // the reply to Action::describe
  /// A failure that certainly changed nothing at the service.
  bool untouched = false;
};

std::string to_text(const Task& task);
std::string to_text(const Outcome& outcome);
/// Throws Error{bug}: only certo writes them, and only of the same version.
Task parse_task(std::string_view text);
/// Throws Error{failed} for anything but an outcome.
Outcome parse_outcome(std::string_view text, const std::string& subject);

}  // namespace certo::provider
