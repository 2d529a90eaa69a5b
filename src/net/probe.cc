// libcurl connects and shakes hands; between the two it leaves the socket to STARTTLS. So one handle makes
// the TCP connection, and a second one, which is given the same socket, begins TLS on it.
#include "net/probe.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/failure_words.h"
#include "net/host.h"
#include "net/starttls.h"
#include "net/trust.h"
#include "os/fd.h"
#include "os/signals.h"

namespace certo::net {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

std::string place_of(const TlsServer& server) {
  return bracketed(server.host) + ":" + std::to_string(server.port);
}

/// The failures that say nothing about the server.
bool is_without_address(CURLcode code, long error) {
  return code == CURLE_COULDNT_RESOLVE_HOST ||
         (code == CURLE_COULDNT_CONNECT &&
          (error == ENETUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT));
}

/// A handle that is in a multi as long as it lives: only then a wait for it can be interrupted.
class Connection {
 public:
  Connection(CURLM* multi, const std::string& url)
      : multi_(multi), easy_(curl_easy_init(), curl_easy_cleanup) {
    if (!easy_) throw std::bad_alloc();
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CONNECT_ONLY, 1L);
  }
  ~Connection() {
    if (is_added_) curl_multi_remove_handle(multi_, easy_.get());
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
      throw Error(Exit::bug, "libcurl refuses a setting");
  }

  /// Throws Error{unreachable}.
  void make(const Deadline& until, const std::string& subject) {
    curl_multi_add_handle(multi_, easy_.get());
    is_added_ = true;
    const CURLcode code = wait(until);
    if (code == CURLE_OK) return;
    const long os_error = info<long>(CURLINFO_OS_ERRNO);
    const char* const what = code == CURLE_SSL_CONNECT_ERROR ? ": no TLS connection: " : ": no connection: ";
    const std::string message = subject + what + logged_failure(subject, code, os_error, reason_);
    if (is_without_address(code, os_error)) throw NoSuchAddress(Exit::unreachable, message);
    throw Error(Exit::unreachable, message);
  }

  template <class Value>
  Value info(CURLINFO which) const {
    Value value{};
    curl_easy_getinfo(easy_.get(), which, &value);
    return value;
  }

 private:
  CURLcode wait(const Deadline& until) {
    for (;;) {
      os::check_signal();
      log::tick();
      int count = 0;
      curl_multi_perform(multi_, &count);
      while (const CURLMsg* message = curl_multi_info_read(multi_, &count))
        if (message->easy_handle == easy_.get()) return message->data.result;
      if (until.passed()) return CURLE_OPERATION_TIMEDOUT;
      constexpr Millis pace(500);
      curl_waitfd signal{os::signal_fd(), CURL_WAIT_POLLIN, 0};
      const int pause = static_cast<int>(std::min(until.left(), pace).count()) + 1;
      curl_multi_poll(multi_, &signal, signal.fd >= 0 ? 1 : 0, pause, nullptr);
    }
  }

  CURLM* multi_;
  Easy easy_;
  bool is_added_ = false;
  char reason_[CURL_ERROR_SIZE] = "";
};

curl_socket_t give_socket(void* socket, curlsocktype, curl_sockaddr*) {
  return static_cast<os::Fd*>(socket)->release();
}
int say_connected(void*, curl_socket_t, curlsocktype) { return CURL_SOCKOPT_ALREADY_CONNECTED; }

std::vector<std::string> certificates_of(const curl_certinfo* chain) {
  constexpr std::string_view start = "Cert:";
  std::vector<std::string> found;
  for (int i = 0; chain != nullptr && i < chain->num_of_certs; ++i) {
    for (const curl_slist* line = chain->certinfo[i]; line != nullptr; line = line->next) {
      const std::string_view text = line->data;
      if (text.starts_with(start)) found.push_back(std::string(trim(text.substr(start.size()))) + "\n");
    }
  }
  return found;
}

long resolve_setting(int ip_version) {
  if (ip_version == 0) return CURL_IPRESOLVE_WHATEVER;
  return ip_version == 4 ? CURL_IPRESOLVE_V4 : CURL_IPRESOLVE_V6;
}

}  // namespace

TlsServer parse_tls_server(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string place = text.substr(0, slash);
  const size_t colon = place.rfind(':');
  TlsServer server;
  if (slash != text.npos) server.starttls = lower(text.substr(slash + 1));
  if (colon != place.npos) server.host = place.substr(0, colon);
  if (server.host.starts_with('[') && server.host.ends_with(']'))
    server.host = server.host.substr(1, server.host.size() - 2);
  else if (server.host.find(':') != server.host.npos)
    server.host.clear();
  const auto port = number(colon == place.npos ? place : place.substr(colon + 1), 1, 65535);
  server.port = static_cast<int>(port.value_or(0));
  const bool is_host = !server.host.empty() && std::ranges::all_of(server.host, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || std::strchr(".-:%_", c) != nullptr;
  });
  const std::vector<std::string> known = starttls_protocols();
  const bool is_known = slash == text.npos || std::ranges::count(known, server.starttls) > 0;
  if (port && is_host && is_known) return server;
  throw Error(Exit::usage, "'" + text + "' is not a server whose certificate can be read",
              "like localhost:443, or localhost:25/smtp with one of: " + join(known, ", "));
}

std::string spoken(const TlsServer& server) {
  return place_of(server) + (server.starttls.empty() ? "" : "/" + server.starttls);
}

Presented presented_chain(const TlsServer& server, const std::string& name, Millis limit, int ip_version) {
  const Deadline until(limit);
  const std::string subject = place_of(server);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Exit::bug, "libcurl cannot start");
  const Multi multi(curl_multi_init(), curl_multi_cleanup);
  if (!multi) throw std::bad_alloc();

  Connection plain(multi.get(), "http://" + subject + "/");
  plain.set(CURLOPT_IPRESOLVE, resolve_setting(ip_version));
  plain.make(until, subject);
  Presented presented;
  if (const char* address = plain.info<const char*>(CURLINFO_PRIMARY_IP)) presented.address = address;
  os::Fd socket(::dup(static_cast<int>(plain.info<curl_socket_t>(CURLINFO_ACTIVESOCKET))));
  if (!socket) throw Error(Exit::unreachable, subject + ": the connection broke off");
  if (!server.starttls.empty()) start_tls(socket.get(), server.starttls, until, subject);

  // The host of the URL is the name that the server gets (SNI). It is not resolved, because the socket is
  // connected.
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> elsewhere(
      curl_slist_append(nullptr, "::127.0.0.1:"), curl_slist_free_all);
  Connection secured(multi.get(), "https://" + bracketed(name) + ":" + std::to_string(server.port) + "/");
  secured.set(CURLOPT_CONNECT_TO, elsewhere.get());
  secured.set(CURLOPT_OPENSOCKETFUNCTION, give_socket);
  secured.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&socket));
  secured.set(CURLOPT_SOCKOPTFUNCTION, say_connected);
  secured.set(CURLOPT_CERTINFO, 1L);
  secured.set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  // certo only looks at the certificates; it sends no data and uses no other answer. They may be ones that
  // are not trusted here, for example from a test CA.
  secured.set(CURLOPT_SSL_VERIFYPEER, 0L);
  secured.set(CURLOPT_SSL_VERIFYHOST, 0L);
  forget_limit();
  try {
    secured.make(until, subject);
  } catch (const Error&) {
    presented.chain = certificates_of(secured.info<curl_certinfo*>(CURLINFO_CERTINFO));
    if (!presented.chain.empty()) return presented;
    if (const std::string beyond = last_limit(); !beyond.empty())
      throw UnreadableCertificate(Exit::unreachable,
                                  subject + ": its certificate has " + beyond + ", which certo cannot read");
    throw;
  }
  presented.chain = certificates_of(secured.info<curl_certinfo*>(CURLINFO_CERTINFO));
  if (presented.chain.empty()) throw Error(Exit::unreachable, subject + ": it presents no certificate");
  return presented;
}

std::string presented_certificate(const TlsServer& server, const std::string& name, Millis limit) {
  return presented_chain(server, name, limit).chain.front();
}

}  // namespace certo::net
