#include "webserver/nginx_proof.h"

#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"
#include "webserver/patch.h"
#include "webserver/proof_folder.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

namespace {

/// A main file with this content, and the plan for a name.
struct Plan {
  TempDir folder;
  std::string text;
  NginxConfig config;
  std::vector<VirtualHost> hosts;
  Selection selection;

  explicit Plan(const std::string& content)
      : text(content),
        config(written(folder, content)),
        hosts(virtual_hosts(config, "", true)),
        selection(hosts) {}

  static std::string written(const TempDir& folder, const std::string& content) {
    os::write_file(folder / "nginx.conf", content, 0644);
    return folder / "nginx.conf";
  }
  Proof proof(const std::string& name, const std::string& served = "/srv/acme") const {
    return plan_proof(config, blocks_to_prove(selection, {name}), served);
  }
  /// The file with the lines of the plan, in which the path of the included file is "X", and a mark is "#".
  std::string edited(const std::string& name) const {
    const Proof plan = proof(name);
    std::string result = with_changes(text, plan.edits.changes);
    const std::vector<std::string> files = proof_files(config);
    for (size_t at; (at = result.find(files.front())) != std::string::npos;)
      result.replace(at, files.front().size(), "X");
    for (size_t at; (at = result.find(files.back())) != std::string::npos;)
      result.replace(at, files.back().size(), "BESIDE");
    for (size_t at; (at = result.find(" # certo:")) != std::string::npos;)
      result.replace(at, mark_after(result, at).size(), "#");
    return result;
  }
  /// The lines of the blocks.
  std::string blocks(const std::string& name) const {
    std::string lines;
    for (const VirtualHost* one : blocks_to_prove(selection, {name}))
      lines += std::to_string(one->block.directive->line) + " ";
    return lines;
  }
};

}  // namespace

TEST_CASE("the line stands right after the brace and looks like its neighbours") {
  CHECK(Plan("http {\n  server {\n      listen 80;\n  }\n}\n").edited("a.example") ==
        "http {\n  server {\n      include \"X\";#\n      listen 80;\n  }\n}\n");
  CHECK(Plan("http {\n\tserver { # mine; }\n\t}\n}\n").edited("a.example") ==
        "http {\n\tserver { # mine; }\n\t    include \"X\";#\n\t}\n}\n");
  CHECK(Plan("http { server { listen 80; } }").edited("a.example") ==
        "http { server { include \"X\";#\n listen 80; } }");
  CHECK(Plan("http {\r\n server\r\n {\r\n  listen 80;\r\n }\r\n}\r\n").edited("a.example") ==
        "http {\r\n server\r\n {\r\n  include \"X\";#\r\n  listen 80;\r\n }\r\n}\r\n");
  CHECK(Plan("http {\nserver {}\n}").edited("a.example") == "http {\nserver { include \"X\";#\n}\n}");
}

TEST_CASE("each block that a CA could meet is edited, and no other") {
  const Plan plan(R"(http {
server { listen 80 default_server; }
server { listen 80; server_name a.example; return 301 https://$host$request_uri; }
server { listen 443 ssl; server_name a.example; }
server { listen [::]:80; server_name b.example; }
server { listen 8080; server_name c.example; }
server { listen unix:/run/a; server_name a.example; }
})");
  // On [::]:80 only the default can answer.
  CHECK(plan.blocks("a.example") == "3 4 5 7 ");
  CHECK(plan.blocks("new.example") == "2 5 ");
  CHECK(plan.blocks("c.example") == "2 5 6 ");
  CHECK(Plan("http {\nserver { listen 8080; }\n}").blocks("a.example") == "2 ");
}

TEST_CASE("the included file holds the lines that beat the rest of a block") {
  const Proof proof = Plan("http { server { } }").proof("a.example");
  const OwnFile& file = proof.edits.files.front();
  CHECK(file.path.ends_with("/certo/challenge.conf"));
  CHECK(file.content.find("rewrite ^(/\\.well-known/acme-challenge/.*) $1 break;\nlocation ^~ ") !=
        std::string::npos);
  CHECK(file.content.find("root \"/srv/acme\";") != std::string::npos);
  CHECK(file.content.find("auth_request") == std::string::npos);
  const Proof other = Plan("http { auth_request /a; server { } }").proof("a");
  CHECK(other.edits.files.front().content.find("auth_request off;") != std::string::npos);
}

TEST_CASE("a second plan adds nothing") {
  const Plan first("http {\nserver {\n}\n}\n");
  const Proof plan = first.proof("a.example");
  const std::string path = first.folder / "nginx.conf";
  os::make_folder(first.folder / "certo", 0755);
  os::write_file(plan.edits.files.front().path, plan.edits.files.front().content, 0644);
  os::write_file(path, with_changes(first.text, plan.edits.changes), 0644);
  const NginxConfig config(path);
  const auto hosts = virtual_hosts(config, "", true);
  const Proof second = plan_proof(config, blocks_to_prove(Selection(hosts), {"a.example"}), "/srv/acme");
  CHECK(second.edits.changes.empty());
  CHECK(second.blocks.size() == 1);
  CHECK(second.edits.files == plan.edits.files);
  REQUIRE(second.marks.size() == 1);
  CHECK(plan.edits.changes.front().added.find(second.marks.front()) != std::string::npos);
}

TEST_CASE("a location for the same path, and a folder that nginx cannot name") {
  const Plan plan("http {\n server {\n  location ^~ /.well-known/acme-challenge/ { root /srv; }\n }\n}\n");
  CHECK(
      plan.edited("a.example") ==
      "http {\n server {\n  include \"BESIDE\";#\n  location ^~ /.well-known/acme-challenge/ { root /srv; }\n }\n}\n");
  const Proof proof = plan.proof("a.example");
  REQUIRE(proof.notes.size() == 1);
  CHECK(proof.notes[0].ends_with("nginx.conf:3: this location answers all challenges but certo's own"));
  REQUIRE(proof.edits.files.size() == 1);
  CHECK(folder_named_in(proof.edits.files[0]) == "/srv/acme");
  const Plan other(
      "http { server { location = /.well-known/acme-challenge/x { } location ~ /.well-known/acme-challenge/ { } } }");
  CHECK(other.proof("a").edits.changes.size() == 1);
  for (const char* folder : {"/srv/$x", "/srv/a\"b", "/srv/a\\b", "/srv/a\nb"})
    CHECK(error_of([&] { other.proof("a", folder); }).code == Exit::usage);
  CHECK(other.proof("a", "/srv/it's {;} a folder").edits.changes.size() == 1);
}

TEST_CASE("a directive is replaced where it stands, and what follows on its line stays") {
  const auto edited = [](const std::string& text) {
    const TempDir folder;
    os::write_file(folder / "a", text, 0644);
    const NginxFile file(folder / "a", text);
    const Change change = in_place_of(EditPart::certificate, file, file.directives()[0], "new;");
    std::string result = with_changes(text, {change});
    CHECK(text.substr(change.at, change.removed.size()) == change.removed);
    result.replace(result.find(" # certo:"), mark_after(result, result.find(" # certo:")).size(), "#");
    return result;
  };
  CHECK(edited("old /a;\nb;\n") == "new;#\nb;\n");
  CHECK(edited("old\n /a; # mine\nb;\n") == "new;# # mine\nb;\n");
  CHECK(edited("old /a; b;\n") == "new;#\n b;\n");
  CHECK(edited("old /a;") == "new;#\n");
}

TEST_CASE("a patch has the lines around each change, and few parts") {
  const std::string text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18";
  CHECK(patch_of("/a", text, {}).empty());
  const auto put = [](size_t at, const std::string& added, const std::string& removed = "") {
    return Change{.file = "/a", .at = at, .removed = removed, .added = added};
  };
  CHECK(patch_of("/a", text, {put(2, "x\n")}) ==
        "--- a/a\n+++ b/a\n@@ -1,5 +1,6 @@\n 1\n+x\n 2\n 3\n 4\n 5\n");
  CHECK(
      patch_of("/a", text, {put(3, "x"), put(text.size() - 1, "y")}) ==
      "--- a/a\n+++ b/a\n@@ -1,5 +1,5 @@\n 1\n-2\n+2x\n 3\n 4\n 5\n@@ -15,4 +15,4 @@\n 15\n 16\n 17\n-18\n\\ No newline at end "
      "of file\n+1y8\n\\ No newline at end of file\n");
  // "8\n9\n" is nearer than twice the context.
  const std::string two = patch_of("/a", text, {put(2, "x\n"), put(16, "y\n")});
  CHECK(two.find("\n@@ ") == two.rfind("\n@@ "));
  // A change that takes several lines, and one after it.
  CHECK(patch_of("/a", text, {put(2, "x", "2\n3"), put(33, "y\n")}) ==
        "--- a/a\n+++ b/a\n@@ -1,6 +1,5 @@\n 1\n-2\n-3\n+x\n 4\n 5\n 6\n@@ -12,7 +11,8 @@\n 12\n 13\n 14\n"
        "+y\n 15\n 16\n 17\n 18\n\\ No newline at end of file\n");
  CHECK(patch_of_new("/a/b", "x\ny\n") == "--- /dev/null\n+++ b/a/b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
}
