#include "acme/flow.h"

#include <algorithm>
#include <map>
#include <set>

#include "acme/jws.h"
#include "acme/poll.h"
#include "acme/txt_record.h"
#include "base/log.h"
#include "base/text.h"
#include "os/signals.h"

namespace certo::acme {
namespace {

/// Removes everything that was presented, whatever happens; also after a signal.
class CleanUp {
 public:
  explicit CleanUp(Solver& solver) : solver_(solver) {}
  ~CleanUp() {
    const os::Grace grace;
    solver_.cleanup();
  }
  CleanUp(const CleanUp&) = delete;
  CleanUp& operator=(const CleanUp&) = delete;

 private:
  Solver& solver_;
};

bool is_unfinished(const Authorization& authorization) {
  return authorization.status == AuthorizationStatus::pending;
}

const Challenge* find_challenge(const Authorization& authorization, const std::string& type) {
  auto found = std::ranges::find(authorization.challenges, type, &Challenge::type);
  return found == authorization.challenges.end() ? nullptr : &*found;
}

/// The first challenge of `authorization` that `solver` can fulfil.
const Challenge& choose_challenge(const Authorization& authorization, const Solver& solver) {
  const std::vector<std::string> wanted = solver.types(authorization);
  for (const std::string& type : wanted)
    if (const Challenge* challenge = find_challenge(authorization, type)) return *challenge;
  std::vector<std::string> offered;
  for (const Challenge& challenge : authorization.challenges) offered.push_back(challenge.type);
  const std::string who = (authorization.wildcard ? "*." : "") + authorization.identifier.value;
  throw Error(Exit::config,
              "the CA offers " + (offered.empty() ? "no challenge" : join(offered, ", ")) + " for " + who +
                  ", and the chosen method can do " + (wanted.empty() ? "none of them" : join(wanted, ", ")),
              solver.advice(authorization));
}

struct Answer {
  Task task;
  Url challenge;
  Url authorization;
  bool sent = false;  // by an earlier run
};

Answer make_answer(const Client& client, const Authorization& authorization, const Challenge& challenge) {
  Answer answer;
  answer.challenge = challenge.url;
  answer.authorization = authorization.url;
  answer.sent = challenge.status == "processing";
  Task& task = answer.task;
  task.identifier = authorization.identifier;
  task.wildcard = authorization.wildcard;
  task.type = challenge.type;
  task.token = challenge.token;
  task.key_authorization = key_authorization(challenge.token, client.thumbprint());
  task.persist = challenge.persist;
  task.persist.account_uris.push_back(client.account());
  if (auto record = record_of(authorization, challenge, {client.account(), client.thumbprint()}))
    task.record = *std::move(record);
  return answer;
}

std::string who_of(const Authorization& authorization) {
  return (authorization.wildcard ? "*." : "") + authorization.identifier.value;
}

/// What the solver published may explain it.
Unproven refused(const Authorization& authorization, const Challenge& challenge) {
  const Problem& problem = *challenge.error;
  const std::string name = who_of(authorization);
  Unproven error(Exit::failed, name + ": the CA's " + challenge.type + " check failed: " + describe(problem),
                 hint_for(problem));
  error.names = {{name, describe(problem)}};
  error.has_other_answer =
      problem.type == "unauthorized" || problem.type == "incorrectResponse" ||
      problem.type == "rejectedIdentifier";  // what smallstep's code says of another answer
  return error;
}

/// Every name with the CA's words, so that a person can correct all of them at once.
[[noreturn]] void throw_all(const std::vector<Unproven>& failed) {
  if (failed.size() == 1) throw Unproven(failed.front());
  std::vector<std::string> messages;
  Unproven all = failed.front();
  all.names.clear();
  for (const Unproven& error : failed) {
    messages.push_back(error.message);
    all.names.push_back(error.names.front());
  }
  all.message = std::to_string(failed.size()) + " names failed: " + join(messages, "; ");
  throw Unproven(all);
}

/// Throws if an authorization has failed. Some CAs leave a failed challenge pending with an
/// error in it (Caddy's, step-ca): it is answered once more, and the second error is final.
void check_authorizations(Client& client, Order& order, std::set<std::string>& answered_again) {
  read_authorizations(client, order);
  std::vector<Url> again;
  std::vector<Unproven> failed;
  for (const Authorization& authorization : order.authorizations) {
    for (const Challenge& challenge : authorization.challenges) {
      if (!challenge.error || authorization.status == AuthorizationStatus::valid) continue;
      if (authorization.status != AuthorizationStatus::pending ||
          !answered_again.insert(challenge.url.text).second)
        failed.push_back(refused(authorization, challenge));
      else
        again.push_back(challenge.url);
    }
    if (!failed.empty()) continue;
    if (authorization.status != AuthorizationStatus::pending &&
        authorization.status != AuthorizationStatus::valid)
      throw Error(Exit::failed,
                  who_of(authorization) + ": the authorization is " + name(authorization.status),
                  "the same command again opens a new order");
  }
  if (!failed.empty()) throw_all(failed);
  if (!again.empty()) answer(client, again);
}

void pause_for_validation(Client& client, const Order& order, Polled& polled, Millis wait) {
  if (client.deadline().left() <= wait) throw Stuck(order);
  client.pause(wait, "the CA's validation");
  polled.add(wait);
}

/// One poll. The deadline may pass during a request as well as between two of them.
template <typename Ask>
void poll(Client& client, const Order& order, Ask ask) {
  const Order before = order;
  try {
    ask();
  } catch (const Error& error) {
    if (error.code == Exit::unreachable && client.deadline().passed()) throw Stuck(before);
    throw;
  }
}

/// "waiting for the CA's validation, 12 of 20 names validated", as the authorizations were last read.
std::string progress_of(const Order& order) {
  const auto valid =
      std::ranges::count(order.authorizations, AuthorizationStatus::valid, &Authorization::status);
  const std::string count = order.authorizations.size() < 2
                                ? ""
                                : ", " + std::to_string(valid) + " of " +
                                      std::to_string(order.authorizations.size()) + " names validated";
  return "waiting for the CA's validation" + count;
}

/// Polls the order until it is no longer `pending`: one request for each poll, however many names it has.
Order await_validation(Client& client, Order order) {
  log::Waiting live(progress_of(order));
  std::optional<Seconds> suggested;
  std::set<std::string> answered_again;
  for (Polled polled;;) {
    pause_for_validation(client, order, polled, next_poll(polled.attempts, suggested));
    poll(client, order, [&] { order = read_order(client, order, &suggested); });
    if (order.status != OrderStatus::pending) return order;
    if (!is_look_due(polled, order.authorization_urls.size())) continue;
    poll(client, order, [&] { check_authorizations(client, order, answered_again); });
    live.change(progress_of(order));
    polled.last_look = polled.elapsed;
  }
}

/// Polls the authorizations of a round that is not the last: the order stays pending meanwhile.
void await_round(Client& client, Order& order, const std::vector<Answer>& round) {
  log::Waiting live(progress_of(order));
  std::set<std::string> answered_again;
  for (Polled polled;;) {
    pause_for_validation(client, order, polled, next_look(polled, order.authorization_urls.size()));
    poll(client, order, [&] { check_authorizations(client, order, answered_again); });
    live.change(progress_of(order));
    auto is_done = [&](const Answer& answer) {
      auto found = std::ranges::find(order.authorizations, answer.authorization.text,
                                     [](const Authorization& one) { return one.url.text; });
      return found != order.authorizations.end() && found->status == AuthorizationStatus::valid;
    };
    if (std::ranges::all_of(round, is_done)) return;
  }
}

/// Not the token alone: a challenge of a new type may have none.
std::string id_of(const Task& task) {
  return (task.wildcard ? "*." : "") + task.identifier.value + " " + task.token;
}

std::vector<std::vector<Answer>> plan(const Client& client, const Order& order, const Solver& solver) {
  std::map<std::string, Answer> answers;  // by id_of
  std::vector<Task> tasks;
  for (const Authorization& authorization : order.authorizations) {
    if (!is_unfinished(authorization)) continue;
    Answer answer = make_answer(client, authorization, choose_challenge(authorization, solver));
    tasks.push_back(answer.task);
    answers.emplace(id_of(tasks.back()), std::move(answer));
  }
  std::vector<std::vector<Answer>> rounds;
  for (const std::vector<Task>& round : solver.rounds(std::move(tasks))) {
    rounds.emplace_back();
    for (const Task& task : round) rounds.back().push_back(answers.at(id_of(task)));
  }
  return rounds;
}

void tell_round(const std::vector<Task>& tasks) {
  for (const Task& task : tasks)
    log::verbose("proving " + std::string(task.wildcard ? "*." : "") + task.identifier.value + " by " +
                 task.type);
}

/// Throws Declined if the solver declines a round, of which the CA knows nothing then.
void fulfil_once(Client& client, Order& order, Solver& solver) {
  std::vector<std::vector<Answer>> rounds = plan(client, order, solver);
  for (size_t i = 0; i < rounds.size(); ++i) {
    std::vector<Task> tasks;
    std::vector<Url> challenges;
    for (const Answer& one : rounds[i]) {
      tasks.push_back(one.task);
      if (!one.sent) challenges.push_back(one.challenge);
    }
    const CleanUp clean_up(solver);
    tell_round(tasks);
    locally([&] {
      solver.present(tasks);
      solver.wait();
    });
    log::verbose("the CA may validate now");
    answer(client, challenges);
    if (i + 1 < rounds.size())
      await_round(client, order, rounds[i]);
    else
      order = await_validation(client, order);
    if (order.status != OrderStatus::invalid) solver.validated();
  }
  if (rounds.empty()) order = await_validation(client, order);
}

Order fulfil(Client& client, Order order, Solver& solver) {
  for (;;) {
    try {
      fulfil_once(client, order, solver);
      return order;
    } catch (const Declined& declined) {
      log::verbose(declined.message);  // each one leaves fewer types to choose from
    }
  }
}

/// True if a finalize may have reached the CA although it seems to have failed: the answer was lost, or
/// libcurl sent the request again on a new connection and the CA had acted on the first. The order shows it.
bool may_have_been_acted_on(const Error& error) {
  const auto* refusal = dynamic_cast<const Refusal*>(&error);
  return error.code == Exit::unreachable || (refusal && refusal->problem.type == "orderNotReady");
}

}  // namespace

Stuck::Stuck(Order pending)
    : Error(Exit::unreachable, "gave up at the deadline, waiting for the CA's validation",
            "the same command again continues this order; --deadline SECONDS allows more time"),
      order(std::move(pending)) {}

/// The CA ends an order at the first name that fails. Others may be in validation still: their failures come
/// within seconds, and are worth waiting for.
std::vector<Unproven> failures(Client& client, Order order) {
  constexpr int most_looks = 4;
  std::vector<Unproven> failed;
  for (int look = 1;; ++look) {
    try {
      read_authorizations(client, order);
    } catch (const Error&) {
      if (look == 1) throw;
      return failed;
    }
    failed.clear();
    bool is_any_open = false;
    for (const Authorization& authorization : order.authorizations) {
      is_any_open = is_any_open || authorization.status == AuthorizationStatus::pending;
      for (const Challenge& challenge : authorization.challenges)
        if (challenge.error && authorization.status != AuthorizationStatus::valid)
          failed.push_back(refused(authorization, challenge));
    }
    const Millis wait = next_poll(look, {});
    if (failed.empty() || !is_any_open || look == most_looks || client.deadline().left() <= wait)
      return failed;
    client.pause(wait, "the CA's validation of the other names");
  }
}

void throw_invalid(Client& client, Order order) {
  if (const std::vector<Unproven> failed = failures(client, order); !failed.empty()) throw_all(failed);
  if (order.error) {
    Unproven error(order.error->type == "serverInternal" ? Exit::unreachable : Exit::failed,
                   "the CA made the order invalid: " + describe(*order.error), hint_for(*order.error));
    error.order_problem = order.error;
    throw Unproven(error);
  }
  throw Error(Exit::failed, "the order is invalid, and the CA does not say why",
              "the same command again opens a new order");
}

Order solve(Client& client, Order order, Solver& solver, LastRead last_read) try {
  if (last_read == LastRead::earlier) order = read_order(client, order);
  if (order.status == OrderStatus::pending) {
    read_authorizations(client, order);
    order = fulfil(client, std::move(order), solver);
  }
  if (order.status != OrderStatus::invalid) log::verbose("the CA has validated all names");
  if (order.status == OrderStatus::invalid) throw_invalid(client, std::move(order));
  return order;
} catch (Unproven& unproven) {
  const std::string published = solver.published();
  if (unproven.has_other_answer && !published.empty()) unproven.hint = published;
  throw;
}

Order complete(Client& client, Order order, const std::function<Bytes()>& csr, CsrFrom from,
               LastRead last_read) {
  if (last_read == LastRead::earlier) order = read_order(client, order);
  bool was_in_doubt = false;
  const log::Waiting live("waiting for the CA to make the certificate");
  std::optional<Seconds> suggested;
  int polls = 0;
  for (;;) {
    switch (order.status) {
      case OrderStatus::valid: return order;
      case OrderStatus::invalid: throw_invalid(client, std::move(order));
      case OrderStatus::pending:
        throw Error(Exit::bad_input, "the order is still pending: not all names are proven",
                    "run 'certo solve' first");
      case OrderStatus::ready:
        try {
          log::verbose("sending the CSR");
          order = finalize(client, order, csr(), from);
          continue;
        } catch (const Error& error) {
          if (!may_have_been_acted_on(error) || was_in_doubt) throw;
          was_in_doubt = true;
          break;
        }
      case OrderStatus::processing: break;
    }
    const Millis wait = next_poll(polls++, suggested);
    if (client.deadline().left() <= wait)
      throw Error(Exit::later, "the CA is still making the certificate",
                  "the same command again continues where this one stopped");
    client.pause(wait, "the CA to make the certificate");
    order = read_order(client, order, &suggested);
  }
}

}  // namespace certo::acme
