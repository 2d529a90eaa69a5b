// What version 2 of the recipe format adds for lists: RRsets that a service tells only as a list, and more
// than one id of a zone.
#include "fixtures/recipe_run.h"
#include "fixtures/support.h"
#include "recipe/recipe.h"
#include "recipe/rehearsal.h"

using namespace certo;
using namespace certo::test;

namespace {

/// A service with sets of records in a list, and a zone with two ids.
std::string listing_recipe(const std::string& before = "", const std::string& after = "") {
  std::string text = R"({
  "recipe": 2,
  "name": "example",
  "title": "Example",
  "docs": "https://example.com/docs",
  "base_url": "https://api.example/v1",
  "settings": [{"name": "EXAMPLE_TOKEN", "about": "a token: https://example.com/tokens"}],
  "auth": [{"headers": {"Token": "{EXAMPLE_TOKEN}"}}],
  "zone": {
    "find": "list",
    "request": {"url": "/zones"},
    "items": "",
    "name": "/name",
    "id": "/id",
    "take": {"version": "/version"}
  },
  "records": {
    "mode": "rrset",
    "read": {
      "request": {"url": "/{zone_id}/{version}"},
      "list": "/sets",
      "where": {"/name": "{sub}", "/type": "TXT"},
      "id": "/id",
      "next": {"page": "page", "size": 2},
      "items": "/values",
      "ttl": "/ttl"
    },
    "value": "{value}",
    "create": {
      "method": "POST",
      "url": "/{zone_id}/{version}",
      "json": {"name": "{sub}", "values": "{values}"}
    },
    "replace": {
      "method": "PUT",
      "url": "/{zone_id}/{version}/{id}",
      "json": {"ttl": "{ttl}", "values": "{values}"}
    },
    "remove": {"method": "DELETE", "url": "/{zone_id}/{version}/{id}"}
  }
}
)";
  const size_t at = text.find(before);
  REQUIRE(at != text.npos);
  return text.replace(at, before.size(), after);
}

std::string asked(const std::string& what) { return "> " + what + "\n> Token: secret\n"; }

const std::string two_ids = asked("GET https://api.example/v1/zones") +
                            R"(< 200
< [{"name":"example.org","id":1,"version":"a"},{"name":"example.com","id":2,"version":"b"}]
)";

std::string sets(const std::string& page, const std::string& list) {
  return asked("GET https://api.example/v1/2/b?page=" + page) + "< 200\n< {\"sets\":[" + list + "]}\n";
}

const std::string other_sets = R"({"id":7,"name":"_acme-challenge","type":"MX","values":["new"]},)"
                               R"({"id":8,"name":"www","type":"TXT","values":["new"]})";

std::string our_set(const std::string& values) {
  return R"({"id":9,"name":"_acme-challenge","type":"TXT","ttl":300,"values":[)" + values + "]}";
}

std::string fault_of(const std::string& text) {
  return error_of([&] { recipe::parse(text, "r.json"); }).message;
}

}  // namespace

TEST_CASE("an RRset is found on the second page of a list, and merged") {
  CHECK(run_recipe(listing_recipe(), "present",
                   two_ids + sets("1", other_sets) + sets("2", our_set("\"theirs\"")) +
                       asked("PUT https://api.example/v1/2/b/9") +
                       "> Content-Type: application/json\n> \n"
                       "> {\"ttl\":300,\"values\":[\"theirs\",\"new\"]}\n< 200\n")
            .status == CERTO_OK);
  CHECK(run_recipe(listing_recipe(), "present", two_ids + sets("1", our_set("\"new\""))).status == CERTO_OK);
  CHECK(run_recipe(listing_recipe(), "cleanup",
                   two_ids + sets("1", our_set("\"new\"")) + asked("DELETE https://api.example/v1/2/b/9") +
                       "< 204\n")
            .status == CERTO_OK);
}

TEST_CASE("an RRset that a list does not have is created, and needs no removal") {
  CHECK(run_recipe(listing_recipe(), "present",
                   two_ids + sets("1", other_sets) + sets("2", "") +
                       asked("POST https://api.example/v1/2/b") +
                       "> Content-Type: application/json\n> \n"
                       "> {\"name\":\"_acme-challenge\",\"values\":[\"new\"]}\n< 201\n")
            .status == CERTO_OK);
  CHECK(run_recipe(listing_recipe(), "cleanup", two_ids + sets("1", "")).status == CERTO_OK);
}

TEST_CASE("a zone without its second id is an error, before any change") {
  CHECK(run_recipe(
            listing_recipe(), "present",
            asked("GET https://api.example/v1/zones") + "< 200\n< [{\"name\":\"example.com\",\"id\":2}]\n")
            .status == CERTO_UNREACHABLE);
}

TEST_CASE("a list that has the name in its pointer exists only if there are records") {
  const std::string recipe = listing_recipe(R"("list": "/sets",
      "where": {"/name": "{sub}", "/type": "TXT"},
      "id": "/id",
      "next": {"page": "page", "size": 2},
      "items": "/values")",
                                            R"("items": "/{sub}/TXT")");
  std::string named = recipe;
  for (size_t at = named.find("/{id}"); at != named.npos; at = named.find("/{id}")) named.erase(at, 5);
  const std::string question = two_ids + asked("GET https://api.example/v1/2/b");
  CHECK(run_recipe(named, "cleanup", question + "< 200\n< {\"www\":{\"TXT\":[\"new\"]}}\n").status ==
        CERTO_OK);
  CHECK(run_recipe(named, "cleanup",
                   question + "< 200\n< {\"_acme-challenge\":{\"TXT\":[\"new\"]}}\n" +
                       asked("DELETE https://api.example/v1/2/b") + "< 204\n")
            .status == CERTO_OK);
}

TEST_CASE("mistakes in a list of RRsets are reported") {
  CHECK(fault_of(listing_recipe(R"("/name": "{sub}", )", ""))
            .ends_with("/records/read/where: does not compare the name"));
  CHECK(fault_of(listing_recipe(R"("version": "/version")", R"("EXAMPLE_TOKEN": "/version")"))
            .ends_with("a setting or another placeholder has this name"));
  CHECK(fault_of(listing_recipe(R"("version": "/version")", R"("sub": "/version")"))
            .ends_with("a setting or another placeholder has this name"));
  CHECK(fault_of(listing_recipe(R"("recipe": 2)", R"("recipe": 1)"))
            .ends_with("version 1 of the format does not have it"));
}

TEST_CASE("the rehearsal of a list of RRsets shows its requests") {
  const recipe::Rehearsal shown = recipe::rehearse(recipe::parse(listing_recipe(), "r.json"),
                                                   "_acme-challenge.example.com", "example.com");
  CHECK(shown.present.find("POST https://api.example/v1/{zone_id}/{version}\n") != shown.present.npos);
  CHECK(shown.cleanup.find("DELETE https://api.example/v1/{zone_id}/{version}/{id}\n") != shown.cleanup.npos);
}
