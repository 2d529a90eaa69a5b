#include "webserver/nginx_edit.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "os/file.h"
#include "os/signals.h"
#include "webserver/nginx_proof.h"

namespace certo::webserver {
namespace {

Error refused_already(const Nginx& nginx, const ConfigTest& test) {
  return Error(Exit::config,
               nginx.config + ": nginx refuses its configuration, so certo changes nothing: " + test.failure,
               "correct it until 'nginx -t' accepts it, then run the same command again");
}

/// Old answers come for a while after the reload has returned, longer for a large configuration.
Millis reload_limit(const ConfigTest& test) { return Seconds(10) + 5 * test.took; }

/// The one of a certificate without an OCSP server names its file, so the new certificate has one of its own.
std::string first_new_warning(const ConfigTest& before, const ConfigTest& after) {
  for (const std::string& one : after.warnings)
    if (!before.warnings.contains(one) && !one.starts_with("\"ssl_stapling\" ignored")) return one;
  return {};
}

/// The fault of the files with the edits; "" if there is none.
std::string fault_of_edits(const Nginx& nginx, const ConfigTest& before, const Effect& effect,
                           bool& has_reloaded) {
  const ConfigTest after = test_config(nginx);
  if (!after.failure.empty()) return "nginx refuses the edited configuration: " + after.failure;
  if (const std::string warning = first_new_warning(before, after); !warning.empty())
    return "nginx warns of the edited configuration: " + warning;
  const std::vector<pid_t> old_workers = workers(nginx);
  has_reloaded = true;
  reload(nginx);
  wait_for_end(old_workers, reload_limit(before));
  return effect(reload_limit(before));
}

void reload_again(const Nginx& nginx) {
  try {
    reload(nginx);
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

std::optional<Nginx> nginx_of(const std::string& config) {
  for (Nginx& one : find_nginx().found)
    if (one.config == config) return std::move(one);
  return {};
}

/// The edits are out: so are the folders that nginx served.
void end(Editing& editing) {
  for (const OwnFile& one : editing.journal().unsettled.files)
    if (one.part == EditPart::proof && !os::exists(one.path)) remove_folders(one);
  editing.drop();
  for (const std::string& line : editing.kept()) log::warn(line);
}

/// Without links. None if the configuration cannot be read.
std::vector<std::string> files_of(const std::string& config) {
  std::vector<std::string> files;
  try {
    const NginxConfig read(config);
    for (const auto& file : read.files()) files.push_back(without_links(file->path()));
  } catch (const Error& error) {
    log::verbose(error.message);
  }
  return files;
}

}  // namespace

std::vector<std::string> places_naming(const NginxConfig& config, const std::string& folder) {
  std::vector<std::string> places;
  for (const auto& file : config.files())
    for (const NginxDirective& one : file->directives())
      for (size_t i = 1; i < one.word_count; ++i)
        if (file->word(one, i).starts_with(folder + "/")) {
          places.push_back(file->place(one));
          break;
        }
  return places;
}

Texts texts_of(const NginxConfig& config, const Edits& edits) {
  Texts texts;
  const auto changes = by_file(edits.changes);
  for (const auto& file : config.files()) {
    const std::string path = without_links(file->path());
    if (changes.contains(path)) texts[path] = file->text();
  }
  return texts;
}

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

void carry_out(Editing& editing, const Nginx& nginx, const NginxConfig& config, const Edits& edits,
               const Effect& effect) {
  const ConfigTest before = test_config(nginx);
  if (!before.failure.empty()) throw refused_already(nginx, before);
  bool has_reloaded = false;
  const auto undo = [&] {
    const os::Grace although_a_signal_came;
    editing.roll_back();
    if (has_reloaded) reload_again(nginx);
    end(editing);
  };
  std::string fault;
  try {
    editing.put_in(config.path(), edits, texts_of(config, edits));
    fault = fault_of_edits(nginx, before, effect, has_reloaded);
  } catch (...) {
    undo();
    throw;
  }
  if (fault.empty()) return editing.settle();
  undo();
  throw Error(Exit::not_installed, fault + "; certo has removed its lines again",
              has_reloaded
                  ? "nginx keeps its old configuration if it cannot apply a new one: its error log says why"
                  : "'certo issue --dry-run' shows what certo wants to change");
}

void withdraw(Editing& editing, const Nginx& nginx, const std::vector<EditPart>& parts) {
  editing.know(files_of(nginx.config));
  const bool can_test = !nginx.program.empty();  // no nginx is installed any more
  const bool is_sound = can_test && test_config(nginx).failure.empty();
  if (!editing.take_out(parts)) return end(editing);
  const ConfigTest after = can_test ? test_config(nginx) : ConfigTest{};
  if (is_sound && !after.failure.empty()) {
    editing.put_back();
    throw Error(
        Exit::config,
        nginx.config + ": nginx would refuse its configuration without certo's lines: " + after.failure,
        "the lines are still there; other lines may need them");
  }
  if (nginx.process == 0)
    log::say("nginx does not run, so nothing is reloaded");
  else if (!after.failure.empty())
    log::warn("nginx refuses its configuration for another reason, so it was not reloaded: " + after.failure);
  else
    reload(nginx);
  end(editing);
}

void recover(Editing& editing, Leave what) {
  const EditJournal& journal = editing.journal();
  if (journal.empty() || (what == Leave::standing && journal.unsettled.empty())) return;
  const std::string config = journal.config;
  log::say(config + ": an earlier run did not come to its end; certo removes its lines again");
  if (what == Leave::standing)
    editing.roll_back();
  else
    editing.take_out({std::begin(all_parts), std::end(all_parts)});
  // That run may have reloaded nginx with the edits.
  if (const auto nginx = nginx_of(config)) reload_again(*nginx);
  end(editing);
}

}  // namespace certo::webserver
