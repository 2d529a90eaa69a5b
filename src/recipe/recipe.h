// A DNS provider as a data file, for services with static credentials and plain REST. providers/README.md
// describes the file format; this is what a file is parsed into.
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
#include "base/time.h"

namespace certo::recipe {

struct Setting {
  std::string name;  // "EXAMPLE_TOKEN"
  std::vector<std::string> aliases{};
  std::string about{};                    // for people: what it is and where it is created
  uint32_t group = 1;                     // one complete group is enough; 0: optional
  std::optional<std::string> fallback{};  // value of an optional setting that is not set
};

/// Headers, or members of a query or form: name and template, in the file's order.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The value at a pointer (a template) is one of these texts (templates), or begins with one, or contains
/// one; a number counts as its digits.
struct Match {
  enum class How { equals, begins, contains };
  std::string pointer;
  std::vector<std::string> texts;
  How how = How::equals;
};
using Matches = std::vector<Match>;  // all of them must hold

/// How to know what a reply means: by its status, or by its content.
struct Signs {
  std::vector<int> statuses;
  std::vector<Matches> contents;
};

/// How a reply is read.
struct ReplyForm {
  enum class Format { json, xml, text };
  Format format = Format::json;
  std::vector<std::string> separators{};  // of text: of its parts, of their parts, …
  std::string pair{};  // of text: what stands between key and value; "": there are no pairs
};

struct Ask {
  std::string method = "GET";
  std::string url;  // template; appended to the base URL unless it begins with "https://"
  Pairs headers, query, form;
  std::optional<Json> json;                                 // its strings are templates
  std::optional<std::pair<std::string, std::string>> text;  // content type, and template of such a body
  Signs success;                                            // what counts as success in addition to 2xx
  std::optional<ReplyForm> reply;                           // none: the recipe's
  std::optional<std::pair<std::string, std::string>> basic;
};

/// How to get the next page of a list.
struct Paging {
  enum class By { nothing, page, url, link, cursor };
  By by = By::nothing;
  std::string parameter;  // of the query: the page's number, or the cursor
  std::string pointer;    // the number of pages, or ""; the next page's URL; the next cursor
  int64_t first = 1;      // number of the first page
  int64_t step = 1;       // what the number of the next page has more
  int64_t size = 0;       // a page with fewer items is the last one; 0: an empty page is
};

struct Listing {
  Ask ask;
  Signs missing;          // there is nothing
  std::string items;      // pointer
  bool keyed = false;     // the list is an object, and its members' values are the items
  bool optional = false;  // a reply without the list has an empty one
  Matches where;
  Paging next;
};

struct ZoneSearch {
  enum class By {
    nothing,  // the service needs only names
    soa,      // as DNS says
    walk,     // one request for each candidate, the longest first
    list      // one request for the list of zones
  };
  By by = By::soa;
  Listing listing;  // walk without `has_items`: the reply itself is the zone
  bool has_items = false;
  std::string name;  // pointer into an item
  std::optional<std::string> id;
  Pairs take;              // placeholder, and pointer into the item or the reply
  std::string apex = "@";  // {sub} of the zone itself
};

/// Each value is a record of its own.
struct Append {
  std::optional<Listing> list;    // none: add and remove do no harm if there is nothing to do
  std::optional<std::string> id;  // pointer into an item
  Json record, removed;           // templates of an item of {records}; null: a request for each record
  Ask add;
  std::optional<Ask> remove;  // none: a service that holds one value, which the next one replaces
};

/// All values of a name are written at once.
struct Rrset {
  Ask read;
  std::optional<Listing> among;   // the RRset is one item of this list
  std::optional<std::string> id;  // pointer into that item
  Signs missing;                  // there is no such RRset
  std::string items;              // pointer to the values
  std::string value;              // pointer into one of them
  std::string ttl;                // pointer, or "": the RRset's own TTL, which stays
  Json made;                      // template of a new value
  std::optional<Ask> create, remove;
  Ask replace;
};

/// All records of a zone are written at once.
struct WholeZone {
  Ask read;
  std::string items;              // pointer
  Matches where;                  // our record
  std::vector<std::string> keep;  // members of a record that are sent back
  std::vector<std::string> drop;  // members that the service makes: they are not sent
  Json record;                    // template of a new record
  Pairs take;                     // placeholder of `write`, and pointer into the reply
  Ask write;                      // with {records}
};

/// Added to every request, if all its settings are set.
struct Auth {
  Pairs headers, query, form;
  Json json;  // object, or null
  std::optional<std::pair<std::string, std::string>> basic;
  std::vector<std::string> settings;
};

/// A placeholder that gets its value from a reply.
struct Taken {
  enum class From { body, header, cookie };
  std::string name;
  From from = From::body;
  std::string place;  // pointer; name of a header in lower case, or of a cookie; "*": all cookies
};

/// A placeholder that is computed for each request: a text, its hash or its HMAC.
struct Computed {
  /// The last part of the request that it needs. Parts are made in this order; the headers come last.
  enum class From { moment, target, body, query };
  std::string name;
  std::string algorithm;           // "": the text itself
  std::optional<std::string> key;  // template; of an HMAC
  std::string text;                // template
  bool is_base64 = false;          // or hexadecimal
  From from = From::moment;
};

/// A request that is sent before all others.
struct Step {
  Ask ask;
  std::vector<Taken> take;
};

struct Recipe {
  std::string name;  // "example"
  std::vector<std::string> aliases;
  std::string title, docs;
  std::string base_url;  // template, without a slash at its end; https, or what a setting says
  Seconds propagation{120};
  std::vector<std::string> types;         // of records that it can write in addition to TXT: "CAA"
  std::vector<std::string> name_servers;  // patterns of the host names of the service's name servers
  std::string rights;                     // the least that its credentials must allow, for people
  bool is_untried = false;                // made from the behaviour of other clients
  std::vector<Setting> settings;
  int64_t least_ttl = 60;
  std::vector<Auth> auth;
  Pairs headers;
  ReplyForm reply;
  std::vector<Computed> computed;         // each may use those before it
  std::vector<Step> first;                // in this order
  std::vector<std::string> login_values;  // what `auth` uses of it: secrets, which may become too old
  ZoneSearch zone;
  std::optional<Append> append;
  std::optional<Rrset> rrset;
  std::optional<WholeZone> whole;
  std::vector<Ask> publish;         // sent once for each zone that was changed
  std::vector<std::string> error;   // pointers: the first that leads to text has the service's own words
  std::vector<std::string> absent;  // pointers: a reply with one of them is a failure
  Matches ok, refused;              // of a reply with JSON, whatever its status
  Matches failed;                   // one that holds makes a reply a failure
  bool holds_one_value = false;     // CERTO_SINGLE_VALUE

  /// True if a GET changes records.
  bool changes_by_get() const;
  /// The user's own server has no URL of ours.
  bool is_self_hosted() const { return base_url.starts_with('{'); }
};

/// Throws Error{bad_input}: "<subject>:<line>: <pointer>: what is wrong there".
Recipe parse(std::string_view text, const std::string& subject);
/// The same of a recipe that is known to be sound, without what it sends and how it reads replies: a list of
/// all services needs only what describes them.
Recipe parse_description(std::string_view text, const std::string& subject);

}  // namespace certo::recipe
