#include "net/failure_words.h"

#include <cstring>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace certo::net {
namespace {

constexpr std::string_view refusal = "(-0x7780)";  // FATAL_ALERT_MESSAGE

/// mbedTLS's error numbers, as libcurl writes them in its text.
constexpr std::pair<std::string_view, const char*> tls_failures[] = {
    {"(-0x7200)", "it does not speak TLS"},                                 // INVALID_RECORD
    {"(-0x7280)", "it closed the connection during the TLS handshake"},     // CONN_EOF
    {"(-0x7880)", "it closed the connection during the TLS handshake"},     // PEER_CLOSE_NOTIFY
    {"(-0x0050)", "it broke off the connection during the TLS handshake"},  // NET_CONN_RESET
    {refusal, "it refused the TLS handshake"},
    {"(-0x6E80)", "it does not offer TLS 1.2 or newer"},                 // BAD_PROTOCOL_VERSION
    {"(-0x6E00)", "it has no cipher and key type that certo has, too"},  // HANDSHAKE_FAILURE
    {"(-0x7A00)", "certo cannot read its certificate"},                  // BAD_CERTIFICATE
};

std::string tls_words(std::string_view reason) {
  for (const auto& [number, words] : tls_failures)
    if (reason.find(number) != reason.npos) return words;
  return "the TLS handshake failed";
}

std::string_view words_of_libcurl(CURLcode code, std::string_view reason) {
  return trim(reason).empty() ? curl_easy_strerror(code) : trim(reason);
}

}  // namespace

std::string failure_words(CURLcode code, long os_error, std::string_view reason) {
  const std::string_view words = words_of_libcurl(code, reason);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the name cannot be resolved";
    case CURLE_COULDNT_CONNECT:
      return lower(os_error != 0 ? std::strerror(static_cast<int>(os_error)) : words);
    case CURLE_OPERATION_TIMEDOUT: return "timeout: no complete answer in time";
    case CURLE_SSL_CONNECT_ERROR: return tls_words(reason);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return "the connection broke off";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return "its answer is not HTTP";
    default: return lower(words);
  }
}

bool was_refused_by_server(std::string_view reason) { return reason.find(refusal) != reason.npos; }

std::string logged_failure(const std::string& subject, CURLcode code, long os_error,
                           std::string_view reason) {
  log::debug(subject + ": " + std::string(words_of_libcurl(code, reason)));
  return failure_words(code, os_error, reason);
}

}  // namespace certo::net
