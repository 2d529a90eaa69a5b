#include "os/machine.h"

#include <sys/utsname.h>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace certo::os {

std::string machine_id() {
  try {
    if (const auto text = read_file_if("/etc/machine-id", 256); text && !trim(*text).empty())
      return std::string(trim(*text));
  } catch (const Error&) {  // the same as if there were none
  }
  return host_name();
}

std::string host_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "";
}

}  // namespace certo::os
