// SELinux (selinux(8)): the label of files that a web server may read.
#pragma once

#include <string>

namespace certo::os {

/// Gives a folder the type httpd_sys_content_t, which files made in it inherit. Nothing happens without
/// SELinux; a policy that does not allow it is a message of -v.
void label_as_web_content(const std::string& folder);

}  // namespace certo::os
