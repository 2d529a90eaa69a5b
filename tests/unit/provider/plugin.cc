// Plugins, in certo-provider-host: the good ones, and those of tests/fake/bad_plugin.c.
#include "provider/plugin.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "base/log.h"
#include "fixtures/plugin_example.h"
#include "fixtures/provider_script.h"
#include "fixtures/sandbox.h"
#include "fixtures/transcript.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/trust.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> sample_records = {{"_acme-challenge.example.com", "value"}};

std::string built(const std::string& name) {
  return os::folder_of(os::self_path()) + "/plugins/" + name + ".so";
}

Error error_in(const std::string& plugin, Millis deadline = Seconds(20)) {
  return error_of(
      [&] { provider::find({.spec = built(plugin), .deadline = deadline})->present(sample_records); });
}

}  // namespace

TEST_CASE("a plugin is found in a folder or by its path, and describes itself") {
  const TempDir home;
  os::write_file(home / "mine.so", os::read_file(built("duckdns"), 1 << 24), 0600);
  const Variable token("DUCKDNS_TOKEN", "t");
  const auto named = [&](const char* spec) {
    return provider::find({.spec = spec, .environment = {"DUCKDNS_TOKEN"}, .providers_folder = home.path})
        ->name();
  };
  CHECK(named("mine") == "mine");
  CHECK(named("mine.work") == "mine.work");
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

TEST_CASE("a file that is not a plugin, or a plugin for another version, is refused") {
  const TempDir home;
  os::write_file(home / "text.so", "no ELF", 0600);
  const Error text = error_of([&] { provider::describe_plugin(home / "text.so"); });
  CHECK(text.code == Exit::config);
  CHECK(text.message.find("cannot be loaded") != std::string::npos);
  CHECK(error_in("bad-symbol").message.find("certo_provider_v1") != std::string::npos);
  CHECK(error_in("bad-abi").message.find("version 2 of the provider ABI") != std::string::npos);
  CHECK(error_in("bad-hole").message.find("not filled in") != std::string::npos);
  CHECK(error_in("bad-name").message.find("not the name of a provider") != std::string::npos);
  CHECK(error_in("bad-abi").code == Exit::config);
}

TEST_CASE("a plugin that crashes, hangs, leaves or floods is a failed call and no more") {
  CHECK(error_in("bad-start").message.ends_with("crashed by signal " + std::to_string(SIGABRT)));
  CHECK(error_in("bad-crash").message ==
        built("bad-crash") + ": crashed by signal " + std::to_string(SIGABRT));
  CHECK(error_in("bad-hang", Millis(300)).code == Exit::unreachable);
  CHECK(error_in("bad-exit").message.find("its answer") != std::string::npos);
  CHECK(error_in("bad-status").message == built("bad-status") + ": its answer: an unknown status");
  CHECK(error_in("bad-flood").message == built("bad-flood") + ": flooded");
}

TEST_CASE(
    "a plugin can reach no file, process, capability or local program, neither as root nor as another user") {
  constexpr uid_t nobody = 65534;
  const TempDir home;
  os::write_file(home / "account.key", "secret", 0600);
  os::make_folder(home / "open", 0777);
  os::write_file(home / "settings",
                 "BAD_SECRET=" + home / "account.key" + "\nBAD_TARGET=" + home / "open/written" + "\n", 0600);
  const auto try_all = [&] {
    provider::find({.spec = built("bad-forbidden"), .credentials = home / "settings"})
        ->present(sample_records);
  };
  CHECK_NOTHROW(try_all());
  CHECK(os::read_file(home / "account.key") == "secret");
  CHECK(mode_of(home / "account.key") == 0600);
  if (::geteuid() != 0) return;

  std::filesystem::permissions(home.path, std::filesystem::perms(0755));
  for (const char* name : {"account.key", "settings"})
    REQUIRE(::chown((home / name).c_str(), nobody, nobody) == 0);
  CHECK(in_child([&] {
          if (::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
              ::setresuid(nobody, nobody, nobody) != 0)
            return 2;
          try {
            try_all();
            return 0;
          } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.message.c_str());
            return 1;
          }
        }) == 0);
  CHECK(os::list_folder(home / "open").empty());
}

TEST_CASE("a plugin in C++ has threads, memory, exceptions and the names of hosts in its cage") {
  CHECK_NOTHROW(provider::find({.spec = built("test-threads")})->present(sample_records));
}

TEST_CASE("a kernel without Landlock is mentioned once") {
  const TempDir dir;
  CHECK(in_child([&] {
          log::open(log::Level::normal, {});
          const int file = ::open((dir / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
          if (file < 0 || ::dup2(file, STDERR_FILENO) < 0) return 1;
          if (!refuse_system_call(SYS_landlock_create_ruleset, ENOSYS)) return 2;
          for (const char* plugin : {"test-threads", "duckdns"}) provider::describe_plugin(built(plugin));
          return 0;
        }) == 0);
  CHECK(
      os::read_file(dir / "err") ==
      "certo: warning: this kernel has no Landlock: a DNS provider could read files that it is not given\n");
}

TEST_CASE("the example in plain C does what its service's documentation says") {
  const std::string path = built("example");
  const certo_provider& example = provider::load_plugin(path, os::open_trusted(path));
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
