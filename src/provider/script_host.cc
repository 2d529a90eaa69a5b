#include "provider/script_host.h"

#include "os/packed.h"

CERTO_CARRY(script_host);

namespace certo::provider {

std::string script_host() { return CERTO_CARRIED(script_host); }

}  // namespace certo::provider
