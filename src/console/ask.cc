#include "console/ask.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "console/flags.h"
#include "console/option_sets.h"
#include "os/fd.h"
#include "os/signals.h"

namespace certo::console {

bool confirm(const Args& args, const std::string& question) {
  if (args.has(flag::yes)) return true;
  if (args.has(flag::no_input)) return false;
  // stdin may be a document: the person is at the terminal.
  const os::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) return false;
  std::string text = "certo: " + printable(question) + " [y/N] ";
  if (::write(terminal.get(), text.data(), text.size()) < 0) return false;
  char answer[16] = {};
  const ssize_t length = ::read(terminal.get(), answer, sizeof answer);
  os::check_signal();
  return length > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

}  // namespace certo::console
