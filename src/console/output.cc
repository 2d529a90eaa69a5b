#include "console/output.h"

#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "console/flags.h"
#include "os/file.h"
#include "os/terminal.h"

namespace certo::console {

std::string read_input(const std::string& path, size_t limit, const std::string& what) {
  if (!path.empty() && path != "-") return os::read_file(path, limit);
  if (os::is_terminal(STDIN_FILENO)) {
    throw Error(Exit::usage, what + " is expected on standard input, but standard input is a terminal",
                "use '< FILE' or a pipe");
  }
  std::string text = os::read_all(STDIN_FILENO, limit, "standard input");
  if (text.empty()) {
    throw Error(Exit::bad_input, "standard input is empty, but " + what + " was expected",
                "did the command in front of the pipe fail?");
  }
  return text;
}

void write_output(const Args& args, std::string_view text, Content content) {
  const std::string path = args.get(flag::output, "-");
  if (path != "-") return os::write_file(path, text, content == Content::open ? 0644 : 0600);
  if (content == Content::secret && os::is_world_readable_file(STDOUT_FILENO)) {
    log::warn(
        "standard output is a file that everybody can read, and it receives the private key; '-o FILE' writes it with mode 600");
  }
  print(text);
}

namespace {
size_t printed = 0;
}

size_t times_printed() { return printed; }

void print(std::string_view text) {
  if (!text.empty()) ++printed;
  os::write_all(STDOUT_FILENO, text, "standard output");
}

void print_json(const Json& value) {
  print(os::is_terminal(STDOUT_FILENO) ? to_pretty_json(value) : to_json(value) + "\n");
}

}  // namespace certo::console
