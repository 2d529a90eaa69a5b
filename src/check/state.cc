// The state folder: modes, and room for a certificate.
#include <sys/statvfs.h>

#include "base/text.h"
#include "check/checks.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::check {
namespace {

constexpr const char* writing = "writing";
// A version folder has some ten KiB; the rest is for logs and journals.
constexpr uint64_t least_bytes = 1 << 20, few_bytes = 32 << 20;
constexpr uint64_t least_files = 50, few_files = 1000;

/// The nearest folder that exists: the state folder is made by the first issue.
std::string existing(std::string folder) {
  while (!os::exists(folder) && folder != "/" && folder != ".") folder = os::folder_of(folder);
  return folder;
}

std::string mebibytes(uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

Findings room_in(const std::string& folder) {
  struct statvfs info {};
  if (::statvfs(existing(folder).c_str(), &info) != 0) return {};
  const uint64_t bytes = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  const bool counts_files = info.f_files > 0;  // some file systems have no such limit
  const uint64_t files = info.f_favail;
  const std::string to_do = "make room on its file system";
  if (bytes < least_bytes || (counts_files && files < least_files))
    return {failing(folder, "space", mebibytes(bytes) + " and " + std::to_string(files) + " files are left",
                    to_do, Exit::cannot_write)};
  if (bytes < few_bytes || (counts_files && files < few_files))
    return {warning(folder, "space",
                    "only " + mebibytes(bytes) + " and " + std::to_string(files) + " files are left", to_do)};
  return {good(folder, "space", mebibytes(bytes) + " are left")};
}

}  // namespace

Findings check_state(const Scene& scene) {
  const std::string& folder = scene.home.path();
  Findings findings;
  try {
    scene.home.prepare();
    findings.push_back(good(folder, writing, "certo can store files there, and nobody else"));
  } catch (const Error& error) {
    findings.push_back(failing(folder, writing, error));
  }
  append(findings, room_in(folder));
  return findings;
}

}  // namespace certo::check
