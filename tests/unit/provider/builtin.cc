// A built-in's child is this test program once more; nothing listens where it is sent.
#include <algorithm>

#include "fixtures/provider_script.h"
#include "os/child.h"
#include "os/file.h"
#include "provider/builtins.h"
#include "provider/child.h"
#include "provider/message.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> sample_records = {{"_acme-challenge.example.com", "value"}};

os::Finished run_child(const std::string& input) {
  os::Command command;
  command.argv = {"certo", provider::child_word};
  command.program = os::self_fd();
  command.input = input;
  return os::run(command);
}

}  // namespace

TEST_CASE("names and aliases of built-ins are all different, and each knows its settings") {
  std::vector<std::string> names;
  for (const certo_provider* one : provider::builtins()) {
    CAPTURE(one->name);
    CHECK(one->abi == CERTO_PROVIDER_ABI);
    CHECK(one->size == sizeof(certo_provider));
    CHECK(one->setting_count > 0);
    names.emplace_back(one->name);
    for (const std::string& alias : provider::describe(*one, one->name).aliases) names.push_back(alias);
  }
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
  CHECK(provider::find_builtin("dns_cf") == provider::find_builtin("cloudflare"));
}

TEST_CASE("a built-in is found by its aliases, with a profile, and shares its lane") {
  const Variable token("DUCKDNS_TOKEN", "t");
  CHECK(provider::find({.spec = "dns_duckdns"})->name() == "duckdns");
  CHECK(provider::find({.spec = "duckdns.home"})->name() == "duckdns.home");
  for (const char* spec : {"duckdns.", "duckdns.../etc", "duckdns.a/b"}) {
    CAPTURE(spec);
    CHECK(error_of([&] { provider::find({.spec = spec}); }).code == Exit::config);
  }
}

TEST_CASE("the child reports a service that cannot be reached, and nothing is stored") {
  const TempDir home;
  const Variable url("PDNS_API_URL", "http://127.0.0.1:1");
  const Variable key("PDNS_API_KEY", "k");
  const auto pdns =
      provider::find({.spec = "pdns", .credentials_folder = home / "credentials", .keep = true});
  const Error error = error_of([&] { pdns->present(sample_records); });
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.starts_with("pdns: 127.0.0.1:1: cannot connect"));
  CHECK_FALSE(os::exists(home / "credentials/pdns"));
}

TEST_CASE("http goes to this machine only") {
  const Variable url("PDNS_API_URL", "http://pdns.example.com");
  const Variable key("PDNS_API_KEY", "k");
  const Error error = error_of([&] { provider::find({.spec = "pdns"})->present(sample_records); });
  CHECK(error.code == Exit::config);
  CHECK(error.hint.find("the environment") != std::string::npos);
}

TEST_CASE("a task and an outcome survive the pipe") {
  const provider::Task task{"pdns",
                            provider::Action::cleanup,
                            {{sample_records.front()}},
                            {{"A", "b"}},
                            {"192.0.2.1"},
                            {{"https_proxy", "c"}},
                            Seconds(7),
                            true};
  const provider::Task read = provider::parse_task(provider::to_text(task));
  CHECK(provider::to_text(read) == provider::to_text(task));
  CHECK(read.records[0].value == "value");
  CHECK(provider::parse_outcome(provider::to_text(provider::Outcome{3, "why", {}}), "x").why == "why");
  for (const char* lie : {"", "{}", "OK", R"({"certo":"dns-outcome/1","status":99,"why":""})",
                          R"({"certo":"dns-outcome/2","status":0,"why":""})"}) {
    CAPTURE(lie);
    CHECK(error_of([&] { provider::parse_outcome(lie, "x"); }).code == Exit::failed);
  }
}

TEST_CASE("a child that gets an invalid task ends as a bug, without an outcome") {
  const os::Finished finished = run_child("nonsense");
  CHECK(finished.status == 70);
  CHECK(finished.output.empty());
  CHECK(finished.errors.starts_with("task is not JSON"));
}
