// What the C++ runtime calls when nobody catches an exception, instead of its own function: that one prints
// the exception's type, for which it links a demangler of 50 KB.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace __gnu_cxx {

void __verbose_terminate_handler() {
  static constexpr char format[] = "certo: a bug: an exception was not caught: %s\n";
  try {
    if (std::current_exception()) throw;
    ::dprintf(STDERR_FILENO, format, "there is none");
  } catch (const std::exception& exception) {
    ::dprintf(STDERR_FILENO, format, exception.what());
  } catch (...) {
    ::dprintf(STDERR_FILENO, format, "one that is not a std::exception");
  }
  std::abort();
}

}  // namespace __gnu_cxx
