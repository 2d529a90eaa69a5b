#include "renew/cron.h"

#include <algorithm>

#include "challenge/lane.h"
#include "challenge/manual.h"
#include "os/terminal.h"

namespace certo::renew {
namespace {

/// Variables without which the CA may not be reached; no file of certo's holds them.
constexpr const char* connection[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                      "SSL_CERT_FILE"};

void add(std::vector<std::string>& lines, std::string line) {
  if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
}

}  // namespace

std::vector<std::string> missing_in_cron(const store::Home& home, const store::Request& request) {
  std::vector<std::string> lines;
  const auto look_at = [&](const store::Way& way) {
    const auto* const dns = std::get_if<store::Dns>(&way);
    if (!dns || dns->provider == challenge::manual) return;
    for (std::string& line : challenge::Lane(home, *dns, Millis(0)).missing_in_cron())
      add(lines, std::move(line));
  };
  look_at(request.ways.usual);
  for (const store::OtherWay& other : request.ways.others) look_at(other.way);
  for (const char* name : connection) {
    if (!os::environment(name).empty())
      add(lines, std::string(name) + " is set only in this run's environment");
  }
  return lines;
}

}  // namespace certo::renew
