#include "install/targets.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"
#include "install/choose.h"

using namespace certo;
using namespace certo::test;
using install::Installation;
using install::Part;

namespace {

Installation both(const TempDir& dir) {
  Installation one;
  one.targets = {{Part::key, dir / "key.pem", "root", "root", mode_t{0640}},
                 {Part::fullchain, dir / "full.pem", {}, {}, {}}};
  one.targets[0].key_mode = mode_t{0604};
  one.reload = "true";
  one.reload_limit = Seconds(7);
  one.verify = {"localhost:443"};
  return one;
}

}  // namespace

TEST_CASE("targets.json is read as it was written") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  Installation one = both(shelf.temporary);
  one.version = "20261121T022200Z-4f1c22aa";
  one.failures = 2;
  one.failed_at = test_time;
  one.error = "it broke";
  install::save(shelf.entry, {one});
  const auto back = install::installations(shelf.entry);
  REQUIRE(back.size() == 1);
  CHECK(back[0].targets == one.targets);
  CHECK(back[0].reload == "true");
  CHECK(back[0].reload_limit == Seconds(7));
  CHECK(back[0].verify == one.verify);
  CHECK(back[0].version == one.version);
  CHECK(back[0].failures == 2);
  CHECK(back[0].failed_at == test_time);
  CHECK(back[0].error == "it broke");
}

TEST_CASE("an unknown or wrong member of targets.json is named") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  const auto message = [&](const std::string& installation) {
    os::write_file(shelf / "targets.json",
                   "{\"certo\":\"targets/1\",\"installations\":[" + installation + "]}", 0600);
    const Error error = error_of([&] { install::installations(shelf.entry); });
    CHECK(error.code == Exit::bad_input);
    return error.message;
  };
  CHECK(message(R"({"relaod":"true"})").find("relaod") != std::string::npos);
  CHECK(message(R"({"targets":[{"part":"kee","path":"/a"}]})").find("kee") != std::string::npos);
  CHECK(message(R"({"targets":[{"part":"key","path":"a"}]})").find("absolute") != std::string::npos);
  CHECK(message(R"({"targets":[{"part":"key","path":"/a","mode":"0999"}]})").find("octal") !=
        std::string::npos);
}

TEST_CASE("an installation that shares a file with a stored one takes its place, another one is added") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  Installation one = both(shelf.temporary), other;
  install::store_installation(shelf.entry, one);
  other.targets = {{Part::key, shelf.temporary / "other.pem", {}, {}, {}}};
  install::store_installation(shelf.entry, other);
  one.targets.pop_back();
  one.reload = "false";
  install::store_installation(shelf.entry, one);
  const auto all = install::installations(shelf.entry);
  REQUIRE(all.size() == 2);
  CHECK(all[1].reload == "false");
  CHECK(install::forget(shelf.entry, one) == 1);
  CHECK(install::installations(shelf.entry).size() == 1);
  CHECK(install::forget(shelf.entry, {}) == 1);
  CHECK_FALSE(os::exists(shelf / "targets.json"));
}

TEST_CASE("a file of another certificate is refused") {
  const Shelf shelf;
  const store::Entry other(shelf.home, "other.example");
  os::make_folder(other.folder(), 0700);
  os::write_file(other.folder() + "/request.json", "{}", 0600);
  install::store_installation(other, both(shelf.temporary));
  const Error error =
      error_of([&] { install::require_unclaimed(shelf.home, "example.com", both(shelf.temporary)); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message.find("other.example") != std::string::npos);
  install::require_unclaimed(shelf.home, "other.example", both(shelf.temporary));
}

TEST_CASE("a mode that opens a key to others is refused unless it is the mode of the key") {
  const Shelf shelf;
  for (const Part part : {Part::key, Part::pem, Part::pfx}) {
    Installation one;
    one.targets = {{part, shelf.temporary / "secret", {}, {}, mode_t{0644}}};
    CHECK(error_of([&] { install::checked(shelf.home, one); }).code == Exit::usage);
    one.targets[0].mode = mode_t{0640};
    CHECK(install::checked(shelf.home, one).targets[0].mode_of(part) == mode_t{0640});
    one.targets[0].key_mode = mode_t{0644};
    CHECK(install::checked(shelf.home, one).targets[0].mode_of(part) == mode_t{0644});
  }
  Installation set;
  set.targets = {{Part::folder, shelf.temporary / "set", {}, {}, mode_t{0644}}};
  CHECK(install::checked(shelf.home, set).targets[0].mode_of(Part::key) == std::nullopt);
  CHECK(set.targets[0].mode_of(Part::certificate) == mode_t{0644});
}

TEST_CASE("the modes of a folder are read as they were written, and as certo 0.1 wrote them") {
  const Shelf shelf;
  os::make_folder(shelf.entry.folder(), 0700);
  const auto read = [&](const std::string& modes) {
    os::write_file(shelf / "targets.json",
                   R"({"certo":"targets/1","installations":[{"targets":[{"part":"folder","path":"/srv/set")" +
                       modes + "}]}]}",
                   0600);
    return install::installations(shelf.entry).at(0).targets.at(0);
  };
  const auto old = read(R"(,"mode":"0640")");
  CHECK(old.mode == std::nullopt);
  CHECK(old.key_mode == mode_t{0640});
  const auto open = read(R"(,"mode":"0644")");
  CHECK(open.mode == mode_t{0644});
  CHECK(open.mode_of(Part::key) == std::nullopt);

  Installation one;
  one.targets = {{Part::folder, "/srv/set", {}, {}, mode_t{0640}}};
  install::save(shelf.entry, {one});
  const auto back = install::installations(shelf.entry).at(0).targets.at(0);
  CHECK(back.mode == mode_t{0640});
  CHECK(back.mode_of(Part::key) == mode_t{0600});
}

TEST_CASE("the words that choose an installation again name everything that was chosen") {
  Installation one;
  one.targets = {{Part::pem, "/srv/it's.pem", "root", "ssl-cert", mode_t{0640}},
                 {Part::certificate, "/srv/cert.pem", {}, {}, {}}};
  one.reload = "systemctl reload nginx";
  one.verify = {"localhost:443"};
  CHECK(install::words_of(one) ==
        " --cert-file '/srv/cert.pem' --owner 'root' --group 'ssl-cert' --mode '0640' --pem-file "
        "'/srv/it'\\''s.pem' --reloadcmd 'systemctl reload nginx' --verify 'localhost:443'");
}
