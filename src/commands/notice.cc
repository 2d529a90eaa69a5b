#include "commands/notice.h"

#include "base/text.h"
#include "commands/report.h"

namespace certo::commands {
namespace {

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
  if (result.delivery && result.delivery->failure.code != Exit::ok && !result.delivery->is_known)
    add(text, result.name + ": not installed", result.delivery->failure);
  if (!result.hooks || result.hooks->is_known) return text;
  for (const Failure& failure : result.hooks->failures) add(text, result.name, failure);
  if (text.empty()) text = result.name + ": its hooks have run\n";
  return text;
}

/// The failure of a certificate that is held back was reported when it happened, and so was a known one.
bool is_failure(const renew::PassResult& result) {
  return (result.failure.code != Exit::ok && result.outcome != renew::Outcome::held_back) ||
         (result.delivery && result.delivery->failure.code != Exit::ok && !result.delivery->is_known) ||
         (result.hooks && result.hooks->code() != Exit::ok && !result.hooks->is_known);
}

/// Whether it is different after the pass.
bool is_changed(const renew::PassResult& result) {
  const bool is_made =
      result.outcome == renew::Outcome::renewed || result.outcome == renew::Outcome::rehearsed;
  return is_made || result.hooks || (result.delivery && result.delivery->installed);
}

std::string counted(const Tally& count) {
  std::vector<std::string> parts;
  if (count.failed > 0) parts.push_back(std::to_string(count.failed) + " failed");
  if (count.renewed > 0) parts.push_back(std::to_string(count.renewed) + " renewed");
  if (count.not_tried > 0) parts.push_back(std::to_string(count.not_tried) + " not tried");
  if (count.others > 0 || parts.empty()) parts.push_back(std::to_string(count.others) + " unchanged");
  return join(parts, ", ");
}

install::Event event_of(const Tally& count) {
  if (count.failed + count.not_tried > 0) return install::Event::failure;
  return count.renewed > 0 ? install::Event::change : install::Event::ok;
}

}  // namespace

std::string counts(const std::vector<renew::PassResult>& results) { return counted(tally(results)); }

Tally tally(const std::vector<renew::PassResult>& results) {
  Tally count;
  for (const renew::PassResult& result : results) {
    if (result.outcome == renew::Outcome::not_tried)
      ++count.not_tried;
    else if (is_failure(result))
      ++count.failed;
    else if (is_changed(result))
      ++count.renewed;
    else
      ++count.others;
  }
  return count;
}

install::Notice notice_of(const renew::PassRun& run) {
  install::Notice notice;
  for (const renew::PassResult& result : run.results) notice.text += story(result);
  const Tally count = tally(run.results);
  const std::string all = (run.interrupted ? "interrupted, " : "") + counted(count);
  notice.event = event_of(count);
  notice.subject = "certo: " + all;
  notice.text += all + "\n";
  return notice;
}

}  // namespace certo::commands
