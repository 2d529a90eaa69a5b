// Where libFuzzer begins. Its main comes from clang; without it nothing calls these.
//
//   FUZZ=json build/fuzzer FILE     runs the target "json" on one file, once
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/log.h"
#include "target.h"

using namespace certo;

namespace {

const fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const name = std::getenv("FUZZ");
  for (const fuzz::Target& target : fuzz::targets())
    if (name && target.name == name) chosen = &target;
  if (!chosen) {
    std::fprintf(stderr, "FUZZ=NAME chooses the target:");
    for (const fuzz::Target& target : fuzz::targets()) std::fprintf(stderr, " %s", target.name.c_str());
    std::fprintf(stderr, "\n");
    std::exit(64);
  }
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  log::open(log::Level::quiet, {});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    chosen->run({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", chosen->name.c_str(), error.what());
    std::abort();
  }
  return 0;
}
