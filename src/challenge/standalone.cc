// http-01 (RFC 8555 section 8.3) without a web server: the solver of store::Standalone (challenge/methods.h).
// The port is opened before the order, and free again after cleanup.
#include <memory>

#include "challenge/http01.h"
#include "challenge/methods.h"
#include "challenge/responder.h"
#include "challenge/shared_port.h"

namespace certo::challenge {
namespace {

/// The tokens end with the process, so no journal is needed.
class Standalone : public MethodSolver {
 public:
  explicit Standalone(const store::Standalone& way)
      : MethodSolver(way), where_(parse_listen(way.listen, http_port)) {}
  ~Standalone() override { cleanup(); }

  /// The port stays open: nobody can take it before the CA has an order.
  void prepare() override {
    if (!responder_) responder_ = SharedPort<Responder>::open(where_);
  }

  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) require_token(task);
    prepare();
    for (const acme::Task& task : tasks) {
      responder_->serve(task.token, task.key_authorization);
      tokens_.push_back(task.token);
    }
  }

  void cleanup() noexcept override {
    if (!responder_) return;
    for (const std::string& token : tokens_) responder_->forget(token);
    tokens_.clear();
    SharedPort<Responder>::close(responder_);
  }

 private:
  const Listen where_;
  std::shared_ptr<Responder> responder_;
  std::vector<std::string> tokens_;
};

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Standalone& way, const store::Home&,
                                            const SolverSettings&) {
  return std::make_unique<Standalone>(way);
}

}  // namespace certo::challenge
