// A plain TCP connection.
#pragma once

#include <curl/curl.h>

#include <string>

#include "base/time.h"
#include "os/fd.h"

namespace certo::net {

struct Connected {
  os::Fd fd;  // does not block; closed if there is no connection
  bool is_refused = false;
  bool has_no_route = false;  // this machine cannot reach the address at all
};

/// `address`: literal, without brackets. Throws Interrupted.
Connected connect_to(const std::string& address, int port, const Deadline& until);

/// Connects to the server of an http URL, and sends nothing. libcurl finds the addresses and tries them in
/// parallel; no proxy is asked. The socket is CURLINFO_ACTIVESOCKET.
CURLcode connect_only(CURL* easy, const std::string& url, Millis limit);

/// Waits for `event` (POLLIN, POLLOUT). False at `until`. Throws Interrupted.
bool wait_for(int fd, short event, const Deadline& until);

}  // namespace certo::net
