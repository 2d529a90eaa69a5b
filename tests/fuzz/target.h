// What the fuzz targets share. A target is a function that gives any bytes to certo's readers. It may find
// that they are refused, as certo refuses things: by Error or by a provider's Failure. What it must never see
// is a crash, another exception, or that a promise of the reader does not hold (`promise`). libFuzzer runs it
// (main.cc), and the unit tests run it on each file of tests/fuzz/corpus (tests/unit/fuzz.cc).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sdk/provider.hpp"

namespace certo::fuzz {

struct Target {
  std::string name;  // also of its folder in tests/fuzz/corpus
  void (*run)(std::string_view input);
};

/// All targets, in no order.
std::vector<Target>& targets();

/// One for each file: `const Registered registered("json", run);`
struct Registered {
  Registered(const char* name, void (*run)(std::string_view)) { targets().push_back({name, run}); }
};

/// Something that a reader promises does not hold.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};

inline void promise(bool holds, const std::string& what) {
  if (!holds) throw Broken("broken promise: " + what);
}

/// Runs `act`; false if certo refuses its input.
template <typename Act>
bool accepts(const Act& act) {
  try {
    act();
    return true;
  } catch (const Error&) {
  } catch (const sdk::Failure&) {
  }
  return false;
}

/// The parts of an input: a line that is only "--" is between two.
inline std::vector<std::string> parts(std::string_view input) {
  constexpr std::string_view between = "\n--\n";
  std::vector<std::string> all;
  for (size_t end = input.find(between); end != input.npos; end = input.find(between)) {
    all.emplace_back(input.substr(0, end));
    input.remove_prefix(end + between.size());
  }
  all.emplace_back(input);
  return all;
}

/// Takes the first line off `input`, without its end.
inline std::string take_line(std::string_view& input) {
  const size_t end = std::min(input.find('\n'), input.size());
  std::string line(input.substr(0, end));
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

/// A folder for files of one run; it is empty at the start of each.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// Without sync: nothing of it has to outlive the run.
  void put(const std::string& name, std::string_view content) const;
  std::string get(const std::string& name) const;  // "" if there is none
  std::string operator/(const std::string& name) const { return path + "/" + name; }

  std::string path;
};

}  // namespace certo::fuzz
