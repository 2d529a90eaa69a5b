// A web server whose configuration certo edits: what the transaction, the proof and the installation need of
// one. nginx_server.cc and apache_server.cc implement it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "webserver/editing.h"
#include "webserver/edits.h"
#include "webserver/owner.h"
#include "webserver/probe.h"
#include "webserver/tls_plan.h"

namespace certo::webserver {

enum class ServerKind { nginx, apache };
inline constexpr ServerKind all_kinds[] = {ServerKind::nginx, ServerKind::apache};
/// The word of --install and of journals: "nginx", "apache".
std::string_view text(ServerKind kind);
/// In a sentence: "nginx", "Apache".
std::string title(ServerKind kind);

/// Nothing for another word.
std::optional<ServerKind> kind_of(std::string_view word);

/// What the server's own test says of its configuration.
struct ConfigTest {
  std::string failure;             // why the server refuses the files; "": it accepts them
  std::set<std::string> warnings;  // without the time and the place in front
  Millis took{};
};
/// A warning that the edits caused; "" if there is none. The lines that a warning names do not count, because
/// edits move them.
std::string first_new_warning(const ConfigTest& before, const ConfigTest& after);

/// What the configuration lacks so that the server answers http-01 (RFC 8555 section 8.3) from a folder.
struct ProofPlan {
  Edits edits;
  std::vector<std::string> marks;  // of existing lines
  std::vector<std::string> notes;  // for a person; without a full stop
  std::string folder;              // a token is a file in its .well-known/acme-challenge
  std::vector<Spot> spots;         // that answer with a token then
};

/// A virtual host with its names, as they are written.
struct NamedHost {
  std::string place;  // "FILE:LINE"
  std::vector<std::string> names;
  Owner owner;
};

/// The configuration, as the files were when they were read.
class Sites {
 public:
  virtual ~Sites() = default;

  /// `names`: as they stand in a Host header. Throws Error{config} or {usage} if the server cannot prove
  /// them.
  virtual ProofPlan plan_proof(const std::vector<std::string>& names) const = 0;
  /// Throws Error{config} or {usage} if the server cannot present the certificate.
  virtual TlsPlan plan_tls(const TlsWish& wish) const = 0;
  virtual std::vector<NamedHost> hosts() const = 0;

  /// The texts of the files that `edits` change.
  Texts texts_of(const Edits& edits) const;
  /// Without links.
  std::vector<std::string> files() const;
  /// "FILE:LINE" of each directive that names a file in `folder`.
  virtual std::vector<std::string> places_naming(const std::string& folder) const = 0;

 protected:
  struct Text {
    const std::string& path;  // as the configuration names it
    const std::string& text;
  };
  /// All files.
  virtual std::vector<Text> texts() const = 0;
};

class Server {
 public:
  virtual ~Server() = default;

  virtual ServerKind kind() const = 0;
  std::string title() const { return webserver::title(kind()); }
  /// The main file, absolute.
  virtual const std::string& config() const = 0;
  /// The main process; 0 if it did not run when this object was made.
  virtual pid_t process() const = 0;
  bool is_running() const { return process() != 0; }
  /// Since this object was made.
  bool has_ended() const;
  /// False if its program is not installed any more.
  virtual bool can_test() const = 0;

  /// Throws Error{bad_input} or {not_permitted} with the file.
  virtual std::unique_ptr<Sites> read() const = 0;
  /// Throws Error{config} if the program cannot be run.
  virtual ConfigTest test() const = 0;
  /// As a person types it: "nginx -t".
  virtual std::string test_command() const = 0;
  /// For /bin/sh.
  virtual std::string reload_command() const = 0;
  /// Makes the server read its files again. Throws Error{not_installed}.
  virtual void reload() const = 0;
  /// The same, and waits until it has done so. Returns what went wrong; "" if nothing did. `limit`: it has
  /// surely done so then.
  virtual std::string apply(Millis limit) const = 0;
  /// After a failed `apply`, when its files are what they were: the server runs with them as before.
  virtual void restore() const = 0;
};

/// The server that runs with the main file `config`; "" for the only one. Throws Error{config} if there is
/// none, {usage} if there are several, {not_permitted} if this user cannot change its files.
std::unique_ptr<Server> running_server(ServerKind kind, const std::string& config);
/// The same, but it need not run.
std::unique_ptr<Server> server_with(ServerKind kind, const std::string& config);
/// All of this machine, as far as this user sees them.
std::vector<std::unique_ptr<Server>> all_servers() noexcept;

}  // namespace certo::webserver
