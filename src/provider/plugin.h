// Providers in .so files. A static program cannot load them, so certo-provider-host does: the same program,
// linked with the system's libc.
#pragma once

#include <string>

#include "os/fd.h"
#include "provider/descriptor.h"
#include "sdk/provider.h"

namespace certo::provider {

/// Gets the description of the plugin from a child process in the cage. Throws Error{config} if the file is
/// not trusted, cannot be loaded or crashes, or if its description is not valid.
Descriptor describe_plugin(const std::string& path);

/// The path of certo-provider-host, next to this program or in ../libexec/certo. Throws Error{config} if it
/// does not exist.
std::string plugin_host();

/// In certo-provider-host only, null elsewhere: loads the open file `file`; `path` is for messages. Throws
/// Error{config} for a file that is not a plugin.
[[gnu::weak]] const certo_provider& load_plugin(const std::string& path, const os::Fd& file);

}  // namespace certo::provider
