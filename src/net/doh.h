// DNS over HTTPS (RFC 8484), for where port 53 is blocked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/dns.h"
#include "net/http.h"

namespace certo::net {

/// Sends the questions, whose servers do not count, in parallel. Throws Error{config} if something answers at
/// this URL that is not a DNS server, and Interrupted. If nobody answers, the answers are `timeout`.
std::vector<DnsAnswer> ask_over_https(Transport& http, const Url& server,
                                      const std::vector<DnsQuestion>& questions, Millis limit);

/// The message of a question; nothing if its name cannot be in one.
std::optional<std::string> dns_question(const DnsQuestion& question);
/// What a message says in reply: `failed` if it is not a DNS message, or one that does not belong to the
/// question.
DnsAnswer read_dns_answer(std::string_view message, const DnsQuestion& question);

}  // namespace certo::net
