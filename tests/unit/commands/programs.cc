#include "commands/programs.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "os/place.h"

using namespace certo;
using namespace certo::test;
using commands::Program;

namespace {

/// An installation with both programs, and new ones next to them.
struct Installed {
  TempDir dir;
  std::string certo = dir / "bin/certo", host = dir / "libexec/certo/certo-provider-host";
  std::vector<Program> programs;

  Installed() {
    for (const std::string& path : {host, certo}) {
      os::make_folder(path.substr(0, path.rfind('/')), 0755);
      os::write_file(path, "old", 0755);
      os::write_file(path + ".new", "new", 0755);
      programs.push_back({path, hex(crypto::sha256("new"))});
    }
  }
  bool has(const std::string& host_text, const std::string& certo_text) const {
    return os::read_file(host) == host_text && os::read_file(certo) == certo_text;
  }
  bool is_tidy() const {
    return os::list_folder(dir / "bin") == std::vector<std::string>{"certo", "certo.old"};
  }
};

}  // namespace

TEST_CASE("programs are exchanged together, and the previous ones are kept") {
  const Installed here;
  CHECK(commands::program_paths(here.certo) == std::vector<std::string>{here.host, here.certo});
  commands::exchange(here.programs);
  CHECK(here.has("new", "new"));
  CHECK(os::read_file(here.certo + ".old") == "old");
  CHECK(here.is_tidy());
  CHECK_FALSE(commands::complete_exchange(here.certo));
}

TEST_CASE("an upgrade that was killed between its renames is completed by the next certo") {
  const Installed here;
  commands::begin_exchange(here.programs);
  SUBCASE("before the first rename") {}
  SUBCASE("after the first one") { os::rename(here.host + ".new", here.host); }
  SUBCASE("after the last one") {
    os::rename(here.host + ".new", here.host);
    os::rename(here.certo + ".new", here.certo);
  }
  CHECK(commands::complete_exchange(here.certo));
  CHECK(here.has("new", "new"));
  CHECK(here.is_tidy());
  CHECK_FALSE(commands::complete_exchange(here.certo));
}

TEST_CASE("an upgrade that is under way is left to its process") {
  const Installed here;
  commands::begin_exchange(here.programs);
  os::Places other;
  other.open(here.dir / "bin");
  other.lock(Millis(0));
  CHECK_FALSE(commands::complete_exchange(here.certo));
  CHECK(here.has("old", "old"));
}

TEST_CASE("new programs that are damaged or of another user are not put in place") {
  const Installed here;
  commands::begin_exchange(here.programs);
  SUBCASE("another content") { os::write_file(here.certo + ".new", "planted", 0755); }
  SUBCASE("a file that others can write") { os::write_file(here.host + ".new", "new", 0777); }
  SUBCASE("a link") { os::switch_link(here.host + ".new", here.certo + ".new"); }
  SUBCASE("a journal that others can write") {
    os::write_file(here.certo + ".upgrading", os::read_file(here.certo + ".upgrading"), 0666);
  }
  SUBCASE("a program of another place") {
    os::write_file(here.dir / "bin/other.new", "new", 0755);
    std::vector<Program> programs = here.programs;
    programs.insert(programs.begin(), {here.dir / "bin/other", programs[0].sha256});
    os::write_file(here.dir / "bin/other", "old", 0755);
    commands::begin_exchange(programs);
  }
  CHECK_FALSE(commands::complete_exchange(here.certo));
  CHECK(here.has("old", "old"));
}
