#include "webserver/transaction.h"

#include <algorithm>
#include <memory>

#include "base/log.h"
#include "os/file.h"
#include "os/signals.h"
#include "webserver/proof_folder.h"

namespace certo::webserver {
namespace {

Error refused_already(const Server& server, const ConfigTest& test) {
  return Error(
      Exit::config,
      server.config() + ": " + server.title() +
          " refuses its configuration, so certo changes nothing: " + test.failure,
      "correct it until '" + server.test_command() + "' accepts it, then run the same command again");
}

/// Old answers come for a while after the reload has returned, longer for a large configuration.
Millis reload_limit(const ConfigTest& test) { return Seconds(10) + 5 * test.took; }

/// The fault of the files with the edits; "" if there is none.
std::string fault_of_edits(const Server& server, const ConfigTest& before, const Effect& effect,
                           bool& has_reloaded) {
  const ConfigTest after = server.test();
  if (!after.failure.empty()) return server.title() + " refuses the edited configuration: " + after.failure;
  if (const std::string warning = first_new_warning(before, after); !warning.empty())
    return server.title() + " warns of the edited configuration: " + warning;
  has_reloaded = true;
  std::string fault = server.apply(reload_limit(before));
  if (fault.empty()) fault = effect(reload_limit(before));
  return !fault.empty() && server.has_ended() ? server.title() + " has ended after the reload" : fault;
}

void restore(const Server& server) {
  try {
    server.restore();
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

/// The edits are out: so are the folders that the server served.
void end(Editing& editing) {
  for (const OwnFile& one : editing.journal().unsettled.files)
    if (one.part == EditPart::proof && !os::exists(one.path)) remove_folders(one);
  editing.drop();
  for (const std::string& line : editing.kept()) log::warn(line);
}

/// None if the configuration cannot be read.
std::vector<std::string> files_of(const Server& server) {
  try {
    return server.read()->files();
  } catch (const Error& error) {
    log::verbose(error.message);
    return {};
  }
}

}  // namespace

void again_if_changed(const std::function<void()>& plan_and_carry_out) {
  for (int tries = 5;; --tries) {
    try {
      return plan_and_carry_out();
    } catch (const ChangedMeanwhile& error) {
      if (tries == 1) throw;
      log::verbose(error.message);
    }
  }
}

void carry_out(Editing& editing, const Server& server, const Sites& sites, const Edits& edits,
               const Effect& effect) {
  const ConfigTest before = server.test();
  if (!before.failure.empty()) throw refused_already(server, before);
  bool has_reloaded = false;
  const auto undo = [&] {
    const os::Grace although_a_signal_came;
    editing.roll_back();
    if (has_reloaded) restore(server);
    end(editing);
  };
  std::string fault;
  try {
    editing.put_in(server.config(), edits, sites.texts_of(edits), std::string(text(server.kind())));
    fault = fault_of_edits(server, before, effect, has_reloaded);
  } catch (...) {
    undo();
    throw;
  }
  if (fault.empty()) return editing.settle();
  undo();
  throw Error(Exit::not_installed, fault + "; certo has removed its lines again",
              has_reloaded ? "the error log of " + server.title() + " says why it did not apply them"
                           : "'certo issue --dry-run' shows what certo wants to change");
}

void withdraw(Editing& editing, const Server& server, const std::vector<EditPart>& parts) {
  editing.know(files_of(server));
  const bool is_sound = server.can_test() && server.test().failure.empty();
  if (!editing.take_out(parts)) return end(editing);
  const ConfigTest after = server.can_test() ? server.test() : ConfigTest{};
  if (is_sound && !after.failure.empty()) {
    editing.put_back();
    throw Error(Exit::config,
                server.config() + ": " + server.title() +
                    " would refuse its configuration without certo's lines: " + after.failure,
                "the lines are still there; other lines may need them");
  }
  if (!server.is_running())
    log::say(server.title() + " does not run, so nothing is reloaded");
  else if (!after.failure.empty())
    log::warn(server.title() +
              " refuses its configuration for another reason, so it was not reloaded: " + after.failure);
  else
    server.reload();
  end(editing);
}

void recover(Editing& editing, Leave what) {
  const EditJournal& journal = editing.journal();
  if (journal.empty() || (what == Leave::standing && journal.unsettled.empty())) return;
  const std::string config = journal.config, kind = journal.server;
  log::say(config + ": an earlier run did not come to its end; certo removes its lines again");
  if (what == Leave::standing)
    editing.roll_back();
  else
    editing.take_out({std::begin(all_parts), std::end(all_parts)});
  // That run may have made the server read the edits.
  try {
    const std::unique_ptr<Server> server = server_with(kind_of(kind).value_or(ServerKind::nginx), config);
    if (server->is_running()) server->reload();
  } catch (const Error& error) {
    log::warn(error.message);
  }
  end(editing);
}

}  // namespace certo::webserver
