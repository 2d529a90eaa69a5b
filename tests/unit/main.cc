#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "net/dns.h"
#include "os/child.h"
#include "provider/child.h"
#include "provider/script_helper.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  if (argc == 2 && std::string_view(argv[1]) == certo::provider::child_word) {
    // At once, because the leak sanitizer looks at a process by ptrace, which the cage denies.
    std::_Exit(certo::provider::run_child());
  }
  if (argc >= 2 && std::string_view(argv[1]) == certo::provider::script_word)
    std::_Exit(certo::provider::run_script_helper({argv + 2, argv + argc}));
  certo::os::remember_self();
  certo::net::use_as_system_resolver("127.0.0.1:1");  // nothing listens there: no test asks the real one
  return doctest::Context(argc, argv).run();
}
