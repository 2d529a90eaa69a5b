// ca/<ca>/seen.json: the challenge types that a CA has offered. A directory does not list them (RFC 8555
// section 7.1.1), so only orders show them.
#pragma once

#include <string>
#include <vector>

#include "store/home.h"

namespace certo::store {

/// Sorted. Nothing if the file is missing or damaged: it is a cache.
std::vector<std::string> seen_challenge_types(const Home& home, const std::string& directory_url);
/// Adds those that are new. A failure is only told with -v.
void note_challenge_types(const Home& home, const std::string& directory_url,
                          const std::vector<std::string>& types);

}  // namespace certo::store
