// Files in folders of other programs: written beside their place, then renamed into it, with what was
// there kept until it is known that it is not wanted back.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace certo::os {

enum class Kind { file, folder, link, other };

/// What a name is, and whose; of a link itself.
struct Facts {
  Kind kind = Kind::file;
  mode_t mode = 0;  // permission bits
  uid_t owner = 0;
  gid_t group = 0;
};
std::optional<Facts> facts(const std::string& path);

/// Who this process makes files as.
uid_t own_user();
gid_t own_group();
/// Of a name in /etc/passwd or /etc/group, or of a number. Error{usage} for an unknown name.
uid_t user_id(const std::string& name);
gid_t group_id(const std::string& name);

/// Makes `path`, in place of what has that name (a folder is an error), and brings it to the disk. Owner and
/// mode are set while it is still empty. `facts.kind` does not count.
void write_new(const std::string& path, std::string_view content, const Facts& facts);
void link_new(const std::string& path, const std::string& destination);
/// Gives the file or link `path` the second name `copy`, in place of what has that name; a true copy where
/// the file system has no hard links.
void keep_as(const std::string& path, const std::string& copy);
/// Puts back what `keep_as` kept: afterwards there is `path` as it was and no `copy`.
void take_back(const std::string& copy, const std::string& path);

}  // namespace certo::os
