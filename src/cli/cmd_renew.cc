// certo renew, certo cron: whatever is due, each certificate on its own.
#include <charconv>

#include "base/log.h"
#include "base/text.h"
#include "challenge/solver.h"
#include "cli/context.h"
#include "cli/report.h"
#include "renew/pass.h"
#include "store/entry.h"

namespace certo::cli {
namespace {

void check_names(const store::Home& state, const std::vector<std::string>& asked) {
  for (const std::string& name : asked)
    if (!store::Entry(state, name).exists()) throw unknown_certificate(state, name);
}

constexpr Option jobs_option{"-j,--jobs", Value::text, "N", "certificates at a time (default: 4)"};

size_t jobs(const Args& args) {
  constexpr int most = 256;
  const std::string text = args.get("--jobs", "4");
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > most)
    throw Error(Exit::usage, "--jobs: '" + text + "' is no number from 1 to " + std::to_string(most));
  return static_cast<size_t>(count);
}

Exit pass(const Args& args, std::vector<std::string> asked, bool scheduled) {
  store::Home state = home(args);
  challenge::sweep(state, solver_settings(args));
  renew::PassSettings settings;
  settings.names = std::move(asked);
  settings.force = args.has("--force");
  settings.jobs = jobs(args);
  settings.is_attended = !scheduled && is_attended(args);
  settings.session = session_settings(args, "");
  return report_pass(args, renew::run_pass(state, settings), scheduled);
}

Exit run_renew(const Args& args) {
  std::vector<std::string> asked;
  for (const std::string& word : args.words()) asked.push_back(store::certificate_name(word));
  if (!asked.empty() && args.has("--all"))
    throw Error(Exit::usage, "names and --all together", "leave one of them out");
  // Without a name it is all that is due; all that is not due has to be said.
  if (asked.empty() && args.has("--force") && !args.has("--all"))
    throw Error(Exit::usage, "--force for which certificates?",
                "give names ('certo list' shows them), or --all");
  store::Home state = home(args);
  check_names(state, asked);
  if (store::entries(state).empty()) log::say("there are no certificates in " + state.path());
  return pass(args, std::move(asked), false);
}

Exit run_cron(const Args& args) { return pass(args, {}, true); }

}  // namespace

extern const Command renew_command{
    .name = "renew",
    .group = Group::porcelain,
    .summary = "renew what is due",
    .usage = "[NAME…]",
    .input = "-",
    .output = "-",
    .options = {{"-a,--all", Value::none, nullptr, "every certificate in the store; the same as no name"},
                {"-f,--force", Value::none, nullptr, "also what is not due"},
                jobs_option,
                {"--exit-2", Value::none, nullptr, "exit 2 when nothing was due"}},
    .network = true,
    .examples = {"certo renew --all", "certo renew example.com", "certo renew --force example.com"},
    .description =
        "When a certificate is due is the CA's word (RFC 9773) where it gives one, else a third of the "
        "lifetime before the end. One failure does not stop the others.",
    .run = run_renew,
    .words_most = -1,
};

extern const Command cron_command{
    .name = "cron",
    .group = Group::porcelain,
    .summary = "renew what is due, and say nothing where nothing happened",
    .usage = "",
    .input = "-",
    .output = "-",
    .options = {jobs_option},
    .network = true,
    .examples = {"17 * * * * root certo cron   # a line for /etc/cron.d/certo"},
    .description =
        "Every hour is right: a pass over a thousand certificates that are not due takes milliseconds and "
        "asks nobody.",
    .run = run_cron,
};

}  // namespace certo::cli
