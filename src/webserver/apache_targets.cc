#include "webserver/apache_targets.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

constexpr size_t looked_at_files = 5000;
constexpr size_t looked_at_bytes = 1 << 20;

std::set<std::string> plain_names_of(const ApacheConfig& config) {
  std::set<std::string> names;
  for (const ApacheHost& host : config.hosts())
    for (const std::string& one : host.names)
      if (one.find('.') != one.npos && one.find_first_of("*?") == one.npos) names.insert(lower(one));
  return names;
}

void add_to(std::vector<ApacheTarget>& targets, const ApacheHost* host, const std::string& name) {
  auto found = std::ranges::find(targets, host, &ApacheTarget::host);
  if (found == targets.end()) found = targets.insert(found, {host, {}});
  if (std::ranges::find(found->names, name) == found->names.end()) found->names.push_back(name);
}

std::vector<ApacheAnswer> answers_to_ip(const ApacheConfig& config, const Question& question) {
  const std::string host = question.host();
  std::vector<ApacheAnswer> all = config.answers(host);
  const auto is_at_it = [&](const ApacheAnswer& one) { return one.address.starts_with(host + ":"); };
  const bool has_own = std::ranges::any_of(all, is_at_it);
  std::erase_if(all, [&](const ApacheAnswer& one) {
    if (has_own ? !is_at_it(one) : !one.address.starts_with("*:")) return true;
    // A client sends no address as SNI, so by TLS the default host answers.
    return one.host->has_tls && std::ranges::none_of(one.host->addresses, [&](const auto& at) {
             return at.address == one.address && at.is_default;
           });
  });
  return all;
}

/// "FILE:LINE" of a host in the file that has the name; "" if none has.
std::string host_with_name(const ApacheFile& file, std::string_view name) {
  const ApacheDirective* section = nullptr;
  for (const ApacheDirective& one : file.directives()) {
    if (one.is_section && one.name == "virtualhost") section = &one;
    if (!section || (one.name != "servername" && one.name != "serveralias")) continue;
    for (const std::string& word : apache_words(one.value))
      if (is_name_for(word, name)) return file.path() + ":" + std::to_string(section->line);
  }
  return {};
}

/// In a file that Apache does not load: a site that is not enabled.
std::string host_not_loaded(const ApacheConfig& config, std::string_view name) {
  std::set<uint64_t> loaded;  // inodes, because a site is enabled by a link
  for (const std::string& path : config.files())
    if (const auto facts = os::fingerprint(path)) loaded.insert(facts->inode);
  size_t files = 0;
  for (const char* folder : {"/sites-available", "/sites-enabled", "/conf.d"}) {
    const std::string path = os::folder_of(config.apache().config()) + folder;
    for (const std::string& one : os::exists(path) ? os::list_folder(path) : std::vector<std::string>{}) {
      const std::string file = os::path_in(path, one);
      const auto facts = os::fingerprint(file);
      if (!facts || !loaded.insert(facts->inode).second || ++files > looked_at_files) continue;
      try {
        const std::string place =
            host_with_name(ApacheFile(file, os::read_file(file, looked_at_bytes)), name);
        if (!place.empty()) return place;
      } catch (const Error& error) {
        log::debug(error.message);
      }
    }
  }
  return {};
}

Error no_host(const ApacheConfig& config, const std::string& name) {
  Error error(Exit::config, name + ": no virtual host of Apache has this name");
  if (const std::string place = host_not_loaded(config, lower(name)); !place.empty()) {
    error.hint = place + " has it, but Apache does not load that file: enable the site, as a2ensite does";
    return error;
  }
  const std::set<std::string> known = plain_names_of(config);
  if (const auto hint = did_you_mean(name, {known.begin(), known.end()}, "'", "'")) error.hint = *hint + " ";
  error.hint += (known.empty() ? "Apache has hosts for no name" : "Apache has hosts for " + listed(known)) +
                "; write one for this name: <VirtualHost *:80>, ServerName " + name +
                ", DocumentRoot /var/www/html, </VirtualHost>, each on a line of its own";
  return error;
}

Error no_port(const Question& question, const ApacheAnswer& answer) {
  return {Exit::config,
          text(answer.host->place) + ": answers for " + question.name + " on " + answer.address +
              " only, and certo adds TLS to hosts of port 80",
          "write 'SSLEngine on' into this host; certo completes it"};
}

}  // namespace

bool is_on_port_80(std::string_view address) { return address.ends_with(":80") || address.ends_with(":*"); }

std::set<const ApacheHost*> ApacheTargets::hosts() const {
  std::set<const ApacheHost*> all;
  for (const auto* targets : {&with_tls, &without_tls})
    for (const ApacheTarget& one : *targets) all.insert(one.host);
  return all;
}

std::vector<Question> questions_of(const ApacheConfig& config, const std::vector<std::string>& names) {
  return questions_of(plain_names_of(config), names);
}

std::vector<ApacheAnswer> answers_to(const ApacheConfig& config, const Question& question) {
  if (question.kind == Question::Kind::address) return answers_to_ip(config, question);
  std::vector<ApacheAnswer> answers = config.answers(question.name);
  std::erase_if(answers, [&](const ApacheAnswer& one) {
    if (one.by == By::is_default) return true;
    return question.kind == Question::Kind::sample && lower(one.name) != question.wanted;
  });
  return answers;
}

ApacheTargets targets_of(const ApacheConfig& config, const std::vector<Question>& questions) {
  ApacheTargets targets;
  std::set<std::string> served;
  for (const Question& question : questions) {
    const std::vector<ApacheAnswer> answers = answers_to(config, question);
    if (answers.empty()) continue;
    served.insert(question.wanted);
    const bool is_secure =
        std::ranges::any_of(answers, [](const ApacheAnswer& one) { return one.host->has_tls; });
    bool has_http = false;
    for (const ApacheAnswer& one : answers) {
      if (one.host->has_tls) {
        add_to(targets.with_tls, one.host, question.host());
      } else if (is_on_port_80(one.address)) {
        has_http = true;
        add_to(targets.on_port_80, one.host, question.host());
        if (!is_secure) add_to(targets.without_tls, one.host, question.host());
      }
    }
    if (!is_secure && !has_http) throw no_port(question, answers.front());
  }
  for (const Question& question : questions)
    if (!served.contains(question.wanted)) throw no_host(config, question.wanted);
  return targets;
}

}  // namespace certo::webserver
