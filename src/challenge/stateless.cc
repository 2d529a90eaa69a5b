// http-01 (RFC 8555 section 8.3) by a web server that answers every token with the account's thumbprint: the
// solver of store::Stateless (challenge/methods.h). It writes nothing; it looks whether the server knows this
// account.
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "challenge/http01.h"
#include "challenge/methods.h"
#include "net/http.h"

namespace certo::challenge {
namespace {

constexpr const char* hint = "'certo thumbprint --snippet nginx' prints what the server has to answer";

net::HttpRequest request_of(const acme::Task& task) {
  net::HttpRequest request;
  request.url = token_url(task);
  request.headers = {"Accept: */*"};
  request.body_limit = request_limit;
  request.timeout = Seconds(10);
  return request;
}

class Stateless : public MethodSolver {
 public:
  Stateless(const store::Stateless& way, int ip_version)
      : MethodSolver(way),
        http_({.ca_bundle = {}, .ip_version = ip_version, .user_agent = std::string("certo/") + version()}) {}

  /// Only a server that surely answers for another account is a failure: this machine may see another server
  /// than the CA does.
  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) require_token(task);
    const log::Waiting live("asking the web server for the account's thumbprint");
    std::vector<net::Pending> replies;
    for (const acme::Task& task : tasks) replies.push_back(http_.send(request_of(task)));
    for (size_t i = 0; i < tasks.size(); ++i) look_at(tasks[i], replies[i]);
    last_ = tasks;
  }

  std::string published() const override {
    if (last_.empty()) return {};
    return "the server of " + last_.front().identifier.value + " must answer " +
           token_url(last_.front()).text + " with " + last_.front().key_authorization + "; " + hint;
  }

  void cleanup() noexcept override {}

 private:
  static void look_at(const acme::Task& task, net::Pending& pending) {
    const std::string subject = token_url(task).text;
    try {
      const net::HttpReply reply = pending.get();
      require_not_another(task, reply);
    } catch (const Error& error) {
      if (error.code == Exit::config) throw;
      log::verbose(subject + ": the answer could not be checked from here: " + error.message);
    }
  }

  static void require_not_another(const acme::Task& task, const net::HttpReply& reply) {
    const std::string url = token_url(task).text;
    const std::string_view body = trim(reply.body);
    if (body == task.key_authorization) return;
    constexpr size_t brief = 100;
    if (body.starts_with(task.token + "."))
      throw Error(Exit::config,
                  url + ": the server answers for the account with the thumbprint '" +
                      printable(body.substr(task.token.size() + 1), brief) + "', and this account has " +
                      task.key_authorization.substr(task.token.size() + 1),
                  hint);
    log::warn(url + ": the server answers " + std::to_string(reply.status) + " '" + printable(body, brief) +
              "', and the CA expects the token and the account's thumbprint; " + hint);
  }

  net::Http http_;
  std::vector<acme::Task> last_;
};

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Stateless& way, const store::Home&,
                                            const SolverSettings& settings) {
  return std::make_unique<Stateless>(way, settings.ip_version);
}

}  // namespace certo::challenge
