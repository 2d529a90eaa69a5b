// DNS over HTTPS (RFC 8484).
#include "net/doh.h"

#include <doctest/doctest.h>

#include <string_view>

#include "base/text.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::net;
using namespace std::string_literals;

namespace {

const DnsQuestion question{"a.example", DnsType::txt, {}};
const Url server = parse_url("https://dns.example/dns-query", "test", Exit::usage);
const std::string name = "\1a\7example\0"s;

/// A reply with these flags; `answers` of them follow in `records`.
std::string message(std::string_view flags, int answers = 0, std::string_view records = {}) {
  return "\0\0"s + std::string(flags) + "\0\1\0"s + static_cast<char>(answers) + "\0\0\0\0"s + name +
         "\0\20\0\1"s + std::string(records);
}

std::string txt_record(std::string_view data) {
  return "\xc0\x0c\0\20\0\1\0\0\0\5\0"s + static_cast<char>(data.size()) + std::string(data);
}

/// Answers each request with the same reply.
class OneReply : public Transport {
 public:
  explicit OneReply(HttpReply reply) : reply_(std::move(reply)) {}
  Pending send(HttpRequest request) override {
    requests.push_back(std::move(request));
    std::promise<HttpReply> promise;
    promise.set_value(reply_);
    return Pending(promise.get_future());
  }
  std::vector<HttpRequest> requests;

 private:
  const HttpReply reply_;
};

HttpReply reply(int status, const std::string& type, std::string body) {
  HttpReply one;
  one.status = status;
  one.body = std::move(body);
  one.headers = {{"content-type", type}};
  return one;
}

DnsAnswer ask(HttpReply given) {
  OneReply http(std::move(given));
  return ask_over_https(http, server, {question}, Seconds(1)).front();
}

}  // namespace

TEST_CASE("a question is a message in the body of a POST") {
  OneReply http(reply(200, "application/dns-message", message("\x81\x80")));
  ask_over_https(http, server, {question, {"b.example", DnsType::soa, {}}}, Seconds(1));
  REQUIRE(http.requests.size() == 2);
  const HttpRequest& sent = http.requests.front();
  CHECK(sent.method == "POST");
  CHECK(sent.url.text == "https://dns.example/dns-query");
  CHECK(sent.body == "\0\0\1\0\0\1\0\0\0\0\0\0"s + name + "\0\20\0\1"s);
  CHECK(sent.redirects == 0);
  CHECK(sent.headers.front() == "Content-Type: application/dns-message");
}

TEST_CASE("the strings of a TXT record are one value") {
  const DnsAnswer answer = ask(
      reply(200, "application/dns-message; charset=binary", message("\x85\x80", 1, txt_record("\2ab\1c"))));
  CHECK(answer.status == DnsStatus::answered);
  CHECK(answer.is_heard);
  CHECK(answer.authoritative);
  CHECK(answer.txt == std::vector<std::string>{"abc"});
}

TEST_CASE("each code of an answer has its meaning") {
  const auto status = [](std::string_view flags) {
    return ask(reply(200, "application/dns-message", message(flags))).status;
  };
  CHECK(status("\x81\x80") == DnsStatus::no_data);
  CHECK(status("\x81\x82") == DnsStatus::servfail);
  CHECK(status("\x81\x83") == DnsStatus::no_name);
  CHECK(status("\x81\x85") == DnsStatus::refused);
  CHECK(status("\x81\x84") == DnsStatus::failed);
}

TEST_CASE("what is not the answer to the question has failed, and the next server is asked") {
  for (const std::string& body :
       {"<html>"s, ""s, std::string(12, '\0'), message("\1\0"s), message("\x81\x80", 9),
        "\0\0\x81\x80\0\1\0\0\0\0\0\0\1b\7example\0\0\20\0\1"s, message("\x81\x80", 1, txt_record("\5ab"))}) {
    CAPTURE(hex(as_bytes(body)));
    const DnsAnswer answer = ask(reply(200, "application/dns-message", body));
    CHECK(answer.status == DnsStatus::failed);
    CHECK_FALSE(answer.is_heard);
  }
  for (const int status : {429, 500, 503})
    CHECK(ask(reply(status, "text/html", "")).status == DnsStatus::timeout);
}

TEST_CASE("a server that speaks no DNS is an error") {
  for (const auto& [status, type] : {std::pair(200, "text/html"),
                                     {200, ""},
                                     {404, "text/html"},
                                     {301, "application/dns-message"},
                                     {405, "application/json"}}) {
    CAPTURE(status);
    const Error error = test::error_of([&, &s = status, &t = type] { ask(reply(s, t, "<html>")); });
    CHECK(error.code == Exit::config);
    CHECK(error.message.starts_with(
        "the resolver https://dns.example/dns-query does not answer with a DNS message, but with HTTP status " +
        std::to_string(status)));
  }
}

TEST_CASE("a name that fits into no message has failed") {
  CHECK_FALSE(dns_question({std::string(70, 'a') + ".example", DnsType::txt, {}}));
}

TEST_CASE("a question without validation has the bits CD and DO (RFC 4035 section 3.2)") {
  const std::optional<std::string> plain = dns_question({"a.example", DnsType::ds, {}});
  const std::optional<std::string> whole = dns_question({"a.example", DnsType::ds, {}, Dnssec::unchecked});
  REQUIRE(plain);
  REQUIRE(whole);
  constexpr size_t flags = 3, additional = 11;
  constexpr int checking_disabled = 0x10;
  CHECK(((*plain)[flags] & checking_disabled) == 0);
  CHECK(((*whole)[flags] & checking_disabled) != 0);
  CHECK((*whole)[additional] == 1);
  CHECK(whole->ends_with(std::string("\x00\x00\x29\x04\xd0\x00\x00\x80\x00\x00\x00", 11)));
}

TEST_CASE("CAA records, and records of a type without a field") {
  const auto message = [](int type, const std::string& data) {
    std::string text("\0\0\x85\x80\0\1\0\1\0\0\0\0", 12);
    const std::string kind = {static_cast<char>(type >> 8), static_cast<char>(type & 0xff)};
    text += std::string("\1a\7example\0", 11) + kind + std::string("\0\1", 2);
    text += std::string("\xc0\x0c", 2) + kind + std::string("\0\1\0\0\0\5\0", 7);
    return text + static_cast<char>(data.size()) + data;
  };
  const DnsAnswer caa =
      read_dns_answer(message(257, "\x80\5IssueCA.example"), {"a.example", DnsType::caa, {}});
  CHECK(caa.status == DnsStatus::answered);
  REQUIRE(caa.caa.size() == 1);
  CHECK(caa.caa[0].flags == 128);
  CHECK(caa.caa[0].tag == "issue");
  CHECK(caa.caa[0].value == "CA.example");
  const DnsAnswer ds = read_dns_answer(message(43, "abcdef"), {"a.example", DnsType::ds, {}});
  CHECK(ds.status == DnsStatus::answered);
  REQUIRE(ds.data.size() == 1);
  CHECK(ds.data[0].owner == "a.example");
  CHECK(ds.data[0].type == 43);
  CHECK(as_text(ds.data[0].data) == "abcdef");
}
