// The patch (unified diff) that shows what edits do.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/edits.h"

namespace certo::webserver {

/// The patch for 'patch -p1 -d /'. `path` is absolute; `changes` are of this file, in the order of their
/// places. "" if there is none.
std::string patch_of(const std::string& path, std::string_view text, const std::vector<Change>& changes);
/// The patch that makes the file.
std::string patch_of_new(const std::string& path, std::string_view content);

/// The patch of all files that `edits` change or make. `text_of`: the text of a file without the edits.
std::string patch_of(const Edits& edits, const std::function<std::string(const std::string&)>& text_of);

}  // namespace certo::webserver
