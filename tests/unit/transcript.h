// A service made of a transcript: what a provider must ask, to the letter, and what it is answered.
//
//   > GET https://api.example/zones?name=example.com
//   > Authorization: Bearer secret
//   < 200
//   < {"zones":[]}
//
// A request's body stands behind an empty line ("> "). "< lost" is a connection that broke.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <future>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "net/http.h"
#include "provider/builtins.h"
#include "provider/call.h"

namespace certo::test {

class Transcript : public net::Transport {
 public:
  explicit Transcript(const std::string& text) {
    for (const std::string& line : split(text, '\n')) {
      const bool is_answer = line.starts_with("< ");
      if (!is_answer && !line.starts_with(">")) continue;
      if (!is_answer && (exchanges_.empty() || !exchanges_.back().answer.empty())) exchanges_.emplace_back();
      std::string& part = is_answer ? exchanges_.back().answer : exchanges_.back().request;
      part += line.substr(std::min<size_t>(2, line.size())) + "\n";
    }
  }

  net::Pending send(net::HttpRequest request) override {
    std::string asked = request.method + " " + request.url.text + "\n";
    for (const std::string& header : request.headers) asked += header + "\n";
    if (!request.body.empty()) asked += "\n" + request.body + "\n";

    std::promise<net::HttpReply> promise;
    if (exchanges_.empty() || exchanges_.front().request != asked) {
      if (fault_.empty())
        fault_ = asked + (exchanges_.empty() ? "" : "and not\n" + exchanges_.front().request);
      promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "not in the transcript")));
      return net::Pending(promise.get_future());
    }
    const std::string answer = exchanges_.front().answer;
    exchanges_.pop_front();
    if (answer.starts_with("lost")) {
      promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "the connection broke")));
    } else {
      promise.set_value(reply(answer));
    }
    return net::Pending(promise.get_future());
  }

  /// The request that was not expected, or those that never came; empty when all went as written.
  std::string fault() const {
    if (!fault_.empty() || exchanges_.empty()) return fault_;
    return "never asked: " + exchanges_.front().request;
  }

 private:
  struct Exchange {
    std::string request, answer;
  };

  static net::HttpReply reply(const std::string& answer) {
    net::HttpReply made;
    const size_t line = answer.find('\n');
    made.status = std::stoi(answer.substr(0, line));
    made.body = std::string(trim(answer.substr(line)));
    return made;
  }

  std::deque<Exchange> exchanges_;
  std::string fault_;
};

/// Runs one call of a built-in against `transcript`, which must go as written.
inline provider::Outcome play(const char* name, const char* action, std::vector<provider::Record> records,
                              provider::Values settings, const std::string& transcript) {
  Transcript service(transcript);
  provider::Task task;
  task.provider = name;
  task.action = action;
  task.records = std::move(records);
  task.settings = std::move(settings);
  const provider::Outcome outcome = provider::call(*provider::find_builtin(name), task, service);
  CHECK(service.fault() == "");
  return outcome;
}

}  // namespace certo::test
