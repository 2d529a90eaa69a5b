// The fuzz targets of tests/fuzz on their corpus: what once broke certo does not break it again.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../fuzz/target.h"
#include "base/log.h"

using namespace certo;

namespace {

/// The files of a target, in the order of their names.
std::vector<std::string> corpus(const std::string& target) {
  std::vector<std::string> files;
  const std::string folder = "tests/fuzz/corpus/" + target;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

TEST_CASE("each fuzz target takes each file of its corpus") {
  CHECK(fuzz::targets().size() > 10);
  log::open(log::Level::quiet, {});
  for (const fuzz::Target& target : fuzz::targets()) {
    const std::vector<std::string> files = corpus(target.name);
    CAPTURE(target.name);
    CHECK(files.size() >= 3);
    for (const std::string& path : files) {
      CAPTURE(path);
      std::ifstream file(path, std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(file), {}};
      CHECK_NOTHROW(target.run(input));
    }
  }
  log::open(log::Level::normal, {});
}
