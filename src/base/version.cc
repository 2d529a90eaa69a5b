// The Makefile gives these to this file only, so that a new version recompiles one file.
#include "base/version.h"

namespace certo {

const char* version() { return CERTO_VERSION; }

const char* releases_url() { return CERTO_RELEASES_URL; }

const char* release_key() { return CERTO_RELEASE_KEY; }

}  // namespace certo
