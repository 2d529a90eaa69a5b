#include "console/outcome.h"

#include <span>
#include <utility>

#include "base/log.h"
#include "console/output.h"

namespace certo::console {

Outcome::Outcome(std::string command, std::string certificate)
    : command_(std::move(command)),
      certificate_(std::move(certificate)),
      printed_(times_printed()),
      said_(log::kept_lines().size()) {}

void Outcome::end(Exit code, const Failure& failure) const {
  if (times_printed() > printed_) return;
  Json json = Json::object();
  json.set("certo", code == Exit::ok ? "done/1" : "error/1").set("command", command_);
  if (!certificate_.empty()) json.set("name", certificate_);
  json.set("code", static_cast<int>(code));
  set(json, failure);
  Json messages = Json::array();
  const std::vector<log::Line> lines = log::kept_lines();
  for (const log::Line& line : std::span(lines).subspan(said_)) {
    Json one = Json::object();
    messages.push(std::move(one.set("kind", line.kind).set("text", line.text)));
  }
  print_json(json.set("messages", std::move(messages)));
}

}  // namespace certo::console
