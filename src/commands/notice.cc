#include "commands/notice.h"

#include "base/text.h"
#include "commands/report.h"

namespace certo::commands {
namespace {

struct Count {
  size_t renewed = 0, failed = 0, others = 0;
};

void add(std::string& text, const std::string& subject, const Failure& failure) {
  text += printable(subject + ": " + failure.error) + "\n";
  if (!failure.hint.empty()) text += "  hint: " + printable(failure.hint) + "\n";
}

std::string story(const renew::PassResult& result) {
  std::string text;
  const bool needs_person = result.outcome == renew::Outcome::needs_person;
  if (result.outcome == renew::Outcome::renewed)
    text += result.name + ": renewed, valid until " + spoken_date(result.not_after) + "\n";
  if (result.outcome == renew::Outcome::failed || needs_person) add(text, result.name, result.failure);
  if (result.delivery && result.delivery->installed) text += result.name + ": installed\n";
  if (result.delivery && result.delivery->failure.code != Exit::ok)
    add(text, result.name + ": not installed", result.delivery->failure);
  if (!result.hooks) return text;
  for (const Failure& failure : result.hooks->failures) add(text, result.name, failure);
  if (text.empty()) text = result.name + ": its hooks have run\n";
  return text;
}

/// The failure of a certificate that is held back was reported when it happened.
bool is_failure(const renew::PassResult& result) {
  return (result.failure.code != Exit::ok && result.outcome != renew::Outcome::held_back) ||
         (result.delivery && result.delivery->failure.code != Exit::ok) ||
         (result.hooks && result.hooks->code() != Exit::ok);
}

Count count_of(const std::vector<renew::PassResult>& results) {
  Count count;
  for (const renew::PassResult& result : results)
    ++(is_failure(result) ? count.failed : story(result).empty() ? count.others : count.renewed);
  return count;
}

std::string counted(const Count& count) {
  std::vector<std::string> parts;
  if (count.failed > 0) parts.push_back(std::to_string(count.failed) + " failed");
  if (count.renewed > 0) parts.push_back(std::to_string(count.renewed) + " renewed");
  if (count.others > 0 || parts.empty()) parts.push_back(std::to_string(count.others) + " unchanged");
  return join(parts, ", ");
}

}  // namespace

std::string counts(const std::vector<renew::PassResult>& results) { return counted(count_of(results)); }

install::Notice notice_of(const std::vector<renew::PassResult>& results) {
  install::Notice notice;
  const Count count = count_of(results);
  for (const renew::PassResult& result : results) notice.text += story(result);
  if (count.failed > 0)
    notice.event = install::Event::failure;
  else if (count.renewed > 0)
    notice.event = install::Event::change;
  notice.subject = "certo: " + counted(count);
  notice.text += counted(count) + "\n";
  return notice;
}

}  // namespace certo::commands
