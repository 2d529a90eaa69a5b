// certo order: opens an order (RFC 8555 section 7.4) and stores its URL.
// Defines order_command of commands/commands.h.
#include <unistd.h>

#include "acme/ari.h"
#include "acme/order.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/pipe.h"
#include "crypto/csr.h"
#include "os/file.h"
#include "renew/terms.h"
#include "store/accepted.h"
#include "store/lifetime.h"
#include "store/orders.h"

namespace certo::console::flag {

constexpr Option replaces{"--replaces", Value::file, "FILE",
                          "the certificate that the new one replaces (RFC 9773)"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

std::string replaced_id(const Args& args) {
  std::optional<std::string> path = args.find(flag::replaces);
  if (!path) return {};
  std::vector<crypto::Certificate> chain = crypto::parse_chain(os::read_file(*path), *path, Exit::bad_input);
  std::optional<std::string> id = acme::renewal_id(chain.front());
  if (!id)
    throw Error(Exit::bad_input,
                *path + " has no authority key identifier, so it cannot be named to a CA as replaced");
  return *id;
}

/// Profile and dates, as 'certo issue' requests them.
store::Request terms(const Args& args, const std::string& directory) {
  if (args.has(flag::profile) && args.has(flag::preferred_profile))
    throw Error(Exit::usage, "--profile and --preferred-profile together", "leave one of them out");
  store::Request request;
  request.directory = directory;
  request.profile = args.get(flag::profile);
  request.preferred_profile = args.get(flag::preferred_profile);
  request.not_before = args.get(flag::not_before);
  request.not_after = args.get(flag::not_after);
  for (const std::string& date : {request.not_before, request.not_after})
    if (!date.empty()) store::parse_date(date, now());
  return request;
}

Exit run(const Args& args) {
  acme::Document document;
  document.directory = directory_url(args);
  store::Request asked = terms(args, document.directory);
  if (args.has(flag::domain)) {
    asked.identifiers = names(args);
  } else {
    crypto::Csr csr = crypto::parse_csr(read_input("-", 1 << 18, "a CSR (or give names with -d)"), "stdin");
    asked.identifiers = csr.identifiers;
    document.csr_pem = crypto::csr_pem(csr.der);
  }

  const store::Home state = home(args);
  store::require_accepted(store::server_of(state, document.directory).value_or(store::Server{}), asked);
  state.prepare();
  renew::Session session(state, session_settings(args, document.directory));
  renew::OrderUse use{.identifiers = asked.identifiers};
  session.require_room(use);
  acme::Client& client = session.client();
  use.account = document.account = client.account();
  try {
    acme::OrderRequest request = renew::order_for(state, asked, client.directory(), now());
    request.replaces = replaced_id(args);
    document.order = renew::counted_order(session, client, request, use);
    if (document.order.replaces != request.replaces)
      log::warn("the CA does not accept the order as a replacement; it is an ordinary order");
    store::keep_order(state, document);
    acme::read_authorizations(client, document.order);
    session.note_challenge_types(document.order);
  } catch (const Error& error) {
    session.note(error, use);
    throw;
  }
  pass_on(state, document, client.thumbprint());
  return Exit::ok;
}

}  // namespace

const Command order_command{
    .name = "order",
    .group = Group::plumbing,
    .summary = "open an order at the CA",
    .input = "CSR PEM, or nothing with -d",
    .output = "order document",
    .options = {flag::domain, flag::profile, flag::preferred_profile, flag::not_before, flag::not_after,
                flag::replaces, flag::force.with_help("open it even if a limit of the CA leaves no room")},
    .sets = {&server_options, &connection_options, &account_options, &registration_options},
    .examples = {"certo order < www.csr > order.json",
                 "certo order -d example.com -d '*.example.com' > order.json"},
    .description =
        R"(The document holds no secret. It can be sent to another host, and used again after an interruption.)",
    .run = run,
};

}  // namespace certo::commands
