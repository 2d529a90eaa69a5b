// Values of one line from outside: headers, URLs, times, names, and texts that are shown.
#include <algorithm>

#include "acme/nonces.h"
#include "acme/problem.h"
#include "base/json.h"
#include "base/shell_word.h"
#include "challenge/listen.h"
#include "crypto/name.h"
#include "net/idn.h"
#include "net/probe.h"
#include "net/retry_after.h"
#include "net/url.h"
#include "store/home.h"
#include "target.h"

using namespace certo;

namespace {

constexpr Time test_time{Seconds(1795226400)};

void read_header(const std::string& text) {
  if (const auto wait = net::retry_after(text, test_time))
    fuzz::promise(*wait >= Seconds(0) && *wait <= std::chrono::years(10), "Retry-After is clamped");
  if (const auto time = from_rfc3339(text)) fuzz::promise(from_rfc3339(rfc3339(*time)) == time, "rfc3339");
  from_http_date(text);
  acme::retry_time_in(text);
  acme::limit_in(text);
  net::HttpReply reply;
  reply.headers.emplace_back("replay-nonce", text);
  const std::string nonce = acme::Nonces::in(reply);
  fuzz::promise(nonce.empty() || is_base64url(nonce), "a nonce is base64url");
}

void read_url(const std::string& text) {
  const net::Url base = net::parse_url("https://ca.example/a/b?c", "base", Exit::bug);
  fuzz::accepts([&] { net::resolve_url(base, text, "reference", Exit::protocol); });
  net::Url url;
  if (!fuzz::accepts([&] { url = net::parse_url(text, "input", Exit::protocol); })) return;
  fuzz::promise(url.scheme == "https" && !url.host.empty() && url.port > 0, "a URL is https and has a host");
  fuzz::promise(net::parse_url(url.text, "again", Exit::protocol).text == url.text,
                "URLs are normalised once");
  fuzz::accepts([&] { store::component(store::ca_name(url.text), "ca_name"); });
}

void read_name(const std::string& text) {
  fuzz::accepts([&] {
    const crypto::Identifier one = crypto::identifier(text);
    fuzz::promise(crypto::identifier(one.value) == one, "identifiers are folded once");
    if (one.type == "ip") fuzz::promise(crypto::ip_identifier(crypto::ip_bytes(one)) == one, "ip_bytes");
  });
  fuzz::accepts([&] { net::to_ascii(text); });
  fuzz::accepts([&] { net::parse_tls_server(text); });
  fuzz::accepts([&] { challenge::parse_listen(text, challenge::http_port); });
  fuzz::accepts([&] {
    const std::string name = store::certificate_name(text);
    fuzz::promise(name.find('/') == name.npos && !name.starts_with('.'), "a name is one component of a path");
  });
}

void show(const std::string& text) {
  const std::string shown = printable(text);
  fuzz::promise(printable(shown, shown.size()) == shown, "what is printable stays as it is");
  std::string_view rest = shown;
  while (!rest.empty()) {
    const auto character = next_character(rest);
    fuzz::promise(character && !is_hidden(*character), "what is printable is visible");
  }
  shell_word(text);
  if (const auto bytes = from_base64url(text)) fuzz::promise(base64url(*bytes) == text, "base64url");
  if (const auto bytes = from_base64(text)) fuzz::promise(from_base64(base64(*bytes)) == bytes, "base64");
  if (const auto value = number(text, INT64_MIN, INT64_MAX))
    fuzz::promise(number(std::to_string(*value), INT64_MIN, INT64_MAX) == value, "number");
}

void run(std::string_view input) {
  const std::string text(input);
  read_header(text);
  read_url(text);
  read_name(text);
  show(text);
}

const fuzz::Registered registered("header", run);

}  // namespace
