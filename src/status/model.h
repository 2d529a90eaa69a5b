// The facts about all certificates of a store, and their faults: plain data, for `certo
// status`, its metrics, the alerts and reports. Nothing here reads a clock, a file or a network; judge.h says
// what the facts mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"

namespace certo::status {

/// A finding of level ok is a remark: it raises no alarm.
enum class Level { ok, warn, crit };
std::string_view name(Level level);  // "ok", "warn", "crit"

/// What a finding is about. Each has a fixed word for machines: see word().
enum class Kind {
  // of a certificate
  expired,
  not_yet_valid,
  expiring,
  late,     // no renewal by the middle of its window
  failing,  // the last tries failed
  missing,  // there is none yet
  damaged,
  revoked,
  test,           // from a test CA
  names_missing,  // the CA did not validate some of the names
  not_installed,  // an installation is pending or failed
  file_missing,   // an installed file
  file_differs,   // an installed file is not the store's
  pair_broken,    // installed key and certificate do not belong together
  mode,           // others can read a key, or the mode is not the chosen one
  hooks_pending,  // hooks have failed and are run again
  rekey_pending,  // the old key of a compromised pair is not revoked yet
  record_ends,    // that of dns-persist-01: no renewal succeeds after it
  // of an endpoint
  unreachable,        // no connection, no TLS, or nothing in time
  unreadable,         // a certificate that certo cannot read
  other_certificate,  // not the one in the store
  self_signed,
  incomplete_chain,
  untrusted,
  wrong_name,
  // of the whole store
  not_scheduled,
  schedule_fault,
  nobody_notified,
  bad_line,  // of a list of endpoints
  unknown,   // a certificate that is in a CT log and not in the store
};
std::string_view word(Kind kind);  // "file-differs"

struct Finding {
  Kind kind = Kind::damaged;
  Level level = Level::warn;
  std::string what;    // a sentence without a full stop: "it expires in 3 days"
  std::string advice;  // what to do; "" if there is nothing
};

/// How far the file of an installation agrees with the store.
enum class FileState { current, missing, differs, unreadable };

struct InstalledFile {
  std::string path;
  std::string part;  // "key", "fullchain", …, as in targets.json
  FileState state = FileState::current;
  std::string mode_fault{};     // "all users can read it", or ""
  std::string mode_wanted{};    // "0640", if there is a fault
  std::string detail{};         // which certificate it holds instead, or why it cannot be read
  bool is_broken_pair = false;  // it holds a certificate, and the key next to it belongs to another one
};

/// What an endpoint presented over one address family.
struct Served {
  int family = 0;  // 4 or 6
  std::string address;
  bool is_absent = false;  // the name has no address of this family, or this host cannot reach the family
  std::string failure;     // why there is no certificate; "" if there is one
  std::string serial{}, issuer{};
  std::vector<std::string> names{};
  Time not_before{}, not_after{};
};

struct Endpoint {
  std::string server;          // "mail.example.com:25/smtp", "[2001:db8::1]:443"
  std::string certificate;     // the name in the store; "" for one that is not ours
  bool is_guessed = false;     // from a name of the certificate: nobody said that something listens there
  std::vector<Served> served;  // empty: not asked
  Level level = Level::ok;
  std::vector<Finding> findings;
};

/// One certificate of the store. Zero times are not known.
struct Row {
  std::string name;                // in the store
  std::vector<std::string> names;  // DNS names and addresses, as requested
  std::string directory;           // URL of the CA
  std::string issuer;              // common name of the issuer of the live certificate
  std::string key_type;            // "ec-256"
  std::string serial;              // hex
  std::string version;             // the live folder's name
  Time not_before{}, not_after{};
  Time renew_at{};
  std::optional<Time> window_start, window_end;  // that the CA suggests (ARI)
  std::string ari_explanation;                   // URL
  int failures = 0;                              // in a row
  std::optional<Time> failing_since, retry_at;
  std::string last_error;
  std::string renew_because;
  bool is_begun = false;  // a first issue has not succeeded yet
  bool is_test = false;
  bool is_revoked = false;
  bool are_hooks_pending = false;
  bool is_rekey_owed = false;
  std::string damage;                      // "" if it is sound
  std::string installation;                // what is not in place, or ""
  std::string record;                      // of dns-persist-01: the one that ends first
  std::optional<Time> record_ends;         // if it does
  std::vector<std::string> names_missing;  // that the live certificate lacks
  std::vector<InstalledFile> files;
  std::vector<Endpoint> endpoints;

  // By judge():
  Level level = Level::ok;
  std::vector<Finding> findings;  // without those of the endpoints, which have their own; the worst first
};

/// What starts certo, and its last run.
struct Schedule {
  std::string kind;  // "systemd", "cron"; "" for none
  std::string file;
  std::string next, last;     // RFC 3339; "" if not known
  std::optional<Time> ended;  // of the last run
  int code = 0;               // its exit code
  std::string summary;        // "2 renewed, 1 unchanged"
};

/// A certificate of one of our names that a log of Certificate Transparency has.
struct LoggedCertificate {
  std::string serial, issuer;  // hex, with zeros at its start as the service has them; a Name as text
  std::vector<std::string> names;
  Time seen{}, not_before{}, not_after{};
};

struct Overview {
  Time now{};
  std::string home;
  std::vector<Row> rows;            // the worst first
  std::vector<Endpoint> endpoints;  // that belong to no certificate of the store
  Schedule schedule;
  std::vector<std::string> notify_hooks;   // paths
  std::vector<LoggedCertificate> unknown;  // that are not in the store, if a search service was asked
  std::vector<Finding> findings;           // of the whole store
  Level level = Level::ok;                 // the worst of all
};

/// Part of its lifetime that is left at `now`: 0 to 1.
double part_left(Time not_before, Time not_after, Time now);

}  // namespace certo::status
