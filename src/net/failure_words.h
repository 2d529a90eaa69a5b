// Why libcurl made no connection, in words for a reader who knows neither libcurl nor mbedTLS. For this
// folder only.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

namespace certo::net {

/// "connection refused", "it does not speak TLS": to follow "SUBJECT: no connection: ". `os_error` is that of
/// CURLINFO_OS_ERRNO, `reason` the text of libcurl, which may be empty.
std::string failure_words(CURLcode code, long os_error, std::string_view reason);
/// The same, and logs libcurl's own words about `subject` (-vv).
std::string logged_failure(const std::string& subject, CURLcode code, long os_error, std::string_view reason);
/// By libcurl's text, the server answered the ClientHello with an alert.
bool was_refused_by_server(std::string_view reason);

}  // namespace certo::net
