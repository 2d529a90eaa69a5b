// The checks, one file each. None throws anything but Interrupted: what goes wrong is a finding.
#pragma once

#include <functional>
#include <vector>

#include "check/finding.h"
#include "check/scene.h"
#include "check/survey.h"

namespace certo::check {

/// Everything about one name that only DNS tells.
struct NameScene {
  const Scene& scene;
  const net::Resolver& resolver;
  const Survey& survey;
  bool has_plain = false, has_wildcard = false;  // which of "a.example" and "*.a.example" are asked for
  const store::Way& way;
};

Findings check_rules(const Scene& scene);
Findings check_state(const Scene& scene);
Findings check_held(const Scene& scene);

Findings check_delegation(const NameScene& name);
Findings check_dnssec(const NameScene& name);
Findings check_caa(const NameScene& name);
Findings check_addresses(const NameScene& name);
/// The name that holds the record of dns-01, and what is there already.
Findings check_record_name(const NameScene& name);

/// Those that one way proves, together: its solver publishes a token for each.
using Names = std::vector<Survey>;
Findings check_http(const Scene& scene, const store::Way& way, const Names& names, const net::Resolver&);
Findings check_alpn(const Scene& scene, const store::Way& way, const Names& names);
/// Adds a record, waits until it is seen, and removes it.
Findings try_records(const Scene& scene, const store::Dns& way, const Names& names);
Findings check_persist(const Scene& scene, const store::DnsPersist& way,
                       const std::vector<crypto::Identifier>& identifiers);

}  // namespace certo::check
