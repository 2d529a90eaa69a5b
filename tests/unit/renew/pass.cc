// A pass over the store, with a clock that is passed in and a CA that cannot be reached.
#include "renew/pass.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;
using renew::Outcome;
using renew::PassResult;
using std::chrono::days;
using std::chrono::hours;

namespace {

/// Nothing listens there.
constexpr const char* unreachable = "https://127.0.0.1:1/directory";

/// A store whose certificates are all sound and valid for 90 days from test_time.
struct Store {
  TempDir temporary;
  store::Home home{temporary / "home"};
  renew::PassSettings settings;

  Store() {
    settings.session.may_register = false;
    settings.session.time_limit = Seconds(5);
    at(test_time);
  }
  void at(Time time) {
    settings.clock = [time] { return time; };
  }
  store::Entry put(const std::string& name) const {
    store::Entry entry(home, name);
    const Pair pair = make_pair(test_time + days(90));
    entry.save_next_key(pair.key);
    entry.finish(pair.chain, true);
    store::Request request;
    request.identifiers = crypto::identifiers({"example.com"});
    request.directory = unreachable;
    request.ways.usual = store::Webroot{temporary.path};
    entry.save(request);
    return entry;
  }
  std::vector<PassResult> run() const { return renew::run_pass(home, settings).results; }
  PassResult result(const std::string& name) const {
    for (const PassResult& one : run())
      if (one.name == name) return one;
    FAIL("there is no result for " << name);
    return {};
  }
};

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a certificate that is not due costs nothing and says when it will be") {
  Store store;
  store.put("a.example");
  const PassResult result = store.result("a.example");
  CHECK(result.outcome == Outcome::not_due);
  CHECK(result.failure.code == Exit::ok);
  CHECK(result.due > test_time);
  CHECK(result.due < test_time + days(61));
  CHECK(result.not_after == test_time + days(90));
}

TEST_CASE("when the time has come it is tried, and what fails is tried again later and later") {
  Store store;
  const store::Entry entry = store.put("a.example");
  const Time due = test_time + days(65);
  const Seconds slack(600);
  const Seconds waits[] = {hours(1) - slack, hours(4) - slack, hours(24) - slack};
  Time at = due;
  int failures = 0;
  for (const Seconds wait : waits) {
    store.at(at);
    const PassResult failed = store.result("a.example");
    CHECK(failed.outcome == Outcome::failed);
    CHECK(failed.failure.code != Exit::ok);
    CHECK(failed.failing_since == due);
    CHECK(entry.status().failures == ++failures);
    CHECK(entry.status().retry_at == at + wait);
    store.at(at + wait - Seconds(1));
    CHECK(store.result("a.example").outcome == Outcome::held_back);
    CHECK(entry.status().failures == failures);
    at += wait;
  }
}

TEST_CASE("a pass reports each certificate as it ends, and counts those that are due") {
  Store store;
  for (const char* name : {"a.example", "b.example", "c.example"}) store.put(name);
  store.at(test_time + days(65));
  store.settings.jobs = 1;
  store.result("b.example");  // all three fail
  store::Status status = store::Entry(store.home, "b.example").status();
  status.retry_at = {};
  store::Entry(store.home, "b.example").save(status);
  store::Entry(store.home, "c.example").save(status);
  std::vector<std::string> told;
  store.settings.news.ended = [&](const PassResult& result, renew::Counter counter) {
    told.push_back(result.name + " " + std::to_string(counter.ended) + "/" + std::to_string(counter.all) +
                   (result.outcome == Outcome::failed ? " failed" : ""));
  };
  store.run();
  CHECK(told == std::vector<std::string>{"a.example 0/0", "b.example 1/2 failed", "c.example 2/2 failed"});
}

TEST_CASE("a person who names a certificate does not wait for the next try") {
  Store store;
  const store::Entry entry = store.put("a.example");
  store.at(test_time + days(65));
  CHECK(store.result("a.example").outcome == Outcome::failed);
  CHECK(store.result("a.example").outcome == Outcome::held_back);
  store.settings.names = {"a.example"};
  CHECK(store.result("a.example").outcome == Outcome::failed);
  CHECK(entry.status().failures == 2);
}

TEST_CASE("what cannot be read concerns one certificate, and its path is named") {
  Store store;
  for (const char* name : {"a.example", "folder.example", "pipe.example", "request.example", "z.example"})
    store.put(name);
  const std::string certs = store.home.certs();
  os::make_folder(certs + "/folder.example/status.json", 0700);
  REQUIRE(::mkfifo((certs + "/pipe.example/status.json").c_str(), 0600) == 0);
  os::remove_file(certs + "/request.example/request.json");
  os::make_folder(certs + "/request.example/request.json", 0700);
  const std::vector<PassResult> results = store.run();
  REQUIRE(results.size() == 5);
  for (const PassResult& one : results) {
    CAPTURE(one.name);
    const bool is_odd = one.name != "a.example" && one.name != "z.example";
    CHECK(one.outcome == (is_odd ? Outcome::failed : Outcome::not_due));
    if (!is_odd) continue;
    CHECK(one.failure.code != Exit::ok);
    CHECK(mentions(one.failure.error, certs + "/" + one.name + "/"));
  }
}

TEST_CASE("a status that is cut off, too long or a dangling link is found out again") {
  Store store;
  const store::Entry entry = store.put("a.example");
  const std::string path = entry.folder() + "/status.json";
  for (const std::string& text : {std::string("{\"certo\":"), std::string((1 << 20) + 1, ' ')}) {
    os::write_file(path, text, 0600);
    CHECK(store.result("a.example").outcome == Outcome::not_due);
    CHECK(entry.status().not_after == test_time + days(90));
  }
  os::remove_file(path);
  os::switch_link(path, "nowhere");
  CHECK(store.result("a.example").outcome == Outcome::not_due);
  CHECK(entry.status().not_after == test_time + days(90));
}

TEST_CASE("odd files of one certificate's installation and hooks leave the others alone") {
  Store store;
  const store::Entry odd = store.put("a.example");
  store.put("b.example");
  for (const char* name : {"targets.json", "hooks.json", "install.json"})
    os::make_folder(odd.folder() + "/" + name, 0700);
  const std::vector<PassResult> results = store.run();
  REQUIRE(results.size() == 2);
  REQUIRE(results[0].delivery);
  CHECK(results[0].delivery->failure.code != Exit::ok);
  REQUIRE(results[0].hooks);
  CHECK_FALSE(results[0].hooks->failures.empty());
  CHECK_FALSE(results[1].delivery);
  CHECK(results[1].failure.code == Exit::ok);
}

TEST_CASE("a folder whose name cannot be a certificate's is passed over") {
  Store store;
  store.put("a.example");
  std::filesystem::copy(
      store.home.certs() + "/a.example", store.home.certs() + "/-odd",
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  CHECK(store.run().size() == 1);
}

TEST_CASE("a certificate that is removed while a command waits for it is said to be removed") {
  Store store;
  const store::Entry entry = store.put("a.example");
  std::optional<os::Lock> held = entry.lock(Millis(0));
  Exit code = Exit::ok;
  std::string message;
  std::jthread waiting([&] {
    try {
      entry.lock_existing(Seconds(20));
    } catch (const Error& error) {
      code = error.code;
      message = error.message;
    }
  });
  entry.remove();
  held.reset();
  waiting.join();
  CHECK(code == Exit::unknown_name);
  CHECK(message == "a.example: the certificate was removed by another command");
  CHECK_FALSE(os::exists(entry.folder()));
}
