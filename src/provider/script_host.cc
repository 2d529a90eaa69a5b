#include "provider/script_host.h"

// clang-format off
__asm__(
    ".pushsection .rodata\n"
    ".local certo_script_host, certo_script_host_end\n"
    "certo_script_host: .incbin \"../hooks/adapters/acmesh-dnsapi.sh\"\n"
    "certo_script_host_end: .byte 0\n"
    ".popsection\n");
// clang-format on
// Hidden, so that they are not addressed through the global offset table: on aarch64 its entries for local
// symbols lose the offset.
extern "C" [[gnu::visibility("hidden")]] const char certo_script_host[], certo_script_host_end[];

namespace certo::provider {

std::string_view script_host() {
  return {certo_script_host, static_cast<size_t>(certo_script_host_end - certo_script_host)};
}

}  // namespace certo::provider
