#include "challenge/txt_lookup.h"

#include <algorithm>

#include "base/log.h"
#include "challenge/alias.h"
#include "net/authority.h"

namespace certo::challenge {
namespace {

constexpr Millis answer_within = Seconds(5);
constexpr size_t most_values = 100;  // no honest name has more

bool says_something(net::DnsStatus status) {
  return status == net::DnsStatus::answered || status == net::DnsStatus::no_data ||
         status == net::DnsStatus::no_name;
}

TxtAnswer answer_of(const net::DnsAnswer& answer, bool is_from_resolver) {
  TxtAnswer found{answer.txt, says_something(answer.status), is_from_resolver};
  if (found.values.size() > most_values) found.values.resize(most_values);
  return found;
}

}  // namespace

std::map<std::string, TxtAnswer> look_up_txt(const std::vector<std::string>& names,
                                             const net::Resolver& resolver, const Deadline& deadline) {
  const log::Waiting live("asking DNS for TXT records");
  std::vector<std::string> ends;
  for (CnameEnd& end : follow_cnames(resolver, names, {}, Follow::anywhere, Blocked::ask_resolver, deadline))
    ends.push_back(std::move(end.name));
  const auto by_authority = net::ask_authorities(resolver, net::find_authorities(resolver, ends, deadline),
                                                 net::DnsType::txt, deadline);
  std::map<std::string, TxtAnswer> found;
  std::vector<net::DnsQuestion> open;
  std::vector<std::string> asked_for;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto answer = by_authority.find(ends[i]);
    if (answer != by_authority.end() && answer->second.authoritative) {
      found[names[i]] = answer_of(answer->second, false);
    } else {
      open.push_back({ends[i], net::DnsType::txt, {}});
      asked_for.push_back(names[i]);
    }
  }
  if (open.empty()) return found;
  const auto answers = resolver.ask(open, std::min(answer_within, deadline.left()));
  for (size_t i = 0; i < open.size(); ++i) found[asked_for[i]] = answer_of(answers[i], true);
  return found;
}

}  // namespace certo::challenge
