// Taking an installation into targets.json: what cannot work is refused before anything is changed.
#pragma once

#include "install/targets.h"
#include "store/home.h"

namespace certo::install {

/// Follows each path that is a link, once, and says so. Throws Error where two targets are one file {usage},
/// one lies in the store {usage} or is a folder {cannot_write}, its folder is missing {cannot_write} or not
/// writable {not_permitted}, {cannot_write}; for an unknown owner or group {usage}, and a password file that
/// cannot be read.
Installation checked(const store::Home& home, Installation wanted);

/// Error{usage} where a target holds the key of a certificate whose key is elsewhere.
void require_key(const store::Request& request, const Installation& wanted);

/// Error{usage} where a target belongs to another certificate than `name` already.
void require_unclaimed(const store::Home& home, const std::string& name, const Installation& wanted);

/// Stored ones that share a file with `wanted` give way to it. The caller holds the entry's lock.
void store_installation(const store::Entry& entry, Installation wanted);
/// Drops all, or those that share a file with `wanted` where that names one. The files stay. Returns how
/// many.
size_t forget(const store::Entry& entry, const Installation& wanted);

}  // namespace certo::install
