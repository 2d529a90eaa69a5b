#include "net/path_rules.h"

#include <algorithm>

namespace certo::net {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view subject_alt_name = "\x55\x1d\x11"sv;
constexpr std::string_view name_constraints = "\x55\x1d\x1e"sv;
constexpr std::string_view certificate_policies = "\x55\x1d\x20"sv;
constexpr std::string_view policy_mappings = "\x55\x1d\x21"sv;
constexpr std::string_view policy_constraints = "\x55\x1d\x24"sv;
constexpr std::string_view inhibit_any_policy = "\x55\x1d\x36"sv;
constexpr std::string_view any_policy = "\x55\x1d\x20\x00"sv;

// GeneralName (RFC 5280 section 4.2.1.6).
constexpr uint8_t dns_name = 2, directory_name = 4, ip_address = 7;
constexpr uint8_t number_mask = 0x1f;
constexpr uint8_t der_boolean = 0x01, der_integer = 0x02;
constexpr uint8_t context_0 = 0x80, context_0_made = 0xa0, context_1_made = 0xa1;

std::string text(View bytes) { return lower(as_text(bytes)); }

bool lies_within(std::string_view name, std::string_view base) {
  if (base.empty() || name == base) return true;
  if (!name.ends_with(base)) return false;
  return base.front() == '.' || name[name.size() - base.size() - 1] == '.';
}

/// A wildcard stands for names below its base, so it is excluded as soon as one of them is.
bool is_dns_within(std::string name, const std::string& base, bool is_exclusion) {
  const bool is_wildcard = name.starts_with("*.");
  if (is_wildcard) name.erase(0, 2);
  return lies_within(name, base) || (is_wildcard && is_exclusion && lies_within(base, name));
}

/// `base`: the network and its mask.
bool is_address_within(View address, View base) {
  if (base.size() != 2 * address.size()) return false;
  for (size_t i = 0; i < address.size(); ++i)
    if ((address[i] ^ base[i]) & base[address.size() + i]) return false;
  return true;
}

/// `name` begins with all parts of `base`. Both are whole Names.
bool is_directory_within(View name, View base) {
  const auto outer = first_element(name), inner = first_element(base);
  return outer && inner && outer->content.size() >= inner->content.size() &&
         std::ranges::equal(outer->content.first(inner->content.size()), inner->content);
}

/// A number below 128; nothing otherwise.
std::optional<int> small_number(View content) {
  if (content.size() != 1 || content[0] > 127) return {};
  return content[0];
}

}  // namespace

/// The extensions of one certificate that matter here.
struct PathRules::Extensions {
  std::optional<View> names, constraints, policies, policy_limits, no_any;
  bool is_readable = true;

  explicit Extensions(View der) {
    if (der.empty()) return;
    const auto list = first_element(der);
    const Elements all =
        list && list->tag() == der_sequence ? elements_in(list->content) : Elements{{}, false};
    is_readable = all.is_whole;
    for (const Element& one : all.list) take(elements_in(one.content));
  }

  void take(const Elements& parts) {
    const bool has_critical = parts.list.size() == 3 && parts.list[1].tag() == der_boolean;
    if (!parts.is_whole || (parts.list.size() != 2 && !has_critical)) {
      is_readable = false;
      return;
    }
    const std::string_view oid = as_text(parts.list[0].content);
    const View value = parts.list.back().content;
    if (oid == subject_alt_name) names = value;
    if (oid == name_constraints) constraints = value;
    if (oid == certificate_policies) policies = value;
    if (oid == policy_constraints) policy_limits = value;
    if (oid == inhibit_any_policy) no_any = value;
  }
};

bool PathRules::knows(std::string_view oid) {
  return oid == name_constraints || oid == certificate_policies || oid == policy_mappings ||
         oid == policy_constraints || oid == inhibit_any_policy;
}

/// Of the content of a GeneralNames.
std::optional<std::vector<PathRules::GeneralName>> PathRules::general_names(View content) {
  const auto outer = first_element(content);
  if (!outer || outer->tag() != der_sequence) return {};
  const Elements all = elements_in(outer->content);
  if (!all.is_whole) return {};
  std::vector<GeneralName> names;
  for (const Element& one : all.list)
    names.push_back({static_cast<uint8_t>(one.tag() & number_mask), one.content});
  return names;
}

/// Of the content of a GeneralSubtrees, whose `minimum` and `maximum` must be absent.
std::optional<std::vector<PathRules::GeneralName>> PathRules::bases(View content) {
  const Elements all = elements_in(content);
  if (!all.is_whole) return {};
  std::vector<GeneralName> names;
  for (const Element& subtree : all.list) {
    const Elements parts = elements_in(subtree.content);
    if (!parts.is_whole || parts.list.size() != 1) return {};
    names.push_back({static_cast<uint8_t>(parts.list[0].tag() & number_mask), parts.list[0].content});
  }
  return names;
}

void PathRules::add(const Link& link) {
  if (!fault_.empty()) return;
  const Extensions extensions(link.extensions);
  if (!extensions.is_readable) {
    fault_ = "has extensions in its chain that cannot be read";
    return;
  }
  const bool is_self_issued = std::ranges::equal(link.issuer, link.subject);
  if (!link.is_root && (!is_self_issued || link.is_server)) check_names(link, extensions);
  if (!link.is_root) take_policies(link, extensions);
  take_constraints(extensions);
}

void PathRules::check_names(const Link& link, const Extensions& extensions) {
  if (subtrees_.empty()) return;
  // Without names, mbedTLS would compare the common name, which no constraint is about.
  if (link.is_server && !extensions.names)
    fault_ = "names its server in its subject only, although its CA is constrained";
  const auto subject = first_element(link.subject);
  if (subject && !subject->content.empty()) check_name({directory_name, link.subject});
  if (!extensions.names) return;
  const auto names = general_names(*extensions.names);
  if (!names) fault_ = "has names that cannot be read";
  for (const GeneralName& name : names.value_or(std::vector<GeneralName>{})) check_name(name);
}

void PathRules::check_name(const GeneralName& name) {
  const auto is_within = [&](const GeneralName& base, bool is_exclusion) {
    if (name.kind == dns_name) return is_dns_within(text(name.value), text(base.value), is_exclusion);
    if (name.kind == ip_address) return is_address_within(name.value, base.value);
    if (name.kind == directory_name) return is_directory_within(name.value, base.value);
    return is_exclusion;  // an e-mail address, a URI: not compared, so it does not pass
  };
  for (const Subtrees& subtrees : subtrees_) {
    bool is_constrained = false, is_permitted = false;
    for (const GeneralName& base : subtrees.permitted) {
      if (base.kind != name.kind) continue;
      is_constrained = true;
      is_permitted = is_permitted || is_within(base, false);
    }
    const bool is_excluded = std::ranges::any_of(subtrees.excluded, [&](const GeneralName& base) {
      return base.kind == name.kind && is_within(base, true);
    });
    if ((is_constrained && !is_permitted) || is_excluded)
      fault_ = "is for a name that a CA in its chain must not certify (name constraints)";
  }
}

void PathRules::take_policies(const Link& link, const Extensions& extensions) {
  const bool is_self_issued = std::ranges::equal(link.issuer, link.subject);
  std::set<std::string> own;
  bool has_any = false;
  if (const auto list = extensions.policies ? first_element(*extensions.policies) : std::nullopt) {
    for (const Element& policy : elements_in(list->content).list)
      if (const auto oid = first_element(policy.content)) {
        has_any = has_any || as_text(oid->content) == any_policy;
        own.emplace(as_text(oid->content));
      }
  }
  const bool any_counts = has_any && (no_any_after_ > 0 || (!link.is_server && is_self_issued));
  if (!any_counts) {
    own.erase(std::string(any_policy));
    std::set<std::string> common;
    for (const std::string& one : own)
      if (!policies_ || policies_->contains(one)) common.insert(one);
    policies_ = std::move(common);
  }
  for (int* left : {&explicit_after_, &no_any_after_})
    if (*left > 0 && *left != never && (link.is_server || !is_self_issued)) --*left;
  if (link.is_server && extensions.policy_limits) take_constraints(extensions);
  if (link.is_server && explicit_after_ == 0 && policies_ && policies_->empty())
    fault_ = "has no policy in common with its chain, as a CA in it requires (policy constraints)";
}

void PathRules::take_constraints(const Extensions& extensions) {
  const auto limit = [this](int& left, std::optional<int> value) {
    if (!value) fault_ = "has policy constraints in its chain that cannot be read";
    left = std::min(left, value.value_or(0));
  };
  if (extensions.no_any) {
    const auto number = first_element(*extensions.no_any);
    limit(no_any_after_,
          number && number->tag() == der_integer ? small_number(number->content) : std::nullopt);
  }
  if (extensions.policy_limits) {
    const auto outer = first_element(*extensions.policy_limits);
    for (const Element& part : elements_in(outer ? outer->content : View()).list)
      if (part.tag() == context_0) limit(explicit_after_, small_number(part.content));
    // inhibitPolicyMapping, [1], needs nothing: no mapping is applied here.
  }
  if (!extensions.constraints) return;
  const auto outer = first_element(*extensions.constraints);
  const Elements all = outer ? elements_in(outer->content) : Elements{{}, false};
  Subtrees subtrees;
  bool is_readable = all.is_whole;
  for (const Element& part : all.list) {
    const auto list = bases(part.content);
    is_readable = is_readable && list && (part.tag() == context_0_made || part.tag() == context_1_made);
    if (list) (part.tag() == context_0_made ? subtrees.permitted : subtrees.excluded) = *list;
  }
  if (!is_readable) fault_ = "has name constraints in its chain that cannot be read";
  subtrees_.push_back(std::move(subtrees));
}

}  // namespace certo::net
