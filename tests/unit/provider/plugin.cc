// Plugins, in certo-provider-host: the good ones, and those of tests/fake/bad_plugin.c.
#include "provider/plugin.h"

#include <csignal>

#include "fixtures/plugin_example.h"
#include "fixtures/provider_script.h"
#include "fixtures/transcript.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> kRecords = {{"_acme-challenge.example.com", "value"}};

std::string built(const std::string& name) {
  return os::folder_of(os::self_path()) + "/plugins/" + name + ".so";
}

Error error_in(const std::string& plugin, Millis deadline = Seconds(20)) {
  return error_of([&] { provider::find({.spec = built(plugin), .deadline = deadline})->present(kRecords); });
}

}  // namespace

TEST_CASE("a plugin is found in a folder, by its path, and says what it is") {
  const TempDir home;
  os::write_file(home / "mine.so", os::read_file(built("duckdns"), 1 << 24), 0600);
  const Variable token("DUCKDNS_TOKEN", "t");
  CHECK(provider::find({.spec = "mine", .providers_folder = home.path})->name() == "duckdns");
  CHECK(provider::find({.spec = "mine.work", .providers_folder = home.path})->name() == "duckdns.work");
  CHECK(provider::describe_plugin(built("pdns")).settings.size() == 3);
}

TEST_CASE("a plugin that others may write to is not loaded") {
  const TempDir home;
  os::write_file(home / "mine.so", os::read_file(built("duckdns"), 1 << 24), 0600);
  std::filesystem::permissions(home / "mine.so", std::filesystem::perms(0666));
  const Error error = error_of([&] { provider::find({.spec = "mine", .providers_folder = home.path}); });
  CHECK(error.code == Exit::config);
  CHECK(error.hint.starts_with("chmod go-w "));
}

TEST_CASE("a file that is no plugin, or one for another version, is told so") {
  const TempDir home;
  os::write_file(home / "text.so", "no ELF", 0600);
  const Error text = error_of([&] { provider::describe_plugin(home / "text.so"); });
  CHECK(text.code == Exit::config);
  CHECK(text.message.find("cannot be loaded") != std::string::npos);
  CHECK(error_in("bad-symbol").message.find("certo_provider_v1") != std::string::npos);
  CHECK(error_in("bad-abi").message.find("version 2 of the provider ABI") != std::string::npos);
  CHECK(error_in("bad-hole").message.find("not filled in") != std::string::npos);
  CHECK(error_in("bad-name").message.find("no name of a provider") != std::string::npos);
  CHECK(error_in("bad-abi").code == Exit::config);
}

TEST_CASE("a plugin that crashes, hangs, leaves or floods is a failed call and no more") {
  CHECK(error_in("bad-start").message.ends_with("crashed by signal " + std::to_string(SIGABRT)));
  CHECK(error_in("bad-crash").message == "bad: crashed by signal " + std::to_string(SIGABRT));
  CHECK(error_in("bad-hang", Millis(300)).code == Exit::unreachable);
  CHECK(error_in("bad-exit").message.find("its answer") != std::string::npos);
  CHECK(error_in("bad-status").message == "bad: its answer: an unknown status");
  CHECK(error_in("bad-flood").message == "bad: flooded");
}

TEST_CASE("a plugin can read no key, write no file, execute nothing, and leaves no core") {
  const TempDir home;
  os::write_file(home / "account.key", "secret", 0600);
  const Variable secret("BAD_SECRET", home / "account.key");
  const Variable target("BAD_TARGET", home / "written");
  CHECK_NOTHROW(provider::find({.spec = built("bad-forbidden")})->present(kRecords));
  CHECK(os::exists(home / "account.key"));
  CHECK_FALSE(os::exists(home / "written"));
}

TEST_CASE("the example in plain C does what its service's documentation says") {
  const certo_provider& example = provider::load_plugin(built("example"));
  CHECK(provider::describe(example, "example").name == "example");
  const auto run = [&](const char* action, const std::string& transcript,
                       const provider::Values& settings = plugin_example::settings) {
    Transcript service(transcript);
    provider::Task task;
    task.provider = "example";
    task.action = provider::parse_action(action).value();
    task.records = plugin_example::records;
    task.settings = settings;
    provider::Outcome outcome = provider::call(example, task, service);
    CHECK(service.fault() == "");
    return outcome;
  };
  CHECK(run("present", plugin_example::present).status == CERTO_OK);
  CHECK(run("cleanup", plugin_example::cleanup, plugin_example::settings_with_zone).status == CERTO_OK);
  CHECK(run("present", plugin_example::no_zone).status == CERTO_NO_ZONE);
  const provider::Outcome refused = run("present", plugin_example::refusal);
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == plugin_example::refusal_reason);
}
