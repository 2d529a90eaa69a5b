#include "webserver/nginx_question.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "crypto/name.h"
#include "net/host.h"
#include "webserver/nginx_block.h"
#include "webserver/not_loaded.h"

namespace certo::webserver {
namespace {

constexpr size_t listed_names = 8;

/// The names of all blocks that are neither patterns nor special; ".x" is x.
std::set<std::string> plain_names(const std::vector<VirtualHost>& hosts) {
  std::set<std::string> names;
  for (const VirtualHost& host : hosts)
    for (const std::string& one : host.names) {
      const std::string name = one.starts_with('.') ? one.substr(1) : one;
      if (name.find('.') != name.npos && name.find_first_of("~*$") == name.npos) names.insert(name);
    }
  return names;
}

void add_questions(std::vector<Question>& questions, const std::set<std::string>& known,
                   const crypto::Identifier& wildcard) {
  for (const std::string& name : known)
    if (crypto::covers(wildcard, {"dns", name})) questions.push_back({name, wildcard.value});
  std::string label = "certo";
  while (known.contains(label + "." + wildcard.base())) label += "x";
  questions.push_back({label + "." + wildcard.base(), wildcard.value, Question::Kind::sample});
}

/// The answers on the IP address itself; on each port where there are none, those on any address.
std::vector<Answer> on_address(const std::vector<Answer>& answers, const std::string& host) {
  const bool is_ipv6 = host.starts_with('[');
  std::set<int> ports;  // on which the address has a listener
  std::vector<Answer> all;
  for (const Answer& one : answers) {
    if (one.address.text != host + ":" + std::to_string(one.address.port)) continue;
    ports.insert(one.address.port);
    all.push_back(one);
  }
  for (const Answer& one : answers)
    if (one.address.text.starts_with(is_ipv6 ? "[::]:" : "*:") && !ports.contains(one.address.port))
      all.push_back(one);
  return all;
}

std::vector<Answer> answers_to_address(const Selection& selection, const Question& question) {
  std::vector<Answer> all;
  for (const Answer& one : on_address(selection.answers(question.host()), question.host()))
    if (const Listen* const listen = listen_at(*one.host, one.address);
        listen && !speaks_tls(*one.host, *listen))
      all.push_back(one);
  for (const Answer& one : on_address(selection.answers(name_of_nobody), question.host()))
    if (const Listen* const listen = listen_at(*one.host, one.address);
        listen && speaks_tls(*one.host, *listen))
      all.push_back(one);
  return all;
}

}  // namespace

std::vector<Question> questions_of(const std::vector<VirtualHost>& hosts,
                                   const std::vector<std::string>& names) {
  return questions_of(plain_names(hosts), names);
}

std::vector<Question> questions_of(const std::set<std::string>& known,
                                   const std::vector<std::string>& names) {
  std::vector<Question> questions;
  for (const std::string& name : names) {
    const crypto::Identifier one = crypto::identifier(name);
    if (one.is_wildcard())
      add_questions(questions, known, one);
    else
      questions.push_back(
          {one.value, one.value, one.type == "dns" ? Question::Kind::name : Question::Kind::address});
  }
  return questions;
}

std::string listed(const std::set<std::string>& names) {
  const std::vector<std::string> all(names.begin(), names.end());
  const size_t count = std::min(all.size(), listed_names);
  std::string text = join({all.begin(), all.begin() + static_cast<ptrdiff_t>(count)}, ", ");
  if (count < all.size()) text += " and " + std::to_string(all.size() - count) + " more";
  return text;
}

std::string Question::host() const { return net::bracketed(name); }

std::vector<Answer> answers_to(const Selection& selection, const Question& question) {
  if (question.kind == Question::Kind::address) return answers_to_address(selection, question);
  std::vector<Answer> answers = selection.answers(question.name);
  std::erase_if(answers, [&](const Answer& one) {
    if (one.by == By::is_default || !listen_at(*one.host, one.address)) return true;
    const bool is_same =
        one.by == By::leading_wildcard && (one.name == question.wanted || "*" + one.name == question.wanted);
    return question.kind == Question::Kind::sample && one.by != By::regex && !is_same;
  });
  return answers;
}

Error no_block(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const std::string& name) {
  Error error(Exit::config, name + ": no server block has this name");
  const std::vector<std::string> others = blocks_not_loaded(config, name);
  if (!others.empty()) {
    error.hint = others.front() + " has it, but nginx does not load that file: enable the site";
    return error;
  }
  const std::set<std::string> known = plain_names(hosts);
  if (const auto hint = did_you_mean(name, {known.begin(), known.end()}, "'", "'")) error.hint = *hint + " ";
  const bool has_ipv6 = std::ranges::any_of(hosts, [](const VirtualHost& host) {
    return listen_at(host, {.text = "[::]:80", .family = Family::ipv6, .port = 80}) != nullptr;
  });
  error.hint += (known.empty() ? "nginx has blocks for no name" : "nginx has blocks for " + listed(known)) +
                "; write one for this name: server { listen 80; " + (has_ipv6 ? "listen [::]:80; " : "") +
                "server_name " + name + "; root /var/www/html; }";
  return error;
}

}  // namespace certo::webserver
