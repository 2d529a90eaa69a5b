// What the Makefile decides about a build.
#pragma once

namespace certo {

const char* version();       // "0.1.0"
const char* releases_url();  // where releases lie: <url>/latest/SHA256SUMS, <url>/v0.1.0/…
/// SubjectPublicKeyInfo in base64 of the key that signs releases; "" where the build was given none, and then
/// it does not upgrade itself.
const char* release_key();

}  // namespace certo
