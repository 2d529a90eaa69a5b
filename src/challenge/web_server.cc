// http-01 (RFC 8555 section 8.3) by the nginx or the Apache that runs: the solvers of store::Nginx and
// store::Apache (challenge/methods.h). The server gets lines by which it serves a folder of certo's. They
// stay, so a renewal only writes files there.
#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/http01.h"
#include "challenge/methods.h"
#include "net/host.h"
#include "os/file.h"
#include "os/label.h"
#include "os/random.h"
#include "os/signals.h"
#include "webserver/edit_note.h"
#include "webserver/probe.h"
#include "webserver/server.h"
#include "webserver/transaction.h"

namespace certo::challenge {
namespace {

using webserver::Editing;

class WebServerSolver : public MethodSolver {
 public:
  WebServerSolver(const store::Way& way, std::unique_ptr<webserver::Server> server, const store::Home& home,
                  SolverSettings settings)
      : MethodSolver(way), home_(home), settings_(std::move(settings)), server_(std::move(server)) {}

  void check(const acme::Applicant& applicant) override { serve(applicant.identifiers); }

  void present(const std::vector<acme::Task>& tasks) override {
    std::vector<acme::Identifier> names;
    for (const acme::Task& task : tasks) names.push_back(task.identifier);
    serve(names);
    files().present(tasks);
  }

  std::string published() const override { return files_ ? files_->published() : ""; }

  void cleanup() noexcept override {
    if (files_) files_->cleanup();
    if (!rehearsed_) return;
    try {
      const os::Grace although_a_signal_came;
      Editing editing = edit(rehearsed_->journal());
      webserver::withdraw(editing, *server_, {webserver::EditPart::proof});
    } catch (const std::exception& error) {
      log::warn("certo's lines for the rehearsal are still in the configuration of " + server_->title() +
                ": " + error.what() + "; the next run removes them");
    }
    rehearsed_.reset();
  }

 private:
  Editing edit(const std::string& journal) const {
    return {journal, [this] { return webserver::edit_journals(home_); }, settings_.lock_timeout};
  }

  /// The folder is made after the journal names it, so that the next run can remove what a dead one made.
  acme::Solver& files() {
    if (files_) return *files_;
    os::make_folder(folder_ + std::string(token_path), 0755);
    for (const char* part : {"", "/.well-known", "/.well-known/acme-challenge"})
      os::label_as_web_content(folder_ + part);
    files_ = method_solver(store::Webroot{folder_}, home_, settings_);
    return *files_;
  }

  /// Makes the server answer the challenges of these names.
  void serve(const std::vector<acme::Identifier>& identifiers) {
    std::vector<std::string> names;  // as they stand in a Host header
    for (const acme::Identifier& one : identifiers)
      if (const std::string host = net::bracketed(one.value); !served_.contains(host)) names.push_back(host);
    if (names.empty()) return;
    webserver::again_if_changed([&] { serve(names); });
    served_.insert(names.begin(), names.end());
  }

  void serve(const std::vector<std::string>& names) {
    const auto sites = server_->read();
    const webserver::ProofPlan plan = sites->plan_proof(names);
    folder_ = plan.folder;
    put_in(*sites, names, plan);
  }

  void put_in(const webserver::Sites& sites, const std::vector<std::string>& names,
              const webserver::ProofPlan& plan) {
    if (plan.edits.changes.empty() && settings_.is_rehearsal) return;
    if (settings_.edit_journal.empty()) {
      if (plan.edits.changes.empty()) return;
      throw Error(
          Exit::usage,
          server_->config() + ": " + server_->title() + " lacks certo's lines for " + join(names, ", "),
          "only 'certo issue --" + std::string(text(server_->kind())) + "' adds them");
    }
    if (settings_.is_rehearsal) {
      if (!rehearsed_) rehearsed_.emplace(home_, "");
      Editing editing = edit(rehearsed_->journal());
      return carry_out(editing, sites, plan);
    }
    Editing editing = edit(settings_.edit_journal);
    webserver::recover(editing, webserver::Leave::standing);
    if (!plan.edits.changes.empty()) {
      const webserver::EditNote note(home_, settings_.edit_journal);
      carry_out(editing, sites, plan);
    }
    editing.share(plan.marks);
  }

  void carry_out(Editing& editing, const webserver::Sites& sites, const webserver::ProofPlan& plan) {
    for (const std::string& note : plan.notes) log::say(note);
    webserver::carry_out(editing, *server_, sites, plan.edits,
                         [&](Millis limit) { return missing(plan.spots, limit); });
    log::verbose(server_->config() + ": " + server_->title() + " serves " + std::string(token_path) +
                 " from " + folder_ + ", by " + std::to_string(plan.edits.changes.size()) +
                 " new lines in its virtual hosts");
  }

  /// Publishes a token of no order, and looks whether all addresses answer with it.
  std::string missing(const std::vector<webserver::Spot>& spots, Millis limit) {
    acme::Task task;
    task.token = "certo-probe-" + os::random_name(12);
    task.key_authorization = task.token + ".certo";
    task.identifier = {"dns", "probe"};
    files().present({task});
    std::string fault = webserver::missing_token(spots, task.token, task.key_authorization, limit);
    files_->cleanup();
    return fault;
  }

  const store::Home& home_;
  const SolverSettings settings_;
  const std::unique_ptr<webserver::Server> server_;
  std::string folder_;  // that the server serves
  std::unique_ptr<acme::Solver> files_;
  std::set<std::string> served_;                  // names
  std::optional<webserver::EditNote> rehearsed_;  // the edits of a rehearsal
};

template <typename Type>
std::unique_ptr<acme::Solver> solver_of(webserver::ServerKind kind, const Type& way, const store::Home& home,
                                        const SolverSettings& settings) {
  return std::make_unique<WebServerSolver>(way, webserver::running_server(kind, way.config), home, settings);
}

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Nginx& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return solver_of(webserver::ServerKind::nginx, way, home, settings);
}

std::unique_ptr<acme::Solver> method_solver(const store::Apache& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return solver_of(webserver::ServerKind::apache, way, home, settings);
}

}  // namespace certo::challenge
