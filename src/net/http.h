// HTTP. One thread owns one curl_multi and all connections; any other thread sends
// requests to it and waits for the replies, so that any number of
// orders share a handful of connections, and requests go out in parallel.
//
// Nothing is retried here: a signed request that is sent again has a used nonce,
// so that the caller decides (acme::Client).
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/url.h"

namespace certo::net {

struct HttpRequest {
  std::string method = "GET";  // GET, HEAD, POST, …
  Url url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  size_t body_limit = 1 << 20;   // bytes of reply; more is Error{protocol}
  int redirects = 0;             // followed at most, https only, GET and HEAD only
  Millis timeout = Seconds(60);  // from its start to its last byte, redirects included
};

struct HttpReply {
  int status = 0;
  std::string body{};
  std::string url{};                                         // after redirects
  Time date{};                                               // of the Date header; zero if absent or invalid
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case; of the last reply only
  std::string head{};  // of the last reply: its status line and header lines, as the server wrote them

  /// The header's value without white space around it, any case of name; "" if absent; the last if repeated.
  std::string header(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
};

/// A reply that has not come yet. `get` waits, ticks the live line, and throws the
/// transport's Error{unreachable} (no connection, TLS, timeout), Error{protocol} (caps
/// broken, Content-Encoding, redirect refused) or Interrupted.
class Pending {
 public:
  explicit Pending(std::future<HttpReply> reply) : reply_(std::move(reply)) {}
  HttpReply get();
  bool ready() const;  // a get would not wait

 private:
  std::future<HttpReply> reply_;
};

/// The destination of requests: libcurl, or a script in a test.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Pending send(HttpRequest request) = 0;
};

struct HttpSettings {
  std::string ca_bundle;   // PEM file; empty: SSL_CERT_FILE, else the first known path that exists
  int ip_version = 0;      // 4, 6 or 0 for both
  std::string user_agent;  // "certo/0.1.0 …"
};

struct HttpCounts {  // for make bench and -vv
  uint64_t requests = 0, connections = 0, bytes_in = 0, bytes_out = 0;
};

/// The real one. The thread starts with the first request; the CA bundle is read with the first that
/// is https. Proxies come from the usual variables (https_proxy, HTTPS_PROXY, http_proxy, ALL_PROXY,
/// NO_PROXY). HTTP/2 if the server has it, with one connection per host; else at most six.
/// Connecting takes at most 15 s, and 30 s without a byte end a transfer. TLS 1.2 or newer;
/// certificates are always verified. Any thread may call.
class Http : public Transport {
 public:
  explicit Http(HttpSettings settings);
  ~Http() override;
  Pending send(HttpRequest request) override;
  HttpCounts counts() const;

 private:
  struct Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace certo::net
