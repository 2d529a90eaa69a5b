#include "commands/usual_way.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "commands/ways.h"
#include "console/ask.h"
#include "os/ports.h"
#include "os/terminal.h"

namespace certo::commands {
namespace {

struct Suggestion {
  std::string because;              // "nginx (process 812) listens on port 80"
  std::string options;              // "--nginx"
  std::optional<store::Way> way{};  // nothing if certo cannot complete it
};

/// Nothing if http-01 cannot prove all names, or if this user cannot see the listeners.
std::optional<Suggestion> suggestion_for(const std::vector<crypto::Identifier>& identifiers) {
  const auto is_provable = [](const crypto::Identifier& one) {
    return store::can_prove(store::method_of(store::Standalone{}), one);
  };
  if (!std::ranges::all_of(identifiers, is_provable) || !os::is_root()) return {};
  const std::vector<std::string> listeners = os::who_listens("", 80);
  if (listeners.empty()) return Suggestion{"nothing listens on port 80", "--standalone", store::Standalone{}};
  const std::string because = listeners.front() + " listens on port 80";
  if (listeners.front().starts_with("nginx ")) return Suggestion{because, "--nginx", store::Nginx{}};
  for (const char* name : {"apache2 ", "httpd "})
    if (listeners.front().starts_with(name)) return Suggestion{because, "--apache", store::Apache{}};
  return Suggestion{because, "--webroot DIR with the folder that it serves"};
}

}  // namespace

store::Way usual_way(const Args& args, const std::vector<crypto::Identifier>& identifiers) {
  Error error = no_way_given(identifiers);
  const std::optional<Suggestion> found = suggestion_for(identifiers);
  if (!found) throw error;
  if (found->way && is_attended(args)) {
    const auto answer =
        console::ask(args, found->because + ": prove the names with " + found->options + "? [Y/n]");
    if (answer && (answer->empty() || lower(*answer).starts_with('y'))) return *found->way;
  }
  error.hint = "here: " + found->options + ", because " + found->because + "; or " + error.hint;
  throw error;
}

}  // namespace certo::commands
