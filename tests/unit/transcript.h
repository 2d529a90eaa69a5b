// A service made of a transcript: what a provider must ask, to the letter, and what it is answered.
//
//   > GET https://api.example/zones?name=example.com
//   > Authorization: Bearer secret
//   < 200
//   < {"zones":[]}
//
// A request's body stands behind an empty line ("> "). "< lost" is a connection that broke. A header of the
// answer stands before its body and an empty line, "< name: value" with the name in lower case: only where
// the status has "+headers" behind it ("< 200 +headers").
//
//   > ZONE _acme-challenge.example.com       the zone by SOA
//   < example.com                            or "lost"
//   > WAIT 30                                seconds without a request
//   < over
//   > DNS 192.0.2.1:53 00ab…                 a DNS message and its answer in hexadecimal
//   < 00ab…                                  or "lost"
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <future>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "net/http.h"
#include "os/child.h"
#include "os/path.h"
#include "provider/builtins.h"
#include "provider/call.h"
#include "provider/plugin.h"
#include "provider/recipes.h"

namespace certo::test {

class Transcript : public provider::Outside {
 public:
  /// `now` is what the clock says, in seconds since 1970.
  explicit Transcript(const std::string& text, int64_t now = 0) : now_(Seconds(now)) {
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
    try {
      promise.set_value(reply(answer_to(asked)));
    } catch (const Error&) {
      promise.set_exception(std::current_exception());
    }
    return net::Pending(promise.get_future());
  }

  Time now() override { return now_; }
  void wait(Seconds time) override { answer_to("WAIT " + std::to_string(time.count()) + "\n"); }
  std::string zone(const std::string& name) override {
    return std::string(trim(answer_to("ZONE " + name + "\n")));
  }
  Bytes dns(const std::string& server, const Bytes& message) override {
    return from_hex(trim(answer_to("DNS " + server + " " + hex(message) + "\n")));
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

  /// Throws Error{unreachable} for a request that does not stand next in the transcript, and for "lost".
  std::string answer_to(const std::string& asked) {
    if (exchanges_.empty() || exchanges_.front().request != asked) {
      if (fault_.empty())
        fault_ = asked + (exchanges_.empty() ? "" : "and not\n" + exchanges_.front().request);
      throw Error(Exit::unreachable, "not in the transcript");
    }
    const std::string answer = exchanges_.front().answer;
    exchanges_.pop_front();
    if (answer.starts_with("lost")) throw Error(Exit::unreachable, "the connection broke");
    return answer;
  }

  static net::HttpReply reply(const std::string& answer) {
    net::HttpReply made;
    const std::vector<std::string> lines = split(answer, '\n');
    made.status = std::stoi(lines[0]);
    size_t line = 1;
    if (lines[0].ends_with("+headers")) {
      for (; line < lines.size() && !lines[line].empty(); ++line) {
        const size_t colon = lines[line].find(": ");
        made.headers.emplace_back(lines[line].substr(0, colon), lines[line].substr(colon + 2));
      }
    }
    const std::vector<std::string> rest(lines.begin() + static_cast<long>(line), lines.end());
    made.body = std::string(trim(join(rest, "\n")));
    return made;
  }

  static Bytes from_hex(std::string_view text) {
    Bytes bytes;
    for (size_t i = 0; i + 1 < text.size(); i += 2)
      bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
    return bytes;
  }

  Time now_;
  std::deque<Exchange> exchanges_;
  std::string fault_;
};

inline provider::Outcome call_by_name(const provider::Task& task, provider::Outside& outside) {
  if (const auto* carried = provider::find_recipe(task.provider))
    return provider::run_recipe(carried->recipe, task, outside);
  return provider::call(*provider::find_builtin(task.provider), task, outside);
}

/// Runs one call of a built-in or a recipe against `transcript`, which must go as written; then the same of
/// a built-in's .so.
inline provider::Outcome play(const char* name, const char* action, std::vector<provider::Record> records,
                              provider::Values settings, const std::string& transcript, int64_t now = 0) {
  provider::Task task;
  task.provider = name;
  task.action = action;
  task.records = std::move(records);
  task.settings = std::move(settings);
  Transcript service(transcript, now);
  const provider::Outcome outcome = call_by_name(task, service);
  CHECK(service.fault() == "");
  if (provider::find_recipe(name)) return outcome;

  Transcript again(transcript, now);
  const std::string plugin = os::folder_of(os::self_path()) + "/plugins/" + name + ".so";
  const provider::Outcome of_plugin = provider::call(provider::load_plugin(plugin), task, again);
  CHECK(again.fault() == "");
  CHECK(of_plugin.status == outcome.status);
  CHECK(of_plugin.why == outcome.why);
  return outcome;
}

/// Changes each byte of the transcript's requests, one at a time; returns how many went unnoticed.
inline size_t unnoticed_changes(const char* name, const char* action, std::vector<provider::Record> records,
                                const provider::Values& settings, const std::string& transcript,
                                int64_t now = 0) {
  size_t unnoticed = 0;
  provider::Task task;
  task.provider = name;
  task.action = action;
  task.records = std::move(records);
  task.settings = settings;
  for (size_t i = 0; i < transcript.size(); ++i) {
    const size_t line = transcript.rfind('\n', i) + 1;
    if (transcript[line] != '>' || i < line + 2 || transcript[i] == '\n') continue;
    std::string other = transcript;
    other[i] = other[i] == 'x' ? 'y' : 'x';
    Transcript service(other, now);
    call_by_name(task, service);
    if (service.fault().empty()) ++unnoticed;
  }
  return unnoticed;
}

}  // namespace certo::test
