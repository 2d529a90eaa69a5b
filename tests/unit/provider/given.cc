// What code that is not part of certo is given: the variables, files and stored settings that the user chose
// for it, and nothing that it asks for itself.
#include "fixtures/provider_script.h"
#include "fixtures/recipe_text.h"
#include "provider/catalog.h"
#include "provider/credentials.h"
#include "provider/environment.h"
#include "provider/reference.h"

using namespace certo;
using namespace certo::test;
using provider::Environment;
using provider::FoundBy;

namespace {

/// A state folder with an account key and stored settings of cloudflare, and a recipe outside of it that
/// calls itself cloudflare.
struct Scene {
  Scene() {
    os::make_folder(home / "credentials", 0700);
    os::make_folder(home / "providers", 0700);
    os::write_file(home / "account.key", "the key", 0600);
    os::write_file(home / "credentials/cloudflare", "CLOUDFLARE_API_TOKEN=stored\n", 0600);
    os::write_file(recipe, as_cloudflare(), 0644);
  }

  static std::string as_cloudflare() {
    std::string text = sample_text;
    const auto replace = [&](const std::string& before, const std::string& after) {
      for (size_t at = text.find(before); at != text.npos; at = text.find(before, at + after.size()))
        text.replace(at, before.size(), after);
    };
    replace("\"example\"", "\"cloudflare\"");
    replace("EXAMPLE_TOKEN", "CLOUDFLARE_API_TOKEN");
    return text;
  }

  provider::Choice choice(const std::string& spec) const {
    return {.spec = spec,
            .state_folder = home.path,
            .providers_folder = home / "providers",
            .credentials_folder = home / "credentials"};
  }
  Error failure(const provider::Choice& choice) const {
    return error_of([&] { provider::find(choice); });
  }

  TempDir home, elsewhere;
  const std::string recipe = elsewhere / "x.json";
};

const std::vector<DnsRecord> sample_records = {{"_acme-challenge.example.com", "new"}};

}  // namespace

TEST_CASE("a provider loaded by its path gets neither a built-in's variables nor its stored settings") {
  const Scene scene;
  const Variable token("CLOUDFLARE_API_TOKEN", "of the environment");
  const Error error = scene.failure(scene.choice(scene.recipe));
  CHECK(error.code == Exit::config);
  CHECK(error.message == scene.recipe + ": CLOUDFLARE_API_TOKEN is not set");
  CHECK(error.hint.find("--dns-env CLOUDFLARE_API_TOKEN") != std::string::npos);
}

TEST_CASE(
    "what is loaded by path gets the variables of --dns-env, the given file, and what was stored for it") {
  const Scene scene;
  provider::Choice choice = scene.choice(scene.recipe);
  {
    const Variable token("CLOUDFLARE_API_TOKEN", "of the environment");
    choice.environment = {"CLOUDFLARE_API_TOKEN"};
    const auto found = provider::find(choice);
    CHECK(found->name() == scene.recipe);
  }
  CHECK(scene.failure(choice).code == Exit::config);
  choice.environment = {};

  os::write_file(scene.elsewhere / "given", "CLOUDFLARE_API_TOKEN=given\n", 0600);
  choice.credentials = scene.elsewhere / "given";
  CHECK_NOTHROW(provider::find(choice));
  choice.credentials = "";

  os::write_file(scene.home / "credentials/" + provider::file_name_of(scene.recipe),
                 "CLOUDFLARE_API_TOKEN=stored for the path\n", 0600);
  CHECK_NOTHROW(provider::find(choice));
}

TEST_CASE("a file in a provider folder gets variables that begin with its file name, and no others") {
  const Scene scene;
  const std::string text = with("{\"name\": \"EXAMPLE_TOKEN\"", "{\"name\": \"MINE_TOKEN\"");
  os::write_file(scene.home / "providers/mine.json",
                 std::string(text).replace(text.find("{EXAMPLE_TOKEN}"), 15, "{MINE_TOKEN}"), 0644);
  os::write_file(scene.home / "providers/other.json", sample_text, 0644);
  const Variable mine("MINE_TOKEN", "a"), example("EXAMPLE_TOKEN", "b");
  CHECK(provider::find(scene.choice("mine"))->name() == "mine");
  CHECK(scene.failure(scene.choice("other")).message == "other: EXAMPLE_TOKEN is not set");
  provider::Choice listed = scene.choice("other");
  listed.environment = {"EXAMPLE_TOKEN"};
  CHECK_NOTHROW(provider::find(listed));
}

TEST_CASE("the environment that a provider may see depends on its origin") {
  const Variable own("MINE_TOKEN", "1"), foreign("AWS_SECRET_ACCESS_KEY", "2"), listed("LISTED", "3"),
      any("ANY", "4");
  const Environment built_in;
  CHECK(built_in.value("ANY") == "4");
  const Environment in_folder(FoundBy::file_name, "mine", {"LISTED"});
  CHECK(in_folder.value("MINE_TOKEN") == "1");
  CHECK(in_folder.value("LISTED") == "3");
  CHECK(in_folder.value("ANY").empty());
  const Environment by_path(FoundBy::path, "/srv/mine.so", {"LISTED"});
  CHECK(by_path.value("MINE_TOKEN").empty());
  CHECK(by_path.value("LISTED") == "3");
  // A file name that begins a built-in's settings does not open them.
  CHECK(Environment(FoundBy::file_name, "aws", {}).value("AWS_SECRET_ACCESS_KEY").empty());
  CHECK(Environment(FoundBy::file_name, "aws", {"AWS_SECRET_ACCESS_KEY"}).value("AWS_SECRET_ACCESS_KEY") ==
        "2");
  CHECK(Environment::of_cron().value("ANY").empty());
}

TEST_CASE("a file in the state folder is never handed over, whatever leads to it") {
  const Scene scene;
  std::filesystem::create_symlink(scene.home / "account.key", scene.elsewhere / "link");
  std::filesystem::create_directory_symlink(scene.home.path, scene.elsewhere / "folder");
  const auto dnsupdate = provider::find_caged("dnsupdate", {});
  REQUIRE(dnsupdate);
  for (const std::string& path :
       {scene.home / "account.key", scene.elsewhere / "link", scene.elsewhere / "folder/account.key",
        scene.home / "credentials/../account.key"}) {
    CAPTURE(path);
    const Error as_file = error_of([&] {
      provider::contents(dnsupdate->descriptor, {{"DNSUPDATE_TSIG_FILE", path}}, scene.home.path);
    });
    CHECK(as_file.code == Exit::config);
    CHECK(as_file.message.find("inside certo's state folder") != std::string::npos);
    const Variable variable("CLOUDFLARE_API_TOKEN_FILE", path);
    provider::Choice choice = scene.choice("cloudflare");
    CHECK(scene.failure(choice).message.find("inside certo's state folder") != std::string::npos);
  }
  os::write_file(scene.elsewhere / "key", "another key", 0600);
  CHECK(provider::contents(dnsupdate->descriptor, {{"DNSUPDATE_TSIG_FILE", scene.elsewhere / "key"}},
                           scene.home.path)
            .at("DNSUPDATE_TSIG_FILE") == "another key");
}

TEST_CASE("settings of something that was loaded by path are stored for that path alone") {
  const Scene scene;
  const std::string file = provider::file_name_of(scene.recipe);
  CHECK(file.find('/') == std::string::npos);
  CHECK(file != "cloudflare");
  CHECK(provider::file_name_of("cloudflare.work") == "cloudflare.work");
}

TEST_CASE("things that a renewal from cron would lack are listed") {
  const Scene scene;
  provider::Choice choice = scene.choice("cloudflare.work");
  {
    const Variable token("CLOUDFLARE_API_TOKEN", "t");
    CHECK(provider::missing_in_cron(choice) ==
          std::vector<std::string>{"cloudflare.work: CLOUDFLARE_API_TOKEN is not set"});
  }
  os::write_file(scene.home / "credentials/cloudflare.work", "CLOUDFLARE_API_TOKEN=t\n", 0600);
  CHECK(provider::missing_in_cron(choice).empty());
  const Variable url("CLOUDFLARE_BASE_URL", "http://127.0.0.1:1");
  CHECK(provider::missing_in_cron(choice) ==
        std::vector<std::string>{"CLOUDFLARE_BASE_URL is set only in this run's environment"});

  const Script script("exit 0");
  choice = scene.choice(script.spec());
  choice.environment = {"TOKEN"};
  const Variable listed("TOKEN", "t");
  CHECK(provider::missing_in_cron(choice) ==
        std::vector<std::string>{"TOKEN is set only in this run's environment"});
  choice.keep = true;
  provider::find(choice)->present(sample_records);
  CHECK(provider::missing_in_cron(choice).empty());
}

TEST_CASE("a program that only this run's PATH leads to is missing in cron") {
  const Scene scene;
  const Script script("exit 0", "certo-dns-mine");
  const Variable path("PATH", script.folder.path + ":/usr/bin:/bin");
  const std::vector<std::string> missing = provider::missing_in_cron(scene.choice("mine"));
  REQUIRE(missing.size() == 1);
  CHECK(missing.front() == "there is no DNS provider 'mine'");
}
