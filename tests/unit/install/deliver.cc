#include "install/deliver.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"
#include "install/choose.h"
#include "install/plan.h"
#include "install/transaction.h"
#include "os/place.h"

using namespace certo;
using namespace certo::test;
using install::Installation;
using install::Part;

namespace {

const Pair& older() {
  static const Pair pair = make_pair(test_time + std::chrono::days(30));
  return pair;
}
const Pair& newer() {
  static const Pair pair = make_pair(test_time + std::chrono::days(90));
  return pair;
}

/// A certificate, and a server's folder with the old files in it.
/// Makes it a certificate of the store.
void ask_for(const store::Entry& entry) {
  store::Request request;
  request.identifiers = crypto::identifiers({entry.name()});
  request.directory = "https://ca.example/directory";
  request.ways.usual = store::Webroot{"/srv/www"};
  entry.save(request);
}

struct Site {
  Shelf shelf;
  std::string key = shelf.temporary / "srv/key.pem";
  std::string full = shelf.temporary / "srv/full.pem";
  std::string link = shelf.temporary / "srv/set";

  Site() {
    os::make_folder(shelf.temporary / "srv", 0755);
    ask_for(shelf.entry);
    shelf.finish(newer());
    os::write_file(key, older().key.pkcs8_pem(), 0600);
    os::write_file(full, crypto::pem(std::span(older().chain)), 0644);
  }
  Installation pair(const std::string& reload = {}) const {
    Installation one;
    one.targets = {{Part::key, key, {}, {}, {}}, {Part::fullchain, full, {}, {}, {}}};
    one.reload = reload;
    return one;
  }
  std::vector<install::Delivery> deliver(bool force = false) const {
    return install::deliver(shelf.home, {"example.com"}, {.proof_limit = Millis(1), .force = force});
  }
  bool has(const Pair& pair) const {
    return os::read_file(key) == pair.key.pkcs8_pem() &&
           os::read_file(full) == crypto::pem(std::span(pair.chain));
  }
  std::vector<std::string> names() const { return os::list_folder(shelf.temporary / "srv"); }
  /// What the reload command wrote, a line a run.
  std::string noted() const { return os::read_file_if(shelf.temporary / "noted").value_or(""); }
};

}  // namespace

TEST_CASE("a delivery puts the live pair in place, reloads once, and is done then") {
  const Site site;
  install::save(site.shelf.entry, {site.pair("echo run >>" + site.shelf.temporary / "noted")});
  CHECK(install::is_pending(site.shelf.entry));
  const auto results = site.deliver();
  REQUIRE(results.size() == 1);
  CHECK(results[0].installed);
  CHECK(results[0].failure.code == Exit::ok);
  CHECK(site.has(newer()));
  CHECK(site.noted() == "run\n");
  CHECK(site.names() == std::vector<std::string>{"full.pem", "key.pem"});
  CHECK_FALSE(install::is_pending(site.shelf.entry));
  CHECK(site.deliver().empty());
  CHECK(site.deliver(true).size() == 1);
  CHECK(site.noted() == "run\nrun\n");
}

TEST_CASE("when the reload fails the old files come back, the reload runs again, and it stays pending") {
  const Site site;
  // It sees the new files first and the old ones then.
  install::save(site.shelf.entry, {site.pair("wc -c <" + site.full + " >>" + site.shelf.temporary / "noted" +
                                             "; echo no >&2; exit 9")});
  const auto results = site.deliver();
  REQUIRE(results.size() == 1);
  CHECK_FALSE(results[0].installed);
  CHECK(results[0].failure.code == Exit::not_installed);
  CHECK(results[0].failure.error.find("ended with 9: no") != std::string::npos);
  CHECK(site.has(older()));
  const auto size = [](const Pair& pair) {
    return std::to_string(crypto::pem(std::span(pair.chain)).size());
  };
  CHECK(site.noted() == size(newer()) + "\n" + size(older()) + "\n");
  CHECK(site.names() == std::vector<std::string>{"full.pem", "key.pem"});
  CHECK(install::is_pending(site.shelf.entry));
  CHECK(install::installations(site.shelf.entry)[0].failures == 1);
}

TEST_CASE("a server that does not present the certificate is a failure, and first files go again") {
  const Site site;
  os::remove_file(site.key);
  Installation one = site.pair();
  one.verify = {"127.0.0.1:1"};  // nobody there
  install::save(site.shelf.entry, {one});
  CHECK(site.deliver().at(0).failure.code == Exit::not_installed);
  CHECK(site.names() == std::vector<std::string>{"full.pem"});
  CHECK(os::read_file(site.full) == crypto::pem(std::span(older().chain)));
}

TEST_CASE("when one file cannot be written none is changed") {
  const Site site;
  Installation one = site.pair("echo run >>" + site.shelf.temporary / "noted");
  one.targets.push_back({Part::chain, site.shelf.temporary / "nowhere/chain.pem", {}, {}, {}});
  install::save(site.shelf.entry, {one});
  const auto results = site.deliver();
  CHECK(results.at(0).failure.code == Exit::not_installed);
  CHECK(results.at(0).failure.error.find("no such folder") != std::string::npos);
  CHECK(site.has(older()));
  CHECK(site.noted().empty());
}

TEST_CASE("certificates with one reload share it, and one that breaks it does not keep the other back") {
  const Site site;
  const store::Entry other(site.shelf.home, "other.example");
  ask_for(other);
  other.save_next_key(older().key);
  other.finish(older().chain);
  const std::string other_key = site.shelf.temporary / "srv/other.pem";
  const std::string command =
      "echo run >>" + site.shelf.temporary / "noted" + "; test ! -e " + other_key;  // does not like that one
  Installation theirs;
  theirs.targets = {{Part::key, other_key, {}, {}, {}}};
  theirs.reload = command;
  install::save(site.shelf.entry, {site.pair(command)});
  install::save(other, {theirs});
  const auto results = install::deliver(site.shelf.home, {"other.example", "example.com"}, {});
  REQUIRE(results.size() == 2);
  CHECK(results[0].name == "example.com");
  CHECK(results[0].failure.code == Exit::ok);
  CHECK(results[1].failure.code == Exit::not_installed);
  CHECK(site.has(newer()));
  CHECK_FALSE(os::exists(other_key));
  // Together, back again; the good one; the bad one, back again.
  CHECK(site.noted() == "run\nrun\nrun\nrun\nrun\n");
}

TEST_CASE("a set of files is switched by one link, and comes back by it") {
  const Site site;
  Installation one;
  one.targets = {{Part::folder, site.link, {}, {}, mode_t{0604}, mode_t{0640}}};
  install::save(site.shelf.entry, {one});
  CHECK(site.deliver().at(0).installed);
  const std::string first = os::read_link(site.link).value_or("");
  CHECK(first.starts_with("set.20"));
  CHECK(os::list_folder(site.link) ==
        std::vector<std::string>{"cert.pem", "chain.pem", "fullchain.pem", "key.pem"});
  CHECK(mode_of(site.link + "/key.pem") == 0640);
  CHECK(mode_of(site.link + "/cert.pem") == 0604);

  one.reload = "exit 1";
  install::save(site.shelf.entry, {one});
  CHECK(site.deliver().at(0).failure.code == Exit::not_installed);
  CHECK(os::read_link(site.link) == first);
  CHECK(site.names() == std::vector<std::string>{"full.pem", "key.pem", "set", first});
}

TEST_CASE("the installation of a dead run is undone or completed before anything else") {
  const Site site;
  const Installation one = site.pair();
  const install::Material material = install::live_material(site.shelf.entry);
  const std::string plan = site.shelf / "install.json";
  // Done in a process that dies without its destructors.
  const auto die_after = [&](bool switched, bool kept) {
    in_child([&]() -> int {
      os::Places places;
      places.open(site.shelf.temporary / "srv");
      install::Transaction files(plan, places);
      files.stage({&one}, material, "the reload");
      if (switched) files.switch_over();
      if (kept) files.keep();
      ::_exit(0);
    });
  };
  SUBCASE("staged only") {
    die_after(false, false);
    CHECK(install::recover(plan, Millis(0)) == "the reload");
    CHECK(site.has(older()));
  }
  SUBCASE("switched") {
    die_after(true, false);
    CHECK(site.has(newer()));
    CHECK(install::recover(plan, Millis(0)) == "the reload");
    CHECK(site.has(older()));
  }
  SUBCASE("proven") {
    die_after(true, true);
    CHECK(install::recover(plan, Millis(0)).empty());
    CHECK(site.has(newer()));
  }
  CHECK(site.names() == std::vector<std::string>{"full.pem", "key.pem"});
  CHECK_FALSE(os::exists(plan));
  CHECK(install::recover(plan, Millis(0)).empty());
}

TEST_CASE("a target that became a link is not written through, nor replaced") {
  const Site site;
  install::save(site.shelf.entry, {site.pair()});
  os::remove_file(site.key);
  os::switch_link(site.key, site.shelf.temporary / "elsewhere");
  CHECK(site.deliver().at(0).failure.error.find("now a link") != std::string::npos);
  CHECK(os::read_link(site.key).has_value());
  CHECK(os::read_file(site.full) == crypto::pem(std::span(older().chain)));
}

TEST_CASE("a folder that became a link after its targets were chosen is not followed") {
  const Site site;
  install::save(site.shelf.entry, {site.pair("echo run >>" + site.shelf.temporary / "noted")});
  const std::string srv = site.shelf.temporary / "srv", elsewhere = site.shelf.temporary / "elsewhere";
  os::rename(srv, site.shelf.temporary / "moved");
  os::make_folder(elsewhere, 0755);
  os::write_file(elsewhere + "/key.pem", "mine", 0600);
  os::switch_link(srv, elsewhere);

  const auto results = site.deliver();
  CHECK(results.at(0).failure.code == Exit::not_installed);
  CHECK(results.at(0).failure.error.find(srv + " is now a link to " + elsewhere) != std::string::npos);
  const std::string& hint = results.at(0).failure.hint;
  CHECK(hint.find("certo install-cert -d example.com --key-file '" + site.key + "'") != std::string::npos);
  CHECK(os::list_folder(elsewhere) == std::vector<std::string>{"key.pem"});
  CHECK(os::read_file(elsewhere + "/key.pem") == "mine");
  CHECK(site.noted().empty());

  SUBCASE("who chooses it again replaces the old choice") {
    install::store_installation(site.shelf.entry, install::checked(site.shelf.home, site.pair()));
    const auto stored = install::installations(site.shelf.entry);
    REQUIRE(stored.size() == 1);
    CHECK(stored[0].targets[0].path == elsewhere + "/key.pem");
    CHECK(site.deliver().at(0).installed);
    CHECK(os::read_file(elsewhere + "/key.pem") == newer().key.pkcs8_pem());
  }
  SUBCASE("it can be forgotten by the path that was chosen") {
    CHECK(install::forget(site.shelf.entry, site.pair()) == 1);
  }
}

TEST_CASE("files of a dead run in a folder that is now a link stay there, and stop nothing") {
  const Site site;
  const std::string srv = site.shelf.temporary / "srv", elsewhere = site.shelf.temporary / "elsewhere";
  const std::string plan = site.shelf / "install.json";
  install::Plan left{.stage = install::Stage::switching, .steps = {install::new_step(site.key, false)}};
  install::write_plan(plan, left);
  os::rename(srv, elsewhere);
  os::switch_link(srv, elsewhere);
  install::recover(plan, Millis(0));
  CHECK(os::exists(elsewhere + "/key.pem"));
  CHECK_FALSE(os::exists(plan));
}

TEST_CASE("a plan of certo 0.1 has fixed names") {
  const Site site;
  const std::string plan = site.shelf / "install.json";
  os::write_file(plan,
                 R"({"certo":"install/1","stage":"switching","steps":[{"path":")" + site.key +
                     R"(","had_previous":true}],"folders":[]})",
                 0600);
  os::write_file(site.shelf.temporary / "srv/.key.pem.certo-old", "before", 0600);
  install::recover(plan, Millis(0));
  CHECK(os::read_file(site.key) == "before");
  CHECK(site.names() == std::vector<std::string>{"full.pem", "key.pem"});
}

TEST_CASE("a name in a plan that leads elsewhere is damage") {
  const Site site;
  const std::string plan = site.shelf / "install.json";
  for (const char* name : {"../x", "x", "..", "."}) {
    os::write_file(plan,
                   R"({"certo":"install/1","stage":"switching","steps":[{"path":")" + site.key +
                       R"(","had_previous":true,"kept":")" + name + R"("}],"folders":[]})",
                   0600);
    CHECK(error_of([&] { install::recover(plan, Millis(0)); }).code == Exit::bad_input);
  }
}

TEST_CASE("a folder that another certo has locked is waited for, and the installation stays pending") {
  const Site site;
  install::save(site.shelf.entry, {site.pair()});
  os::Places other;
  other.open(site.shelf.temporary / "srv");
  other.lock(Millis(0));
  const auto results = install::deliver(site.shelf.home, {"example.com"}, {.lock_timeout = Millis(1)});
  CHECK(results.at(0).failure.code == Exit::later);
  CHECK(site.has(older()));
  CHECK(install::installations(site.shelf.entry)[0].failures == 0);
  CHECK(install::is_pending(site.shelf.entry));
}

TEST_CASE("a stored mode that opens the key to others is not obeyed") {
  const Site site;
  Installation one = site.pair();
  one.targets[0].mode = mode_t{0644};
  install::save(site.shelf.entry, {one});
  const auto results = site.deliver();
  CHECK(results.at(0).failure.code == Exit::not_installed);
  CHECK(results.at(0).failure.error.find("open the private key") != std::string::npos);
  CHECK(site.has(older()));

  one.targets[0].key_mode = mode_t{0644};
  install::save(site.shelf.entry, {one});
  CHECK(site.deliver().at(0).installed);
  CHECK(mode_of(site.key) == 0644);
}
