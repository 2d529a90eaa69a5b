// certo undo: removes what certo has added to the configuration of a web server.
// Defines undo_command of commands/commands.h.
#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/web_edits.h"
#include "os/file.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option only{"--only", Value::text, "proof|certificate|redirect",
                      "remove only this part (default: all of them)"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using webserver::EditPart;

std::vector<EditPart> wanted_parts(const Args& args) {
  const auto word = args.find(flag::only);
  if (!word) return {std::begin(webserver::all_parts), std::end(webserver::all_parts)};
  for (const EditPart part : webserver::all_parts)
    if (webserver::text(part) == *word) return {part};
  throw Error(Exit::usage, "--only: '" + *word + "' is not a part of the edits",
              "use proof, certificate or redirect");
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::vector<EditPart> parts = wanted_parts(args);
  const std::string name = store::certificate_name(args.words()[0]);
  const store::Entry entry(state, name);
  if (!os::exists(entry.folder())) throw unknown_certificate(state, name);
  const os::Lock lock = entry.lock(lock_timeout(args));
  if (!take_out_edits(args, state, entry, parts)) {
    log::say(name + ": certo has noted no such lines in the configuration of a web server");
    for (const NamingPlace& one : places_naming(entry))
      log::warn(one.place + " names files of this certificate");
  }
  return Exit::ok;
}

}  // namespace

const Command undo_command{
    .name = "undo",
    .group = Group::porcelain,
    .summary = "remove certo's lines from a web server's configuration",
    .word = {Value::certificate, "NAME", 1, 1},
    .options = {flag::only},
    .examples = {"certo undo example.com", "certo undo example.com --only redirect"},
    .description =
        R"('certo issue --nginx' and '--apache' add lines to the configuration of the server; each has a mark, '# certo:…', at its
end or (for Apache) above it. This command removes exactly these lines, and nothing else: it keeps all that
was changed in the same files since. A line of certo's that somebody has edited stays, and is named. The
server tests the configuration before certo reloads it; if it refuses it without the lines, they stay.

The certificate stays in the store. Its next renewal by the server adds the lines for the proof again: to
prevent that, issue it once with another method, or remove it.)",
    .run = run,
};

}  // namespace certo::commands
