// One HTTP exchange by libcurl: a request, its reply, and what went wrong, in words.
// It belongs to the thread of net/http.cc. For this folder only.
#pragma once

#include <curl/curl.h>

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"
#include "net/trust.h"

namespace certo::net {

class Transfer {
 public:
  Transfer(HttpRequest request, std::promise<HttpReply> promise);

  /// Makes the curl handle, ready to be added to a multi. `trust` may be null for http.
  /// Throws Error{unreachable} if the run's time is over.
  void prepare(const HttpSettings& settings, const TrustStore* trust);

  CURL* handle() const { return easy_.get(); }
  const HttpRequest& request() const { return request_; }
  void count(HttpCounts& counts) const;

  /// The exchange is over: fulfils the promise, or turns this into the request for a redirect's target and
  /// returns true; then `prepare` comes again. Throws the exception for the promise.
  bool finish(CURLcode code);
  void fail(std::exception_ptr error) { promise_.set_exception(std::move(error)); }

 private:
  static size_t on_body(char* data, size_t size, size_t count, void* self) noexcept;
  static size_t on_header(char* data, size_t size, size_t count, void* self) noexcept;
  void set_request();
  void set_connection(const HttpSettings& settings);
  void take_header(std::string_view line);
  void require_success(CURLcode code) const;
  void follow(const std::string& location);
  std::string spoken_url() const;
  std::string server() const;
  Error failure(CURLcode code) const;
  std::string limit_of_server(CURLcode code) const;
  Error timeout() const;
  Error refused_by_proxy(long status) const;

  HttpRequest request_;
  std::promise<HttpReply> promise_;
  HttpReply reply_;
  std::optional<Deadline> deadline_;  // of all hops together
  int hops_ = 0;                      // redirects followed
  int ip_version_ = 0;
  std::optional<ServerCheck> check_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, curl_slist_free_all};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{nullptr, curl_easy_cleanup};
  char reason_[CURL_ERROR_SIZE] = "";
  size_t header_bytes_ = 0;
  bool headers_complete_ = false;
  std::string refused_;  // why the reply was cut off by us
};

}  // namespace certo::net
