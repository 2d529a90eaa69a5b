// The Makefile gives the version to this file only, so that a new one recompiles one file.
#include "cli/version.h"

namespace certo::cli {

const char* version() { return CERTO_VERSION; }

}  // namespace certo::cli
