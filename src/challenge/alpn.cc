// tls-alpn-01 (RFC 8737): the solver of store::Alpn (challenge/methods.h). The port is opened before the
// order, and free again after cleanup.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "base/error.h"
#include "challenge/listener.h"
#include "challenge/methods.h"
#include "challenge/shared_port.h"
#include "crypto/alpn.h"
#include "os/signals.h"

namespace certo::challenge {
namespace {

class Handshake : public Conversation {
 public:
  Handshake(const crypto::AlpnCertificates& certificates, int fd) : handshake_(certificates, fd) {}

  Waits go_on() override {
    switch (handshake_.go_on()) {
      case crypto::AlpnHandshake::Waits::to_read: return Waits::to_read;
      case crypto::AlpnHandshake::Waits::to_write: return Waits::to_write;
      case crypto::AlpnHandshake::Waits::no_longer: break;
    }
    return Waits::no_longer;
  }

  std::string summary() const override { return handshake_.summary(); }

 private:
  crypto::AlpnHandshake handshake_;
};

class AlpnServer {
 public:
  explicit AlpnServer(const Listen& where)
      : listener_(where, "alpn", [this](int fd) { return std::make_unique<Handshake>(certificates_, fd); }) {}

  /// A name has one certificate at a time, so orders with a name in common take turns. An order takes all of
  /// its names at once: two orders never wait for each other.
  void show(const std::vector<acme::Task>& tasks, const Deadline& deadline) {
    std::unique_lock lock(mutex_);
    for (const acme::Task* taken = taken_of(tasks); taken != nullptr; taken = taken_of(tasks)) {
      os::check_signal();
      if (deadline.passed())
        throw Error(Exit::later, taken->identifier.value + ": another order of this run validates this name",
                    "the same command again continues");
      is_free_.wait_for(lock, Millis(200));
    }
    for (const acme::Task& task : tasks) {
      certificates_.add(task.identifier, task.key_authorization);
      shown_.insert(task.identifier);
    }
  }

  void forget(const std::vector<acme::Task>& tasks) {
    const std::lock_guard guard(mutex_);
    for (const acme::Task& task : tasks) {
      certificates_.remove(task.identifier);
      shown_.erase(task.identifier);
    }
    is_free_.notify_all();
  }

 private:
  const acme::Task* taken_of(const std::vector<acme::Task>& tasks) const {
    for (const acme::Task& task : tasks)
      if (shown_.contains(task.identifier)) return &task;
    return nullptr;
  }

  std::mutex mutex_;  // of shown_
  std::condition_variable is_free_;
  std::set<acme::Identifier> shown_;
  crypto::AlpnCertificates certificates_;
  Listener listener_;  // the last: its thread uses the certificates
};

/// The certificates end with the process, so no journal is needed.
class Alpn : public MethodSolver {
 public:
  Alpn(const store::Alpn& way, const Deadline& deadline)
      : MethodSolver(way), where_(parse_listen(way.listen, tls_port)), deadline_(deadline) {}
  ~Alpn() override { cleanup(); }

  /// The port stays open: nobody can take it before the CA has an order.
  void prepare() override {
    if (!server_) server_ = SharedPort<AlpnServer>::open(where_);
  }

  void present(const std::vector<acme::Task>& tasks) override {
    prepare();
    server_->show(tasks, deadline_);
    shown_ = tasks;
  }

  void cleanup() noexcept override {
    if (!server_) return;
    server_->forget(shown_);
    shown_.clear();
    SharedPort<AlpnServer>::close(server_);
  }

 private:
  const Listen where_;
  const Deadline deadline_;
  std::shared_ptr<AlpnServer> server_;
  std::vector<acme::Task> shown_;
};

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Alpn& way, const store::Home&,
                                            const SolverSettings& settings) {
  return std::make_unique<Alpn>(way, settings.deadline);
}

}  // namespace certo::challenge
