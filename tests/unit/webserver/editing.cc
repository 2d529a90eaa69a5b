#include "webserver/editing.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

constexpr Millis no_wait(0);

/// Two files of a server, and the journals of two certificates.
struct Bench {
  TempDir folder;
  std::string config = folder / "nginx.conf", site = folder / "site";
  std::string journal = folder / "one.json", other_journal = folder / "two.json";
  Texts texts = {{config, "http { }\n"}, {site, "server {\n}\n"}};

  Bench() {
    for (const auto& [path, text] : texts) os::write_file(path, text, 0640);
  }
  Editing editing(const std::string& file) const {
    return {file, [this] { return std::vector{journal, other_journal}; }, no_wait};
  }
  Edits edits() const {
    return {.changes = {{.part = EditPart::proof,
                         .file = site,
                         .at = 9,
                         .removed = "",
                         .added = "  a; # certo:000000000001\n"},
                        {.part = EditPart::certificate,
                         .file = config,
                         .at = 0,
                         .removed = "http",
                         .added = "HTTP # certo:000000000002\n"}},
            .files = {{EditPart::proof, folder / "certo/own.conf", "own\n"}}};
  }
  void require_original() const {
    for (const auto& [path, text] : texts) CHECK(os::read_file(path) == text);
    CHECK_FALSE(os::exists(folder / "certo/own.conf"));
  }
};

}  // namespace

TEST_CASE("edits are made and removed, and the journal knows how far they are") {
  const Bench bench;
  {
    Editing editing = bench.editing(bench.journal);
    editing.put_in(bench.config, bench.edits(), bench.texts);
    CHECK(read_edit_journal(bench.journal).unsettled.changes.size() == 2);
    editing.settle();
  }
  CHECK(os::read_file(bench.site) == "server {\n  a; # certo:000000000001\n}\n");
  CHECK(os::read_file(bench.config) == "HTTP # certo:000000000002\n { }\n");
  CHECK(mode_of(bench.site) == 0640);
  CHECK(os::read_file(bench.folder / "certo/own.conf") == "own\n");
  Editing again = bench.editing(bench.journal);
  CHECK(again.journal().unsettled.empty());
  CHECK(again.take_out({EditPart::certificate}));
  CHECK(os::read_file(bench.config) == bench.texts.at(bench.config));
  again.drop();
  CHECK(again.journal().standing.changes.size() == 1);
  CHECK(again.take_out({EditPart::proof}));
  again.drop();
  bench.require_original();
  CHECK_FALSE(os::exists(bench.journal));
}

TEST_CASE("what a run that died has begun is removed by the next one") {
  const Bench bench;
  bench.editing(bench.journal).put_in(bench.config, bench.edits(), bench.texts);
  SUBCASE("all of it") {}
  SUBCASE("a part of it") {
    os::write_file(bench.site, bench.texts.at(bench.site), 0640);
    os::remove_file(bench.folder / "certo/own.conf");
  }
  Editing next = bench.editing(bench.journal);
  CHECK(next.roll_back());
  next.drop();
  bench.require_original();
  CHECK_FALSE(os::exists(bench.journal));
}

TEST_CASE("a file that changed since it was read is not written") {
  const Bench bench;
  Texts older = bench.texts;
  older[bench.site] += "# a line that somebody has removed\n";
  Editing editing = bench.editing(bench.journal);
  CHECK(error_of([&] { editing.put_in(bench.config, bench.edits(), older); }).code == Exit::later);
  editing.roll_back();
  editing.drop();
  bench.require_original();
}

TEST_CASE("after a refusal everything is put back") {
  const Bench bench;
  Editing editing = bench.editing(bench.journal);
  editing.put_in(bench.config, bench.edits(), bench.texts);
  editing.settle();
  const std::string edited = os::read_file(bench.site);
  editing.take_out({EditPart::proof, EditPart::certificate});
  editing.put_back();
  CHECK(os::read_file(bench.site) == edited);
  CHECK(os::exists(bench.folder / "certo/own.conf"));
  CHECK(bench.editing(bench.journal).journal().standing.changes.size() == 2);
}

TEST_CASE("a line that two certificates need stays until both are gone") {
  const Bench bench;
  Editing first = bench.editing(bench.journal);
  first.put_in(bench.config, bench.edits(), bench.texts);
  first.settle();
  bench.editing(bench.other_journal).share({" # certo:000000000001", ""});
  Editing leaving = bench.editing(bench.journal);
  leaving.take_out({EditPart::proof, EditPart::certificate});
  leaving.drop();
  CHECK(os::read_file(bench.site) == "server {\n  a; # certo:000000000001\n}\n");
  CHECK(os::read_file(bench.config) == bench.texts.at(bench.config));
  CHECK(os::exists(bench.folder / "certo/own.conf"));
  Editing last = bench.editing(bench.other_journal);
  CHECK(last.journal().config == bench.config);
  last.take_out({EditPart::proof});
  last.drop();
  bench.require_original();
}

TEST_CASE("a file with two names is written in place, and a torn one is restored") {
  const Bench bench;
  const std::string second = bench.folder / "second-name";
  REQUIRE(::link(bench.site.c_str(), second.c_str()) == 0);
  bench.editing(bench.journal).put_in(bench.config, bench.edits(), bench.texts);
  CHECK(os::read_file(second) == os::read_file(bench.site));
  // As a power cut leaves it.
  REQUIRE(::truncate(bench.site.c_str(), 3) == 0);
  Editing next = bench.editing(bench.journal);
  next.roll_back();
  next.drop();
  bench.require_original();
  CHECK(os::read_file(second) == bench.texts.at(bench.site));
}

TEST_CASE("a snippet that a person has changed stays, and so does one that a line still names") {
  const Bench bench;
  Editing editing = bench.editing(bench.journal);
  editing.put_in(bench.config, bench.edits(), bench.texts);
  editing.settle();
  SUBCASE("changed") { os::write_file(bench.folder / "certo/own.conf", "mine\n", 0644); }
  SUBCASE("named") {
    os::write_file(bench.site, "include " + (bench.folder / "certo/own.conf") + ";\n", 0640);
  }
  editing.take_out({EditPart::proof});
  CHECK(os::exists(bench.folder / "certo/own.conf"));
  CHECK(editing.kept().size() == 1);
}

TEST_CASE("lines that a person has moved to another file, or copied, are found") {
  const Bench bench;
  Editing editing = bench.editing(bench.journal);
  editing.put_in(bench.config, bench.edits(), bench.texts);
  editing.settle();
  const std::string moved = bench.folder / "moved";
  SUBCASE("moved") {
    os::rename(bench.site, moved);
    editing.know({bench.config, moved});
    editing.take_out({EditPart::proof});
    CHECK(os::read_file(moved) == bench.texts.at(bench.site));
    CHECK_FALSE(os::exists(bench.folder / "certo/own.conf"));
  }
  SUBCASE("copied") {
    os::write_file(moved, "include " + (bench.folder / "certo/own.conf") + ";\n", 0644);
    editing.know({bench.config, bench.site, moved});
    editing.take_out({EditPart::proof});
    CHECK(os::read_file(bench.site) == bench.texts.at(bench.site));
    CHECK(os::exists(bench.folder / "certo/own.conf"));
    REQUIRE(editing.kept().size() == 1);
    CHECK(editing.kept().front().ends_with("stays, because " + moved + " names it"));
  }
}

TEST_CASE("a damaged journal is an error that names it") {
  const Bench bench;
  for (
      const char* text :
      {"", "{}", R"({"certo":"webserver-edits/1","config":"relative","id":"0a","files":[]})",
       R"({"certo":"webserver-edits/1","config":"/x","id":"../x","files":[]})",
       R"({"certo":"webserver-edits/1","config":"/x","id":"0a","files":[],"standing":{"changes":[{"part":"x","file":"/x","removed":"","added":""}],"files":[]}})",
       R"({"certo":"webserver-edits/1","config":"/x","id":"0a","files":[],"standing":{"changes":[{"part":"proof","file":"x","removed":"","added":""}],"files":[]}})"}) {
    os::write_file(bench.journal, text, 0600);
    const Error error = error_of([&] { bench.editing(bench.journal); });
    CHECK(error.code == Exit::bad_input);
    CHECK(error.message.find(bench.journal) != std::string::npos);
  }
}
