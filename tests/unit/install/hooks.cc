// Hooks: their order, what they see, and what is remembered of them. Whole runs: tests/e2e/hooks.sh.
#include "install/hooks.h"

#include <algorithm>

#include "fixtures/store_shelf.h"
#include "install/notify.h"

using namespace certo;
using namespace certo::test;
using install::begin_hooks;
using install::finish_hooks;
using install::HookKind;
using install::hooks_pending;

namespace {

/// A store with a live certificate, and hooks that write down their names.
struct Stage : Shelf {
  Stage() {
    store::Request request;
    request.identifiers = crypto::identifiers({"example.com", "www.example.com"});
    request.directory = "https://ca.example/directory";
    request.ways.usual = store::Standalone{};
    entry.save(request);
    finish(make_pair());
  }
  std::string put(const std::string& path, const std::string& body = "", mode_t mode = 0755) const {
    os::make_folder(path.substr(0, path.rfind('/')), 0755);
    os::write_file(path, "#!/bin/sh\necho ${0##*/} >> " + log() + "\n" + body + "\n", mode);
    return path;
  }
  std::string put_shared(const std::string& name, const std::string& body = "") const {
    return put(home.path() + "/hooks/" + name, body);
  }
  void want(HookKind kind, std::vector<std::string> commands) const {
    install::WantedHooks wanted;
    wanted.commands[static_cast<size_t>(kind)] = std::move(commands);
    install::store_hooks(home, entry, wanted);
  }
  void renew(int days) const { finish(make_pair(test_time + std::chrono::days(days))); }

  std::string log() const { return temporary / "log"; }
  /// What ran since it was last asked.
  std::string ran() const {
    std::string text = os::read_file_if(log()).value_or("");
    std::replace(text.begin(), text.end(), '\n', ' ');
    os::remove_file(log());
    return text;
  }
};

install::Variables variables_of(const Stage& stage, HookKind kind) {
  return install::hook_variables(kind, stage.entry, {{"example.com", "www.example.com"}});
}

}  // namespace

TEST_CASE("shared hooks run in name order, then the certificate's own as they were given") {
  const Stage stage;
  stage.put_shared("deploy/20-b");
  stage.put_shared("deploy/10-a.sh");
  stage.put_shared("deploy/10-a.sh~");
  stage.put_shared("deploy/.swp");
  const std::string own = stage.put(stage.temporary / "own");
  stage.want(HookKind::deploy, {"echo shell >> " + stage.log(), own});
  const auto outcome = run_hooks(HookKind::deploy, stage.entry, stage.home, {});
  CHECK(outcome.ran == 4);
  CHECK(outcome.code() == Exit::ok);
  CHECK(stage.ran() == "10-a.sh 20-b shell own ");
}

TEST_CASE("a hook gets the certificate in the variables of three clients") {
  const Stage stage;
  auto seen = variables_of(stage, HookKind::deploy);
  CHECK(seen["CERTO_NAME"] == "example.com");
  CHECK(seen["CERTO_NAMES"] == "example.com www.example.com");
  CHECK(seen["CERTO_KEY_PATH"] == stage / "live/key.pem");
  CHECK(seen["CERT_FULLCHAIN_PATH"] == stage / "live/fullchain.pem");
  CHECK(seen["Le_Domain"] == "example.com");
  CHECK(seen["RENEWED_DOMAINS"] == "example.com www.example.com");
  CHECK(seen["CERTO_SERIAL"].ends_with("4f1c22aa07"));
  CHECK(os::read_file(seen["RENEWED_LINEAGE"] + "/privkey.pem") == os::read_file(stage / "live/key.pem"));
  CHECK(seen["RENEWED_LINEAGE"].ends_with("/example.com"));
  CHECK_FALSE(seen.contains("FAILED_DOMAINS"));
  CHECK_FALSE(variables_of(stage, HookKind::pre).contains("RENEWED_DOMAINS"));
}

TEST_CASE("a damaged certificate is not deployed, but pre hooks of its renewal run") {
  const Stage stage;
  os::write_file(stage / "live/cert.pem", "damaged", 0644);
  CHECK(error_of([&] { variables_of(stage, HookKind::deploy); }).code == Exit::bad_input);
  CHECK(variables_of(stage, HookKind::pre).at("CERTO_NAME") == "example.com");
}

TEST_CASE("settings are a hook's own, and do not overwrite facts") {
  const Stage stage;
  const std::string file = install::hook_settings_file(stage.home, "/etc/50-vault.sh");
  CHECK(file == stage.home.path() + "/credentials/hook-vault");
  CHECK(install::hook_settings_file(stage.home, "/etc/2fa").ends_with("/hook-2fa"));
  os::make_folder(stage.home.credentials(), 0700);
  os::write_file(file, "# token\nTOKEN = 'a b=c' \n\nCERTO_NAME=forged\n", 0600);
  const auto settings = install::hook_settings(stage.home, "/etc/50-vault.sh");
  CHECK(settings.at("TOKEN") == "a b=c");
  const auto all = install::hook_environment(settings, variables_of(stage, HookKind::deploy));
  CHECK(std::ranges::count(all, "CERTO_NAME=example.com") == 1);
  CHECK(std::ranges::count(all, "CERTO_NAME=forged") == 0);
  CHECK(install::hook_settings(stage.home, "/etc/other").empty());

  os::write_file(file, "TOKEN=a\n2=b\n", 0600);
  CHECK(error_of([&] { install::hook_settings(stage.home, "/etc/vault"); }).message ==
        file + ":2: not KEY=value");
  os::write_file(file, "TOKEN=a\n", 0640);
  CHECK(error_of([&] { install::hook_settings(stage.home, "/etc/vault"); }).code == Exit::config);
}

TEST_CASE("a pre hook that fails stops the rest, and post hooks are owed") {
  const Stage stage;
  stage.put_shared("pre/1-bad", "echo why >&2; exit 1");
  stage.put_shared("pre/2-never");
  stage.put_shared("post/end");
  const Error error = error_of([&] { begin_hooks(stage.entry, stage.home, {}); });
  CHECK(error.code == Exit::failed);
  CHECK(error.message == "pre hook " + stage.home.path() + "/hooks/pre/1-bad: why");
  CHECK(hooks_pending(stage.entry));
  CHECK(finish_hooks(stage.entry, stage.home, {}).code() == Exit::ok);
  CHECK(stage.ran() == "1-bad end ");
  CHECK_FALSE(hooks_pending(stage.entry));
}

TEST_CASE("a deploy hook that failed runs again, alone, until it succeeds") {
  const Stage stage;
  stage.put_shared("deploy/1-good");
  stage.put_shared("deploy/2-bad", "exit 1");
  begin_hooks(stage.entry, stage.home, {});
  CHECK_FALSE(os::exists(stage.log()));
  stage.renew(91);
  const auto outcome = finish_hooks(stage.entry, stage.home, {});
  CHECK(outcome.code() == Exit::not_installed);
  REQUIRE(outcome.failures.size() == 1);
  CHECK(outcome.failures[0].error.ends_with("2-bad: ended with exit code 1"));
  CHECK(stage.ran() == "1-good 2-bad ");
  CHECK(hooks_pending(stage.entry));
  stage.put_shared("deploy/2-bad");
  CHECK(finish_hooks(stage.entry, stage.home, {}).code() == Exit::ok);
  CHECK(stage.ran() == "2-bad ");
  CHECK_FALSE(hooks_pending(stage.entry));
}

TEST_CASE("after another renewal all deploy hooks run, those that had succeeded, too") {
  const Stage stage;
  stage.put_shared("deploy/1-good");
  stage.put_shared("deploy/2-bad", "exit 1");
  for (const int days : {91, 92}) {
    begin_hooks(stage.entry, stage.home, {});
    stage.renew(days);
    finish_hooks(stage.entry, stage.home, {});
    CHECK(stage.ran() == "1-good 2-bad ");
  }
}

TEST_CASE("deploy hooks wait until the certificate is installed, post hooks do not") {
  const Stage stage;
  stage.put_shared("deploy/reload");
  stage.put_shared("post/end");
  begin_hooks(stage.entry, stage.home, {});
  stage.renew(91);
  finish_hooks(stage.entry, stage.home, {.names = {}, .is_installed = false});
  CHECK(stage.ran() == "end ");
  CHECK(hooks_pending(stage.entry));
  finish_hooks(stage.entry, stage.home, {});
  CHECK(stage.ran() == "reload ");
}

TEST_CASE("a new deploy hook must still run for the live certificate; the others need not") {
  const Stage stage;
  stage.put_shared("deploy/old");
  stage.want(HookKind::deploy, {"echo new >> " + stage.log()});
  CHECK(hooks_pending(stage.entry));
  finish_hooks(stage.entry, stage.home, {});
  CHECK(stage.ran() == "new ");
  stage.want(HookKind::deploy, {""});
  CHECK_FALSE(hooks_pending(stage.entry));
  CHECK(install::stored_hooks(stage.entry)->of(HookKind::deploy).empty());
}

TEST_CASE("a program that somebody else could exchange is neither stored nor run") {
  const Stage stage;
  const std::string open = stage.put(stage.temporary / "open", "", 0757);
  const std::string plain = stage.put(stage.temporary / "plain", "", 0644);
  for (const std::string& path : {open, plain}) {
    const Error error = error_of([&] { stage.want(HookKind::deploy, {path}); });
    CHECK(error.code == Exit::config);
    CHECK(error.message.starts_with(path));
    CHECK(error.hint.starts_with("chmod"));
  }
  const std::string turned = stage.put(stage.temporary / "turned");
  stage.want(HookKind::deploy, {turned});
  stage.put(turned, "", 0666);
  CHECK(finish_hooks(stage.entry, stage.home, {}).code() == Exit::not_installed);
  CHECK(stage.ran().empty());
}

TEST_CASE("a certificate without hooks has no hooks.json and nothing pending") {
  const Stage stage;
  begin_hooks(stage.entry, stage.home, {});
  CHECK_FALSE(os::exists(stage / "hooks.json"));
  CHECK_FALSE(hooks_pending(stage.entry));
  CHECK(finish_hooks(stage.entry, stage.home, {}).ran == 0);
}

TEST_CASE("a damaged hooks.json is pending, so that it is reported") {
  const Stage stage;
  os::write_file(stage / "hooks.json", R"({"certo":"hooks/1","timeout":0})", 0600);
  CHECK(hooks_pending(stage.entry));
  CHECK(error_of([&] { finish_hooks(stage.entry, stage.home, {}); }).code == Exit::bad_input);
}

TEST_CASE("events and settings that cause a notification") {
  using install::Event;
  using install::NotifyWhen;
  CHECK(is_told(Event::failure, install::notify_when("on-failure")));
  CHECK_FALSE(is_told(Event::change, NotifyWhen::on_failure));
  CHECK(is_told(Event::change, install::notify_when("on-change")));
  CHECK(is_told(Event::failure, NotifyWhen::on_change));
  CHECK_FALSE(is_told(Event::ok, NotifyWhen::on_change));
  CHECK(is_told(Event::ok, install::notify_when("always")));
  CHECK(error_of([] { install::notify_when("never"); }).code == Exit::usage);
}

TEST_CASE("a notify hook gets the summary on stdin and the event in its environment") {
  const Stage stage;
  stage.put_shared("notify/tell", "{ echo $CERTO_EVENT $CERTO_SUBJECT; cat; } > " + stage.temporary / "news");
  install::notify(stage.home, {install::Event::change, "certo: 1 renewed", "example.com: renewed\n"});
  CHECK(os::read_file(stage.temporary / "news") == "change certo: 1 renewed\nexample.com: renewed\n");
}
