#include "challenge/joint.h"

#include "challenge/solver.h"
#include "fixtures/challenge_task.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "store/presented.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

using Texts = std::vector<std::string>;

/// Writes down its calls.
class Noting : public acme::Solver {
 public:
  Noting(std::string name, Texts& notes) : name_(std::move(name)), notes_(notes) {}

  Texts types(const acme::Authorization&) const override { return {name_ + "-01"}; }
  std::vector<std::vector<acme::Task>> rounds(std::vector<acme::Task> tasks) const override {
    if (!one_at_a_time) return {std::move(tasks)};
    std::vector<std::vector<acme::Task>> rounds;
    for (const acme::Task& task : tasks) rounds.push_back({task});
    return rounds;
  }
  void present(const std::vector<acme::Task>& tasks) override {
    std::string note = name_;
    for (const acme::Task& task : tasks) note += " " + task.token;
    notes_.push_back(note);
    if (fails) throw Error(Exit::failed, name_);
  }
  void check(const acme::Applicant& applicant) override {
    std::string note = name_ + " checks";
    for (const acme::Identifier& one : applicant.identifiers) note += " " + one.value;
    notes_.push_back(note + " by " + applicant.persist.issuers.front());
  }
  void wait() override { notes_.push_back(name_ + " waits"); }
  void cleanup() noexcept override { notes_.push_back(name_ + " out"); }

  bool one_at_a_time = false, fails = false;

 private:
  const std::string name_;
  Texts& notes_;
};

acme::Task task(const std::string& name, bool wildcard = false) {
  acme::Task task;
  task.identifier = {"dns", name};
  task.wildcard = wildcard;
  task.token = (wildcard ? "*." : "") + name;
  return task;
}

/// a and *.b by "web", c by "dns", the others by "own".
struct Ways {
  Texts notes;
  Noting *web = nullptr, *dns = nullptr;
  std::unique_ptr<acme::Solver> solver;

  Ways() {
    auto first = std::make_unique<Noting>("web", notes), second = std::make_unique<Noting>("dns", notes);
    web = first.get();
    dns = second.get();
    std::vector<Part> parts;
    parts.push_back({{{"dns", "a"}, {"dns", "*.b"}}, std::move(first)});
    parts.push_back({{{"dns", "c"}}, std::move(second)});
    solver = make_joint_solver(std::move(parts), std::make_unique<Noting>("own", notes));
  }
  Texts types(const std::string& name, bool wildcard = false) const {
    acme::Authorization authorization;
    authorization.identifier = {"dns", name};
    authorization.wildcard = wildcard;
    return solver->types(authorization);
  }
};

}  // namespace

TEST_CASE("each name is proven by the solver of its way") {
  Ways ways;
  CHECK(ways.types("a") == Texts{"web-01"});
  CHECK(ways.types("b", true) == Texts{"web-01"});
  CHECK(ways.types("b") == Texts{"own-01"});
  ways.solver->present({task("a"), task("b"), task("c"), task("b", true)});
  CHECK(ways.notes == Texts{"web a *.b", "dns c", "own b"});
}

TEST_CASE("everything is presented before certo waits for anything") {
  Ways ways;
  ways.solver->present({task("a"), task("c"), task("d")});
  ways.solver->wait();
  CHECK(ways.notes == Texts{"web a", "dns c", "own d", "web waits", "dns waits", "own waits"});
}

TEST_CASE("a solver without a task is not called") {
  Ways ways;
  ways.solver->present({task("d")});
  CHECK(ways.notes == Texts{"own d"});
  CHECK(ways.solver->rounds({}).empty());
}

TEST_CASE("the first round of a solver with several rounds is the round of the others") {
  Ways ways;
  ways.web->one_at_a_time = true;
  const auto rounds = ways.solver->rounds({task("d"), task("a"), task("b", true), task("c")});
  REQUIRE(rounds.size() == 2);
  Texts first;
  for (const acme::Task& one : rounds[0]) first.push_back(one.token);
  CHECK(first == Texts{"a", "c", "d"});
  REQUIRE(rounds[1].size() == 1);
  CHECK(rounds[1][0].token == "*.b");
}

TEST_CASE("if the second way fails, the first one is cleaned up, too") {
  Ways ways;
  ways.dns->fails = true;
  CHECK(error_of([&] { ways.solver->present({task("a"), task("c"), task("d")}); }).message == "dns");
  ways.solver->cleanup();
  CHECK(ways.notes == Texts{"web a", "dns c", "web out", "dns out", "own out"});
}

TEST_CASE("two webroots of one certificate have a journal each") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  store::Ways ways;
  ways.usual = store::Webroot{temporary / "one"};
  ways.others.push_back({{{"dns", "other.example"}}, store::Webroot{temporary / "two"}});
  for (const char* root : {"one", "two"}) os::make_folder(temporary / root, 0755);
  const auto solver = make_solver(home, ways, SolverSettings{});
  acme::Task other = http_task("other-token", "other-token.thumb");
  other.identifier.value = "other.example";
  solver->present({http_task(), other});
  CHECK(os::read_file(temporary / "one/.well-known/acme-challenge/a-Token_1") == "a-Token_1.thumb");
  CHECK(os::read_file(temporary / "two/.well-known/acme-challenge/other-token") == "other-token.thumb");
  CHECK(store::Presented::left_over(home, now()).empty());  // held by this run
  solver->cleanup();
  CHECK(os::list_folder(temporary / "one").empty());
  CHECK(os::list_folder(temporary / "two").empty());
  CHECK(os::list_folder(home.presented()).empty());
}

TEST_CASE("each solver checks the names of its way before an order") {
  Ways ways;
  ways.solver->check({{{"dns", "a"}, {"dns", "*.b"}, {"dns", "b"}, {"dns", "d"}}, {{"ca.example"}, {}}});
  CHECK(ways.notes == Texts{"web checks a *.b by ca.example", "own checks b d by ca.example"});
}
