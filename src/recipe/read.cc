// Parses a recipe and checks all of it, so that a mistake is reported before any request is sent.
// Implements recipe/recipe.h.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/dns_record.h"
#include "base/error.h"
#include "base/text.h"
#include "recipe/parts.h"
#include "recipe/read_changes.h"
#include "recipe/recipe.h"
#include "recipe/signer.h"

namespace certo::recipe {
namespace {

constexpr int64_t newest_version = 2;
constexpr int64_t longest_propagation = 86400;  // seconds

class Reader {
 public:
  explicit Reader(Node root) : root_(std::move(root)) {}

  Recipe read() {
    root_.require_known(
        {"recipe", "name", "aliases", "title", "docs", "base_url", "propagation", "ttl", "settings", "auth",
         "headers", "first", "zone", "records", "error", "ok", "refused"},
        {"source", "name_servers", "rights", "types", "absent", "failed", "single", "reply", "sign"});
    const int64_t version = root_.at("recipe").integer();
    if (version < 1 || version > newest_version)
      root_.at("recipe").fail("this certo knows only the versions 1 and 2");
    read_description();
    if (const auto reply = root_.find("reply")) recipe_.reply = parts_.reply_form(*reply);
    read_sign();
    if (const auto headers = root_.find("headers"))
      recipe_.headers = parts_.pairs(*headers, parts_.known_after(Computed::From::query, fixed_));
    read_first();
    read_auth();
    read_changes(root_, parts_, fixed_, recipe_);
    if (const auto error = root_.find("error")) recipe_.error = parts_.pointers(*error, {});
    if (const auto absent = root_.find("absent")) recipe_.absent = parts_.pointers(*absent, {});
    if (const auto failed = root_.find("failed")) recipe_.failed = parts_.matches(*failed, {});
    if (const auto ok = root_.find("ok")) recipe_.ok = parts_.matches(*ok, {});
    if (const auto refused = root_.find("refused")) recipe_.refused = parts_.matches(*refused, {});
    require_all_used();
    return std::move(recipe_);
  }

  Recipe description() {
    read_description();
    return std::move(recipe_);
  }

 private:
  void read_description() {
    read_head();
    read_about();
    read_settings();
    read_base_url();
    if (const auto single = root_.find("single")) recipe_.holds_one_value = single->boolean();
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
    if (const auto seconds = root_.find("propagation"))
      recipe_.propagation = Seconds(std::min(seconds->integer(), longest_propagation));
    if (const auto ttl = root_.find("ttl")) {
      ttl->require_known({"least"});
      recipe_.least_ttl = ttl->at("least").integer();
    }
  }

  /// What certo tells people about the service, and how it recognizes it.
  void read_about() {
    if (const auto source = root_.find("source")) {
      if (source->text() != "table")
        source->fail("'" + source->text() + "' is not a source", "use table, or leave it out");
      recipe_.is_untried = true;
    }
    if (const auto servers = root_.find("name_servers")) recipe_.name_servers = servers->texts();
    if (const auto rights = root_.find("rights")) recipe_.rights = rights->text();
    if (const auto types = root_.find("types")) {
      for (const Node& type : types->items()) {
        const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (!std::ranges::all_of(type.text(), is_upper) || type.text() == DnsRecord::txt)
          type.fail("not a type of records in upper case, other than TXT", "for example CAA or TLSA");
        recipe_.types.push_back(type.text());
      }
      fixed_.insert("type");
    }
  }

  void read_base_url() {
    const Node base = root_.at("base_url");
    const bool may_be_set = base.version() >= 2;
    recipe_.base_url = may_be_set ? parts_.filled(base, fixed_) : base.text();
    const bool is_url =
        recipe_.base_url.starts_with("https://") || (may_be_set && recipe_.base_url.starts_with('{'));
    if (!is_url || recipe_.base_url.ends_with('/'))
      base.fail("not an https URL without a slash at its end",
                may_be_set ? "or a setting that holds the URL: \"{EXAMPLE_URL}/api\"" : "");
    if (may_be_set && recipe_.base_url.find_first_of("?#") != recipe_.base_url.npos)
      base.fail("contains a query", "put it into \"query\" of the requests or of \"auth\"");
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
        setting.fallback = fallback->plain();
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
      const Names used = parts_.used_by([&] { read_one_auth(node, auth); });
      std::ranges::set_intersection(used, parts_.settings, std::back_inserter(auth.settings));
      std::ranges::set_intersection(used, taken_, std::back_inserter(recipe_.login_values));
      recipe_.auth.push_back(std::move(auth));
    }
    if (recipe_.auth.empty()) list.fail("is empty");
  }

  void read_one_auth(const Node& node, Auth& auth) {
    const Names names = root_.version() < 2 ? parts_.settings : parts_.settings + taken_;
    const Names in_body = parts_.known_after(Computed::From::target, names);
    const Names in_headers = parts_.known_after(Computed::From::query, names);
    if (const auto headers = node.find("headers")) auth.headers = parts_.pairs(*headers, in_headers);
    if (const auto query = node.find("query"))
      auth.query = parts_.pairs(*query, parts_.known_after(Computed::From::body, names));
    if (const auto form = node.find("form")) auth.form = parts_.pairs(*form, in_body);
    if (const auto json = node.find("json")) auth.json = parts_.body(*json, in_body);
    if (!auth.json.is_null() && !auth.json.is_object()) node.at("json").fail("not an object");
    if (const auto basic = node.find("basic")) auth.basic = parts_.basic(*basic, in_headers);
  }

  /// The settings must have a value, so that every request can be signed.
  void read_sign() {
    const auto sign = root_.find("sign");
    if (!sign) return;
    for (const std::string& name : moment_placeholders()) parts_.computed[name] = Computed::From::moment;
    for (const auto& [name, node] : sign->members()) {
      static const Names parts = {"method", "path", "body", "query", "host"};
      if (!is_word(name)) node.fail("its name is not that of a placeholder", "use letters, digits and '_'");
      if (parts_.is_reserved(name) || fixed_.contains(name) || parts.contains(name))
        node.fail("a setting or another placeholder has this name");
      Computed made = parts_.computation(node, parts_.known_after(Computed::From::query, fixed_));
      made.name = name;
      parts_.computed[name] = made.from;
      recipe_.computed.push_back(std::move(made));
    }
    if (recipe_.computed.empty()) sign->fail("is empty");
  }

  void read_first() {
    const auto first = root_.find("first");
    if (!first) return;
    if (first->version() < 2 || !first->json().is_array()) return read_step(*first);
    for (const Node& step : first->items()) read_step(step);
  }

  void read_step(const Node& node) {
    node.require_known({"request", "take"});
    Step step{parts_.ask(node.at("request"), fixed_), {}};
    // Only a step of several, such as one that chooses an account, may take nothing.
    if (node.version() < 2 || node.find("take")) step.take = parts_.taken(node.at("take"), fixed_);
    for (const Taken& taken : step.take) {
      if (parts_.is_reserved(taken.name) || !taken_.insert(taken.name).second)
        node.at("take").at(taken.name).fail("a setting or another placeholder has this name");
      fixed_.insert(taken.name);
    }
    recipe_.first.push_back(std::move(step));
  }

  void require_all_used() const {
    const std::vector<Node> nodes = root_.at("settings").items();
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (!parts_.used.contains(recipe_.settings[i].name))
        nodes[i].fail(recipe_.settings[i].name + " is never used");
    }
    for (const Computed& made : recipe_.computed) {
      if (!parts_.used.contains(made.name))
        root_.at("sign").at(made.name).fail("{" + made.name + "} is never used");
    }
  }

  const Node root_;
  Recipe recipe_;
  Parts parts_;
  Names fixed_;  // placeholders of every request except auth
  Names taken_;  // those that `first` takes
};

}  // namespace

bool Recipe::changes_by_get() const {
  return append && (append->add.method == "GET" || (append->remove && append->remove->method == "GET"));
}

Recipe parse(std::string_view text, const std::string& subject) {
  Node::Source source{subject, JsonLines(text)};
  if (const auto line = source.lines.fault()) {
    throw Error(Exit::bad_input, subject + ":" + std::to_string(*line) + ": not valid JSON from this line on",
                "a comma, quote or bracket is missing or superfluous, or a member occurs twice");
  }
  const Json json = parse_json(text, subject, Exit::bad_input);
  if (const Json* const version = json.find("recipe"); version && version->is_integer())
    source.version = version->integer();
  const Node root(source, json, "");
  return Reader(root).read();
}

Recipe parse_description(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  const Node::Source source{subject, JsonLines(""), newest_version};
  return Reader(Node(source, json, "")).description();
}

}  // namespace certo::recipe
