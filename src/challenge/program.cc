#include "challenge/program.h"

#include <algorithm>
#include <set>

#include "acme/jws.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/methods.h"
#include "challenge/take_out.h"
#include "os/child.h"
#include "os/program.h"
#include "provider/executable.h"

namespace certo::challenge {
namespace {

constexpr Millis longest_call = Seconds(300);

enum class Word { begin, done, failed };

const char* text_of(Word word) {
  switch (word) {
    case Word::begin: return "begin";
    case Word::done: return "done";
    case Word::failed: break;
  }
  return "failed";
}

/// Returns why it failed; "" if it did not. Throws Error{config} if the program cannot be run.
std::string call(const std::string& path, Word word, const store::PresentedCall& what,
                 const std::vector<std::string>& more_variables, const Deadline& deadline) {
  os::Command command;
  command.argv = {path, text_of(word), what.type, what.identifier, what.token, what.answer};
  command.path = os::trusted_program(path);
  command.environment = os::clean_environment();
  for (const auto& [name, value] : {std::pair<const char*, std::string>{"METHOD", text_of(word)},
                                    {"TYPE", what.type},
                                    {"IDENT", what.identifier},
                                    {"TOKEN", what.token},
                                    {"AUTH", what.answer}})
    command.environment.push_back(std::string("UACME_") + name + "=" + value);
  command.environment.insert(command.environment.end(), more_variables.begin(), more_variables.end());
  command.deadline = std::min(deadline.left(), longest_call);
  log::verbose(path + " " + text_of(word) + " " + what.type + " " + what.identifier);
  const os::Finished finished = os::run(command);
  if (finished.status == 0 && !finished.timed_out) return {};
  return provider::reason(finished, command.deadline);
}

std::string answer_of(const acme::Task& task) {
  if (task.token.empty()) return {};
  const bool is_digest = task.type.starts_with("dns-") || task.type == "tls-alpn-01";
  return is_digest ? acme::dns01_value(task.key_authorization) : task.key_authorization;
}

store::PresentedCall call_of(const acme::Task& task) {
  return {task.type, task.identifier.value, task.token, answer_of(task)};
}

class Program : public MethodSolver {
 public:
  Program(const store::Program& way, const store::Home& home, const SolverSettings& settings)
      : MethodSolver(way), way_(way), home_(home), settings_(settings) {
    static_cast<void>(os::trusted_program(way_.path));
  }

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    std::vector<std::string> types;
    for (const acme::Challenge& challenge : authorization.challenges) {
      const bool is_wanted = way_.type.empty() || way_.type == challenge.type;
      if (is_wanted && is_challenge_type(challenge.type) && !has_declined(authorization, challenge.type))
        types.push_back(challenge.type);
    }
    if (types.empty() && !way_.type.empty() && !has_declined(authorization, way_.type)) types = {way_.type};
    return types;
  }

  std::string advice(const acme::Authorization&) const override {
    if (reasons_.empty()) return "choose one that the CA offers with --challenge-type, or omit it";
    return way_.path + " declined: " + join(reasons_, "; ");
  }

  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) begin(task);
  }

  void validated() override { is_validated_ = true; }

  void cleanup() noexcept override {
    if (is_validated_ && journal_) say_done();
    is_validated_ = false;
    clean_up(home_, journal_, settings_.lock_timeout);
  }

 private:
  bool has_declined(const acme::Authorization& authorization, const std::string& type) const {
    return declined_.contains({authorization.identifier.value, authorization.wildcard, type});
  }

  void begin(const acme::Task& task) {
    if (!journal_) journal_.emplace(home_, way_);
    const store::PresentedCall what = call_of(task);
    journal_->add(what);
    // What a program for DNS needs to know, and cannot tell from the other words.
    std::vector<std::string> more;
    if (task.type.starts_with("dns-"))
      more = {"CERTO_RECORD=" + task.record.name, "CERTO_VALUE=" + task.record.value};
    const std::string why = call(way_.path, Word::begin, what, more, settings_.deadline);
    if (why.empty()) return;
    journal_->drop(what);
    declined_.insert({task.identifier.value, task.wildcard, task.type});
    reasons_.push_back(task.type + " for " + task.identifier.value + " (" + printable(why) + ")");
    throw acme::Declined(Exit::config, way_.path + " declined " + reasons_.back());
  }

  void say_done() noexcept {
    try {
      const std::vector<store::PresentedCall> calls = journal_->calls();
      for (const store::PresentedCall& what : calls) {
        const std::string why = call(way_.path, Word::done, what, {}, Deadline(longest_call));
        if (!why.empty()) log::warn(way_.path + " done " + what.identifier + ": " + printable(why));
        journal_->drop(what);
      }
    } catch (const std::exception& error) {
      log::warn(way_.path + ": " + error.what());
    }
  }

  const store::Program way_;
  const store::Home& home_;
  const SolverSettings settings_;
  std::optional<store::Presented> journal_;
  std::set<std::tuple<std::string, bool, std::string>> declined_;
  std::vector<std::string> reasons_;
  bool is_validated_ = false;
};

}  // namespace

bool is_challenge_type(std::string_view text) {
  constexpr size_t longest = 64;
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void end_calls(const store::Presented& journal, const Deadline& deadline) {
  const auto* const way = std::get_if<store::Program>(&journal.way());
  if (!way) throw Error(Exit::bad_input, "a journal lists calls, and its method is not a program");
  for (const store::PresentedCall& what : journal.calls()) {
    const std::string why = call(way->path, Word::failed, what, {}, deadline);
    if (!why.empty()) throw Error(Exit::failed, way->path + " failed: " + printable(why));
  }
}

std::unique_ptr<acme::Solver> method_solver(const store::Program& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return std::make_unique<Program>(way, home, settings);
}

}  // namespace certo::challenge
