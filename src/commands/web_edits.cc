#include "commands/web_edits.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "install/targets.h"
#include "os/file.h"
#include "os/program.h"
#include "os/terminal.h"
#include "webserver/edit_note.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_edit.h"
#include "webserver/patch.h"

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

/// The nginx with this main file; it need not run.
webserver::Nginx nginx_with(const std::string& config) {
  webserver::Nginx nginx = webserver::wanted_nginx(config).front();
  if (nginx.program.empty()) nginx.program = os::find_program("nginx").value_or("");
  return nginx;
}

/// A renewal has nothing to reload any more.
void forget_web_server(const store::Entry& entry) {
  std::vector<install::Installation> list = install::installations(entry);
  if (std::erase_if(list, [](const install::Installation& one) { return !one.web_server.empty(); }) > 0)
    install::save(entry, list);
}

}  // namespace

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
  webserver::recover(editing, webserver::Leave::standing);
  if (!has_any(editing.journal().standing, parts)) return false;
  const std::string config = editing.journal().config;
  const webserver::EditNote note(state, journal);
  webserver::withdraw(editing, nginx_with(config), parts);
  if (is_of(parts, EditPart::certificate)) forget_web_server(entry);
  log::say(entry.name() + ": " + config + ": certo's lines are taken out" +
           (parts.size() == 1 ? " (" + std::string(text(parts.front())) + ")" : ""));
  return true;
}

}  // namespace certo::commands
