// Files in folders of other programs: each is written next to its place and then renamed into it, and the old
// one is kept until nobody needs it any more.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace certo::os {

enum class Kind { file, folder, link, other };

/// The kind, mode and owner of a name; for a link those of the link.
struct Facts {
  Kind kind = Kind::file;
  mode_t mode = 0;  // permission bits
  uid_t owner = 0;
  gid_t group = 0;
};
std::optional<Facts> facts(const std::string& path);

/// The owner of the files that this process creates.
uid_t own_user();
gid_t own_group();
/// The number for a name in /etc/passwd or /etc/group, or for a number. Error{usage} for an unknown name.
uid_t user_id(const std::string& name);
gid_t group_id(const std::string& name);

/// Creates `path`, replaces whatever has that name (a folder is an error), and syncs it. Owner and mode are
/// set while it is still empty. `facts.kind` is not used.
void write_new(const std::string& path, std::string_view content, const Facts& facts);
void link_new(const std::string& path, const std::string& destination);
/// Gives the file or link `path` the second name `copy`, and replaces whatever has that name. It is a copy if
/// the file system has no hard links.
void keep_as(const std::string& path, const std::string& copy);
/// Restores what `keep_as` kept: afterwards `path` is as it was, and there is no `copy`.
void take_back(const std::string& copy, const std::string& path);

}  // namespace certo::os
