// certo remove: removes a certificate and its key from the store.
// Defines remove_command of commands/commands.h.
#include "base/error.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/web_edits.h"
#include "console/ask.h"
#include "os/file.h"
#include "store/entry.h"
#include "webserver/edit_journal.h"

namespace certo::console::flag {

constexpr Option undo{"--undo", Value::none, nullptr,
                      "first remove certo's lines from the web server's configuration, as 'certo undo' does"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = store::certificate_name(args.words()[0]);
  const store::Entry entry(state, name);
  const auto require_it = [&] {
    if (!os::exists(entry.folder())) throw unknown_certificate(state, name);
  };
  require_it();  // before the lock, which would make the folder
  if (!confirm(args, "remove the certificate " + name + " and its private key?")) {
    throw Error(Exit::usage, "remove: " + name + " needs a confirmation, and was not removed",
                "give --yes if nobody can be asked");
  }
  require_it();
  const os::Lock lock = entry.lock(lock_timeout(args));
  if (args.has(flag::undo))
    take_out_edits(args, state, entry, {std::begin(webserver::all_parts), std::end(webserver::all_parts)});
  require_removable(entry, "remove");
  entry.remove();
  log::say("removed " + entry.folder());
  return Exit::ok;
}

}  // namespace

const Command remove_command{
    .name = "remove",
    .group = Group::porcelain,
    .summary = "remove a certificate and its key from the store",
    .word = {Value::certificate, "NAME", 1, 1},
    .options = {flag::yes, flag::undo},
    .examples = {"certo remove old.example.com", "certo remove old.example.com --yes"},
    .description =
        R"(The certificate is not revoked: copies that were installed elsewhere work until it expires.)",
    .run = run,
};

}  // namespace certo::commands
