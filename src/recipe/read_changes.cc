#include "recipe/read_changes.h"

#include <algorithm>

namespace certo::recipe {
namespace {

class ChangesReader {
 public:
  ChangesReader(const Node& root, Parts& parts, const Names& fixed, Recipe& recipe)
      : root_(root), parts_(parts), fixed_(fixed), recipe_(recipe) {}

  void read() {
    read_zone();
    read_records();
  }

 private:
  Names zone_names() const {
    return root_.version() < 2 ? Names{"zone"} : Names{"zone", "zone_label", "zone_suffix"};
  }

  void read_zone() {
    const Node zone = root_.at("zone");
    ZoneSearch& search = recipe_.zone;
    const std::string by = zone.at("find").text();
    if (const auto apex = zone.find("apex")) search.apex = apex->plain();
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
    if (root_.version() >= 2) named_.insert("host");
    if (by != "none") named_ = named_ + Names{"sub"} + zone_names();
    if (search.id) named_.insert("zone_id");
    for (const auto& [name, pointer] : search.take) named_.insert(name);
  }

  void read_walk(const Node& zone) {
    zone.require_known({"find", "apex", "request", "missing", "items", "where", "id"}, {"take"});
    ZoneSearch& search = recipe_.zone;
    const Names names = fixed_ + zone_names();
    const Names asked = parts_.used_by([&] { search.listing.ask = parts_.ask(zone.at("request"), names); });
    if (!has_one(asked, {"zone", "zone_label"})) zone.at("request").fail("does not contain {zone}");
    search.listing.missing = parts_.signs(zone, "missing", {404}, {});
    if (const auto items = zone.find("items")) {
      search.has_items = true;
      search.listing.items = parts_.pointer(*items, names);
      if (const auto where = zone.find("where")) search.listing.where = parts_.matches(*where, names);
    } else if (const auto where = zone.find("where")) {
      where->fail("needs \"items\", which it selects from");
    }
    read_zone_id(zone);
  }

  void read_zone_list(const Node& zone) {
    zone.require_known({"find", "apex", "request", "items", "name", "id", "next"}, {"take", "where"});
    ZoneSearch& search = recipe_.zone;
    search.has_items = true;
    search.listing.ask = parts_.ask(zone.at("request"), fixed_ + Names{"name", "fqdn"});
    search.listing.items = parts_.pointer(zone.at("items"), fixed_);
    search.name = parts_.pointer(zone.at("name"), fixed_);
    if (const auto where = zone.find("where")) search.listing.where = parts_.matches(*where, fixed_);
    if (const auto next = zone.find("next")) search.listing.next = parts_.paging(*next);
    read_zone_id(zone);
  }

  void read_zone_id(const Node& zone) {
    if (const auto id = zone.find("id")) recipe_.zone.id = parts_.pointer(*id, fixed_);
    if (const auto take = zone.find("take")) recipe_.zone.take = read_take(*take);
  }

  Pairs read_take(const Node& take) {
    Pairs pairs;
    for (const auto& [name, pointer] : take.members()) {
      if (parts_.is_reserved(name) || named_.contains(name) || fixed_.contains(name))
        pointer.fail("a setting or another placeholder has this name");
      pairs.emplace_back(name, parts_.pointer(pointer, fixed_));
    }
    return pairs;
  }

  void read_records() {
    const Node records = root_.at("records");
    const std::string mode = records.at("mode").text();
    if (mode == "append") {
      read_append(records);
    } else if (mode == "rrset") {
      read_rrset(records);
    } else if (mode == "zone" && root_.version() >= 2) {
      read_whole(records);
    } else {
      records.at("mode").fail("'" + mode + "' is not a way to write records",
                              root_.version() < 2 ? "use append or rrset" : "use append, rrset or zone");
    }
    if (const auto publish = records.find("publish")) read_publish(*publish);
  }

  /// The placeholders of a request about a zone.
  Names of_zone() const {
    Names names = recipe_.zone.by == ZoneSearch::By::nothing ? fixed_ : fixed_ + zone_names();
    if (recipe_.zone.id) names.insert("zone_id");
    for (const auto& [name, pointer] : recipe_.zone.take) names.insert(name);
    return names;
  }

  void read_publish(const Node& publish) {
    if (!publish.json().is_array()) return recipe_.publish.push_back(parts_.ask(publish, of_zone()));
    for (const Node& one : publish.items()) recipe_.publish.push_back(parts_.ask(one, of_zone()));
  }

  void read_append(const Node& records) {
    records.require_known({"mode", "list", "add", "remove"}, {"publish", "record", "removed"});
    const Names names = named_ + Names{"value", "quoted", "ttl", "ttl_text"};
    Append append;
    if (const auto list = records.find("list")) read_list(*list, names, append);
    if (const auto record = records.find("record")) {
      append.record = read_item(*record, {"value", "quoted"}, names);
      append.add = read_batch(records.at("add"));
    } else {
      append.add = parts_.ask(records.at("add"), names);
    }
    const Names found = append.id ? names + Names{"id"} : names;
    if (const auto removed = records.find("removed")) {
      append.removed = read_item(*removed, {"id", "value", "quoted"}, found);
      append.remove = read_batch(records.at("remove"));
    } else {
      read_removal(records, found, append);
    }
    recipe_.append = std::move(append);
  }

  /// One of the records that a request carries.
  Json read_item(const Node& item, std::initializer_list<const char*> wanted, const Names& names) {
    if (recipe_.holds_one_value) item.fail("a service that holds one value has no batches");
    Json made;
    const Names used = parts_.used_by([&] { made = parts_.body(item, names); });
    if (!has_one(used, wanted)) item.fail("does not contain the value", "records of others must stay");
    return made;
  }

  /// A request for all records of a zone.
  Ask read_batch(const Node& node) {
    Ask ask;
    const Names sent = parts_.used_by([&] { ask = parts_.ask(node, of_zone() + Names{"records"}); });
    if (!sent.contains("records") || !ask.json) node.fail("does not contain {records} in \"json\"");
    return ask;
  }

  /// A service that holds one value needs no name for it, and may have no removal: the next value replaces
  /// it.
  void read_removal(const Node& records, const Names& names, Append& append) {
    if (recipe_.holds_one_value && !records.find("remove")) return;
    const Node remove = records.at("remove");
    const Names sent = parts_.used_by([&] { append.remove = parts_.ask(remove, names); });
    if (!recipe_.holds_one_value && !has_one(sent, {"id", "value", "quoted"}))
      remove.fail("contains neither {id} nor the value", "records of others must stay");
  }

  void read_list(const Node& list, const Names& names, Append& append) {
    list.require_known({"request", "missing", "items", "where", "id", "next"}, {"keyed", "optional"});
    append.list = Listing();
    const Names asked = parts_.used_by([&] { append.list->ask = parts_.ask(list.at("request"), names); });
    append.list->missing = parts_.signs(list, "missing", {}, {});
    append.list->items = parts_.pointer(list.at("items"), names);
    if (const auto keyed = list.find("keyed")) append.list->keyed = keyed->boolean();
    if (const auto optional = list.find("optional")) append.list->optional = optional->boolean();
    const Names seen = parts_.used_by([&] { append.list->where = parts_.matches(list.at("where"), names); });
    if (!has_one(seen, {"value", "quoted"}))
      list.at("where").fail("does not compare the value", "records of others must stay");
    if (!has_one(asked + seen, {"name", "fqdn", "sub", "host"}))
      list.at("where").fail("does not compare the name");
    if (const auto next = list.find("next")) append.list->next = parts_.paging(*next);
    if (const auto id = list.find("id")) append.id = parts_.pointer(*id, names);
  }

  void read_rrset(const Node& records) {
    records.require_known({"mode", "read", "value", "create", "replace", "remove"}, {"publish"});
    Rrset rrset;
    const Node read = records.at("read");
    read.require_known({"request", "missing", "items", "value", "ttl"}, {"list", "where", "id", "next"});
    const Names asked = parts_.used_by([&] { rrset.read = parts_.ask(read.at("request"), named_); });
    rrset.missing = parts_.signs(read, "missing", {404}, {});
    if (read.find("list")) read_among(read, asked, rrset);
    rrset.items = parts_.pointer(read.at("items"), named_);
    if (const auto value = read.find("value")) rrset.value = parts_.pointer(*value, named_);
    if (const auto ttl = read.find("ttl")) rrset.ttl = parts_.pointer(*ttl, named_);
    const Names names = named_ + Names{"ttl", "ttl_text"};
    const Names made = parts_.used_by([&] {
      rrset.made = parts_.body(records.at("value"), names + Names{"value", "quoted"});
    });
    if (!has_one(made, {"value", "quoted"}))
      records.at("value").fail("contains neither {value} nor {quoted}");
    const Names all = names + Names{"values"};
    const Names found = rrset.id ? all + Names{"id"} : all;
    if (const auto create = records.find("create")) rrset.create = parts_.ask(*create, all);
    const Names sent = parts_.used_by([&] { rrset.replace = parts_.ask(records.at("replace"), found); });
    if (!has_one(sent, {"values"})) records.at("replace").fail("does not contain {values}");
    if (const auto remove = records.find("remove")) rrset.remove = parts_.ask(*remove, found);
    if (rrset.id && !rrset.create)
      records.fail("needs \"create\"", "an RRset that does not exist has no {id}");
    recipe_.rrset = std::move(rrset);
  }

  /// The service tells RRsets only as a list.
  void read_among(const Node& read, const Names& asked, Rrset& rrset) {
    Listing list{rrset.read, rrset.missing, parts_.pointer(read.at("list"), named_), false, false, {}, {}};
    const Names seen = parts_.used_by([&] { list.where = parts_.matches(read.at("where"), named_); });
    if (!has_one(asked + seen, {"name", "fqdn", "sub"})) read.at("where").fail("does not compare the name");
    if (const auto next = read.find("next")) list.next = parts_.paging(*next);
    if (const auto id = read.find("id")) rrset.id = parts_.pointer(*id, named_);
    rrset.among = std::move(list);
  }

  void read_whole(const Node& records) {
    records.require_known({"mode", "read", "record", "write", "publish"});
    if (recipe_.zone.by == ZoneSearch::By::nothing) records.at("mode").fail("needs a zone");
    WholeZone whole;
    const Names names = named_ + Names{"value", "quoted", "ttl", "ttl_text"};
    read_zone_records(records.at("read"), names, whole);
    const Node record = records.at("record");
    const Names made = parts_.used_by([&] { whole.record = parts_.body(record, names); });
    if (!has_one(made, {"value", "quoted"})) record.fail("contains neither {value} nor {quoted}");
    if (!has_one(made, {"name", "fqdn", "sub"})) record.fail("does not contain the name");
    for (const auto& [name, member] : record.members()) {
      if (std::ranges::find(whole.keep, name) == whole.keep.end())
        member.fail("is not in \"keep\"", "certo refuses a zone that has records with other members");
    }
    Names known = of_zone();
    for (const auto& [name, pointer] : whole.take) known.insert(name);
    read_write(records.at("write"), known, whole);
    recipe_.whole = std::move(whole);
  }

  void read_zone_records(const Node& read, const Names& names, WholeZone& whole) {
    read.require_known({"request", "items", "where", "keep", "drop", "take"});
    whole.read = parts_.ask(read.at("request"), of_zone());
    if (whole.read.reply.value_or(recipe_.reply).format != ReplyForm::Format::json)
      read.fail("replies in XML or text cannot be written back");
    whole.items = parts_.pointer(read.at("items"), {});
    const Node where = read.at("where");
    const Names seen = parts_.used_by([&] { whole.where = parts_.matches(where, names); });
    if (!has_one(seen, {"name", "fqdn", "sub"})) where.fail("does not compare the name");
    if (!has_one(seen, {"value", "quoted"}))
      where.fail("does not compare the value", "records of others must stay");
    whole.keep = read.at("keep").texts();
    if (const auto drop = read.find("drop")) whole.drop = drop->texts();
    if (const auto take = read.find("take")) whole.take = read_take(*take);
  }

  void read_write(const Node& write, const Names& names, WholeZone& whole) {
    const Names sent = parts_.used_by([&] { whole.write = parts_.ask(write, names + Names{"records"}); });
    if (!has_one(sent, {"records"})) write.fail("does not contain {records}");
  }

  const Node& root_;
  Parts& parts_;
  const Names fixed_;  // placeholders of every request except auth
  Recipe& recipe_;
  Names named_;  // placeholders of a request about one name
};

}  // namespace

void read_changes(const Node& root, Parts& parts, const Names& fixed, Recipe& recipe) {
  ChangesReader(root, parts, fixed, recipe).read();
}

}  // namespace certo::recipe
