#include "service.h"

#include "base/text.h"

namespace certo::fuzz {

net::HttpReply reply_of(std::string_view part) {
  net::HttpReply reply;
  reply.status = static_cast<int>(number(take_line(part), 100, 599).value_or(200));
  for (std::string line = take_line(part); !line.empty(); line = take_line(part)) {
    const size_t colon = std::min(line.find(": "), line.size());
    reply.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  reply.body = part;
  return reply;
}

std::string HostileService::next() {
  if (replies_.empty() || replies_.front() == "lost") throw Error(Exit::unreachable, "the connection broke");
  std::string part = std::move(replies_.front());
  replies_.pop_front();
  return part;
}

net::Pending HostileService::send(net::HttpRequest request) {
  std::promise<net::HttpReply> reply;
  try {
    // As net does.
    for (const std::string& header : request.headers)
      if (header.find_first_of("\r\n") != header.npos) throw Error(Exit::config, "a header of two lines");
    reply.set_value(reply_of(next()));
  } catch (const Error&) {
    reply.set_exception(std::current_exception());
  }
  return net::Pending(reply.get_future());
}

std::string HostileService::zone(const std::string& name) {
  const std::string part = next();
  return part.empty() ? name.substr(name.find('.') + 1) : part;
}

Bytes HostileService::dns(const std::string&, const Bytes&) {
  const std::string part = next();
  return {part.begin(), part.end()};
}

std::vector<provider::Record> two_records() {
  const std::string value = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo";
  return {{{"_acme-challenge.example.com", value}}, {{"_acme-challenge.www.example.com", value}}};
}

void check_outcome(const provider::Outcome& outcome) {
  promise(outcome.status >= CERTO_OK && outcome.status <= CERTO_LATER, "a status of certo_status");
  promise(outcome.status == CERTO_OK || !outcome.why.empty(), "a failure says why");
  promise(!outcome.untouched || outcome.status != CERTO_OK, "a success is not untouched");
  const std::string text = provider::to_text(outcome);
  promise(provider::to_text(provider::parse_outcome(text, "again")) == text,
          "an outcome is read as it was written");
}

}  // namespace certo::fuzz
