// Texts that the program carries. The Makefile packs each with gzip into the folder CERTO_PACKED.
#pragma once

#include <string>
#include <string_view>

namespace certo::os {

/// The text of a gzip file.
/// @throws Error(bug) if the file is damaged or is not the whole of one.
std::string unpacked(std::string_view gzip);

}  // namespace certo::os

// clang-format off
/// Puts the file NAME.gz into the program. Hidden, so that no global offset table comes between: on aarch64 its entries
/// for local symbols lose the offset.
#define CERTO_CARRY(name)                                                            \
  __asm__(".pushsection .rodata\n"                                                   \
          ".local certo_packed_" #name ", certo_packed_" #name "_end\n"              \
          "certo_packed_" #name ": .incbin \"" CERTO_PACKED "/" #name ".gz\"\n"      \
          "certo_packed_" #name "_end: .byte 0\n"                                    \
          ".popsection\n");                                                          \
  extern "C" [[gnu::visibility("hidden")]] const char certo_packed_##name[], certo_packed_##name##_end[]
// clang-format on

/// The text of what CERTO_CARRY(name) put into the program.
#define CERTO_CARRIED(name) \
  certo::os::unpacked(      \
      {certo_packed_##name, static_cast<size_t>(certo_packed_##name##_end - certo_packed_##name)})
