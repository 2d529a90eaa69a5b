#include "os/failure.h"

#include <cctype>
#include <cerrno>
#include <system_error>

#include "os/path.h"
#include "os/unit.h"

namespace certo::os {
namespace {

struct Meaning {
  Exit code;
  std::string hint;
};

/// Most places that a service finds read-only are so by the settings of its unit.
std::string hint_of_read_only(const std::string& subject) {
  const std::string service = own_service();
  if (service.empty()) return "the file system is read-only: mount it writable or choose another place";
  const std::string folder = subject.starts_with('/') ? folder_of(subject) : "FOLDER";
  return "it is read-only for " + service + ": add ReadWritePaths=" + folder + " with " +
         edit_command(service) + ", or choose another place";
}

Meaning meaning(const std::string& subject, int error, Exit otherwise) {
  switch (error) {
    case EACCES:
    case EPERM:
      return {Exit::not_permitted, "check the owner and the mode, or run certo as a user who is allowed to"};
    case ENOSPC: return {Exit::cannot_write, "the disk is full: make room and run it again"};
    case EDQUOT: return {Exit::cannot_write, "the disk quota is used up: make room and run it again"};
    case EFBIG: return {Exit::cannot_write, "a limit on the size of files is reached: see 'ulimit -f'"};
    case EROFS: return {Exit::cannot_write, hint_of_read_only(subject)};
    case ENOENT: return {otherwise, hint_of_private_tmp(subject)};
    case EIO: return {Exit::cannot_write, "the disk reports errors: see the system's log"};
    default: return {otherwise, ""};
  }
}

}  // namespace

std::string reason(int error) {
  std::string words = std::generic_category().message(error);
  words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

void fail(const std::string& subject, std::string_view what, int error, Exit otherwise) {
  const auto [code, hint] = meaning(subject, error, otherwise);
  throw Error(code, subject + ": " + std::string(what) + ": " + reason(error), hint);
}

}  // namespace certo::os
