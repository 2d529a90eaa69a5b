#include "challenge/standalone.h"

#include <optional>

#include "challenge/http01.h"
#include "challenge/responder.h"

namespace certo::challenge {
namespace {

/// Nothing of it outlives the process, so it needs no journal.
class Standalone : public acme::Solver {
 public:
  explicit Standalone(Listen where) : where_(std::move(where)) {}

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    if (authorization.wildcard) return {};
    return {"http-01"};
  }

  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) require_token(task);
    if (!responder_) responder_.emplace(where_);
    for (const acme::Task& task : tasks) responder_->serve(task.token, task.key_authorization);
  }

  void cleanup() noexcept override { responder_.reset(); }

 private:
  const Listen where_;
  std::optional<Responder> responder_;
};

}  // namespace

std::unique_ptr<acme::Solver> make_standalone_solver(const std::string& listen) {
  return std::make_unique<Standalone>(parse_listen(listen));
}

}  // namespace certo::challenge
