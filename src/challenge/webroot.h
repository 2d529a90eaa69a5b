// http-01 (RFC 8555 section 8.3) by a file in the folder of a web server that runs already.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "acme/solver.h"
#include "challenge/take_out.h"
#include "store/home.h"
#include "store/presented.h"
#include "store/request.h"

namespace certo::challenge {

/// Throws Error{config} when the webroot is no folder.
std::unique_ptr<acme::Solver> make_webroot_solver(const store::Home& home, store::Way way,
                                                  Millis lock_timeout);

/// Unlinks the files that are still the ones that were made, and the folders when they are empty.
void remove_files(const std::vector<store::PresentedFile>& files, Author author);

}  // namespace certo::challenge
