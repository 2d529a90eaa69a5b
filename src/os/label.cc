#include "os/label.h"

#include <sys/xattr.h>

#include <cerrno>
#include <string_view>

#include "base/log.h"
#include "os/failure.h"
#include "os/file.h"

namespace certo::os {

void label_as_web_content(const std::string& folder) {
  constexpr std::string_view label = "system_u:object_r:httpd_sys_content_t:s0";
  if (!exists("/sys/fs/selinux/enforce")) return;
  // With its NUL, as libselinux stores it.
  if (::lsetxattr(folder.c_str(), "security.selinux", label.data(), label.size() + 1, 0) != 0)
    log::verbose(folder + ": cannot be labelled for web servers: " + reason(errno));
}

}  // namespace certo::os
