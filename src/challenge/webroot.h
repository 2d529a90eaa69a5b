// Removes the files that the webroot solver has made (challenge/methods.h), as the journal lists them.
#pragma once

#include <vector>

#include "challenge/take_out.h"
#include "store/presented.h"

namespace certo::challenge {

/// Unlinks the files that are still the ones that were made, and the folders if they are empty.
void remove_files(const std::vector<store::PresentedFile>& files, Author author);

}  // namespace certo::challenge
