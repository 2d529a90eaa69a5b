// Providers in .so files. A static program cannot load them, so certo-provider-host does: the same program,
// linked with the system's libc.
#pragma once

#include <string>

#include "os/fd.h"
#include "provider/descriptor.h"
#include "sdk/provider.h"

namespace certo::provider {

/// Asks the plugin what it is, in a cage. Throws Error{config}: others can write to the file, it cannot be
/// loaded, it breaks the rules, it crashes.
Descriptor describe_plugin(const std::string& path);

/// certo-provider-host, next to this program or in ../libexec/certo. Throws Error{config} if it is
/// missing.
std::string plugin_host();

/// In certo-provider-host only, null elsewhere: loads what is open as `file`; `path` is for messages. Throws
/// Error{config} for a file that is not a plugin.
[[gnu::weak]] const certo_provider& load_plugin(const std::string& path, const os::Fd& file);

}  // namespace certo::provider
