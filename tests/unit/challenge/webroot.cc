#include "challenge/webroot.h"

#include <fcntl.h>

#include "challenge/solver.h"
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
  SolverSettings settings() const {
    SolverSettings settings;
    settings.way.method = "webroot";
    settings.way.webroot = root;
    return settings;
  }
  std::unique_ptr<acme::Solver> solver() const { return make_solver(home, settings()); }
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

TEST_CASE("a token is a file that the web server can read, and goes without a trace") {
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

TEST_CASE("folders that were there stay, and so do other people's files") {
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

TEST_CASE("a file that has our name already is neither overwritten nor removed") {
  const Site site;
  os::make_folder(site.root + "/.well-known/acme-challenge", 0755);
  os::write_file(site.token, "theirs", 0644);
  const auto solver = site.solver();
  CHECK(error_of([&] { solver->present({http_task()}); }).code == Exit::cannot_write);
  solver->cleanup();
  CHECK(os::read_file(site.token) == "theirs");
  CHECK(site.journals().empty());
}

TEST_CASE("a file that was put in the place of ours is not removed") {
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

TEST_CASE("a symbolic link planted in the webroot is not followed") {
  const Site site;
  const std::string elsewhere = site.temporary / "elsewhere";
  os::make_folder(elsewhere, 0755);
  os::switch_link(site.root + "/.well-known", elsewhere);
  const auto solver = site.solver();
  CHECK(error_of([&] { solver->present({http_task()}); }).code == Exit::cannot_write);
  solver->cleanup();
  CHECK(os::list_folder(elsewhere).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("the token of a run that died is taken out by the next") {
  const Site site;
  site.die_after_presenting();
  CHECK(os::exists(site.token));
  sweep(site.home, site.settings());
  CHECK(os::list_folder(site.root).empty());
  CHECK(site.journals().empty());
}

TEST_CASE("a token that was made but not noted before the run died is taken out as well") {
  const Site site;
  in_child([&] {
    store::Presented journal(site.home, site.settings().way);
    journal.add({site.root, ".well-known/acme-challenge/a-Token_1"});
    os::Beneath(site.root).create(".well-known/acme-challenge/a-Token_1", "x", 0644);
    ::_exit(0);
    return 0;
  });
  sweep(site.home, site.settings());
  CHECK_FALSE(os::exists(site.token));
}

TEST_CASE("a webroot that has gone since does not keep the journal alive") {
  const Site site;
  site.die_after_presenting();
  os::remove_tree(site.root);
  sweep(site.home, site.settings());
  CHECK(site.journals().empty());
}

TEST_CASE("a webroot that is no folder is found before the CA is asked") {
  const Site site;
  SolverSettings settings = site.settings();
  settings.way.webroot += "/nowhere";
  CHECK(error_of([&] { make_solver(site.home, settings); }).code == Exit::config);
}

TEST_CASE("a web server cannot prove a wildcard") {
  const Site site;
  acme::Authorization authorization;
  CHECK(site.solver()->types(authorization) == std::vector<std::string>{"http-01"});
  authorization.wildcard = true;
  CHECK(site.solver()->types(authorization).empty());
}

TEST_CASE("a method that does not exist is wrong use") {
  const Site site;
  SolverSettings settings;
  settings.way.method = "pigeon";
  CHECK(error_of([&] { make_solver(site.home, settings); }).code == Exit::usage);
}
