#include "install/fit.h"

#include "os/path.h"

namespace certo::install {

const os::Place& open_folder(os::Places& places, const Target& target) {
  const std::string path = os::folder_of(target.path);
  if (!places.open(path)) throw os::no_such_folder(path);
  return *places.find(path);
}

std::optional<os::Facts> replaceable(const os::Place& folder, const Target& target) {
  const std::string name = os::name_of(target.path);
  const auto found = folder.facts(name);
  if (!found) return {};
  if (folder.is_mount(name))
    throw Error(Exit::cannot_write,
                target.path + ": a file system is mounted at this path, so no file can take its place",
                "mount the folder " + folder.path() + " instead of the single file");
  if (target.part == Part::folder) {
    if (found->kind == os::Kind::link) return found;
    throw Error(Exit::cannot_write, target.path + ": exists and is not a link",
                "--target-dir is a link that certo makes: remove what has this name, or choose another name");
  }
  switch (found->kind) {
    case os::Kind::file: return found;
    case os::Kind::folder:
      throw Error(Exit::cannot_write, target.path + ": is a folder, but a file is to be written there",
                  "give a file in it, or --target-dir for a folder that certo makes");
    case os::Kind::link: throw os::LinkInPath(target.path, folder.read_link(name).value_or("?"));
    case os::Kind::other: break;
  }
  throw Error(Exit::cannot_write, target.path + ": exists and is not a regular file");
}

}  // namespace certo::install
