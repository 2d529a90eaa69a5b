// What `certo check` finds out before a CA does, and how it is said.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace certo::check {

enum class Level { ok, warning, will_fail };

struct Finding {
  std::string subject;  // "www.example.com", "the account"
  std::string what;     // what was looked at: "CAA", "http-01 at 192.0.2.1"
  Level level = Level::ok;
  std::string because;   // no capital, no full stop; may contain text from outside
  std::string to_do{};   // empty if there is nothing to advise
  Exit exit = Exit::ok;  // will_fail: the code that the failure would have
  std::string ca{};      // the title of the CA that it is about; "" if there is one CA only, or for all
};
using Findings = std::vector<Finding>;

Finding good(std::string subject, std::string what, std::string because);
Finding warning(std::string subject, std::string what, std::string because, std::string to_do);
Finding failing(std::string subject, std::string what, std::string because, std::string to_do,
                Exit exit = Exit::failed);
/// For everything that another place in the network may see differently: a warning, whatever was seen.
Finding unseen(std::string subject, std::string what, const std::string& why, std::string to_do);
/// What an issue would throw here.
Finding failing(std::string subject, std::string what, const Error& error);

/// A failure that can only be seen where the CA looks from is a warning elsewhere.
struct Outlook {
  bool is_conclusive = true;
  std::string why_not{};  // "this machine has no IPv6"
  Finding judge(Finding failure) const;
};

/// The resolver says nothing, so that nothing else of the name can be checked.
Finding silent_resolver(std::string subject);
bool is_silent_resolver(const Finding& finding);

void append(Findings& all, Findings more);
/// They are about this CA and no other one.
Findings of_ca(const std::string& title, Findings findings);
/// Several CAs are asked one after the other, in the order of `titles`. If one of them can issue, a failure
/// at another one is only a warning.
void weigh(Findings& findings, const std::vector<std::string>& titles);

/// The code of the failure that counts most; ok if nothing will fail.
Exit exit_of(const Findings& findings);

Json to_json(const Finding& finding);
/// "will fail: www.example.com: CAA: …", then "  do: …". One string for each line.
std::vector<std::string> lines(const Finding& finding);

}  // namespace certo::check
