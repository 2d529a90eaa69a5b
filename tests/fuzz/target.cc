#include "target.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace certo::fuzz {
namespace fs = std::filesystem;

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

Scratch::Scratch() : path((fs::temp_directory_path() / "certo-fuzz-XXXXXX").string()) {
  if (!::mkdtemp(path.data())) throw std::runtime_error("mkdtemp failed");
}

Scratch::~Scratch() {
  std::error_code failure;
  fs::remove_all(path, failure);
}

void Scratch::put(const std::string& name, std::string_view content) const {
  const fs::path file = fs::path(path) / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::string Scratch::get(const std::string& name) const {
  std::ifstream file(fs::path(path) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace certo::fuzz
