// certo ari: when the CA wants a certificate to be renewed (RFC 9773).
// Defines ari_command of commands/commands.h.
#include "acme/ari.h"
#include "commands/commands.h"
#include "commands/context.h"

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const std::string path = args.words().empty() ? "-" : args.words()[0];
  const std::string subject = path == "-" ? "standard input" : path;
  const crypto::Certificate leaf =
      crypto::parse_chain(read_input(path, 1 << 18, "a certificate"), subject, Exit::bad_input).front();
  const std::optional<std::string> id = acme::renewal_id(leaf);
  if (!id)
    throw Error(Exit::bad_input,
                subject + ": it has no authority key identifier, so a CA cannot identify it");
  const store::Home state = home(args);
  renew::Session session(state, session_settings(args, directory_url(args)));
  const std::optional<acme::RenewalInfo> info = acme::renewal_info(session.bare_client(), leaf);
  if (!info) throw Error(Exit::failed, "this CA does not offer renewal information");

  Json window = Json::object();
  window.set("start", rfc3339(info->start)).set("end", rfc3339(info->end));
  Json json = Json::object();
  json.set("certo", "ari/1").set("certificate", *id).set("suggestedWindow", std::move(window));
  if (!info->explanation_url.empty()) json.set("explanationURL", info->explanation_url);
  print_json(json.set("ask_again", rfc3339(now() + info->ask_again)));
  return Exit::ok;
}

}  // namespace

const Command ari_command{
    .name = "ari",
    .group = Group::plumbing,
    .summary = "ask the CA when a certificate should be renewed",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "certificate PEM",
    .output = "renewal information JSON",
    .sets = {&server_options, &connection_options},
    .examples = {"certo ari --server letsencrypt < www.pem", "certo ari www.pem | jq .suggestedWindow"},
    .description = R"(No account is needed.)",
    .run = run,
};

}  // namespace certo::commands
