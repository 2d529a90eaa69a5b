// Only in certo-provider-host: a static program must not load shared objects. Implements provider/plugin.h.
#include <dlfcn.h>
#include <fcntl.h>

#include "base/error.h"
#include "os/file.h"
#include "provider/plugin.h"

namespace certo::provider {

namespace {

/// Loads the open file `file`, whatever has the name `path` now. It is never unloaded, because the descriptor
/// struct points into it. Its file descriptor stays open, too: the loader knows libraries by their names, and
/// the number of a closed one would be used again for another file.
void* load(const std::string& path, const os::Fd& file) {
  const std::string descriptor = "/proc/self/fd/" + std::to_string(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  const std::string& name = os::exists(descriptor) ? descriptor : path;
  if (void* const library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  std::string why = ::dlerror();
  if (why.starts_with(name + ": ")) why.erase(0, name.size() + 2);
  throw Error(Exit::config, path + ": cannot be loaded: " + why,
              "it must be built for this machine, with all that it needs");
}

}  // namespace

const certo_provider& load_plugin(const std::string& path, const os::Fd& file) {
  void* const library = load(path, file);
  const auto entry = reinterpret_cast<decltype(&certo_provider_v1)>(::dlsym(library, CERTO_PROVIDER_SYMBOL));
  const certo_provider* const provider = entry ? entry() : nullptr;
  if (provider) return *provider;
  throw Error(Exit::config, path + ": not a DNS provider: it does not export " CERTO_PROVIDER_SYMBOL,
              "a plugin for version " + std::to_string(CERTO_PROVIDER_ABI) + " of the ABI has that function");
}

}  // namespace certo::provider
