// http-01 (RFC 8555 section 8.3) by the nginx that runs: the solver of store::Nginx (challenge/methods.h).
// nginx gets lines by which it serves a folder of certo's. They stay, so a renewal only writes files there.
#include <algorithm>
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
#include "os/machine.h"
#include "os/random.h"
#include "os/signals.h"
#include "webserver/edit_note.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_edit.h"
#include "webserver/nginx_probe.h"
#include "webserver/nginx_proof.h"
#include "webserver/owner.h"

namespace certo::challenge {
namespace {

using webserver::Editing;

class NginxSolver : public MethodSolver {
 public:
  NginxSolver(const store::Nginx& way, const store::Home& home, SolverSettings settings)
      : MethodSolver(way),
        home_(home),
        settings_(std::move(settings)),
        nginx_(webserver::running_nginx(way.config)) {}

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
      webserver::withdraw(editing, nginx_, {webserver::EditPart::proof});
    } catch (const std::exception& error) {
      log::warn(std::string("certo's lines for the rehearsal are still in nginx's configuration: ") +
                error.what() + "; the next run removes them");
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

  /// Makes nginx serve the challenges of these names.
  void serve(const std::vector<acme::Identifier>& identifiers) {
    std::vector<std::string> names;  // as they stand in a Host header
    for (const acme::Identifier& one : identifiers)
      if (const std::string host = net::bracketed(one.value); !served_.contains(host)) names.push_back(host);
    if (names.empty()) return;
    webserver::again_if_changed([&] { serve(names); });
    served_.insert(names.begin(), names.end());
  }

  void serve(const std::vector<std::string>& names) {
    const webserver::NginxConfig config(nginx_.config);
    const auto hosts = webserver::virtual_hosts(config, lower(os::host_name()), nginx_.is_root);
    const webserver::Selection selection(hosts);
    folder_ = webserver::proof_folder(config, nginx_.is_root);
    webserver::Proof proof =
        webserver::plan_proof(config, webserver::blocks_to_prove(selection, names), folder_);
    if (proof.blocks.empty())
      throw Error(Exit::config,
                  nginx_.config + ": nginx has no server block that could answer for " + names.front(),
                  "add one that listens on port 80");
    for (const webserver::VirtualHost* host : proof.blocks) webserver::require_editable(*host);
    put_in(config, selection, names, proof);
  }

  void put_in(const webserver::NginxConfig& config, const webserver::Selection& selection,
              const std::vector<std::string>& names, const webserver::Proof& proof) {
    if (proof.edits.changes.empty() && settings_.is_rehearsal) return;
    if (settings_.edit_journal.empty()) {
      if (proof.edits.changes.empty()) return;
      throw Error(Exit::usage, config.path() + ": nginx lacks certo's lines for " + join(names, ", "),
                  "only 'certo issue --nginx' adds them");
    }
    if (settings_.is_rehearsal) {
      if (!rehearsed_) rehearsed_.emplace(home_, "");
      Editing editing = edit(rehearsed_->journal());
      return carry_out(editing, config, selection, names, proof);
    }
    Editing editing = edit(settings_.edit_journal);
    webserver::recover(editing, webserver::Leave::standing);
    if (!proof.edits.changes.empty()) {
      const webserver::EditNote note(home_, settings_.edit_journal);
      carry_out(editing, config, selection, names, proof);
    }
    editing.share(proof.marks);
  }

  void carry_out(Editing& editing, const webserver::NginxConfig& config,
                 const webserver::Selection& selection, const std::vector<std::string>& names,
                 const webserver::Proof& proof) {
    webserver::carry_out(editing, nginx_, config, proof.edits, [&](Millis limit) {
      return missing(webserver::spots_to_prove(selection, names), limit);
    });
    const size_t count = proof.edits.changes.size();
    log::verbose(config.path() + ": nginx serves " + std::string(token_path) + " from " + folder_ +
                 ", by a line in " + std::to_string(count) +
                 (count == 1 ? " server block" : " server blocks"));
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
  const webserver::Nginx nginx_;
  std::string folder_;  // that nginx serves
  std::unique_ptr<acme::Solver> files_;
  std::set<std::string> served_;                  // names
  std::optional<webserver::EditNote> rehearsed_;  // the edits of a rehearsal
};

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Nginx& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return std::make_unique<NginxSolver>(way, home, settings);
}

}  // namespace certo::challenge
