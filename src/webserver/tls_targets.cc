#include "webserver/tls_targets.h"

#include <algorithm>

#include "webserver/nginx_block.h"

namespace certo::webserver {
namespace {

constexpr int http_port_of_names = 80;

void add_target(std::vector<TlsTarget>& targets, const VirtualHost* host, const std::string& name) {
  auto found = std::ranges::find(targets, host, &TlsTarget::host);
  if (found == targets.end()) found = targets.insert(found, {host, {}});
  if (std::ranges::find(found->names, name) == found->names.end()) found->names.push_back(name);
}

bool has_tls(const Answer& one) { return speaks_tls(*one.host, *listen_at(*one.host, one.address)); }

/// A regular expression is often for all names that have no block with TLS. One that has its own on port 80
/// is not meant.
void leave_to_exact(std::vector<Answer>& answers) {
  const auto exact = std::ranges::find_if(answers, [](const Answer& one) {
    return one.by == By::exact && one.address.port == http_port_of_names && !has_tls(one);
  });
  if (exact == answers.end()) return;
  const VirtualHost* const host = exact->host;
  std::erase_if(answers,
                [&](const Answer& one) { return one.by == By::regex && one.host != host && has_tls(one); });
}

Error no_port(const Question& question, const Answer& answer) {
  return {Exit::config,
          answer.host->place() + ": answers for " + question.name + " on " + answer.address.text +
              " only, and certo adds TLS to blocks of port 80",
          "write 'listen 443 ssl;' into this block; certo completes it"};
}

}  // namespace

std::set<const NginxDirective*> TlsTargets::blocks() const {
  std::set<const NginxDirective*> all;
  for (const auto* targets : {&with_tls, &without_tls})
    for (const TlsTarget& one : *targets) all.insert(one.host->block.directive);
  return all;
}

TlsTargets targets_of(const NginxConfig& config, const std::vector<VirtualHost>& hosts,
                      const Selection& selection, const std::vector<Question>& questions) {
  TlsTargets targets;
  std::set<std::string> served;
  for (const Question& question : questions) {
    std::vector<Answer> answers = answers_to(selection, question);
    if (answers.empty()) continue;
    served.insert(question.wanted);
    leave_to_exact(answers);
    const bool is_secure = std::ranges::any_of(answers, has_tls);
    bool has_http = false;
    for (const Answer& one : answers) {
      if (has_tls(one)) {
        add_target(targets.with_tls, one.host, question.host());
      } else if (one.address.port == http_port_of_names) {
        has_http = true;
        add_target(targets.on_port_80, one.host, question.host());
        if (!is_secure) add_target(targets.without_tls, one.host, question.host());
      }
    }
    if (!is_secure && !has_http) throw no_port(question, answers.front());
  }
  for (const Question& question : questions)
    if (!served.contains(question.wanted)) throw no_block(config, hosts, question.wanted);
  return targets;
}

}  // namespace certo::webserver
