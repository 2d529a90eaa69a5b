#include "net/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "net/host.h"

namespace certo::net {
namespace {

constexpr size_t longest_url = 2048;

std::atomic<bool> http_loopback_allowed = false;
std::atomic<bool> http_metadata_allowed = false;

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// Why a text is not a URL; it becomes an Error where subject and exit code are known.
struct Unusable {
  std::string why;
};

bool is_url_byte(char c) { return c > ' ' && c < 0x7f; }

void require_plain(std::string_view text) {
  if (text.size() > longest_url) throw Unusable{"it is longer than 2,048 bytes"};
  if (!std::all_of(text.begin(), text.end(), is_url_byte)) {
    throw Unusable{"it holds a space, a control character or a letter beyond ASCII"};
  }
  if (text.find('#') != std::string_view::npos) throw Unusable{"it has a fragment"};
}

// The path stays as it was written: a request is signed together with its URL (RFC 8555 section 6.4).
constexpr unsigned as_written = CURLU_PATH_AS_IS;

void set(CURLU* url, std::string_view text) {
  const CURLUcode code =
      curl_url_set(url, CURLUPART_URL, std::string(text).c_str(), as_written | CURLU_DISALLOW_USER);
  if (code == CURLUE_OK) return;
  if (code == CURLUE_USER_NOT_ALLOWED) throw Unusable{"it holds a user name"};
  if (code == CURLUE_UNSUPPORTED_SCHEME) throw Unusable{"only https is allowed"};
  throw Unusable{lower(curl_url_strerror(code))};
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  const CURLUcode code = curl_url_get(url, which, &text, flags);
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  if (code == CURLUE_NO_QUERY) return {};
  if (code != CURLUE_OK) throw Unusable{lower(curl_url_strerror(code))};
  return text;
}

bool is_loopback(const std::string& host) {
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  return host == "localhost";
}

void require_plain_http(const Url& url) {
  if (url.scheme != "http") throw Unusable{"only http is allowed"};
  const bool is_inside = is_metadata_host(url.host) || (is_loopback(url.host) && !http_loopback_allowed);
  if (is_inside) throw Unusable{"it leads to this machine"};
}

void require_allowed(const Url& url) {
  if (url.scheme == "https") return;
  if (url.scheme == "http" && http_metadata_allowed && is_metadata_host(url.host)) return;
  if (url.scheme != "http" || !http_loopback_allowed) throw Unusable{"only https is allowed"};
  if (!is_loopback(url.host)) throw Unusable{"http is allowed for a loopback address only"};
}

std::string without_brackets(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

/// `require`: throws Unusable for a URL that is not allowed.
Url read(CURLU* parsed, void (*require)(const Url&)) {
  Url url;
  url.scheme = lower(part(parsed, CURLUPART_SCHEME));
  url.host = lower(without_brackets(part(parsed, CURLUPART_HOST)));
  const std::string port = part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const auto known = number(port, 1, 65535);
  if (!known) throw Unusable{"port 0 does not exist"};
  url.port = static_cast<int>(*known);
  require(url);

  const std::string query = part(parsed, CURLUPART_QUERY);
  url.path = part(parsed, CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
  // Setting the host again writes it in lower case into the URL.
  const std::string host = bracketed(url.host);
  curl_url_set(parsed, CURLUPART_HOST, host.c_str(), 0);
  url.text = part(parsed, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
  return url;
}

template <class Parse>
Url checked(std::string_view text, const std::string& subject, Exit on_error, Parse parse,
            void (*require)(const Url&) = require_allowed) {
  try {
    require_plain(text);
    const Handle handle(curl_url(), curl_url_cleanup);
    if (!handle) throw std::bad_alloc();
    parse(handle.get());
    return read(handle.get(), require);
  } catch (const Unusable& unusable) {
    throw Error(on_error, subject + " is not a usable URL: " + unusable.why + ": " + std::string(text));
  }
}

}  // namespace

Url parse_url(std::string_view text, const std::string& subject, Exit on_error) {
  return checked(text, subject, on_error, [&](CURLU* url) { set(url, text); });
}

Url parse_plain_url(std::string_view text, const std::string& subject, Exit on_error) {
  return checked(
      text, subject, on_error, [&](CURLU* url) { set(url, text); }, require_plain_http);
}

Url resolve_url(const Url& base, std::string_view reference, const std::string& subject, Exit on_error) {
  return checked(reference, subject, on_error, [&](CURLU* url) {
    set(url, base.text);
    set(url, reference);
  });
}

void allow_http_loopback() { http_loopback_allowed = true; }

void allow_http_metadata() { http_metadata_allowed = true; }

bool is_metadata_host(const std::string& host) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 16 == 0xa9fe;
  // Instance metadata, and the agent of EKS.
  return host == "fd00:ec2::254" || host == "fd00:ec2::23";
}

}  // namespace certo::net
