#include "net/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "net/transfer.h"
#include "net/trust.h"
#include "os/signals.h"

namespace certo::net {
namespace {

// The timeout of libcurl includes the time in its own queue, so the queue is kept here.
constexpr size_t most_in_flight = 32;
// For servers without HTTP/2; with it, one connection carries everything. Browsers use six.
constexpr long connections_per_host = 6;

using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

}  // namespace

struct Http::Worker {
  explicit Worker(HttpSettings given) : settings(std::move(given)) {}
  ~Worker();

  Pending send(HttpRequest request);

  const HttpSettings settings;

  std::mutex mutex;  // guards what both sides touch:
  std::deque<std::unique_ptr<Transfer>> queue;
  HttpCounts counts;
  bool stopping = false;
  CURLM* awake = nullptr;     // to be woken; null until the thread is ready
  std::exception_ptr broken;  // why the thread ended, when it was not asked to

 private:
  void run();
  void loop();
  bool is_stopping();
  void start_queued();
  void start(std::unique_ptr<Transfer> transfer);
  void finish_done();
  void finish(std::unique_ptr<Transfer> transfer, CURLcode code);
  void fail_all(const std::exception_ptr& error);
  void wait();
  std::unique_ptr<Transfer> remove(CURL* handle);
  const TrustStore* trust_for(const Url& url);

  // The thread's own.
  std::optional<TrustStore> trust_;
  Multi multi_{nullptr, curl_multi_cleanup};
  std::vector<std::unique_ptr<Transfer>> in_flight_;
  std::thread thread_;
};

Http::Worker::~Worker() {
  {
    const std::lock_guard guard(mutex);
    stopping = true;
    if (awake != nullptr) curl_multi_wakeup(awake);
  }
  if (thread_.joinable()) thread_.join();
}

Pending Http::Worker::send(HttpRequest request) {
  os::check_signal();
  std::promise<HttpReply> promise;
  Pending pending(promise.get_future());
  auto transfer = std::make_unique<Transfer>(std::move(request), std::move(promise));

  const std::lock_guard guard(mutex);
  if (broken) std::rethrow_exception(broken);
  queue.push_back(std::move(transfer));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  if (awake != nullptr) curl_multi_wakeup(awake);
  return pending;
}

void Http::Worker::run() {
  try {
    loop();
  } catch (...) {  // out of memory
    {
      const std::lock_guard guard(mutex);
      broken = std::current_exception();
      awake = nullptr;
    }
    fail_all(broken);
  }
}

void Http::Worker::loop() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Exit::bug, "libcurl cannot start");
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections_per_host);
  {
    const std::lock_guard guard(mutex);
    awake = multi_.get();
  }
  while (!is_stopping()) {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    finish_done();
    try {
      os::check_signal();
    } catch (const Interrupted&) {
      fail_all(std::current_exception());
    }
    start_queued();
    wait();
  }
  fail_all(
      std::make_exception_ptr(Error(Exit::unreachable, "given up, because nothing waits for it any more")));
}

bool Http::Worker::is_stopping() {
  const std::lock_guard guard(mutex);
  return stopping;
}

void Http::Worker::start_queued() {
  while (in_flight_.size() < most_in_flight) {
    std::unique_ptr<Transfer> next;
    {
      const std::lock_guard guard(mutex);
      if (queue.empty()) return;
      next = std::move(queue.front());
      queue.pop_front();
    }
    start(std::move(next));
  }
}

void Http::Worker::start(std::unique_ptr<Transfer> transfer) {
  try {
    transfer->prepare(settings, trust_for(transfer->request().url));
    curl_multi_add_handle(multi_.get(), transfer->handle());
    in_flight_.push_back(std::move(transfer));
  } catch (...) {
    transfer->fail(std::current_exception());
  }
}

const TrustStore* Http::Worker::trust_for(const Url& url) {
  // Read when it is first needed, so that plain http to a loopback address works without a bundle.
  if (url.scheme != "https") return nullptr;
  if (!trust_) trust_.emplace(settings.ca_bundle);
  return &*trust_;
}

void Http::Worker::finish_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    // The message goes with the handle.
    const CURLcode code = message->data.result;
    finish(remove(message->easy_handle), code);
  }
}

void Http::Worker::finish(std::unique_ptr<Transfer> transfer, CURLcode code) {
  {
    const std::lock_guard guard(mutex);
    transfer->count(counts);
  }
  try {
    if (transfer->finish(code)) start(std::move(transfer));
  } catch (...) {
    transfer->fail(std::current_exception());
  }
}

std::unique_ptr<Transfer> Http::Worker::remove(CURL* handle) {
  const auto found =
      std::ranges::find(in_flight_, handle, [](const auto& transfer) { return transfer->handle(); });
  std::unique_ptr<Transfer> transfer = std::move(*found);
  in_flight_.erase(found);
  curl_multi_remove_handle(multi_.get(), handle);
  return transfer;
}

void Http::Worker::fail_all(const std::exception_ptr& error) {
  while (!in_flight_.empty()) remove(in_flight_.back()->handle())->fail(error);
  std::deque<std::unique_ptr<Transfer>> never_started;
  {
    const std::lock_guard guard(mutex);
    never_started.swap(queue);
  }
  for (const auto& transfer : never_started) transfer->fail(error);
}

void Http::Worker::wait() {
  constexpr int usual_pause = 1000, pause_in_grace = 200;  // ms; curl cuts it short by its own timers
  // A signal's descriptor stays readable, so it is watched only until the signal came.
  const int descriptor = os::pending_signal() == 0 ? os::signal_fd() : -1;
  curl_waitfd signal{descriptor, CURL_WAIT_POLLIN, 0};
  curl_multi_poll(multi_.get(), &signal, 1, descriptor >= 0 ? usual_pause : pause_in_grace, nullptr);
}

Http::Http(HttpSettings settings) : worker_(std::make_unique<Worker>(std::move(settings))) {}
Http::~Http() = default;

Pending Http::send(HttpRequest request) { return worker_->send(std::move(request)); }

HttpCounts Http::counts() const {
  const std::lock_guard guard(worker_->mutex);
  return worker_->counts;
}

}  // namespace certo::net
