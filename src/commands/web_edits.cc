#include "commands/web_edits.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/text.h"
#include "install/targets.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"
#include "webserver/edit_note.h"
#include "webserver/patch.h"
#include "webserver/server.h"
#include "webserver/transaction.h"

namespace certo::commands {
namespace {

using webserver::EditPart;
using webserver::Edits;

bool is_of(const std::vector<EditPart>& parts, EditPart part) {
  return std::ranges::find(parts, part) != parts.end();
}

bool has_any(const Edits& edits, const std::vector<EditPart>& parts) {
  const auto is_asked = [&](const auto& one) { return is_of(parts, one.part); };
  return std::ranges::any_of(edits.changes, is_asked) || std::ranges::any_of(edits.files, is_asked);
}

/// A renewal has nothing to reload any more. Forgotten before the lines go, because another run may have to
/// complete this one.
class Forgotten {
 public:
  explicit Forgotten(const store::Entry& entry) : entry_(entry), before_(install::installations(entry)) {
    std::vector<install::Installation> rest = before_;
    if (std::erase_if(rest, [](const install::Installation& one) { return !one.web_server.empty(); }) > 0)
      install::save(entry, rest);
  }
  /// The lines are still there.
  void take_back() const { install::save(entry_, before_); }

 private:
  const store::Entry& entry_;
  const std::vector<install::Installation> before_;
};

/// The lines of a later certificate may have replaced these: then they are to go first.
void refuse_replaced(const webserver::Editing& editing, const store::Entry& entry) {
  const std::string journal = editing.replaced_by(entry.folder());
  if (journal.empty()) return;
  const std::string other = os::name_of(os::folder_of(journal));
  throw Error(Exit::usage,
              entry.name() + ": lines of the certificate " + other + " stand in the place of its lines",
              "'certo undo " + other + "' first; it can be installed again afterwards");
}

/// As far as certo can read its configuration.
std::vector<std::string> places_in(const webserver::Server& server, const store::Entry& entry) {
  try {
    return server.read()->places_naming(entry.folder());
  } catch (const Error& error) {
    log::verbose(error.message);
    return {};
  }
}

}  // namespace

std::vector<NamingPlace> places_naming(const store::Entry& entry) {
  std::vector<NamingPlace> all;
  for (const auto& server : webserver::all_servers())
    for (std::string& place : places_in(*server, entry)) all.push_back({std::move(place), server->title()});
  return all;
}

void require_removable(const store::Entry& entry, const std::string& verb) {
  if (os::exists(webserver::edit_journal_of(entry.folder())))
    throw Error(Exit::usage,
                verb + ": a web server's configuration names " + entry.name() + ", which was not removed",
                "'certo undo " + entry.name() + "' removes certo's lines from it first");
  const std::vector<NamingPlace> places = places_naming(entry);
  if (places.empty()) return;
  throw Error(Exit::usage,
              verb + ": " + places.front().place + " names files of " + entry.name() + ", and " +
                  places.front().server + " would not start without them; nothing was removed",
              "remove the line, or let it name another certificate");
}

void print_patch(const std::string& patch) {
  if (!os::is_terminal(1)) return print(patch);
  for (const std::string& line : split(trim(patch), '\n')) print(printable(line, line.size() * 8) + "\n");
}

std::string patch_of(const Edits& edits) {
  return webserver::patch_of(
      edits, [](const std::string& path) { return os::read_file(path, webserver::nginx_file_limit); });
}

bool take_out_edits(const Args& args, const store::Home& state, const store::Entry& entry,
                    const std::vector<EditPart>& parts) {
  const std::string journal = webserver::edit_journal_of(entry.folder());
  webserver::Editing editing(
      journal, [&] { return webserver::edit_journals(state); }, lock_timeout(args));
  const bool was_interrupted = !editing.journal().unsettled.empty();
  webserver::recover(editing, webserver::Leave::standing);
  if (!has_any(editing.journal().standing, parts)) return was_interrupted;
  if (is_of(parts, EditPart::certificate)) refuse_replaced(editing, entry);
  const std::string config = editing.journal().config;
  const webserver::EditNote note(state, journal);
  const auto server = webserver::server_with(webserver::kind_of(editing.journal().server).value(), config);
  std::optional<Forgotten> reloads;
  if (is_of(parts, EditPart::certificate)) reloads.emplace(entry);
  try {
    webserver::withdraw(editing, *server, parts);
  } catch (const Error&) {
    if (reloads) reloads->take_back();
    throw;
  }
  const std::vector<std::string> places = reloads ? places_in(*server, entry) : std::vector<std::string>{};
  if (!places.empty()) {
    reloads->take_back();
    throw Error(Exit::not_installed,
                entry.name() + ": " + join(places, ", ") + ": " + server->title() +
                    " still names files of this certificate there",
                "certo does not know these lines any more: change them before you remove the certificate");
  }
  const char* what =
      editing.kept().empty() ? ": certo's lines were removed" : ": certo's other lines were removed";
  log::say(entry.name() + ": " + config + what +
           (parts.size() == 1 ? " (" + std::string(text(parts.front())) + ")" : ""));
  return true;
}

}  // namespace certo::commands
