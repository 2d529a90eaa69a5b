// A DNS service that answers each request with the next part of an input, whatever was asked.
#pragma once

#include <deque>
#include <future>
#include <string>
#include <vector>

#include "provider/call.h"
#include "target.h"

namespace certo::fuzz {

/// A part is the status and headers, an empty line, the body. It is also the answer to a DNS message, and the
/// name of a zone. A part that is "lost" is a broken connection; so is every request after the last part.
class HostileService : public provider::Outside {
 public:
  explicit HostileService(std::vector<std::string> replies) : replies_(replies.begin(), replies.end()) {}

  net::Pending send(net::HttpRequest request) override;
  Time now() override { return Time(Seconds(1795226400)); }
  void wait(Seconds) override {}
  std::string zone(const std::string& name) override;
  Bytes dns(const std::string& server, const Bytes& message) override;

  size_t left() const { return replies_.size(); }

 private:
  std::string next();

  std::deque<std::string> replies_;
};

/// What every reply's first lines are read by.
net::HttpReply reply_of(std::string_view part);

/// Two records below example.com, which need two zones or one.
std::vector<provider::Record> two_records();

/// An outcome has a known status, and a reason if it is a failure.
void check_outcome(const provider::Outcome& outcome);

}  // namespace certo::fuzz
