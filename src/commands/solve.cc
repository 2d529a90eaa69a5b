// certo solve: fulfils the challenges of an order until the CA calls it ready.
// Defines solve_command of commands/commands.h.
#include "acme/flow.h"
#include "challenge/take_out.h"
#include "commands/commands.h"
#include "commands/pipe.h"
#include "commands/report.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "store/orders.h"

namespace certo::commands {
namespace {

std::unique_ptr<acme::Solver> chosen_solver(const Args& args, const store::Home& state,
                                            const acme::Order& order) {
  std::optional<store::Ways> chosen = ways(args);
  require_names_of(order, args);
  if (!chosen) {
    Error error = no_way_given(order.identifiers);
    error.hint += "; --no-present if another host has added the records";
    throw error;
  }
  choose_services(args, *chosen, order.identifiers);
  challenge::SolverSettings settings = solver_settings(args);
  settings.records_are_there = args.has(flag::no_present);
  if (settings.records_are_there && !has_dns(*chosen))
    throw Error(Exit::usage,
                std::string("--no-present waits for DNS records, which --") + method_of(chosen->usual).name +
                    " does not add",
                "omit one of them");
  return challenge::make_solver(state, *chosen, settings);
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  Believed believed = believe(state, read_document(args));
  acme::Document& document = believed.document;
  state.prepare();
  std::unique_ptr<acme::Solver> solver = chosen_solver(args, state, document.order);
  const challenge::SolverSettings solving = solver_settings(args);
  const challenge::Sweep sweep(state, [&] { return solving; });

  renew::Session session(state, session_settings_for(args, document));
  acme::Client& client = session.client();
  check_account(client, document);
  try {
    document.order = acme::solve(client, document.order, *solver);
  } catch (const challenge::PersonNeeded& needed) {
    report_needed(args, "", needed);
    throw;
  } catch (const Error& error) {
    session.note(error, {.identifiers = document.order.identifiers, .account = document.account});
    throw;
  }
  acme::read_authorizations(client, document.order);
  pass_on(state, document, client.thumbprint());
  return Exit::ok;
}

}  // namespace

const Command solve_command{
    .name = "solve",
    .group = Group::plumbing,
    .summary = "prove the names of an order to the CA",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document",
    .output = "order document, ready",
    .options = {domain_of_way, flag::no_present},
    .sets = {&way_options, &connection_options, &account_options},
    .examples = {"certo solve --webroot /var/www/html < order.json > ready.json",
                 "certo order < www.csr | certo solve --dns exec:/etc/certo/dns.sh | certo fetch -o www.pem"},
    .description = R"(Records and files are removed afterwards, also after an interruption.)",
    .run = run,
};

}  // namespace certo::commands
