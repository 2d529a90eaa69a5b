// Where certo finds the providers that run in a cage, and what it knows them by.
#include "provider/catalog.h"
#include "provider/elsewhere.h"

#include <algorithm>

#include "fixtures/provider_script.h"
#include "fixtures/recipe_text.h"
#include "os/child.h"
#include "os/path.h"
#include "provider/recipe_index.h"
#include "recipe/carried.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> sample_records = {{"_acme-challenge.example.com", "new"}};

}  // namespace

TEST_CASE("a recipe runs in the child of every built-in, with its settings and base URL") {
  const Variable token("VULTR_API_KEY", "secret");
  const Variable url("VULTR_BASE_URL", "http://127.0.0.1:1/v2");
  const auto vultr = provider::find({.spec = "dns_vultr.work"});
  CHECK(vultr->name() == "vultr.work");
  const Error error = error_of([&] { vultr->present(sample_records); });
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.starts_with("vultr.work: 127.0.0.1:1: cannot connect"));
}

TEST_CASE("names and aliases of all that certo carries are different") {
  std::vector<std::string> names;
  for (const provider::Listed& one : provider::list_caged({})) {
    names.push_back(one.name);
    names.insert(names.end(), one.aliases.begin(), one.aliases.end());
  }
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
  CHECK(std::ranges::binary_search(names, "dns_gandi_livedns"));
}

TEST_CASE("a file in a provider folder is known by its own name, whatever its code calls itself") {
  const TempDir folder;
  os::write_file(folder / "mine.json", sample_text, 0644);
  const auto caged = provider::find_caged("mine", {folder.path});
  REQUIRE(caged);
  CHECK(caged->kind() == std::string("recipe"));
  CHECK(caged->origin == folder / "mine.json");
  CHECK(caged->id == "mine");
  CHECK(caged->descriptor.name == "mine");
  CHECK(provider::list_caged({folder.path}).back().name == "mine");
  CHECK_FALSE(provider::find_caged("example", {folder.path}));
}

TEST_CASE("a file in a provider folder does not take the name of a built-in") {
  const TempDir folder;
  for (const char* name : {"cloudflare.json", "dns_cf.json", "vultr.so", "certo-dns-x.json"})
    os::write_file(folder / name, sample_text, 0644);
  for (const char* name : {"cloudflare", "dns_cf", "vultr"}) {
    CAPTURE(name);
    const auto caged = provider::find_caged(name, {folder.path});
    REQUIRE(caged);
    CHECK(caged->found_by == provider::FoundBy::built_in);
  }
  CHECK_FALSE(provider::find_caged("certo-dns-x", {folder.path}));
  CHECK(provider::list_caged({folder.path}).size() == provider::list_caged({}).size() + 1);
}

TEST_CASE("only a built-in has default paths for its files") {
  const TempDir folder;
  const std::string plugin = os::folder_of(os::self_path()) + "/plugins/route53.so";
  const auto has_paths = [](const provider::Caged& caged) {
    return std::ranges::any_of(caged.descriptor.settings,
                               [](const provider::Setting& setting) { return !setting.paths.empty(); });
  };
  CHECK(has_paths(*provider::find_caged("route53", {})));
  CHECK_FALSE(has_paths(provider::read_caged(plugin)));
}

TEST_CASE("a recipe that is damaged or that others can write to is not used") {
  const TempDir folder;
  os::write_file(folder / "example.json", with("\"soa\"", "\"sao\""), 0644);
  const Error damaged = error_of([&] { provider::find({.spec = folder / "example.json"}); });
  CHECK(damaged.code == Exit::config);
  CHECK(damaged.message.find("example.json:11: /zone/find") != std::string::npos);

  os::write_file(folder / "example.json", sample_text, 0666);
  CHECK(error_of([&] { provider::find({.spec = folder / "example.json"}); }).code == Exit::config);
}

TEST_CASE("services without a provider are really without one, and their hint says what helps") {
  for (const provider::Elsewhere& one : provider::elsewhere()) {
    CAPTURE(one.name);
    CHECK(!provider::find_caged(one.name, {}));
    CHECK(provider::find_elsewhere(one.name) == &one);
    if (one.reason.empty()) CHECK(one.name.starts_with("dns_"));
  }
  REQUIRE(provider::find_elsewhere("one"));
  CHECK(provider::hint_for(*provider::find_elsewhere("one"))
            .starts_with("one.com works by acme.sh's script: --dns dns_one"));
  CHECK(!provider::find_elsewhere("cloudflare"));
}

TEST_CASE("the index of the recipes says what the recipes say") {
  const std::vector<provider::Descriptor> index = provider::recipe_index();
  const std::vector<recipe::Recipe>& recipes = recipe::carried_descriptions();
  REQUIRE(index.size() == recipes.size());
  for (size_t i = 0; i < index.size(); ++i) {
    const provider::Descriptor& listed = index[i];
    const provider::Descriptor whole = provider::describe(recipes[i]);
    CAPTURE(whole.name);
    CHECK(listed.name == whole.name);
    CHECK(listed.title == whole.title);
    CHECK(listed.aliases == whole.aliases);
    CHECK(listed.is_untried == whole.is_untried);
    REQUIRE(listed.settings.size() == whole.settings.size());
    for (size_t k = 0; k < listed.settings.size(); ++k) {
      CHECK(listed.settings[k].name == whole.settings[k].name);
      CHECK(listed.settings[k].aliases == whole.settings[k].aliases);
      CHECK((listed.settings[k].group == 0) == (whole.settings[k].group == 0));
    }
  }
}
