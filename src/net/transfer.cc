#include "net/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/log.h"
#include "base/text.h"
#include "net/failure_words.h"
#include "net/foreign_key.h"
#include "net/host.h"
#include "net/secret_url.h"

namespace certo::net {
namespace {

constexpr size_t header_limit = 64 << 10;
constexpr Seconds connect_limit(15);
constexpr Seconds stall_limit(30);
// A machine's own metadata service answers at once, or there is none.
constexpr Seconds metadata_connect_limit(2), metadata_limit(5);

template <class Value>
Value info(CURL* easy, CURLINFO which) {
  Value value{};
  curl_easy_getinfo(easy, which, &value);
  return value;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK)
    throw Error(Exit::bug, std::string("libcurl refuses a setting: ") + curl_easy_strerror(code));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

void require_one_line(const std::string& header) {
  if (std::none_of(header.begin(), header.end(), is_control)) return;
  // Its value may be a secret and is not shown.
  throw Error(Exit::config, "the value of the request header " + header.substr(0, header.find(':')) +
                                " holds a line break or another control character");
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool may_be_redirected(const HttpRequest& request) {
  return request.redirects > 0 && (request.method == "GET" || request.method == "HEAD");
}

bool same_origin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

/// A provider's URL may hold a key in its query, so that is not logged.
std::string_view without_query(const std::string& url) {
  return std::string_view(url).substr(0, url.find('?'));
}

long milliseconds(Millis time) { return static_cast<long>(time.count()); }

}  // namespace

Transfer::Transfer(HttpRequest request, std::promise<HttpReply> promise)
    : request_(std::move(request)), promise_(std::move(promise)) {}

void Transfer::prepare(const HttpSettings& settings, const TrustStore* trust) {
  if (!deadline_) deadline_ = Deadline(request_.timeout);
  if (deadline_->passed()) throw timeout();
  reply_ = {};
  header_bytes_ = 0;
  headers_complete_ = false;
  reason_[0] = '\0';

  easy_.reset(curl_easy_init());
  if (!easy_) throw std::bad_alloc();
  set_request();
  set_connection(settings);
  if (trust != nullptr) check_.emplace(*trust).apply(easy_.get());
}

void Transfer::set_request() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, request_.url.text.c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  if (request_.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || !request_.body.empty()) {
    if (request_.method == "POST" || !request_.body.empty()) {
      set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());  // not copied
    }
    set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }

  headers_.reset();
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    if (!headers_) headers_.reset(longer);  // the first one is the list
  };
  add("Expect:");  // no round trip to ask whether a large body is welcome
  for (const std::string& header : request_.headers) {
    require_one_line(header);
    add(header);
  }
  set(easy, CURLOPT_HTTPHEADER, headers_.get());

  set(easy, CURLOPT_HEADERFUNCTION, on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_WRITEFUNCTION, on_body);
  set(easy, CURLOPT_WRITEDATA, this);
}

void Transfer::set_connection(const HttpSettings& settings) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, reason_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, request_.url.scheme.c_str());
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PIPEWAIT, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_TCP_NODELAY, 1L);

  const bool is_metadata = is_metadata_host(request_.url.host);
  if (is_metadata) set(easy, CURLOPT_PROXY, "");  // another machine's metadata would be no use
  const Millis left = is_metadata ? std::min<Millis>(deadline_->left(), metadata_limit) : deadline_->left();
  const Millis connect = is_metadata ? metadata_connect_limit : connect_limit;
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds(left));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(left, connect)));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall_limit.count()));

  ip_version_ = settings.ip_version;
  if (settings.ip_version == 4) set(easy, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V4));
  if (settings.ip_version == 6) set(easy, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V6));
  if (!settings.user_agent.empty()) set(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
}

size_t Transfer::on_body(char* data, size_t size, size_t count, void* self) noexcept {
  auto* transfer = static_cast<Transfer*>(self);
  std::string& body = transfer->reply_.body;
  const size_t length = size * count;
  if (length > transfer->request_.body_limit - body.size()) {
    transfer->refused_ = fmt::format("its reply is longer than {} KiB", transfer->request_.body_limit / 1024);
    return CURL_WRITEFUNC_ERROR;
  }
  body.append(data, length);
  return length;
}

size_t Transfer::on_header(char* data, size_t size, size_t count, void* self) noexcept {
  auto* transfer = static_cast<Transfer*>(self);
  const size_t length = size * count;
  transfer->header_bytes_ += length;
  if (transfer->header_bytes_ > header_limit) {
    transfer->refused_ = fmt::format("its reply has more than {} KiB of headers", header_limit / 1024);
    return CURL_WRITEFUNC_ERROR;
  }
  transfer->take_header({data, length});
  return length;
}

void Transfer::take_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // a new reply: what came before was an interim one
    reply_.headers.clear();
    reply_.head = line;
    headers_complete_ = false;
    return;
  }
  if (!headers_complete_) reply_.head += line;
  if (trim(line).empty()) headers_complete_ = true;
  // Trailers are not headers, and folded lines are obsolete (RFC 9112 section 5.2).
  if (headers_complete_ || line.front() == ' ' || line.front() == '\t') return;
  const size_t colon = line.find(':');
  if (colon == line.npos) return;
  reply_.headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
}

void Transfer::count(HttpCounts& counts) const {
  CURL* easy = easy_.get();
  const auto sum = [](auto... parts) {
    return (static_cast<uint64_t>(std::max<curl_off_t>(parts, 0)) + ...);
  };
  counts.requests += 1;
  counts.connections += sum(info<long>(easy, CURLINFO_NUM_CONNECTS));
  counts.bytes_in +=
      sum(info<long>(easy, CURLINFO_HEADER_SIZE), info<curl_off_t>(easy, CURLINFO_SIZE_DOWNLOAD_T));
  counts.bytes_out +=
      sum(info<long>(easy, CURLINFO_REQUEST_SIZE), info<curl_off_t>(easy, CURLINFO_SIZE_UPLOAD_T));
}

bool Transfer::finish(CURLcode code) {
  require_success(code);
  reply_.status = static_cast<int>(info<long>(easy_.get(), CURLINFO_RESPONSE_CODE));
  log::debug(
      fmt::format("{} {}: {}, {} bytes, {} ms, HTTP/{}", request_.method, spoken_url(), reply_.status,
                  reply_.body.size(), info<curl_off_t>(easy_.get(), CURLINFO_TOTAL_TIME_T) / 1000,
                  info<long>(easy_.get(), CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_2_0 ? "2" : "1.1"));

  const std::string encoding = lower(reply_.header("content-encoding"));
  if (!encoding.empty() && encoding != "identity") {
    throw Error(Exit::protocol, server() + " sent a compressed reply, which was not requested");
  }
  const std::string location = reply_.header("location");
  if (is_redirect(reply_.status) && may_be_redirected(request_) && !location.empty()) {
    if (hops_ == request_.redirects) throw Error(Exit::protocol, server() + " redirects too often");
    follow(location);
    ++hops_;
    return true;
  }
  reply_.url = request_.url.text;
  reply_.date = from_http_date(reply_.header("date")).value_or(Time{});
  promise_.set_value(std::move(reply_));
  return false;
}

void Transfer::follow(const std::string& location) {
  const std::string subject = "the redirect from " + server();
  Url target = resolve_url(request_.url, location, subject, Exit::protocol);
  if (request_.url.scheme == "https" && target.scheme != "https") {
    throw Error(Exit::protocol, subject + " leaves https: " + target.text);
  }
  // Headers may hold credentials, so they are not logged.
  if (!same_origin(request_.url, target)) request_.headers.clear();
  request_.url = std::move(target);
}

void Transfer::require_success(CURLcode code) const {
  if (code == CURLE_OK) return;
  log::debug(fmt::format("{} {}: {}", request_.method, spoken_url(),
                         reason_[0] != '\0' ? reason_ : curl_easy_strerror(code)));
  throw failure(code);
}

std::string Transfer::spoken_url() const {
  if (is_url_secret(request_.url.text)) return server() + "/…";
  return std::string(without_query(request_.url.text));
}

std::string Transfer::server() const {
  const Url& url = request_.url;
  const bool usual = url.port == (url.scheme == "https" ? 443 : 80);
  const std::string host = bracketed(url.host);
  return usual ? host : fmt::format("{}:{}", host, url.port);
}

// ---- what went wrong, for a reader who does not know libcurl ----

/// What in the chain of a server that was refused is more than certo can read.
std::string Transfer::limit_of_server(CURLcode code) const {
  if (!check_) return {};
  if (!check_->fault().empty()) return check_->limit();
  if (code != CURLE_SSL_CONNECT_ERROR) return {};
  if (std::strstr(reason_, "X509") != nullptr) return last_limit();
  const bool by_proxy = info<long>(easy_.get(), CURLINFO_USED_PROXY) != 0;
  if (!was_refused_by_server(reason_) || by_proxy) return {};
  constexpr Millis longest(2000);  // other transfers wait for it
  return foreign_key_of(request_.url, ip_version_, std::min<Millis>(deadline_->left(), longest));
}

Error Transfer::failure(CURLcode code) const {
  const auto unreachable = [this](const std::string& what, const std::string& hint = {}) {
    return Error(Exit::unreachable, server() + ": " + what, hint);
  };
  const std::string reason(trim(reason_));
  if (!refused_.empty()) return Error(Exit::protocol, server() + ": " + refused_);
  if (const std::string limit = limit_of_server(code); !limit.empty())
    return Error(
        Exit::bad_input,
        server() + ": its TLS certificate, or one in its chain, has " + limit + ", which certo cannot read",
        "this is a limit of certo: the server needs a chain with keys and signatures of ECDSA or RSA");
  if (check_ && !check_->fault().empty()) {
    return unreachable("its TLS certificate " + check_->fault(), check_->hint());
  }
  if (const long status = info<long>(easy_.get(), CURLINFO_HTTP_CONNECTCODE); status >= 300)
    return refused_by_proxy(status);
  // A code that is not listed is rare, and curl's own words say most.
  switch (static_cast<int>(code)) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return unreachable("the name cannot be resolved",
                         "check the name, and this machine's DNS in /etc/resolv.conf");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unreachable("the proxy's name cannot be resolved",
                         "check https_proxy, HTTPS_PROXY and ALL_PROXY");
    case CURLE_COULDNT_CONNECT: {
      const int error = static_cast<int>(info<long>(easy_.get(), CURLINFO_OS_ERRNO));
      const bool by_proxy = info<long>(easy_.get(), CURLINFO_USED_PROXY) != 0;
      return unreachable(std::string("cannot connect") + (by_proxy ? " through the proxy: " : ": ") +
                             (error != 0 ? lower(std::strerror(error)) : reason),
                         "check the address and this machine's network; it may be down for a while");
    }
    case CURLE_OPERATION_TIMEDOUT: return timeout();
    case CURLE_PEER_FAILED_VERIFICATION: return unreachable("its TLS certificate cannot be verified");
    case CURLE_SSL_CONNECT_ERROR:
      return unreachable(
          "no TLS connection: " + failure_words(code, 0, reason),
          "the server must offer TLS 1.2 or newer, and a certificate with a key of ECDSA or RSA, because certo cannot read others");
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return unreachable("the connection broke off");
    case CURLE_TOO_LARGE:
      return Error(Exit::protocol, server() + ": its reply has too many or too long headers");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return Error(Exit::protocol, server() + ": its answer is not HTTP");
    default: return unreachable(reason.empty() ? curl_easy_strerror(code) : reason);
  }
}

Error Transfer::timeout() const {
  if (!easy_)
    return Error(Exit::unreachable,
                 server() + ": the request was not sent, because the time limit of this run is over");
  const auto at = [this](CURLINFO moment) { return info<curl_off_t>(easy_.get(), moment); };
  const auto seconds = (at(CURLINFO_TOTAL_TIME_T) + 500'000) / 1'000'000;
  const bool is_https = request_.url.scheme == "https";
  const char* what = "no complete reply";
  const char* hint = "";
  if (at(CURLINFO_NAMELOOKUP_TIME_T) == 0) {
    what = "its name was not resolved";
    hint = "check this machine's DNS in /etc/resolv.conf";
  } else if (at(CURLINFO_CONNECT_TIME_T) == 0) {
    what = "no connection";
    hint = "check the address, and whether a firewall drops what this machine sends";
  } else if (is_https && at(CURLINFO_APPCONNECT_TIME_T) == 0) {
    what = "it took the connection, but TLS did not begin";
    hint = "is this the port of an HTTPS server? It may also be overloaded";
  } else if (at(CURLINFO_STARTTRANSFER_TIME_T) == 0) {
    what = "it took the request, but did not answer";
    hint = "it may be overloaded: try again later";
  }
  return Error(Exit::unreachable, fmt::format("{}: {} within {} s", server(), what, seconds), hint);
}

/// The proxy's answer to CONNECT is not the server's.
Error Transfer::refused_by_proxy(long status) const {
  const std::string variable = "https_proxy, HTTPS_PROXY or ALL_PROXY";
  const std::string hint =
      status == 407
          ? "it wants a user and a password: http://USER:PASSWORD@HOST:PORT in " + variable
          : "ask who runs the proxy, or set NO_PROXY=" + request_.url.host + " if this machine needs none";
  return Error(Exit::unreachable,
               fmt::format("{}: the proxy refuses the connection with status {}", server(), status), hint);
}

}  // namespace certo::net
