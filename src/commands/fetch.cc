// certo fetch: finalizes a ready order, and prints the certificate once it has been checked.
// Defines fetch_command of commands/commands.h.
#include "acme/flow.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/pipe.h"
#include "crypto/csr.h"
#include "os/file.h"
#include "store/orders.h"

namespace certo::commands {
namespace {

crypto::Csr csr_of(const Args& args, const Believed& believed) {
  const acme::Document& document = believed.document;
  if (std::optional<std::string> path = args.find(flag::csr))
    return crypto::parse_csr(os::read_file(*path), *path);
  if (std::optional<std::string> path = args.find(flag::key)) {
    const crypto::PrivateKey key = crypto::PrivateKey::from_pem(os::read_file(*path), *path);
    return crypto::parse_csr_der(crypto::make_csr(key, document.order.identifiers), *path);
  }
  if (document.csr_pem.empty())
    throw Error(Exit::bad_input, "the order contains no CSR",
                "give the CSR with --csr FILE, or the key with --key FILE");
  if (!believed.is_ours)
    throw Error(Exit::bad_input, "this order was opened on another host, so certo does not trust its CSR",
                "give the CSR with --csr FILE, or the key with --key FILE");
  return crypto::parse_csr_pem(document.csr_pem, "the order's CSR");
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  Believed believed = believe(state, read_document(args));
  acme::Document& document = believed.document;
  crypto::Csr csr = csr_of(args, believed);
  if (!crypto::same_set(csr.identifiers, document.order.identifiers))
    throw Error(Exit::bad_input, "the CSR is for other names than the order");

  renew::Session session(state, session_settings_for(args, document));
  acme::Client& client = session.client();
  check_account(client, document);
  bool is_finalized = true;
  document.order = acme::complete(
      client, document.order,
      [&] {
        is_finalized = false;
        return csr.der;
      },
      args.has(flag::key) ? acme::CsrFrom::certo : acme::CsrFrom::user);
  std::vector<crypto::Certificate> chain =
      acme::download(client, document.order, args.get(flag::preferred_chain));
  if (is_finalized && chain.front().spki != csr.spki)
    throw Error(Exit::bad_input, "the certificate of the order has another key than the one given",
                "it was fetched before: give the --csr or --key that was used then");
  for (const crypto::Identifier& extra :
       crypto::check_chain(chain,
                           {.spki = csr.spki,
                           .identifiers = document.order.identifiers,
                           .allows_weak_issuers = session.allows_weak_issuers()},
                           now()))
    log::warn("the CA added " + extra.value + ", which was not requested");
  store::keep_order(state, document);
  write_output(args, crypto::pem(chain));
  return Exit::ok;
}

}  // namespace

const Command fetch_command{
    .name = "fetch",
    .group = Group::plumbing,
    .summary = "finalize an order and print its certificate",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "order document, ready",
    .output = "full chain PEM",
    .options = {flag::csr.with_help("the CSR, if the order was opened with names"),
                flag::key.with_help("the private key, instead of a CSR"), flag::preferred_chain,
                flag::output},
    .sets = {&connection_options, &account_options},
    .examples = {"certo fetch < ready.json > www.pem", "certo fetch --csr www.csr -o www.pem < ready.json"},
    .description =
        R"(Before it prints the certificate, certo checks it against the CSR's key, the names, the dates and its
own chain.)",
    .run = run,
};

}  // namespace certo::commands
