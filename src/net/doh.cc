#include "net/doh.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/dns_answer.h"

namespace certo::net {
namespace {

constexpr std::string_view media_type = "application/dns-message";
constexpr size_t largest_message = 65535;

bool belongs_to(const ares_dns_record_t* message, const DnsQuestion& question) {
  const char* name = nullptr;
  ares_dns_rec_type_t type{};
  if (ares_dns_record_query_cnt(message) != 1 ||
      ares_dns_record_query_get(message, 0, &name, &type, nullptr) != ARES_SUCCESS || name == nullptr)
    return false;
  std::string_view asked = name;
  if (asked.ends_with('.')) asked.remove_suffix(1);
  return lower(asked) == lower(question.name) && type == record_type(question.type);
}

/// A server that is in trouble is passed over; one that is none is a mistake that a person corrects.
bool is_trouble(int status) { return status == 429 || status >= 500; }

DnsAnswer answer_of(const HttpReply& reply, const Url& server, const DnsQuestion& question) {
  const std::string type = lower(reply.header("content-type"));
  if (is_trouble(reply.status)) {
    log::verbose(fmt::format("the resolver {} answers with HTTP status {}", server.text, reply.status));
    DnsAnswer answer;
    answer.status = DnsStatus::timeout;
    return answer;
  }
  if (reply.status == 200 && type.starts_with(media_type)) return read_dns_answer(reply.body, question);
  throw Error(
      Exit::config,
      fmt::format("the resolver {} does not answer with a DNS message, but with HTTP status {}{}",
                  server.text, reply.status, type.empty() ? "" : ", " + type),
      "give the URL at which a server speaks DNS over HTTPS, such as https://dns.example/dns-query, or "
      "the address of a DNS server");
}

HttpRequest request_of(const Url& server, std::string message, Millis limit) {
  return {.method = "POST",
          .url = server,
          .headers = {"Content-Type: " + std::string(media_type), "Accept: " + std::string(media_type)},
          .body = std::move(message),
          .body_limit = largest_message,
          .redirects = 0,
          .timeout = limit};
}

}  // namespace

std::optional<std::string> dns_question(const DnsQuestion& question) {
  const Message message = query_of(question);
  unsigned char* bytes = nullptr;
  size_t length = 0;
  if (!message || ares_dns_write(message.get(), &bytes, &length) != ARES_SUCCESS) return {};
  std::string text(as_text({bytes, length}));
  ares_free_string(bytes);
  return text;
}

DnsAnswer read_dns_answer(std::string_view text, const DnsQuestion& question) {
  DnsAnswer answer;
  ares_dns_record_t* parsed = nullptr;
  const auto bytes = as_bytes(text);
  if (ares_dns_parse(bytes.data(), bytes.size(), 0, &parsed) != ARES_SUCCESS) return answer;
  const Message message(parsed);
  if ((ares_dns_record_get_flags(message.get()) & ARES_FLAG_QR) == 0 || !belongs_to(message.get(), question))
    return answer;
  answer.is_heard = true;
  answer.status = status_of(message.get());
  take_all(message.get(), question.type, answer);
  return answer;
}

std::vector<DnsAnswer> ask_over_https(Transport& http, const Url& server,
                                      const std::vector<DnsQuestion>& questions, Millis limit) {
  std::vector<std::optional<Pending>> pending;
  for (const DnsQuestion& question : questions) {
    std::optional<std::string> message = dns_question(question);
    pending.emplace_back();
    if (message) pending.back().emplace(http.send(request_of(server, *std::move(message), limit)));
  }
  std::vector<DnsAnswer> answers(questions.size());
  for (size_t i = 0; i < questions.size(); ++i) {
    if (!pending[i]) continue;
    try {
      answers[i] = answer_of(pending[i]->get(), server, questions[i]);
    } catch (const Error& error) {
      if (error.code == Exit::config) throw;
      log::verbose(fmt::format("the resolver {}: {}", server.text, error.message));
      answers[i].status = DnsStatus::timeout;
    }
    log::debug(fmt::format("DNS {} {} at {}: {}", type_name(questions[i].type), questions[i].name,
                           server.text, answers[i].what()));
  }
  return answers;
}

}  // namespace certo::net
