// Exit codes: one table for the whole program (help, the manual and the README print it).
#pragma once

#include <span>

namespace certo {

enum class Exit : int {
  ok = 0,
  failed = 1,
  nothing_due = 2,
  person_needed = 3,
  not_installed = 4,
  usage = 64,
  bad_input = 65,
  unknown_name = 66,
  unreachable = 69,
  bug = 70,
  cannot_write = 73,
  later = 75,
  protocol = 76,
  not_permitted = 77,
  config = 78,
  interrupted = 128,  // plus the signal's number
};

struct ExitCode {
  Exit exit;
  const char* numbers;  // as it is printed: "75"; "129, 130, 143"
  const char* meaning;
};

/// All of them, in ascending order.
std::span<const ExitCode> exit_codes();

/// The code that a run over several certificates ends with: the first of
/// 70, 76, 78, 1, 4, 69, 75 that occurs, then any other that is not 0.
Exit worst(Exit a, Exit b);

}  // namespace certo
