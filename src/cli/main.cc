// The start and the end of certo: dispatch to one row of the command table, and the one
// place where an Error becomes a message and an exit code.
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/failure.h"
#include "base/log.h"
#include "cli/dispatch.h"
#include "os/child.h"
#include "os/signals.h"
#include "os/terminal.h"
#include "provider/child.h"
#include "provider/script_helper.h"

namespace certo::cli {
namespace {

int explain(const Error& error) {
  report("", failure_of(error));
  return static_cast<int>(error.code);
}

int explain_bug(const char* what) {
  return explain(Error(Exit::bug, std::string("a bug in certo: ") + what,
                       "please report it, with the command and the last lines of 'certo -vv …'"));
}

int run(const std::vector<std::string>& arguments) {
  try {
    return static_cast<int>(dispatch(arguments));
  } catch (const Error& error) {
    return explain(error);
  } catch (const Interrupted& interrupted) {
    log::error(interrupted.what());
    return static_cast<int>(Exit::interrupted) + interrupted.signal;
  } catch (const std::bad_alloc&) {
    return explain_bug("out of memory");
  } catch (const std::exception& error) {
    return explain_bug(error.what());
  }
}

}  // namespace
}  // namespace certo::cli

int main(int argc, char** argv) {
  certo::os::secure_standard_descriptors();
  if (argc == 2 && std::string_view(argv[1]) == certo::provider::child_word)
    return certo::provider::run_child();
  if (argc >= 2 && std::string_view(argv[1]) == certo::provider::script_word)
    return certo::provider::run_script_helper({argv + 2, argv + argc});
  certo::os::catch_signals();
  certo::os::remember_self();
  const int code = certo::cli::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  certo::log::tell_repeated();
  return code;
}
