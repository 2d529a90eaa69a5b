// The state tree (ARCHITECTURE.md has the picture): the path of each thing, and the checks of the root
// folder.
#pragma once

#include <optional>
#include <string>

namespace certo::store {

/// Of root.
inline constexpr const char* system_home = "/var/lib/certo";

class Home {
 public:
  /// `path`: of --home or CERTO_HOME; empty: /var/lib/certo for root, else $XDG_STATE_HOME/certo or
  /// ~/.local/state/certo. Throws Error{not_permitted} if others can write to it. A folder that does not
  /// exist yet is fine for reading.
  explicit Home(const std::string& path);

  /// Makes the folder (0700) and proves that a file can be stored in it, before the CA
  /// is asked for anything. Throws Error{cannot_write} or {not_permitted}.
  void prepare() const;

  const std::string& path() const { return path_; }
  std::string accounts(const std::string& directory_url) const;  // accounts/<ca>
  std::string ca(const std::string& directory_url) const;        // ca/<ca>
  std::string certs() const { return path_ + "/certs"; }
  std::string orders() const { return path_ + "/orders"; }
  std::string presented() const { return path_ + "/presented"; }
  std::string installing() const { return path_ + "/installing"; }
  std::string credentials() const { return path_ + "/credentials"; }
  std::string providers() const { return path_ + "/providers"; }
  std::string lanes() const { return path_ + "/lanes"; }
  std::string crls() const { return path_ + "/crls"; }

 private:
  /// Removes temporary files of runs that were killed in the folders that all certificates share.
  void sweep() const;

  std::string path_;
};

/// "https://ca.example/dir/x" to "ca.example_dir_x": readable, one component, reversible
/// enough that two URLs of real CAs never meet (other bytes are %XX).
std::string ca_name(const std::string& directory_url);
/// The URL that has this name; nothing if the name was cut, or is none.
std::optional<std::string> directory_of_ca(const std::string& ca_name);

/// `text` if it is a safe single component of a path; Error{usage} naming `what` if it is empty, begins with
/// `.` or `-`, is over 200 bytes, or holds a slash, a `*` or a control byte.
std::string component(const std::string& text, const std::string& what);
bool is_component(const std::string& text);

/// `*.example.com` to `_wildcard.example.com`; refuses (Error{usage}) text that is not a safe component.
std::string certificate_name(const std::string& text);
/// Whether `certificate_name` returns such a name.
bool is_certificate_name(const std::string& text);

}  // namespace certo::store
