// certo issue: gets a certificate and stores it, with one command.
// Defines issue_command of commands/commands.h.
#include "commands/issue.h"

#include <algorithm>
#include <optional>

#include "acme/flow.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/take_out.h"
#include "commands/after_failure.h"
#include "commands/asked.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/domains_file.h"
#include "commands/found_names.h"
#include "commands/hook_options.h"
#include "commands/rehearsal.h"
#include "commands/rekey.h"
#include "commands/report.h"
#include "commands/targets.h"
#include "commands/terms.h"
#include "commands/unattended.h"
#include "commands/web_edits.h"
#include "install/choose.h"
#include "install/hooks.h"
#include "install/over_real.h"
#include "renew/cron.h"
#include "renew/due.h"
#include "renew/issue.h"
#include "renew/refresh.h"
#include "renew/rehearsal.h"
#include "renew/several.h"
#include "store/account.h"
#include "store/entry.h"
#include "store/find.h"
#include "store/test_certificate.h"

namespace certo::commands {
namespace {

Exit rehearse(const Args& args, const store::Home& state, const store::Entry& entry,
              const store::Request& request) {
  // For a new certificate, --server may name its CA or the test server, so the table of CAs decides.
  std::string live = request.directory;
  if (entry.exists())
    live = entry.request().directory;
  else if (args.says(flag::server))
    live.clear();
  show_web_edits(args, entry, request);
  if (!request.fallbacks.empty()) log::say(entry.name() + ": the rehearsal is at the first of its CAs only");
  try {
    renew::Rehearsal(state, rehearsal_settings(args))
        .issue(entry.name(), request, test_directory(args, live), solver_settings(args));
  } catch (const Error& error) {
    throw error.within(entry.name() + ": rehearsal");
  }
  const renew::PassResult result{.name = entry.name(), .outcome = renew::Outcome::rehearsed};
  const PassReport report(args, PassReport::Audience::person);
  report.news().ended(result, {});
  return report.end({{result}, {}});
}

/// The installation of --key-file, --reloadcmd and the like, checked before certo contacts the CA.
std::optional<install::Installation> wanted_installation(const Args& args, const store::Home& state,
                                                         const store::Entry& entry,
                                                         const store::Request& request) {
  const std::optional<install::Installation> given = installation(args);
  if (!given) return {};
  install::Installation good = install::checked(state, *given);
  install::require_key(request, good);
  install::require_unclaimed(state, entry.name(), good);
  if (!args.has(flag::force) && store::is_test_directory(state, request.directory))
    install::require_no_real(state, entry, good);
  return good;
}

/// A request that works now must also work from cron.
void warn_of_cron(const store::Home& state, const std::string& name, const store::Request& request) {
  for (const std::string& line : renew::missing_in_cron(state, request))
    log::warn(name + ": a renewal from cron will not have everything that this run had: " + line);
}

/// Says which names of a new certificate a stored wildcard covers.
void say_covered(const store::Home& state, const store::Entry& entry, const store::Request& request) {
  std::vector<std::string> wildcards;
  for (const crypto::Identifier& one : request.identifiers)
    if (const size_t dot = one.value.find('.'); dot != one.value.npos)
      wildcards.push_back("*" + one.value.substr(dot));
  if (wildcards.empty()) return;
  const std::vector<std::string> likely = store::mentioning(state, wildcards);
  for (const crypto::Identifier& one : request.identifiers) {
    const auto covers_it = [&](const crypto::Identifier& other) {
      return other != one && crypto::covers(other, one);
    };
    const auto name =
        store::find_entry(state, likely, [&](const std::string& other, const store::Request& held) {
          return other != entry.name() && std::ranges::any_of(held.identifiers, covers_it);
        });
    if (name) log::say(one.value + ": a wildcard of the certificate " + *name + " covers it already");
  }
}

/// Options for a new account do not change an existing one.
void warn_of_unused(const Args& args, const store::Home& state, const store::Request& request) {
  for (const Option& option : {flag::email, flag::account_key_type}) {
    if (!args.says(option) || args.says(flag::account_key)) continue;
    if (!store::AccountFolder(state, request.directory, request.account).account()) continue;
    log::warn(std::string(option.name()) +
              " is not used: the account exists; 'certo account update --email ADDR' and " +
              "'certo account rollover' change it");
  }
}

/// The certificate is often called as the name that failed; then it is said once.
Error about(const std::string& certificate, const Error& error) {
  return error.message.starts_with(certificate + ": ") ? error : error.within(certificate);
}

struct Got {
  bool was_due;
  Exit code = Exit::ok;  // not if names are missing
};

/// The certificate cannot be ordered before a certain time. A pass that comes later orders what is stored.
Error postponed(const store::Entry& entry, const store::Request& request, renew::GateClosed closed,
                IfPostponed what) {
  const bool is_known = entry.exists();
  if (!is_known && what == IfPostponed::store) {
    entry.save(request);
    closed.hint =
        "the request is stored, and 'certo cron' or 'certo renew --all' orders it then; " + closed.hint;
  }
  if (entry.exists() && entry.request() == request) renew::note_wait(entry, closed, now());
  return about(entry.name(), closed);
}

/// Makes the certificate live if it is due. Holds the lock meanwhile.
Got get(const Args& args, const store::Home& state, const store::Entry& entry, const store::Request& request,
        const std::optional<install::Installation>& targets, IfPostponed if_postponed) {
  const Deadline whole = solver_settings(args).deadline;
  const os::Lock lock = entry.lock(lock_timeout(args));
  entry.adopt();
  install::store_hooks(state, entry, wanted_hooks(args));

  renew::SessionSettings settings = session_settings(args, request.directory);
  settings.use(request);
  warn_of_unused(args, state, request);
  // A request for another certificate (a profile with a shorter life, another CA) is carried out as it is.
  // Other settings count from the next renewal on.
  const bool is_known = entry.exists();
  const bool is_stored = is_known && entry.request() == request;
  renew::Sessions sessions(state, settings);
  const bool as_before = is_known && store::asks_for_same(entry.request(), request) && !args.has(flag::force);
  if (as_before) {
    const store::Status status = renew::refresh(entry, sessions, now(), renew::EntryLock::held);
    if (renew::due(status, now()) == renew::Due::later) {
      if (!is_stored) {
        challenge::make_solver(state, request.ways, solver_settings(args));  // throws if they cannot work
        renew::settle_cas(sessions, request);
        renew::store_settings(entry, request);
        warn_of_cron(state, entry.name(), request);
        log::say(entry.name() + ": the changed settings are stored for the next renewal");
      }
      report_unchanged(args, entry, status);
      if (targets) install::store_installation(entry, *targets);
      if (targets || !is_stored) warn_of_service(state, entry.name());
      return {.was_due = false};
    }
  }
  try {
    renew::settle_cas(sessions, request);
    install::begin_hooks(entry, state, {.names = values(request.identifiers)});
    const renew::IssueResult result =
        renew::issue(sessions, state, entry, request, solver_settings(args), {.allow_older = !as_before});
    report_issued(args, entry, request, result);
    if (!is_stored || !as_before) warn_of_cron(state, entry.name(), request);
    if (!is_known) {
      say_covered(state, entry, request);
      say_unscheduled(state);
    }
    if (targets) install::store_installation(entry, *targets);
    if (targets || !is_stored || !as_before) warn_of_service(state, entry.name());
    return {.was_due = true, .code = result.left_out.empty() ? Exit::ok : Exit::failed};
  } catch (const challenge::PersonNeeded& needed) {
    report_needed(args, entry.name(), needed);
    throw needed.within(entry.name());
  } catch (const renew::GateClosed& closed) {
    throw postponed(entry, request, closed, if_postponed);
  } catch (const Error& error) {
    // Only the stored request is renewed, so only its failures count, not those of a mistyped one. Before the
    // first certificate, 'certo info' shows what became of an order.
    const bool is_unproven = dynamic_cast<const acme::Unproven*>(&error) != nullptr;
    const bool is_first_order =
        !is_known && error.code == Exit::failed && (is_unproven || entry.next_order());
    if (is_stored || is_first_order) renew::note_failure(entry, error, now());
    throw Explained(about(entry.name(), error), seen_after(args, state, entry.name(), request, error, whole));
  }
}

struct Ended {
  Exit code;
  bool is_installed;
};

Ended run(const Args& args, const store::Home& state, const store::Entry& entry,
          const store::Request& request, IfPostponed if_postponed) {
  state.prepare();
  const std::optional<install::Installation> targets = wanted_installation(args, state, entry, request);
  const std::optional<WebInstall> web = web_install(args, request);
  if (web) require_installable(state, entry, request, *web);
  const Got got = get(args, state, entry, request, targets, if_postponed);
  const Exit code = deliver_and_tell(args, state, entry.name(), Which::pending);
  if (web) install_in_web_server(args, state, entry, request, *web);
  if (code == Exit::ok && !got.was_due && args.has(flag::exit_2))
    return {.code = Exit::nothing_due, .is_installed = true};
  return {.code = worst(code, got.code), .is_installed = code == Exit::ok};
}

Exit run_one(const Args& args, IfPostponed if_postponed) {
  const store::Home state = home(args);
  const Asked what = asked(args);
  const store::Entry entry(state, entry_name(args, what));
  const store::Request request = wanted(args, what, state, entry);
  if (args.has(flag::dry_run)) return rehearse(args, state, entry, request);
  return issue_request(args, state, entry, request, if_postponed);
}

/// Finds what is wrong with the arguments of one certificate before the first order of many.
std::string check_one(const Args& args) {
  const store::Home state = home(args);
  const Asked what = asked(args);
  const store::Entry entry(state, entry_name(args, what));
  wanted(args, what, state, entry);
  return entry.name();
}

Exit run_all(const Args& args) {
  const EachLine each{.check = check_one,
                      .run = [](const Args& one) { return run_one(one, IfPostponed::store); }};
  if (args.has(flag::domains_file)) return issue_lines(args, each);
  if (const auto server = names_from(args))
    return issue_lines(args, found_lines(args, *server), title(*server), each);
  return run_one(args, IfPostponed::forget);
}

/// A first issue that failed before anything was sent leaves no folder, of which 'certo status' would warn.
/// Does not throw.
void leave_no_bare_folder(const store::Entry& entry) {
  if (!entry.is_begun()) return;
  try {
    const std::optional<os::Lock> lock = entry.try_lock();
    if (lock && !install::hooks_pending(entry)) entry.remove_if_bare(install::hooks_file);
  } catch (const Error& error) {
    log::verbose(error.message);
  }
}

}  // namespace

/// Runs deploy hooks and post hooks at the end, also after a failure.
Exit issue_request(const Args& args, const store::Home& state, const store::Entry& entry,
                   const store::Request& request, IfPostponed if_postponed) {
  const challenge::SolverSettings solving = solver_settings(args);
  const challenge::Sweep sweep(state, [&] { return solving; });
  install::HookSettings settings{.names = values(request.identifiers)};
  try {
    const Ended ended = run(args, state, entry, request, if_postponed);
    settings.is_installed = ended.is_installed;
    const Exit hooks = finish_hooks(state, entry, settings, lock_timeout(args));
    return worst(worst(ended.code, hooks), settle_rekey(args, state, entry.name()));
  } catch (const Interrupted&) {
    settings.is_installed = false;
    install::finish_interrupted(entry, state, settings);
    leave_no_bare_folder(entry);
    throw;
  } catch (const Error&) {
    settings.is_installed = false;
    finish_hooks(state, entry, settings, Millis(0));
    leave_no_bare_folder(entry);
    throw;
  }
}

const Command issue_command{
    .name = "issue",
    .group = Group::porcelain,
    .summary = "get a certificate, and keep it for renewal",
    .options = {flag::domain.with_help("a name or address; the first names the certificate"),
                flag::key_type,
                flag::csr.with_help(
                    "use this CSR ('-': standard input); it fixes names and key, also for renewals", rare),
                flag::domains_file,
                flag::all_vhosts,
                flag::cert_name,
                flag::profile,
                flag::preferred_profile,
                flag::not_before,
                flag::not_after,
                flag::preferred_chain,
                flag::must_staple,
                flag::no_must_staple,
                flag::reuse_key,
                flag::new_key,
                flag::allow_subset,
                flag::no_allow_subset,
                flag::deactivate_authorizations,
                flag::keep_authorizations,
                flag::force.with_help("renew now, also before the date or beyond a limit"),
                flag::yes.with_help("do not ask if the certificate loses a name", rare),
                flag::dry_run,
                flag::exit_2.with_help("exit with 2 if it was not due")},
    .sets = {&way_options, &flag::web_server_options, &renewal_options, &hook_options, &target_options,
             &validation_options, &server_options, &connection_options, &account_options,
             &registration_options},
    .examples =
        {"certo issue -d example.com -d www.example.com --webroot /var/www/html",
         "certo issue -d example.com --nginx   # proves the name, and installs: 'certo help nginx'",
         "certo issue -d example.com --standalone",
         "certo issue --csr appliance.csr --standalone --fullchain-file /srv/appliance.pem",
         "certo issue -d example.com --standalone --pem-file /etc/haproxy/a.pem --reloadcmd 'rc reload'",
         "certo issue -d example.com -d '*.example.com' --dns exec:/etc/certo/dns.sh",
         "certo issue -d example.com --standalone --deploy-hook 'systemctl reload nginx'",
         "certo issue -d example.com --dns manual   # you add the record",
         "certo issue -d example.com --dns cloudflare --alias validation.example.net",
         "certo issue -d example.com --webroot /var/www/html -d '*.example.com' --dns cloudflare",
         "certo issue --domains-file /etc/dehydrated/domains.txt --webroot /var/www/html",
         "certo issue -d example.com --standalone --renew-before 33% --preferred-profile tlsserver",
         "certo issue -d test.example.com --standalone --dry-run   # a rehearsal"},
    .description =
        R"(The same command again does nothing until the certificate is due, and continues an order that was
interrupted. 'certo renew --all' and 'certo cron' renew the certificate with the same settings.

--renew-before counts if the CA's renewal information (ARI) does not say earlier; without it, certo
follows the CA, or renews when a third of the lifetime is left. --not-after with a fixed DATE is for one
certificate, which is not renewed before it ends; '' removes a value that is stored.

An address gets the profile that the CA needs for it, if certo's table of CAs has it. --allow-subset
keeps all names in the request, so each renewal tries them again; 'certo list' shows which are missing.

--domains-file takes dehydrated's domains.txt as it is: blanks between names, '> NAME' for the
certificate's name, and '#' for comments. With --json, each certificate is a line of its own.

With several ways, each -d is proven by the next way that follows it. Names after the last way are
proven by that way.

--dns manual lists the records and waits for Enter. If nobody can be asked, it ends with 3: add the
records, then run the same command again. It continues as soon as it sees them.

--alias a.example=b.example puts the record of a.example at _acme-challenge.b.example; --alias
a.example==x.b.example puts it at x.b.example itself. Without NAME= the alias is for all names. The CA
finds the record by a CNAME of _acme-challenge.a.example. certo follows such a CNAME without --alias, if
it can see it.

A hook that is the absolute path of a file is executed; anything else is a command for /bin/sh -c. Hooks
are stored for renewals. Hooks that are given again replace those of the same kind; '' removes them. See
'certo help hooks'.)",
    .run = run_all,
};

}  // namespace certo::commands
