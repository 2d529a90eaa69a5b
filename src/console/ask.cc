#include "console/ask.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "console/flags.h"
#include "console/option_sets.h"
#include "os/fd.h"
#include "os/signals.h"

namespace certo::console {

std::optional<std::string> ask(const Args& args, const std::string& question) {
  if (args.has(flag::no_input)) return {};
  // stdin may be a document: the person is at the terminal.
  const os::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) return {};
  const std::string text = "certo: " + printable(question) + " ";
  if (::write(terminal.get(), text.data(), text.size()) < 0) return {};
  char answer[4096] = {};
  const ssize_t length = ::read(terminal.get(), answer, sizeof answer);
  os::check_signal();
  if (length <= 0) return {};
  return std::string(trim({answer, static_cast<size_t>(length)}));
}

bool confirm(const Args& args, const std::string& question) {
  if (args.has(flag::yes)) return true;
  const std::optional<std::string> answer = ask(args, question + " [y/N]");
  return answer && (answer->starts_with('y') || answer->starts_with('Y'));
}

}  // namespace certo::console
