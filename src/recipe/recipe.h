// A DNS provider as a data file, for services with static credentials and plain REST. The file's format is
// in providers/README.md; this is what it reads as.
//
// A template is text with {placeholders}. A pointer is a JSON pointer (RFC 6901) into a reply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "provider/call.h"
#include "provider/descriptor.h"
#include "provider/message.h"

namespace certo::provider {

/// Headers, or members of a query or form: name and template, in the file's order.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// At a pointer stands one of these texts (templates); a number counts as its digits.
struct Match {
  std::string pointer;
  std::vector<std::string> texts;
};
using Matches = std::vector<Match>;  // all of them

struct Ask {
  std::string method = "GET";
  std::string url;  // template; behind the base URL unless it begins with "https://"
  Pairs headers, query, form;
  std::optional<Json> json;    // its strings are templates
  std::vector<int> successes;  // statuses besides 2xx
};

/// How a list goes on.
struct Paging {
  enum class By { nothing, page, url, cursor };
  By by = By::nothing;
  std::string parameter;  // of the query: the page's number, or the cursor
  std::string pointer;    // the number of pages, or ""; the next page's URL; the next cursor
  int64_t first = 1;      // number of the first page
  int64_t size = 0;       // a page with fewer items is the last one; 0: an empty one is
};

struct Listing {
  Ask ask;
  std::vector<int> missing;  // statuses that say: there is nothing
  std::string items;         // pointer
  Matches where;
  Paging next;
};

struct ZoneSearch {
  enum class By {
    nothing,  // the service wants names only
    soa,      // as DNS says
    walk,     // asks for each candidate, the longest first
    list      // asks for the zones there are
  };
  By by = By::soa;
  Listing listing;  // walk without `has_items`: the reply itself is the zone
  bool has_items = false;
  std::string name;  // pointer into an item
  std::optional<std::string> id;
  std::string apex = "@";  // {sub} of the zone itself
};

/// Each value is a record of its own.
struct Append {
  std::optional<Listing> list;    // none: add and remove do no harm where nothing is to be done
  std::optional<std::string> id;  // pointer into an item
  Ask add, remove;
};

/// All values of a name are written at once.
struct Rrset {
  Ask read;
  std::vector<int> missing;  // statuses that say: there is no such RRset
  std::string items;         // pointer to the values
  std::string value;         // pointer into one of them
  std::string ttl;           // pointer, or "": the RRset's own TTL, which stays
  Json made;                 // template of a new value
  std::optional<Ask> create, remove;
  Ask replace;
};

/// What goes with every request. Used when all its settings are there.
struct Auth {
  Pairs headers, query, form;
  Json json;  // object, or null
  std::optional<std::pair<std::string, std::string>> basic;
  std::vector<std::string> settings;
};

struct Recipe {
  Descriptor descriptor;
  std::string docs;
  int64_t least_ttl = 60;
  Values defaults;  // of settings that may be left out
  std::vector<Auth> auth;
  Pairs headers;
  std::optional<Ask> first;  // asked once, before all others
  Pairs take;                // placeholder and pointer into its reply
  ZoneSearch zone;
  std::optional<Append> append;
  std::optional<Rrset> rrset;
  std::vector<std::string> error;  // pointers: the first that leads to text has the service's own words
  Matches ok, refused;             // of a reply with JSON, whatever its status
};

/// Throws Error{bad_input}: "<subject>:<line>: <pointer>: what is wrong there".
Recipe parse_recipe(std::string_view text, const std::string& subject);

/// As `call`, by the recipe.
Outcome run_recipe(const Recipe& recipe, const Task& task, Outside& outside);

/// The names of the placeholders in a template; nothing when a brace is out of place.
std::optional<std::vector<std::string>> placeholders(std::string_view text);

}  // namespace certo::provider
