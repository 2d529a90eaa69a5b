// Insertions into texts, and the patch (unified diff) that shows them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace certo::webserver {

/// Text that is put into a file in front of the byte `at`.
struct Insertion {
  size_t at = 0;
  std::string text;
};

/// `insertions` are in the order of their places.
std::string with_insertions(std::string_view text, const std::vector<Insertion>& insertions);

/// The patch for 'patch -p1 -d /'. `path` is absolute. "" if there is no insertion.
std::string patch_of(const std::string& path, std::string_view text,
                     const std::vector<Insertion>& insertions);
/// The patch that makes the file.
std::string patch_of_new(const std::string& path, std::string_view content);

}  // namespace certo::webserver
