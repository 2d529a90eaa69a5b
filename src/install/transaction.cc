#include "install/transaction.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/random.h"
#include "os/signals.h"
#include "store/version.h"

namespace certo::install {

/// What is to be written: a file, or a link to a folder when there is a `destination`.
struct Transaction::Waiting {
  std::string path;
  std::string content{};
  std::string destination{};
  os::Facts facts{};
};

namespace {

/// Who may do what with a new file. A key is never opened to everybody because an old one was.
os::Facts facts_for(const Target& target, bool is_secret, const std::optional<os::Facts>& before) {
  os::Facts facts{
      .mode = is_secret ? mode_t{0600} : mode_t{0644}, .owner = os::own_user(), .group = os::own_group()};
  if (before && before->kind == os::Kind::file) {
    facts = *before;
    if (is_secret) facts.mode &= ~static_cast<mode_t>(0007);
  }
  if (target.mode) facts.mode = *target.mode;
  if (!target.owner.empty()) facts.owner = os::user_id(target.owner);
  if (!target.group.empty()) facts.group = os::group_id(target.group);
  return facts;
}

void refuse(const std::string& path, os::Kind kind) {
  switch (kind) {
    case os::Kind::file: return;
    case os::Kind::folder:
      throw Error(Exit::cannot_write, path + ": it is a folder, and a file is to be written there");
    case os::Kind::link:
      throw Error(Exit::cannot_write, path + ": it has become a link since it was chosen as a target",
                  "choose it again with 'certo install-cert', which follows links");
    case os::Kind::other: throw Error(Exit::cannot_write, path + ": is there, and is no regular file");
  }
}

void require_parent(const std::string& path) {
  const std::string parent = os::folder_of(path);
  const auto found = os::facts(parent);
  if (!found)
    throw Error(Exit::cannot_write, parent + ": there is no such folder",
                "make it first: certo does not guess whose it should be");
}

void check_written(const std::string& path, std::string_view content) {
  if (os::read_file(path, content.size()) != content)
    throw Error(Exit::cannot_write, path + ": what was written is not what is read back",
                "the disk or its driver is damaged");
}

/// Removes the folders that earlier installations made, except for the one in use and the one before it.
void remove_old_folders(const std::string& link) {
  const std::string parent = os::folder_of(link);
  const std::string start = os::name_of(link) + ".";
  const std::string current = os::name_of(os::read_link(link).value_or(""));
  std::vector<std::string> old;
  for (const std::string& name : os::list_folder(parent)) {
    const std::string version = name.starts_with(start) ? name.substr(start.size()) : "";
    const bool is_ours = store::version_time(version.substr(0, version.rfind('.'))).has_value();
    if (is_ours && name != current) old.push_back(name);
  }
  if (!old.empty()) old.pop_back();
  for (const std::string& name : old) os::remove_tree(os::path_in(parent, name));
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
  for (const std::string& folder : plan_.folders) {
    os::remove_tree(folder);
    os::make_folder(folder, 0755);
  }
  for (const Waiting& one : all) {
    const bool is_inside = std::ranges::count(plan_.folders, os::folder_of(one.path)) > 0;
    const std::string place = is_inside ? one.path : Step{one.path}.staged();
    if (!one.destination.empty()) {
      os::link_new(place, one.destination);
      continue;
    }
    os::write_new(place, one.content, one.facts);
    check_written(place, one.content);
  }
  for (const std::string& folder : plan_.folders) os::sync_folder(folder);
  std::set<std::string> parents;
  for (const Step& step : plan_.steps) {
    if (step.had_previous) os::keep_as(step.path, step.kept());
    parents.insert(os::folder_of(step.path));
  }
  for (const std::string& parent : parents) os::sync_folder(parent);
  plan_.stage = Stage::switching;
  write_plan(file_, plan_);
}

void Transaction::add(const Installation& installation, const Target& target, const Material& material,
                      std::vector<Waiting>& all) {
  require_parent(target.path);
  const auto before = os::facts(target.path);
  plan_.steps.push_back({target.path, before.has_value()});
  if (target.part != Part::folder) {
    if (before) refuse(target.path, before->kind);
    const std::string password =
        target.part == Part::pfx ? read_password(installation.pfx_password_file) : "";
    all.push_back({.path = target.path,
                   .content = content(material, target.part, password),
                   .facts = facts_for(target, holds_key(target.part), before)});
    return;
  }
  if (before && before->kind != os::Kind::link)
    throw Error(Exit::cannot_write, target.path + ": it is there, and is no link",
                "--target-dir is a link that certo makes: remove what is there, or choose another name");
  const std::string version = material.version.empty() ? compact_utc(now()) + "-00000000" : material.version;
  const std::string folder = target.path + "." + version + "." + os::random_name(3);
  plan_.folders.push_back(folder);
  const auto put = [&](const char* name, Part part) {
    Target inside = target;
    if (!holds_key(part)) inside.mode.reset();
    all.push_back({.path = folder + "/" + name,
                   .content = content(material, part, ""),
                   .facts = facts_for(inside, holds_key(part), {})});
  };
  if (material.key) put("key.pem", Part::key);
  put("cert.pem", Part::certificate);
  put("chain.pem", Part::chain);
  put("fullchain.pem", Part::fullchain);
  all.push_back({.path = target.path, .destination = os::name_of(folder)});
}

void Transaction::switch_over() {
  for (const Step& step : plan_.steps) os::rename(step.staged(), step.path);
}

void Transaction::undo() {
  if (!is_open_) return;
  put_back(plan_);
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
    tidy(plan_);
    drop_plan();
    for (const Step& step : plan_.steps)
      if (os::read_link(step.path)) remove_old_folders(step.path);
  } catch (const Error& error) {
    log::warn(error.message);  // it is installed all the same
  }
}

void Transaction::drop_plan() {
  is_open_ = false;
  os::remove_file(file_);
  os::sync_folder(os::folder_of(file_));
}

std::string recover(const std::string& plan_file) {
  const auto plan = read_plan(plan_file);
  if (!plan) return {};
  put_back(*plan);
  os::remove_file(plan_file);
  os::sync_folder(os::folder_of(plan_file));
  return plan->stage == Stage::switching ? plan->reload : "";
}

}  // namespace certo::install
