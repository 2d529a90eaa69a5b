#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "os/child.h"
#include "provider/child.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  if (argc == 2 && std::string_view(argv[1]) == certo::provider::child_word) {
    // At once, because the leak sanitizer looks at a process by ptrace, which the cage denies.
    std::_Exit(certo::provider::run_child());
  }
  certo::os::remember_self();
  return doctest::Context(argc, argv).run();
}
