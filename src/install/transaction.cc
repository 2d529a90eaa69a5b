#include "install/transaction.h"

#include <map>
#include <set>

#include "base/log.h"
#include "install/fit.h"
#include "os/file.h"
#include "os/path.h"
#include "os/random.h"
#include "os/signals.h"
#include "store/version.h"

namespace certo::install {

/// A file to write, or a link to a folder if there is a `destination`.
struct Transaction::Waiting {
  std::string folder, name;
  std::string content{};
  std::string destination{};
  os::Facts facts{};
};

namespace {

/// Owner and mode of a new file of this part. Never opens a key to all users, even if the old file was open.
os::Facts facts_for(const Target& target, Part part, const std::optional<os::Facts>& before) {
  const bool is_secret = holds_key(part);
  os::Facts facts{
      .mode = is_secret ? mode_t{0600} : mode_t{0644}, .owner = os::own_user(), .group = os::own_group()};
  if (before && before->kind == os::Kind::file) {
    facts = *before;
    if (is_secret) facts.mode &= ~static_cast<mode_t>(0007);
  }
  facts.mode = target.mode_of(part).value_or(facts.mode);
  if (!target.owner.empty()) facts.owner = os::user_id(target.owner);
  if (!target.group.empty()) facts.group = os::group_id(target.group);
  return facts;
}

void check_written(const os::Place& place, const std::string& name, std::string_view content) {
  if (place.read(name, content.size()) != content)
    throw Error(Exit::cannot_write, place.path_of(name) + ": reading the file back gives other content",
                "the disk or its driver is damaged");
}

/// Removes the folders that earlier installations made, except for the one in use and the one before it.
void remove_old_folders(const os::Place& place, const std::string& link) {
  const std::string start = link + ".";
  const std::string current = os::name_of(place.read_link(link).value_or(""));
  std::vector<std::string> old;
  for (const std::string& name : place.list()) {
    const std::string version = name.starts_with(start) ? name.substr(start.size()) : "";
    const bool is_ours = store::version_time(version.substr(0, version.rfind('.'))).has_value();
    if (is_ours && name != current) old.push_back(name);
  }
  if (!old.empty()) old.pop_back();
  for (const std::string& name : old) place.remove_tree(name);
}

}  // namespace

Transaction::~Transaction() {
  if (!is_open_) return;
  try {
    const os::Grace grace;
    undo();
  } catch (const Error& error) {
    log::warn(error.message + "; the next run puts the previous files back");
  }
}

void Transaction::stage(const std::vector<const Installation*>& installations, const Material& material,
                        const std::string& reload) {
  plan_.reload = reload;
  std::vector<Waiting> all;
  for (const Installation* one : installations)
    for (const Target& target : one->targets) add(*one, target, material, all);
  if (all.empty()) return;

  is_open_ = true;
  write_plan(file_, plan_);
  std::map<std::string, os::Place> sets;
  for (const std::string& folder : plan_.folders)
    sets.emplace(folder, places_.find(os::folder_of(folder))->make_folder(os::name_of(folder), 0755));
  for (const Waiting& one : all) {
    const auto set = sets.find(one.folder);
    const os::Place& place = set == sets.end() ? *places_.find(one.folder) : set->second;
    if (!one.destination.empty()) {
      place.link_new(one.name, one.destination);
      continue;
    }
    place.write_new(one.name, one.content, one.facts);
    check_written(place, one.name, one.content);
  }
  for (const auto& [path, set] : sets) set.sync();
  keep_previous();
  plan_.stage = Stage::switching;
  write_plan(file_, plan_);
}

/// Gives every old file its second name, and brings the folders to the disk.
void Transaction::keep_previous() {
  std::set<std::string> folders;
  for (const Step& step : plan_.steps) {
    if (step.had_previous) places_.find(step.folder())->keep_as(step.name(), step.kept);
    folders.insert(step.folder());
  }
  for (const std::string& folder : folders) places_.find(folder)->sync();
}

void Transaction::add(const Installation& installation, const Target& target, const Material& material,
                      std::vector<Waiting>& all) {
  const os::Place& place = open_folder(places_, target);
  const auto before = replaceable(place, target);
  const Step step = new_step(target.path, before.has_value());
  plan_.steps.push_back(step);
  if (target.part != Part::folder) {
    const std::string password =
        target.part == Part::pfx ? read_password(installation.pfx_password_file) : "";
    all.push_back({.folder = step.folder(),
                   .name = step.staged,
                   .content = content(material, target.part, password),
                   .facts = facts_for(target, target.part, before)});
    return;
  }
  const std::string version = material.version.empty() ? compact_utc(now()) + "-00000000" : material.version;
  const std::string folder = target.path + "." + version + "." + os::random_name(3);
  plan_.folders.push_back(folder);
  const auto put = [&](const char* name, Part part) {
    all.push_back({.folder = folder,
                   .name = name,
                   .content = content(material, part, ""),
                   .facts = facts_for(target, part, {})});
  };
  if (material.key) put("key.pem", Part::key);
  put("cert.pem", Part::certificate);
  put("chain.pem", Part::chain);
  put("fullchain.pem", Part::fullchain);
  all.push_back({.folder = step.folder(), .name = step.staged, .destination = os::name_of(folder)});
}

void Transaction::switch_over() {
  for (const Step& step : plan_.steps) places_.find(step.folder())->rename(step.staged, step.name());
}

void Transaction::undo() {
  if (!is_open_) return;
  put_back(plan_, places_);
  drop_plan();
}

void Transaction::keep() {
  if (!is_open_) return;
  plan_.stage = Stage::done;
  write_plan(file_, plan_);
}

void Transaction::finish() {
  if (!is_open_) return;
  is_open_ = false;
  try {
    tidy(plan_, places_);
    drop_plan();
    for (const Step& step : plan_.steps) {
      const os::Place& place = *places_.find(step.folder());
      if (place.read_link(step.name())) remove_old_folders(place, step.name());
    }
  } catch (const Error& error) {
    log::warn(error.message);  // it is installed nevertheless
  }
}

void Transaction::drop_plan() {
  is_open_ = false;
  os::remove_file(file_);
  os::sync_folder(os::folder_of(file_));
}

std::string recover(const std::string& plan_file, Millis wait) {
  const auto plan = read_plan(plan_file);
  if (!plan) return {};
  os::Places places;
  open_folders(*plan, places);
  places.lock(wait);
  put_back(*plan, places);
  os::remove_file(plan_file);
  os::sync_folder(os::folder_of(plan_file));
  return plan->stage == Stage::switching ? plan->reload : "";
}

}  // namespace certo::install
