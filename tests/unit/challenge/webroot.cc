#include "challenge/webroot.h"

#include <fcntl.h>
#include <unistd.h>

#include "challenge/methods.h"
#include "challenge/take_out.h"
#include "fixtures/challenge_task.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

struct Site {
  TempDir temporary;
  store::Home home{temporary / "home"};
  std::string root = temporary / "www";
  std::string token = root + "/.well-known/acme-challenge/a-Token_1";

  Site() { os::make_folder(root, 0755); }
  store::Webroot way() const { return {root}; }
  std::unique_ptr<acme::Solver> solver() const { return method_solver(way(), home, {}); }
  std::vector<std::string> journals() const { return os::list_folder(home.presented()); }
  void die_after_presenting() const {
    in_child([&] {
      solver().release()->present({http_task()});
      ::_exit(0);
      return 0;
    });
  }
};

}  // namespace

TEST_CASE("a token is a file that the web server can read, and nothing is left of it") {
  const Site site;
  const mode_t before = ::umask(077);
  const auto solver = site.solver();
  solver->present({http_task()});
  ::umask(before);
  CHECK(os::read_file(site.token) == "a-Token_1.thumb");
  CHECK(mode_of(site.token) == 0644);
  CHECK(mode_of(site.root + "/.well-known") == 0755);
  CHECK(mode_of(site.root + "/.well-known/acme-challenge") == 0755);
  CHECK_FALSE(site.journals().empty());

  solver->cleanup();
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("existing folders stay, and so do other people's files") {
  const Site site;
  os::make_folder(site.root + "/.well-known", 0755);
  const auto solver = site.solver();
  solver->present({http_task(), http_task("second")});
  os::write_file(site.root + "/.well-known/acme-challenge/other", "x", 0644);
  solver->cleanup();
  CHECK(os::list_folder(site.root + "/.well-known/acme-challenge") == std::vector<std::string>{"other"});

  os::remove_file(site.root + "/.well-known/acme-challenge/other");
  solver->present({http_task()});
  solver->cleanup();
  CHECK(os::exists(site.root + "/.well-known/acme-challenge"));
}

TEST_CASE("a challenge folder takes the tokens themselves") {
  const Site site;
  const auto solver = method_solver(store::ChallengeDir{site.root}, site.home, {});
  solver->prepare();
  CHECK(os::list_folder(site.root).empty());
  solver->present({http_task()});
  CHECK(os::list_folder(site.root) == std::vector<std::string>{"a-Token_1"});
  solver->cleanup();
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("the webroot is tried before the CA is asked, and nothing is left of that") {
  const Site site;
  site.solver()->prepare();
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
  os::write_file(site.root + "/.well-known", "not a folder", 0644);
  const Error error = error_of([&] { site.solver()->prepare(); });
  CHECK(error.code == Exit::cannot_write);
  CHECK(error.message.find("certo-probe") == std::string::npos);
}

TEST_CASE("a token that is a path is refused before anything is made") {
  const Site site;
  for (const char* token : {"../../etc/cron.d/x", "a/b", "", ".", "a.b", "a b"}) {
    CAPTURE(token);
    const auto solver = site.solver();
    CHECK(error_of([&] { solver->present({http_task(), http_task(token)}); }).code == Exit::protocol);
  }
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("an existing file of the same name is neither overwritten nor removed") {
  const Site site;
  os::make_folder(site.root + "/.well-known/acme-challenge", 0755);
  os::write_file(site.token, "theirs", 0644);
  const auto solver = site.solver();
  CHECK(error_of([&] { solver->present({http_task()}); }).code == Exit::cannot_write);
  solver->cleanup();
  CHECK(os::read_file(site.token) == "theirs");
  CHECK(site.journals().empty());
}

TEST_CASE("a file that replaced ours is not removed") {
  const Site site;
  const auto solver = site.solver();
  solver->present({http_task()});
  const int hold = ::open(site.token.c_str(), O_RDONLY);  // keeps the inode from being used again
  os::remove_file(site.token);
  os::write_file(site.token, "theirs", 0644);
  solver->cleanup();
  ::close(hold);
  CHECK(os::read_file(site.token) == "theirs");
}

TEST_CASE("a symbolic link planted in the webroot is not followed" * doctest::skip(::geteuid() != 0)) {
  const Site site;
  const std::string elsewhere = site.temporary / "elsewhere";
  os::make_folder(elsewhere, 0755);
  os::switch_link(site.root + "/.well-known", elsewhere);
  REQUIRE(::lchown((site.root + "/.well-known").c_str(), 12345, 12345) == 0);
  const auto solver = site.solver();
  CHECK(error_of([&] { solver->present({http_task()}); }).code == Exit::not_permitted);
  solver->cleanup();
  CHECK(os::list_folder(elsewhere).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("the token of a run that died is removed by the next run") {
  const Site site;
  site.die_after_presenting();
  CHECK(os::exists(site.token));
  sweep_files(site.home);
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("a token that was made but not noted before the run died is removed as well") {
  const Site site;
  in_child([&] {
    store::Presented journal(site.home, site.way());
    journal.add(store::PresentedFile{site.root, ".well-known/acme-challenge/a-Token_1"});
    os::Beneath(site.root).create(".well-known/acme-challenge/a-Token_1", "x", 0644);
    ::_exit(0);
    return 0;
  });
  sweep_files(site.home);
  CHECK_FALSE(os::exists(site.token));
}

TEST_CASE("a webroot that no longer exists does not keep the journal alive") {
  const Site site;
  site.die_after_presenting();
  os::remove_tree(site.root);
  sweep_files(site.home);
  CHECK(site.journals().empty());
}

TEST_CASE("a webroot that is not a folder is found before the CA is contacted") {
  const Site site;
  CHECK(error_of([&] { method_solver(store::Webroot{site.root + "/nowhere"}, site.home, {}); }).code ==
        Exit::config);
}

TEST_CASE("a web server cannot prove a wildcard") {
  const Site site;
  acme::Authorization authorization;
  authorization.identifier = {"dns", "example.com"};
  CHECK(site.solver()->types(authorization) == std::vector<std::string>{"http-01"});
  authorization.wildcard = true;
  CHECK(site.solver()->types(authorization).empty());
  CHECK(site.solver()->advice(authorization) == "use one of: --dns PROVIDER");
}
