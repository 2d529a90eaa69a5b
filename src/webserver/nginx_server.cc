#include "webserver/nginx_server.h"

#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "os/machine.h"
#include "os/program.h"
#include "webserver/nginx_choice.h"
#include "webserver/nginx_control.h"
#include "webserver/nginx_proof.h"
#include "webserver/nginx_tls.h"
#include "webserver/proof_folder.h"

namespace certo::webserver {
namespace {

class NginxSites : public Sites {
 public:
  explicit NginxSites(const Nginx& nginx)
      : nginx_(nginx),
        config_(nginx.config),
        hosts_(virtual_hosts(config_, lower(os::host_name()), nginx.is_root)),
        selection_(hosts_) {}

  ProofPlan plan_proof(const std::vector<std::string>& names) const override {
    const std::string folder = proof_folder(config_.path(), proof_files(config_), nginx_.is_root);
    Proof proof = webserver::plan_proof(config_, blocks_to_prove(selection_, names), folder);
    if (proof.blocks.empty())
      throw Error(Exit::config,
                  config_.path() + ": nginx has no server block that could answer for " + names.front(),
                  "add one that listens on port 80");
    for (const VirtualHost* host : proof.blocks) require_editable(*host);
    return {.edits = std::move(proof.edits),
            .marks = std::move(proof.marks),
            .notes = std::move(proof.notes),
            .folder = folder,
            .spots = spots_to_prove(selection_, names)};
  }

  TlsPlan plan_tls(const TlsWish& wish) const override {
    return webserver::plan_tls(config_, hosts_, selection_, nginx_.build, wish);
  }

  std::vector<NamedHost> hosts() const override {
    std::vector<NamedHost> all;
    for (const VirtualHost& host : hosts_) all.push_back({host.place(), host.names, owner_of(host)});
    return all;
  }

  std::vector<std::string> places_naming(const std::string& folder) const override {
    std::vector<std::string> places;
    for (const auto& file : config_.files())
      for (const NginxDirective& one : file->directives())
        for (size_t i = 1; i < one.word_count; ++i)
          if (file->word(one, i).starts_with(folder + "/")) {
            places.push_back(file->place(one));
            break;
          }
    return places;
  }

 private:
  std::vector<Text> texts() const override {
    std::vector<Text> all;
    for (const auto& file : config_.files()) all.push_back({file->path(), file->text()});
    return all;
  }

  const Nginx nginx_;
  const NginxConfig config_;
  const std::vector<VirtualHost> hosts_;
  const Selection selection_;
};

class NginxServer : public Server {
 public:
  explicit NginxServer(Nginx nginx) : nginx_(std::move(nginx)) {}

  ServerKind kind() const override { return ServerKind::nginx; }
  const std::string& config() const override { return nginx_.config; }
  pid_t process() const override { return nginx_.process; }
  bool can_test() const override { return !nginx_.program.empty(); }

  std::unique_ptr<Sites> read() const override { return std::make_unique<NginxSites>(nginx_); }
  ConfigTest test() const override { return test_config(nginx_); }
  std::string test_command() const override { return "nginx -t"; }
  std::string reload_command() const override { return webserver::reload_command(nginx_); }
  void reload() const override { webserver::reload(nginx_); }
  /// nginx says nothing of a configuration that it cannot apply: only its answers show that.
  std::string apply(Millis limit) const override {
    const std::vector<pid_t> old_workers = workers(nginx_);
    webserver::reload(nginx_);
    wait_for_end(old_workers, limit);
    return {};
  }
  void restore() const override { webserver::reload(nginx_); }

 private:
  const Nginx nginx_;
};

}  // namespace

std::unique_ptr<Server> running_nginx_server(const std::string& config) {
  return std::make_unique<NginxServer>(running_nginx(config));
}

std::unique_ptr<Server> nginx_server_with(const std::string& config) {
  Nginx nginx = wanted_nginx(config).front();
  if (nginx.program.empty()) nginx.program = os::find_program("nginx").value_or("");
  return std::make_unique<NginxServer>(std::move(nginx));
}

std::vector<std::unique_ptr<Server>> all_nginx_servers() {
  std::vector<std::unique_ptr<Server>> all;
  for (Nginx& one : wanted_nginx("")) all.push_back(std::make_unique<NginxServer>(std::move(one)));
  return all;
}

}  // namespace certo::webserver
