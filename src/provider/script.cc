#include "provider/script.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/temporary.h"
#include "os/terminal.h"
#include "provider/child.h"
#include "provider/credentials.h"
#include "provider/description.h"
#include "provider/executable.h"
#include "provider/mask.h"
#include "provider/reference.h"
#include "provider/script_host.h"
#include "provider/script_output.h"

namespace certo::provider {
namespace {

constexpr const char* shell = "/bin/sh";
constexpr const char* account_folder = "account";
constexpr const char* domain_folder = "domain";
constexpr std::string_view mutable_prefix = "SAVED_";
constexpr size_t most_output = 1 << 18;
constexpr size_t largest_value = 1 << 13, largest_stored = 1 << 15;
// acme.sh's own way to write what a line cannot hold.
constexpr std::string_view coded_start = "__ACME_BASE64__START_", coded_end = "__ACME_BASE64__END_";

std::string without_ending(const std::string& file) { return file.substr(0, file.size() - 3); }

std::string as_line(const std::string& value) {
  if (can_be_stored(value)) return value;
  return std::string(coded_start) + base64(as_bytes(value)) + std::string(coded_end);
}

std::string from_line(const std::string& line) {
  if (!line.starts_with(coded_start) || !line.ends_with(coded_end)) return line;
  const size_t length = line.size() - coded_start.size() - coded_end.size();
  const auto bytes = from_base64(std::string_view(line).substr(coded_start.size(), length));
  return bytes ? std::string(as_text(*bytes)) : line;
}

/// The values that a script saved before.
Values saved_values(const std::string& file) {
  Values values;
  if (file.empty()) return values;
  for (const auto& [name, line] : read_stored(file))
    if (is_variable_name(name)) values[name] = from_line(line);
  return values;
}

void write_values(const std::string& folder, const Values& values) {
  os::make_folder(folder, 0700);
  for (const auto& [name, value] : values) os::write_file(os::path_in(folder, name), value, 0600);
}

/// What the script left in `folder`, which it could write anything to.
Values read_values(const std::string& folder) {
  Values values;
  size_t total = 0;
  for (const std::string& name : os::list_folder(folder)) {
    if (!is_variable_name(name)) continue;
    std::string value = os::read_file(os::path_in(folder, name), largest_value);
    total += name.size() + value.size();
    if (total > largest_stored) throw Error(Exit::bad_input, "it saves more than 32 KiB");
    values[name] = std::move(value);
  }
  return values;
}

std::string plain_name(const std::string& saved) {
  return saved.starts_with(mutable_prefix) ? saved.substr(mutable_prefix.size()) : saved;
}

}  // namespace

/// One call of the script: what it said, and what it left.
struct Script::Run {
  os::Finished finished;
  std::string doing;                // "add _acme-challenge.example.com"
  std::vector<std::string> errors;  // its own
  bool is_late = false;             // it wanted to wait too long
};

Script::Script(const std::string& path, const std::string& account, const Choice& choice)
    : Provider(choice.deadline),
      path_(path),
      text_(read_script(path)),
      info_(parse_script(text_)),
      choice_(choice),
      name_(without_ending(os::name_of(path)) + (account.empty() ? "" : "." + account)) {
  os::trusted_program(shell);
  if (choice_.credentials.empty()) return;
  for (const Line& line : read_given(choice_.credentials)) {
    if (!is_variable_name(line.name) || !is_for_scripts(line.name))
      throw Error(Exit::config, line.place + ": '" + line.name + "' is not a setting of a script");
    given_[line.name] = line.value;
  }
}

void Script::present(const std::vector<DnsRecord>& records) {
  require_txt(name_, records);
  for (const DnsRecord& record : records) change("add", record);
}

/// A record that cannot be removed does not prevent the removal of the others.
void Script::cleanup(const std::vector<DnsRecord>& records) {
  require_txt(name_, records);
  std::exception_ptr first;
  for (const DnsRecord& record : records) {
    try {
      change("rm", record);
    } catch (const Error&) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

Values Script::from_environment() const {
  if (choice_.surroundings == Surroundings::of_cron) return {};
  std::vector<std::string> names = choice_.environment;
  for (const Setting& setting : info_.settings) names.push_back(setting.name);
  Values values;
  for (const std::string& name : names) {
    std::string value = is_for_scripts(name) ? os::environment(name.c_str()) : "";
    if (name == "CA_BUNDLE" || name == "CA_PATH") value = os::absolute_path(value);
    if (!value.empty()) values[name] = std::move(value);
  }
  return values;
}

/// What the script finds in its environment: this run's comes first, as in acme.sh.
Values Script::for_script(const Values& account, const Values& domain) const {
  Values values = account;
  for (const auto& [name, value] : domain) values[name] = value;
  std::erase_if(values, [](const auto& one) {
    return one.first.starts_with(mutable_prefix) || !is_for_scripts(one.first) || !can_be_stored(one.second);
  });
  for (const auto& [name, value] : from_environment()) values[name] = value;
  for (const auto& [name, value] : given_) values[name] = value;
  return values;
}

Values Script::settings() const {
  const Values account = saved_values(account_file());
  Values values = for_script(account, {});
  for (const auto& [name, value] : account)
    if (is_setting(name)) values.emplace(plain_name(name), value);
  return values;
}

std::vector<std::string> Script::variables(const Values& account, const Values& domain) const {
  std::vector<std::string> list = os::clean_environment();
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(list, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    list.push_back(name + "=" + value);
  };
  for (const auto& [name, value] : connection_environment()) set(name, value);
  for (const auto& [name, value] : for_script(account, domain)) set(name, value);
  set("LC_ALL", "C");
  set("NO_TIMESTAMP", "1");
  if (log::level() == log::Level::debug) set("DEBUG", "2");
  return list;
}

os::Command Script::command(const std::string& folder, const char* word, const DnsRecord& record) const {
  const std::string host = os::path_in(folder, "host.sh");
  const std::string script = os::path_in(folder, os::name_of(path_));
  os::write_file(host, script_host(), 0600);
  os::write_file(script, text_, 0600);  // what was checked is what runs
  os::Command command;
  command.path = os::trusted_program(shell);
  command.argv = {shell, host, word, script, record.name, record.value};
  command.folder = folder;
  command.deadline = deadline_;
  command.output_limit = most_output;
  command.kills_the_rest = true;
  return command;
}

void Script::change(const char* word, const DnsRecord& record) const {
  const os::TemporaryFolder folder;
  const std::string account_path = os::path_in(folder.path(), account_folder);
  const std::string domain_path = os::path_in(folder.path(), domain_folder);
  const Values stored = saved_values(account_file()), of_domain = saved_values(domain_file(record));
  Values account = stored;
  for (const auto& [name, value] : from_environment()) account[name] = value;
  for (const auto& [name, value] : given_) account.erase(name);
  write_values(account_path, account);
  write_values(domain_path, of_domain);

  os::Command command = this->command(folder.path(), word, record);
  command.environment = variables(account, of_domain);
  const auto ends = now() + std::chrono::duration_cast<Seconds>(deadline_);
  command.environment.push_back("CERTO=" + os::self_path());
  command.environment.push_back("CERTO_FOLDER=" + folder.path());
  command.environment.push_back("CERTO_ENDS=" + std::to_string(ends.time_since_epoch().count()));
  log::debug(name_ + ": " + word + " " + record.name);

  Run run;
  run.doing = std::string(word) + " " + record.name;
  run.finished = os::run(command);
  const Values left = read_values(account_path), left_of_domain = read_values(domain_path);
  Values secrets = for_script(account, of_domain);
  for (const Values& values : {account, of_domain, left, left_of_domain, given_})
    for (const auto& [name, value] : values) secrets.emplace(name, value);
  const Mask mask(secrets, {record});
  run.finished.output = mask(run.finished.output);
  run.finished.errors = mask(run.finished.errors);
  const auto errors = os::read_file_if(os::path_in(folder.path(), "errors"), most_output);
  run.errors = last_errors(mask(errors.value_or("")));
  run.is_late = os::exists(os::path_in(folder.path(), "late"));

  const bool has_worked = run.finished.status == 0 && !run.finished.timed_out;
  store(account_file(), stored, left, has_worked);
  store(domain_file(record), of_domain, left_of_domain, has_worked);
  judge(run);
}

void Script::judge(const Run& run) const {
  const os::Finished& finished = run.finished;
  for (const std::string& line : split(finished.output + "\n" + finished.errors, '\n'))
    if (!line.empty()) log::debug(name_ + ": " + line);
  const std::optional<std::string> absent = missing_command(finished.errors);
  const std::string what = name_ + ": " + run.doing + ": ";
  if (finished.status == 0 && !finished.timed_out) {
    if (absent) log::warn(what + absent_words(*absent).first);
    return;
  }
  if (finished.timed_out)
    throw Error(Exit::unreachable, what + reason(finished, deadline_), "--deadline allows more time");
  if (absent) {
    const auto [words, advice] = absent_words(*absent);
    throw Error(Exit::config, what + words, advice);
  }
  const std::string why = run.errors.empty() ? reason(finished, deadline_) : join(run.errors, "; ");
  if (run.is_late) throw Error(Exit::unreachable, what + why, "--deadline allows more time");
  throw Error(settings().empty() ? Exit::config : exit_for(finished), what + why, hint());
}

std::string Script::hint() const {
  const std::string shown =
      "'certo providers " + (choice_.spec.empty() ? name_ : choice_.spec) + "' shows its settings";
  if (!settings().empty()) return shown + ", and -vv its requests";
  std::vector<std::string> names;
  for (const Setting& setting : info_.settings)
    if (setting.group == 1) names.push_back(setting.name);
  if (names.empty()) return shown;
  return "none of its settings is set: set " + join(names, " and ") +
         " in the environment, or write them into a file for --dns-credentials; " + shown;
}

/// Whether `saved`, a name in account.conf, is a setting that the user made, and not the script's own notes.
bool Script::is_setting(const std::string& saved) const {
  const std::string name = plain_name(saved);
  return std::ranges::find(info_.settings, name, &Setting::name) != info_.settings.end() ||
         std::ranges::find(choice_.environment, name) != choice_.environment.end() || given_.contains(name);
}

/// Whether the user gave it, as far as certo can tell: the info block explains it, or the environment has it.
/// A script reads its own notes by name, too.
bool Script::is_users(const std::string& saved) const {
  const std::string name = plain_name(saved);
  const auto is_explained = [&](const Setting& one) { return one.name == name && !one.about.empty(); };
  return std::ranges::any_of(info_.settings, is_explained) || from_environment().contains(name) ||
         std::ranges::find(choice_.environment, name) != choice_.environment.end() || given_.contains(name);
}

/// Notes of the script (the id of a record that it must remove later) are kept in any case; settings after a
/// success, if certo may keep them. What a file of the user holds is never copied.
void Script::store(const std::string& file, const Values& before, Values after, bool has_worked) const {
  if (file.empty()) return;
  const bool keeps_settings = has_worked && choice_.keep;
  if (!keeps_settings) {
    std::erase_if(after, [&](const auto& one) { return is_users(one.first); });
    for (const auto& [name, value] : before)
      if (is_users(name)) after[name] = value;
  }
  // A script reads an empty value as none.
  std::erase_if(
      after, [&](const auto& one) { return one.second.empty() || given_.contains(plain_name(one.first)); });
  if (after == before) return;
  const auto settings_in = [&](Values values) {
    std::erase_if(values, [&](const auto& one) { return !is_users(one.first); });
    return values;
  };
  const bool is_news = settings_in(after) != settings_in(before);
  for (auto& [name, value] : after) value = as_line(value);
  if (after.empty()) return os::remove_file(file);
  if (is_news) return store_for_renewal(file, name_, after);
  keep_credentials(file, name_, after);
}

std::string Script::account_file() const {
  if (choice_.credentials_folder.empty()) return "";
  return os::path_in(choice_.credentials_folder, file_name_of("acmesh-" + name_));
}

std::string Script::domain_file(const DnsRecord& record) const {
  if (choice_.credentials_folder.empty()) return "";
  return os::path_in(choice_.credentials_folder, file_name_of("acmesh-" + name_ + "@" + record.name));
}

}  // namespace certo::provider
