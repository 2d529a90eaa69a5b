#include "check/run.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/log.h"
#include "base/side_by_side.h"
#include "check/checks.h"

namespace certo::check {
namespace {

constexpr size_t threads = 16;

using Task = std::function<Findings()>;

/// The findings in the order of the tasks.
Findings run_tasks(const std::vector<Task>& tasks) {
  std::vector<Findings> found(tasks.size());
  side_by_side(tasks.size(), threads, [&](size_t at) {
    try {
      found[at] = tasks[at]();
    } catch (const Error& error) {
      found[at] = {failing("certo", "a check", error)};
    }
  });
  Findings all;
  for (Findings& some : found) append(all, std::move(some));
  return all;
}

/// A name, with and without "*.", that is proven one way.
struct Subject {
  crypto::Identifier base;
  const store::Way* way;
  bool has_plain = false, has_wildcard = false;
};

std::vector<Subject> subjects_of(const Scene& scene, const std::vector<crypto::Identifier>& identifiers) {
  std::vector<Subject> subjects;
  for (const crypto::Identifier& one : identifiers) {
    const crypto::Identifier base{one.type, one.base()};
    const store::Way* const way = &scene.request.ways.of(one);
    auto known = std::ranges::find_if(
        subjects, [&](const Subject& other) { return other.base == base && other.way == way; });
    if (known == subjects.end()) known = subjects.insert(subjects.end(), {base, way});
    (one.is_wildcard() ? known->has_wildcard : known->has_plain) = true;
  }
  return subjects;
}

/// The resolver of --resolver, or that of the way.
net::Resolver resolver_of(const Scene& scene, const store::Way& way) {
  const int ip_version = scene.solving.ip_version;
  if (!scene.resolvers.empty()) return net::Resolver(scene.resolvers, ip_version);
  if (const auto* const dns = std::get_if<store::Dns>(&way))
    return net::Resolver(dns->resolvers.servers, ip_version);
  if (const auto* const persist = std::get_if<store::DnsPersist>(&way))
    return net::Resolver(persist->resolvers.servers, ip_version);
  return net::Resolver({}, ip_version);
}

/// The findings of `check` at each CA.
template <typename Check>
Findings at_each_ca(const Scenes& scenes, const Check& check) {
  Findings all;
  for (const Scene& scene : scenes) append(all, of_ca(scenes.size() > 1 ? scene.ca.title : "", check(scene)));
  return all;
}

/// Everything about some names. What does not depend on the CA is checked at the first one.
class NameChecks {
 public:
  NameChecks(const Scenes& scenes, const std::vector<crypto::Identifier>& identifiers)
      : scenes_(scenes),
        scene_(scenes.front()),
        identifiers_(identifiers),
        subjects_(subjects_of(scene_, identifiers)) {
    for (const Subject& subject : subjects_)
      if (!resolvers_.contains(subject.way))
        resolvers_.emplace(subject.way, resolver_of(scene_, *subject.way));
  }

  Findings run() {
    const log::Waiting live("checking names");
    surveys_.resize(subjects_.size());
    side_by_side(subjects_.size(), threads, [&](size_t at) {
      surveys_[at] = survey(resolvers_.at(subjects_[at].way), scene_, subjects_[at].base);
    });
    std::vector<Task> tasks;
    for (size_t i = 0; i < subjects_.size(); ++i)
      if (subjects_[i].base.type == "dns") add_dns(tasks, i);
    for (const store::Way* way : scene_.request.ways.all()) add_way(tasks, *way);
    return run_tasks(tasks);
  }

  Findings try_all_records() const {
    Findings findings;
    for (const store::Way* way : scene_.request.ways.all()) {
      const auto* const dns = std::get_if<store::Dns>(way);
      const Names names = names_of(*way);
      if (!dns || names.empty()) continue;
      const log::Waiting live("trying a DNS record");
      append(findings, try_records(scene_, *dns, names));
    }
    return findings;
  }

 private:
  NameScene scene_of(size_t at, const Scene& scene) const {
    const Subject& subject = subjects_[at];
    return {scene,       resolvers_.at(subject.way), surveys_[at], subject.has_plain, subject.has_wildcard,
            *subject.way};
  }
  NameScene scene_of(size_t at) const { return scene_of(at, scene_); }

  /// `check` takes a scene.
  template <typename Check>
  void add_for_each_ca(std::vector<Task>& tasks, const Check& check) const {
    tasks.emplace_back([this, check] { return at_each_ca(scenes_, check); });
  }

  void add_dns(std::vector<Task>& tasks, size_t at) {
    if (surveys_[at].is_silent)
      return void(
          tasks.emplace_back([this, at] { return Findings{silent_resolver(subjects_[at].base.value)}; }));
    // Several names of a zone are delegated together.
    const std::string& zone = surveys_[at].zone;
    if (zone.empty() || zones_.insert(zone).second)
      tasks.emplace_back([this, at] { return check_delegation(scene_of(at)); });
    tasks.emplace_back([this, at] { return check_dnssec(scene_of(at)); });
    add_for_each_ca(tasks, [this, at](const Scene& scene) { return check_caa(scene_of(at, scene)); });
    tasks.emplace_back([this, at] { return check_addresses(scene_of(at)); });
    const auto* const dns = std::get_if<store::Dns>(subjects_[at].way);
    if (dns && dns->is_per_account)
      add_for_each_ca(tasks,
                      [this, at](const Scene& scene) { return check_record_name(scene_of(at, scene)); });
    else if (dns)
      tasks.emplace_back([this, at] { return check_record_name(scene_of(at)); });
  }

  Names names_of(const store::Way& way) const {
    Names names;
    for (size_t i = 0; i < subjects_.size(); ++i)
      if (subjects_[i].way == &way) names.push_back(surveys_[i]);
    return names;
  }

  /// What needs an address is not tried without.
  Names reachable_names_of(const store::Way& way) const {
    Names names = names_of(way);
    std::erase_if(names, [](const Survey& one) { return one.addresses.empty(); });
    return names;
  }

  void add_way(std::vector<Task>& tasks, const store::Way& way) {
    if (const auto* const persist = std::get_if<store::DnsPersist>(&way))
      add_for_each_ca(tasks, [this, persist, &way](const Scene& scene) {
        return check_persist(scene, *persist, asked_by(way));
      });
    if (scene_.tries == Tries::nothing) return;
    const auto types = store::types_of(way);
    const bool is_http =
        !types.empty() && types.front() == "http-01" && !std::holds_alternative<store::Program>(way);
    const auto look = [this, &way](const Scene& scene) {
      const Names names = reachable_names_of(way);
      return names.empty() ? Findings{} : check_http(scene, way, names, resolvers_.at(&way));
    };
    if (std::holds_alternative<store::Stateless>(way))  // the answer depends on the account
      add_for_each_ca(tasks, look);
    else if (is_http)
      tasks.emplace_back([this, look] { return look(scene_); });
    if (std::holds_alternative<store::Alpn>(way))
      tasks.emplace_back([this, &way] {
        const Names names = reachable_names_of(way);
        return names.empty() ? Findings{} : check_alpn(scene_, way, names);
      });
  }

  std::vector<crypto::Identifier> asked_by(const store::Way& way) const {
    std::vector<crypto::Identifier> asked;
    for (const crypto::Identifier& one : identifiers_)
      if (&scene_.request.ways.of(one) == &way) asked.push_back(one);
    return asked;
  }

  const Scenes& scenes_;
  const Scene& scene_;
  const std::vector<crypto::Identifier>& identifiers_;
  std::vector<Subject> subjects_;
  std::map<const store::Way*, net::Resolver> resolvers_;
  std::vector<Survey> surveys_;
  std::set<std::string> zones_;
};

}  // namespace

Findings check_names(const Scenes& scenes, const std::vector<crypto::Identifier>& identifiers) {
  return NameChecks(scenes, identifiers).run();
}

Findings check_all(const Scenes& scenes) {
  const Scene& scene = scenes.front();
  Findings findings = at_each_ca(scenes, check_rules);
  append(findings, check_state(scene));
  append(findings, check_held(scene));
  NameChecks checks(scenes, scene.request.identifiers);
  append(findings, checks.run());
  if (scene.tries == Tries::tokens_and_records) append(findings, checks.try_all_records());
  return findings;
}

}  // namespace certo::check
