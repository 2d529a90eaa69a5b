// The text of a file without edits that were made in it, whatever else was changed there since.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webserver/edits.h"

namespace certo::webserver {

struct TakenBack {
  std::string text;
  /// Lines with certo's marks that a person has changed: they stay.
  std::vector<std::string> kept;
};

/// `changes`: of this file. An added text that stands as certo wrote it gives way to what stood there
/// before; otherwise each of its lines that is still there is removed.
TakenBack take_back(std::string text, const std::vector<Change>& changes);

/// A moved text without certo's lines around what counts for plain http only.
std::string without_plain_only(std::string_view text);

}  // namespace certo::webserver
