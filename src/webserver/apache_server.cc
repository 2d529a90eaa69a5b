#include "webserver/apache_server.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "webserver/apache_control.h"
#include "webserver/apache_hosts.h"
#include "webserver/apache_listen.h"
#include "webserver/apache_proof.h"
#include "webserver/apache_tls.h"
#include "webserver/proof_folder.h"
#include "webserver/server_process.h"

namespace certo::webserver {
namespace {

/// "FILE:LINE" of the directive, if one of its words names a file in `folder`.
bool names_file_in(const ApacheDirective& directive, const std::string& folder) {
  if (directive.value.find(folder) == std::string::npos) return false;
  return std::ranges::any_of(apache_words(directive.value),
                             [&](const std::string& word) { return word.starts_with(folder + "/"); });
}

class ApacheSites : public Sites {
 public:
  explicit ApacheSites(Apache apache) : apache_(std::move(apache)), config_(apache_) {}

  ProofPlan plan_proof(const std::vector<std::string>& names) const override {
    const std::string folder = proof_folder(apache_.config(), apache_proof_files(config_), apache_.is_root);
    const std::vector<const ApacheHost*> hosts = hosts_to_prove(config_, names);
    for (const ApacheHost* host : hosts) require_editable(*host);
    ApacheProof proof = plan_apache_proof(config_, hosts, folder);
    return {.edits = std::move(proof.edits),
            .marks = std::move(proof.marks),
            .notes = std::move(proof.notes),
            .folder = folder,
            .spots = spots_to_prove(config_, names)};
  }

  TlsPlan plan_tls(const TlsWish& wish) const override { return plan_apache_tls(config_, wish); }

  std::vector<NamedHost> hosts() const override {
    std::vector<NamedHost> all;
    for (const ApacheHost& host : config_.hosts()) {
      std::vector<std::string> names = host.names;
      if (!host.has_own_name && !names.empty()) names.erase(names.begin());
      all.push_back({text(host.place), std::move(names), owner_of(host)});
    }
    return all;
  }

  std::vector<std::string> places_naming(const std::string& folder) const override {
    std::vector<std::string> places;
    for (const std::string& file : config_.files())
      for (const ApacheDirective& one : config_.file(file).directives())
        if (names_file_in(one, folder)) places.push_back(file + ":" + std::to_string(one.line));
    return places;
  }

 private:
  std::vector<Text> texts() const override {
    std::vector<Text> all;
    for (const std::string& file : config_.files()) all.push_back({file, config_.file(file).text()});
    return all;
  }

  const Apache apache_;
  const ApacheConfig config_;
};

class ApacheServer : public Server {
 public:
  explicit ApacheServer(Apache apache) : apache_(std::move(apache)), unit_(unit_of(apache_.process)) {}

  ServerKind kind() const override { return ServerKind::apache; }
  const std::string& config() const override { return apache_.config(); }
  pid_t process() const override { return apache_.process; }
  bool can_test() const override { return !apache_.program.empty(); }

  std::unique_ptr<Sites> read() const override { return std::make_unique<ApacheSites>(asked_again(apache_)); }
  ConfigTest test() const override {
    ConfigTest test = test_config(apache_);
    if (!test.failure.empty() || !is_running()) return test;
    const Apache now = asked_again(apache_);
    test.failure = why_it_would_end(ApacheConfig(now));
    return test;
  }
  std::string test_command() const override { return "apachectl -t"; }
  std::string reload_command() const override { return webserver::reload_command(apache_); }
  void reload() const override {
    if (const std::string fault = reload_and_watch(apache_, Seconds(30)); !fault.empty())
      throw Error(Exit::not_installed, config() + ": " + fault, "the error log of Apache says why");
  }
  std::string apply(Millis limit) const override { return reload_and_watch(apache_, limit); }
  void restore() const override { reload_or_start(apache_, unit_); }

 private:
  const Apache apache_;
  const std::string unit_;
};

}  // namespace

std::unique_ptr<Server> running_apache_server(const std::string& config) {
  return std::make_unique<ApacheServer>(running_apache(config));
}

std::unique_ptr<Server> apache_server_with(const std::string& config) {
  return std::make_unique<ApacheServer>(apache_with(config));
}

std::vector<std::unique_ptr<Server>> all_apache_servers() {
  std::vector<std::unique_ptr<Server>> all;
  for (Apache& one : known_apaches()) all.push_back(std::make_unique<ApacheServer>(std::move(one)));
  return all;
}

}  // namespace certo::webserver
