// Parses a recipe and checks all of it, so that a mistake is reported before any request is sent.
// Implements recipe/recipe.h.
#include <algorithm>
#include <set>

#include "base/dns_record.h"
#include "base/error.h"
#include "base/text.h"
#include "recipe/parts.h"
#include "recipe/recipe.h"

namespace certo::recipe {
namespace {

constexpr int64_t newest_version = 2;
constexpr int64_t longest_propagation = 86400;  // seconds

class Reader {
 public:
  explicit Reader(const Node& root) : root_(root) {}

  Recipe read() {
    root_.require_known({"recipe",       "name",    "aliases",  "title", "docs",    "base_url",
                         "propagation",  "ttl",     "settings", "auth",  "headers", "first",
                         "zone",         "records", "error",    "ok",    "refused", "source",
                         "name_servers", "rights",  "types"});
    version_ = root_.at("recipe").integer();
    if (version_ < 1 || version_ > newest_version)
      root_.at("recipe").fail("this certo knows only the versions 1 and 2");
    read_head();
    read_about();
    read_settings();
    read_auth();
    if (const auto headers = root_.find("headers")) recipe_.headers = parts_.pairs(*headers, fixed_);
    read_first();
    read_zone();
    read_records();
    if (const auto error = root_.find("error")) {
      for (const Node& pointer : error->items()) recipe_.error.push_back(pointer.pointer());
    }
    if (const auto ok = root_.find("ok")) recipe_.ok = parts_.matches(*ok, {});
    if (const auto refused = root_.find("refused")) recipe_.refused = parts_.matches(*refused, {});
    require_all_used();
    return std::move(recipe_);
  }

 private:
  /// The placeholders that `read` finds.
  template <typename Read>
  Names used_by(Read read) {
    const Names before = std::exchange(parts_.used, {});
    read();
    const Names found = parts_.used;
    parts_.used = before + found;
    return found;
  }

  static bool has_one(const Names& names, std::initializer_list<const char*> wanted) {
    return std::ranges::any_of(wanted, [&](const char* name) { return names.contains(name); });
  }

  void read_head() {
    const Node name = root_.at("name");
    recipe_.name = name.text();
    const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (recipe_.name.empty() || !std::ranges::all_of(recipe_.name, is_name))
      name.fail("not a name", "use a-z, 0-9 and '-'");
    if (const auto aliases = root_.find("aliases")) recipe_.aliases = aliases->texts();
    recipe_.title = root_.at("title").text();
    recipe_.docs = root_.at("docs").text();
    const Node base = root_.at("base_url");
    recipe_.base_url = base.text();
    if (!recipe_.base_url.starts_with("https://") || recipe_.base_url.ends_with('/'))
      base.fail("not an https URL without a slash at its end");
    if (const auto seconds = root_.find("propagation"))
      recipe_.propagation = Seconds(std::min(seconds->integer(), longest_propagation));
    if (const auto ttl = root_.find("ttl")) {
      ttl->require_known({"least"});
      recipe_.least_ttl = ttl->at("least").integer();
    }
  }

  /// What certo tells people about the service, and how it recognizes it.
  void read_about() {
    if (const auto source = since_2(root_, "source")) {
      if (source->text() != "table")
        source->fail("'" + source->text() + "' is not a source", "use table, or leave it out");
      recipe_.is_untried = true;
    }
    if (const auto servers = since_2(root_, "name_servers")) recipe_.name_servers = servers->texts();
    if (const auto rights = since_2(root_, "rights")) recipe_.rights = rights->text();
    if (const auto types = since_2(root_, "types")) {
      for (const Node& type : types->items()) {
        const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (!std::ranges::all_of(type.text(), is_upper) || type.text() == DnsRecord::txt)
          type.fail("not a type of records in upper case, other than TXT", "for example CAA or TLSA");
        recipe_.types.push_back(type.text());
      }
      fixed_.insert("type");
    }
  }

  /// A member that version 1 did not have.
  std::optional<Node> since_2(const Node& parent, const char* key) const {
    auto node = parent.find(key);
    if (node && version_ < 2) node->fail("version 1 of the format does not have it", "write \"recipe\": 2");
    return node;
  }

  void read_settings() {
    const Node list = root_.at("settings");
    for (const Node& node : list.items()) {
      node.require_known({"name", "aliases", "about", "group", "default"});
      Setting setting;
      setting.name = node.at("name").text();
      const auto may_stand = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      };
      if (!is_word(setting.name) || !std::ranges::all_of(setting.name, may_stand))
        node.at("name").fail("not the name of a setting", "use A-Z, 0-9 and '_'");
      if (!parts_.settings.insert(setting.name).second) node.at("name").fail("occurs twice");
      if (const auto aliases = node.find("aliases")) setting.aliases = aliases->texts();
      setting.about = node.at("about").text();
      if (const auto group = node.find("group")) setting.group = static_cast<uint32_t>(group->integer());
      if (const auto fallback = node.find("default")) {
        setting.fallback = fallback->text();
        if (setting.group != 0) fallback->fail("a setting with a default must have \"group\": 0");
      }
      recipe_.settings.push_back(std::move(setting));
    }
    if (recipe_.settings.empty()) list.fail("a recipe must have at least one setting");
    for (const Setting& setting : recipe_.settings) {
      if (always_has_value(setting)) fixed_.insert(setting.name);
    }
  }

  /// `auth` is used only if its settings are set. Every other request needs settings that have a value
  /// whatever the user sets.
  bool always_has_value(const Setting& setting) const {
    if (setting.group == 0) return setting.fallback.has_value();
    return std::ranges::all_of(recipe_.settings, [&](const Setting& other) {
      return other.group == 0 || other.group == setting.group;
    });
  }

  void read_auth() {
    const Node list = root_.at("auth");
    for (const Node& node : list.items()) {
      node.require_known({"headers", "query", "form", "json", "basic"});
      Auth auth;
      const Names used = used_by([&] { read_one_auth(node, auth); });
      auth.settings.assign(used.begin(), used.end());
      recipe_.auth.push_back(std::move(auth));
    }
    if (recipe_.auth.empty()) list.fail("is empty");
  }

  void read_one_auth(const Node& node, Auth& auth) {
    const Names& names = parts_.settings;
    if (const auto headers = node.find("headers")) auth.headers = parts_.pairs(*headers, names);
    if (const auto query = node.find("query")) auth.query = parts_.pairs(*query, names);
    if (const auto form = node.find("form")) auth.form = parts_.pairs(*form, names);
    if (const auto json = node.find("json")) auth.json = parts_.body(*json, names);
    if (!auth.json.is_null() && !auth.json.is_object()) node.at("json").fail("not an object");
    if (const auto basic = node.find("basic")) {
      const std::vector<Node> both = basic->items();
      if (both.size() != 2) basic->fail("not [user, password]");
      auth.basic = {parts_.filled(both[0], names), parts_.filled(both[1], names)};
    }
  }

  void read_first() {
    const auto first = root_.find("first");
    if (!first) return;
    first->require_known({"request", "take"});
    recipe_.first = parts_.ask(first->at("request"), fixed_);
    for (const auto& [name, pointer] : first->at("take").members()) {
      if (parts_.settings.contains(name) || is_ours(name))
        pointer.fail("a setting or another placeholder has this name");
      recipe_.take.emplace_back(name, pointer.pointer());
      fixed_.insert(name);
    }
  }

  static bool is_ours(const std::string& name) {
    static const Names ours = {"name",   "fqdn", "sub",      "zone", "zone_id", "value",
                               "quoted", "ttl",  "ttl_text", "id",   "values",  "type"};
    return ours.contains(name);
  }

  void read_zone() {
    const Node zone = root_.at("zone");
    ZoneSearch& search = recipe_.zone;
    const std::string by = zone.at("find").text();
    if (const auto apex = zone.find("apex")) search.apex = apex->text();
    if (by == "walk") {
      search.by = ZoneSearch::By::walk;
      read_walk(zone);
    } else if (by == "list") {
      search.by = ZoneSearch::By::list;
      read_zone_list(zone);
    } else if (by == "soa" || by == "none") {
      search.by = by == "soa" ? ZoneSearch::By::soa : ZoneSearch::By::nothing;
      zone.require_known({"find", "apex"});
    } else {
      zone.at("find").fail("'" + by + "' is not a way to find a zone", "use soa, walk, list or none");
    }
    named_ = fixed_ + Names{"name", "fqdn"};
    if (by != "none") named_ = named_ + Names{"zone", "sub"};
    if (search.id) named_.insert("zone_id");
  }

  void read_walk(const Node& zone) {
    zone.require_known({"find", "apex", "request", "missing", "items", "where", "id"});
    ZoneSearch& search = recipe_.zone;
    const Names names = fixed_ + Names{"zone"};
    const Names asked = used_by([&] { search.listing.ask = parts_.ask(zone.at("request"), names); });
    if (!has_one(asked, {"zone"})) zone.at("request").fail("does not contain {zone}");
    search.listing.missing = parts_.statuses(zone, "missing", {404});
    if (const auto items = zone.find("items")) {
      search.has_items = true;
      search.listing.items = items->pointer();
      if (const auto where = zone.find("where")) search.listing.where = parts_.matches(*where, names);
    } else if (const auto where = zone.find("where")) {
      where->fail("needs \"items\", which it selects from");
    }
    read_zone_id(zone);
  }

  void read_zone_list(const Node& zone) {
    zone.require_known({"find", "apex", "request", "items", "name", "id", "next"});
    ZoneSearch& search = recipe_.zone;
    search.has_items = true;
    search.listing.ask = parts_.ask(zone.at("request"), fixed_ + Names{"name", "fqdn"});
    search.listing.items = zone.at("items").pointer();
    search.name = zone.at("name").pointer();
    if (const auto next = zone.find("next")) search.listing.next = parts_.paging(*next);
    read_zone_id(zone);
  }

  void read_zone_id(const Node& zone) {
    if (const auto id = zone.find("id")) recipe_.zone.id = id->pointer();
  }

  void read_records() {
    const Node records = root_.at("records");
    const std::string mode = records.at("mode").text();
    if (mode == "append") {
      read_append(records);
    } else if (mode == "rrset") {
      read_rrset(records);
    } else {
      records.at("mode").fail("'" + mode + "' is not a way to write records", "use append or rrset");
    }
  }

  void read_append(const Node& records) {
    records.require_known({"mode", "list", "add", "remove"});
    const Names names = named_ + Names{"value", "quoted", "ttl", "ttl_text"};
    Append append;
    if (const auto list = records.find("list")) read_list(*list, names, append);
    append.add = parts_.ask(records.at("add"), names);
    const Names sent = used_by(
        [&] { append.remove = parts_.ask(records.at("remove"), append.id ? names + Names{"id"} : names); });
    if (!has_one(sent, {"id", "value", "quoted"}))
      records.at("remove").fail("contains neither {id} nor the value", "records of others must stay");
    recipe_.append = std::move(append);
  }

  void read_list(const Node& list, const Names& names, Append& append) {
    list.require_known({"request", "missing", "items", "where", "id", "next"});
    append.list = Listing();
    const Names asked = used_by([&] { append.list->ask = parts_.ask(list.at("request"), names); });
    append.list->missing = parts_.statuses(list, "missing", {});
    append.list->items = list.at("items").pointer();
    const Names seen = used_by([&] { append.list->where = parts_.matches(list.at("where"), names); });
    if (!has_one(seen, {"value", "quoted"}))
      list.at("where").fail("does not compare the value", "records of others must stay");
    if (!has_one(asked + seen, {"name", "fqdn", "sub"})) list.at("where").fail("does not compare the name");
    if (const auto next = list.find("next")) append.list->next = parts_.paging(*next);
    if (const auto id = list.find("id")) append.id = id->pointer();
  }

  void read_rrset(const Node& records) {
    records.require_known({"mode", "read", "value", "create", "replace", "remove"});
    Rrset rrset;
    const Node read = records.at("read");
    read.require_known({"request", "missing", "items", "value", "ttl"});
    rrset.read = parts_.ask(read.at("request"), named_);
    rrset.missing = parts_.statuses(read, "missing", {404});
    rrset.items = read.at("items").pointer();
    if (const auto value = read.find("value")) rrset.value = value->pointer();
    if (const auto ttl = read.find("ttl")) rrset.ttl = ttl->pointer();
    const Names names = named_ + Names{"ttl", "ttl_text"};
    const Names made = used_by([&] {
      rrset.made = parts_.body(records.at("value"), names + Names{"value", "quoted"});
    });
    if (!has_one(made, {"value", "quoted"}))
      records.at("value").fail("contains neither {value} nor {quoted}");
    const Names all = names + Names{"values"};
    if (const auto create = records.find("create")) rrset.create = parts_.ask(*create, all);
    const Names sent = used_by([&] { rrset.replace = parts_.ask(records.at("replace"), all); });
    if (!has_one(sent, {"values"})) records.at("replace").fail("does not contain {values}");
    if (const auto remove = records.find("remove")) rrset.remove = parts_.ask(*remove, all);
    recipe_.rrset = std::move(rrset);
  }

  void require_all_used() const {
    const std::vector<Node> nodes = root_.at("settings").items();
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (!parts_.used.contains(recipe_.settings[i].name))
        nodes[i].fail(recipe_.settings[i].name + " is never used");
    }
  }

  const Node& root_;
  int64_t version_ = 1;
  Recipe recipe_;
  Parts parts_;
  Names fixed_;  // placeholders of every request except auth
  Names named_;  // placeholders of a request about one name
};

}  // namespace

bool Recipe::changes_by_get() const {
  return append && (append->add.method == "GET" || append->remove.method == "GET");
}

Recipe parse(std::string_view text, const std::string& subject) {
  const Node::Source source{subject, JsonLines(text)};
  if (const auto line = source.lines.fault()) {
    throw Error(Exit::bad_input, subject + ":" + std::to_string(*line) + ": not valid JSON from this line on",
                "a comma, quote or bracket is missing or superfluous, or a member occurs twice");
  }
  const Json json = parse_json(text, subject, Exit::bad_input);
  const Node root(source, json, "");
  return Reader(root).read();
}

}  // namespace certo::recipe
