// Only in certo-provider-host: a static program must not load shared objects. Implements provider/plugin.h.
#include <dlfcn.h>

#include "base/error.h"
#include "provider/plugin.h"

namespace certo::provider {

const certo_provider& load_plugin(const std::string& path) {
  // Never closed: the descriptor points into it.
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    throw Error(Exit::config, path + ": cannot be loaded: " + ::dlerror(),
                "it must be built for this machine, together with all that it needs");
  }
  const auto entry = reinterpret_cast<decltype(&certo_provider_v1)>(::dlsym(library, CERTO_PROVIDER_SYMBOL));
  const certo_provider* const provider = entry ? entry() : nullptr;
  if (provider) return *provider;
  throw Error(Exit::config, path + ": not a DNS provider: it does not export " CERTO_PROVIDER_SYMBOL,
              "a plugin for version " + std::to_string(CERTO_PROVIDER_ABI) + " of the ABI has that function");
}

}  // namespace certo::provider
