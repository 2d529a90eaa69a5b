// Settings of the build, from the Makefile.
#pragma once

namespace certo {

const char* version();       // "0.1.0"
const char* releases_url();  // where releases are: <url>/latest/SHA256SUMS, <url>/v0.1.0/…
/// SubjectPublicKeyInfo in base64 of the key that signs releases; "" if the build has none. Such a build
/// does not upgrade itself.
const char* release_key();

}  // namespace certo
