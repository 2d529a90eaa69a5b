// The Makefile gives the version to this file only, so that a new one recompiles one file.
#include "base/version.h"

namespace certo {

const char* version() { return CERTO_VERSION; }

}  // namespace certo
