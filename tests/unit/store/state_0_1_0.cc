// A state tree that version 0.1.0 wrote: every file of it can still be read, and what it means has not
// changed.
#include <doctest/doctest.h>

#include <filesystem>

#include "acme/document.h"
#include "fixtures/support.h"
#include "install/hook_list.h"
#include "install/targets.h"
#include "os/file.h"
#include "store/account.h"
#include "store/entry.h"
#include "store/orders.h"
#include "store/presented.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* tree = "tests/golden/state-0.1.0";

/// A copy, because reading takes locks, and git keeps no modes.
struct Tree {
  Tree() {
    fs::copy(tree, temporary / "home", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    for (const auto& one : fs::recursive_directory_iterator(temporary / "home")) {
      if (one.is_symlink()) continue;
      fs::permissions(one.path(), one.is_directory() ? fs::perms::owner_all
                                                     : fs::perms::owner_read | fs::perms::owner_write);
    }
    fs::permissions(temporary / "home", fs::perms::owner_all);
  }
  TempDir temporary;
  Home home{temporary / "home"};
};

std::string text_of(const fs::path& path) { return os::read_file(path.string()); }

/// Reads one file as certo does; false for a file that this test does not know.
bool is_read(const Home& home, const fs::path& path) {
  const std::string name = path.filename(), text = text_of(path);
  if (name == "lock" || path.extension() == ".lock" || name == "certo.conf") return true;
  if (name == "request.json") return to_pretty_json(to_json(parse_request(text, name))) == text;
  if (name == "status.json") return to_pretty_json(to_json(parse_status(text))) == text;
  if (name == "order.json" || path.parent_path() == home.orders())
    return acme::parse_document(text, name).directory.starts_with("https://");
  if (path.extension() == ".pem")
    return text.find("PRIVATE KEY") != text.npos
               ? !crypto::PrivateKey::from_pem(text, name).public_key().spki.empty()
               : text.find("REQUEST") != text.npos ||
                     !crypto::parse_chain(text, name, Exit::bad_input).empty();
  if (name == "account.key") return !crypto::PrivateKey::from_pem(text, name).public_key().spki.empty();
  const Json json = parse_json(text, name, Exit::bad_input);
  const std::string kind = Fields(json, name, Exit::bad_input).optional_string("certo").value_or("");
  return name == "account.json" || name == "directory.json" || name == "hooks.json" ||
         name == "targets.json" || kind == "presented/1";
}

}  // namespace

TEST_CASE("every file of a state tree of version 0.1.0 can be read, and is written as it was") {
  const Tree state;
  size_t count = 0;
  for (const auto& one : fs::recursive_directory_iterator(state.home.path())) {
    if (!one.is_regular_file() || one.is_symlink()) continue;
    CAPTURE(one.path().string());
    CHECK(is_read(state.home, one.path()));
    ++count;
  }
  CHECK(count > 30);
}

TEST_CASE("the certificates of version 0.1.0 are for the same requests, and are not renewed for them") {
  const Tree state;
  const std::vector<std::string> names = entries(state.home);
  CHECK(names == std::vector<std::string>{"_wildcard.e.state.example", "a.state.example", "f.state.example",
                                          "g.state.example", "plain"});
  for (const std::string& name : names) {
    CAPTURE(name);
    const Entry entry(state.home, name);
    CHECK(entry.live());
    CHECK(entry.status().wishes == digest(entry.request()));
  }
  const Request several = Entry(state.home, "a.state.example").request();
  const auto way_of = [&](const char* name) { return several.ways.of(crypto::identifier(name)); };
  CHECK(std::get<Dns>(way_of("*.a.state.example")).provider_env ==
        std::vector<std::string>{"CHALLTESTSRV", "DNS_ADDR"});
  CHECK(std::get<Webroot>(way_of("b.state.example")).folder.ends_with("/webroot"));
  CHECK(std::get<Standalone>(way_of("c.state.example")).listen.starts_with("127.0.0.1:"));
  CHECK(install::stored_hooks(Entry(state.home, "a.state.example")));
  CHECK(install::installations(Entry(state.home, "a.state.example")).size() == 1);
  const Dns wildcard = std::get<Dns>(Entry(state.home, "_wildcard.e.state.example").request().ways.usual);
  CHECK(wildcard.propagation == Propagation(NoWait{}));
  CHECK(wildcard.zone == "state.example");
  CHECK_FALSE(wildcard.keep_settings);
  CHECK(wildcard.aliases.at("e.state.example") == "_acme-challenge.v.state.example");
  CHECK(std::get<Dns>(Entry(state.home, "g.state.example").request().ways.usual).propagation ==
        Propagation(FixedWait{Seconds(0)}));
}

TEST_CASE("an order and the records of a run of version 0.1.0 that died are found") {
  const Tree state;
  CHECK(Entry(state.home, "dead.state.example").next_order());
  std::vector<Presented> left = Presented::left_over(state.home, now());
  REQUIRE(left.size() == 1);
  CHECK(left[0].dns().provider.ends_with("/deadly"));
  CHECK(left[0].records().front().name == "_acme-challenge.dead.state.example");
  left.clear();
  CHECK(Presented::names(state.home) ==
        std::set<std::string>{"_acme-challenge.dead.state.example", "_acme-challenge.p.state.example"});
}
