#include "install/notify.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "install/hook_environment.h"
#include "install/hook_list.h"
#include "os/child.h"
#include "os/program.h"
#include "os/signals.h"
#include "provider/executable.h"

namespace certo::install {
namespace {

constexpr Seconds limit{60};
constexpr Seconds limit_after_signal{2};

std::string name(Event event) {
  switch (event) {
    case Event::ok: return "ok";
    case Event::change: return "change";
    case Event::failure: return "failure";
    case Event::late: return "late";
    case Event::expires: return "expires";
    case Event::endpoint: return "endpoint";
    case Event::will_fail: return "will-fail";
  }
  return "";
}

/// The failure, or "".
std::string tell(const store::Home& home, const Notice& notice, const std::string& path, Seconds limit) {
  os::Command command;
  command.argv = {path};
  command.path = os::trusted_program(path);
  command.environment =
      hook_environment(hook_settings(home, path), {{"CERTO_HOOK", "notify"},
                                                   {"CERTO_EVENT", name(notice.event)},
                                                   {"CERTO_SUBJECT", printable(notice.subject)}});
  command.input = notice.text;
  command.deadline = limit;
  const os::Finished finished = os::run(command);
  if (finished.status == 0 && !finished.timed_out) return "";
  return provider::reason(finished, limit);
}

}  // namespace

std::vector<std::string> notify_words() { return {"on-failure", "on-change", "always"}; }

NotifyWhen notify_when(const std::string& text) {
  const std::vector<std::string> words = notify_words();  // in the order of NotifyWhen
  const auto found = std::ranges::find(words, text);
  if (found == words.end())
    throw Error(Exit::usage, "--notify: '" + text + "' does not say when to notify",
                "one of: " + join(words, ", "));
  return static_cast<NotifyWhen>(found - words.begin());
}

bool is_told(Event event, NotifyWhen when) {
  switch (when) {
    case NotifyWhen::on_failure: return event != Event::ok && event != Event::change;
    case NotifyWhen::on_change: return event != Event::ok;
    case NotifyWhen::always: return true;
  }
  return true;
}

void notify(const store::Home& home, const Notice& notice) {
  // A signal ended the pass; a moment is left for this.
  std::optional<os::Grace> grace;
  const bool is_interrupted = os::pending_signal() != 0;
  if (is_interrupted) grace.emplace();
  for (const std::string& path : files_of_hooks(hook_folder(home, "notify"))) {
    try {
      if (const std::string wrong = tell(home, notice, path, is_interrupted ? limit_after_signal : limit);
          !wrong.empty())
        log::warn("notify hook " + path + ": " + wrong);
    } catch (const Error& error) {
      log::warn("notify hook " + error.message);
    }
  }
}

}  // namespace certo::install
