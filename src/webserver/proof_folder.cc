#include "webserver/proof_folder.h"

#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"

namespace certo::webserver {
namespace {

constexpr std::string_view challenge_path = "/.well-known/acme-challenge";

/// The text between `begin` and `end` on the first line that has nothing else; "" if there is none.
std::string between(std::string_view content, std::string_view begin, std::string_view end) {
  for (const std::string& line : split(content, '\n')) {
    std::string_view text = trim(line);
    if (!text.starts_with(begin) || !text.ends_with(end)) continue;
    text.remove_prefix(begin.size());
    if (text.size() >= end.size()) return std::string(text.substr(0, text.size() - end.size()));
  }
  return {};
}

}  // namespace

std::string folder_named_in(const OwnFile& included) {
  std::string folder = between(included.content, "root \"", "\";");  // of nginx
  if (folder.empty()) folder = between(included.content, "alias \"", std::string(challenge_path) + "/\";");
  if (folder.empty())
    folder = between(included.content, "<Directory \"", std::string(challenge_path) + "\">");  // of Apache
  return folder.starts_with('/') ? folder : "";
}

std::string proof_folder(const std::string& main_file, const std::vector<std::string>& included,
                         bool is_root) {
  for (const std::string& file : included)
    if (const auto content = os::read_file_if(file))
      if (std::string known = folder_named_in({EditPart::proof, file, *content}); !known.empty())
        return known;
  const std::string beside = without_links(os::folder_of(main_file));
  if (!is_root || os::closed_folders(beside).empty()) return os::folder_of(included.front()) + "/challenges";
  return "/var/lib/certo-challenges";
}

void remove_folders(const OwnFile& included) {
  const std::string served = folder_named_in(included);
  if (served.empty()) return;
  std::string folder = served + std::string(challenge_path);
  const auto is_gone = [](const std::string& path) { return ::rmdir(path.c_str()) == 0 || errno == ENOENT; };
  while (folder.size() >= served.size() && is_gone(folder)) folder = os::folder_of(folder);
  ::rmdir(os::folder_of(included.path).c_str());
}

}  // namespace certo::webserver
