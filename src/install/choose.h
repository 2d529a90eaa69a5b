// Chooses targets, and refuses those that cannot work before anything is changed.
#pragma once

#include "install/targets.h"
#include "store/home.h"

namespace certo::install {

/// Follows the links in each path, for the last time, and says so if a target is a link itself. Throws Error
/// if two targets are one file {usage}, one is in the store {usage} or a folder {cannot_write}, its folder is
/// missing {cannot_write} or not writable {not_permitted}, {cannot_write}; for an unknown owner or group, and
/// a mode that opens the key to others {usage}; and for a password file that cannot be read.
Installation checked(const store::Home& home, Installation wanted);

/// Error{usage} if a target holds the key of a certificate whose key certo does not have.
void require_key(const store::Request& request, const Installation& wanted);

/// Error{usage} if a target belongs to another certificate than `name`.
void require_unclaimed(const store::Home& home, const std::string& name, const Installation& wanted);

/// Replaces the stored ones that share a file with `wanted`. The caller holds the entry's lock.
void store_installation(const store::Entry& entry, Installation wanted);
/// Forgets all, or those that share a file with `wanted` if that names one, and returns how many. The files
/// stay.
size_t forget(const store::Entry& entry, Installation wanted);

}  // namespace certo::install
