#include "net/web_look.h"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "net/failure_words.h"
#include "net/host.h"
#include "os/signals.h"

namespace certo::net {
namespace {

constexpr size_t most_body = 4096, most_headers = 64 << 10, longest_url = 4096;

std::string url_part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

/// One handle in a multi, and what it has heard.
class Gaze {
 public:
  Gaze(CURLM* multi, const WebLook& look, Millis limit)
      : multi_(multi), easy_(curl_easy_init(), curl_easy_cleanup) {
    if (!easy_) throw std::bad_alloc();
    const WebPlace& place = look.place;
    place_ = place.text();
    const std::string through =
        "::" + bracketed(look.address) + ":" + std::to_string(look.port != 0 ? look.port : place.port);
    through_.reset(curl_slist_append(nullptr, through.c_str()));
    headers_.reset(curl_slist_append(nullptr, "Accept: */*"));
    set(CURLOPT_URL, place.text().c_str());
    set(CURLOPT_CONNECT_TO, through_.get());
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_USERAGENT, ("certo/" + std::string(version())).c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(limit.count())));
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_WRITEFUNCTION, on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    // CAs that follow a redirect to https accept any certificate there: the site may not have a good one yet.
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    curl_multi_add_handle(multi_, easy_.get());
  }
  ~Gaze() { curl_multi_remove_handle(multi_, easy_.get()); }
  Gaze(const Gaze&) = delete;
  Gaze& operator=(const Gaze&) = delete;

  bool has(const CURL* handle) const { return easy_.get() == handle; }

  void end(CURLcode code) {
    long status = 0, error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
    sight_.status = static_cast<int>(status);
    sight_.kind = kind_of(code, static_cast<int>(error));
    if (sight_.kind == WebSight::Kind::answered) return;
    sight_.reason = logged_failure(place_, code, error, reason_);
  }

  WebSight& sight() { return sight_; }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
      throw Error(Exit::bug, "libcurl refuses a setting");
  }

  WebSight::Kind kind_of(CURLcode code, int error) const {
    // What comes after the part of the body that counts is not read.
    if (code == CURLE_OK || (is_full_ && sight_.status != 0)) return WebSight::Kind::answered;
    if (code == CURLE_OPERATION_TIMEDOUT) return WebSight::Kind::timeout;
    if (code != CURLE_COULDNT_CONNECT) return WebSight::Kind::broken;
    switch (error) {
      case ENETUNREACH:
      case EHOSTUNREACH:
      case EADDRNOTAVAIL:
      case EAFNOSUPPORT: return WebSight::Kind::no_route;
      case ETIMEDOUT: return WebSight::Kind::timeout;
      default: return WebSight::Kind::refused;
    }
  }

  static size_t on_body(char* data, size_t size, size_t count, void* self) noexcept {
    auto* gaze = static_cast<Gaze*>(self);
    const size_t length = size * count, room = most_body - gaze->sight_.body.size();
    gaze->sight_.body.append(data, std::min(length, room));
    gaze->is_full_ = length > room;
    return gaze->is_full_ ? CURL_WRITEFUNC_ERROR : length;
  }

  static size_t on_header(char* data, size_t size, size_t count, void* self) noexcept {
    auto* gaze = static_cast<Gaze*>(self);
    const size_t length = size * count;
    gaze->header_bytes_ += length;
    if (gaze->header_bytes_ > most_headers) return CURL_WRITEFUNC_ERROR;
    const std::string_view line(data, length);
    if (line.starts_with("HTTP/")) gaze->sight_.location.clear();
    const size_t colon = line.find(':');
    if (colon == line.npos) return length;
    const std::string name = lower(line.substr(0, colon));
    if (name == "location") gaze->sight_.location = trim(line.substr(colon + 1));
    if (name == "server") gaze->sight_.server = printable(trim(line.substr(colon + 1)), 80);
    return length;
  }

  CURLM* multi_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> through_{nullptr, curl_slist_free_all};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, curl_slist_free_all};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::string place_;
  WebSight sight_;
  size_t header_bytes_ = 0;
  bool is_full_ = false;
  char reason_[CURL_ERROR_SIZE] = "";
};

/// Until all have ended, or `until`.
void watch(CURLM* multi, std::vector<std::unique_ptr<Gaze>>& gazes, const Deadline& until) {
  size_t open = gazes.size();
  while (open > 0) {
    os::check_signal();
    log::tick();
    int count = 0;
    curl_multi_perform(multi, &count);
    while (const CURLMsg* const message = curl_multi_info_read(multi, &count)) {
      if (message->msg != CURLMSG_DONE) continue;
      for (const auto& gaze : gazes)
        if (gaze->has(message->easy_handle)) gaze->end(message->data.result);
      --open;
    }
    if (open == 0 || until.passed()) break;
    constexpr Millis pace(500);
    curl_waitfd signal{os::signal_fd(), CURL_WAIT_POLLIN, 0};
    const int pause = static_cast<int>(std::min(until.left(), pace).count()) + 1;
    curl_multi_poll(multi, &signal, signal.fd >= 0 ? 1 : 0, pause, nullptr);
  }
}

}  // namespace

std::string WebPlace::text() const {
  const bool is_usual = port == (is_https ? 443 : 80);
  return std::string(is_https ? "https://" : "http://") + bracketed(host) +
         (is_usual ? "" : ":" + std::to_string(port)) + path;
}

std::optional<WebPlace> web_place(const WebPlace& base, std::string_view location) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
  if (location.empty() || location.size() > longest_url || !std::ranges::all_of(location, is_plain))
    return {};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  if (!url) throw std::bad_alloc();
  // Other schemes are parsed, too, and refused by name below.
  if (curl_url_set(url.get(), CURLUPART_URL, base.text().c_str(), CURLU_PATH_AS_IS) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(location).c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return {};
  WebPlace place;
  const std::string scheme = lower(url_part(url.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https") return {};
  place.is_https = scheme == "https";
  place.host = lower(url_part(url.get(), CURLUPART_HOST));
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  const auto port = number(url_part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT), 1, 65535);
  if (!port || place.host.empty()) return {};
  place.port = static_cast<int>(*port);
  const std::string query = url_part(url.get(), CURLUPART_QUERY);
  place.path = url_part(url.get(), CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
  return place;
}

std::vector<WebSight> look(const std::vector<WebLook>& looks, Millis limit) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Exit::bug, "libcurl cannot start");
  const Deadline until(limit);
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), curl_multi_cleanup);
  if (!multi) throw std::bad_alloc();
  std::vector<std::unique_ptr<Gaze>> gazes;
  for (const WebLook& one : looks) {
    gazes.push_back(std::make_unique<Gaze>(multi.get(), one, limit));
    gazes.back()->sight().kind = WebSight::Kind::timeout;  // unless it ends in time
  }
  watch(multi.get(), gazes, until);
  std::vector<WebSight> sights;
  for (size_t i = 0; i < gazes.size(); ++i) {
    sights.push_back(std::move(gazes[i]->sight()));
    log::debug("GET " + looks[i].place.text() + " at " + looks[i].address + ": " +
               (sights[i].kind == WebSight::Kind::answered ? std::to_string(sights[i].status)
                                                           : "no answer: " + sights[i].reason));
  }
  return sights;
}

}  // namespace certo::net
