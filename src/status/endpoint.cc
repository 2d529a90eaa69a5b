#include "status/endpoint.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/side_by_side.h"
#include "net/probe.h"

namespace certo::status {
namespace {

struct Attempt {
  size_t question;
  int family;
};

bool is_ipv6(const std::string& host) { return host.find(':') != host.npos; }
bool is_ipv4(const std::string& host) {
  return !host.empty() && host.find_first_not_of("0123456789.") == host.npos;
}

std::vector<int> families_of(const std::string& host, int ip_version) {
  std::vector<int> families;
  for (const int family : {4, 6}) {
    if (ip_version != 0 && family != ip_version) continue;
    if ((family == 4 && is_ipv6(host)) || (family == 6 && is_ipv4(host))) continue;
    families.push_back(family);
  }
  return families;
}

/// An error's words without the server that they begin with.
std::string without_subject(std::string words, const net::TlsServer& server) {
  net::TlsServer place = server;
  place.starttls.clear();
  const std::string subject = net::spoken(place) + ": ";
  if (words.starts_with(subject)) words.erase(0, subject.size());
  return printable(words, 400);
}

Sighting sight(const Question& question, int family, Millis limit) {
  Sighting seen{.family = family};
  const net::TlsServer server = net::parse_tls_server(question.server);
  try {
    const net::Presented presented = net::presented_chain(server, question.name, limit, family);
    seen.address = presented.address;
    std::string pem;
    for (const std::string& one : presented.chain) pem += one;
    constexpr size_t most = 32;
    seen.chain = crypto::parse_chain(pem, "its certificate", Exit::unreachable, most);
  } catch (const net::NoSuchAddress& error) {
    seen.is_absent = true;
    seen.failure = without_subject(error.message, server);
  } catch (const net::UnreadableCertificate& error) {
    seen.is_unreadable = true;
    seen.failure = without_subject(error.message, server);
  } catch (const Error& error) {
    seen.failure = without_subject(error.message, server);
  }
  return seen;
}

std::string until(const crypto::Certificate& leaf) {
  return "with serial " + leaf.serial_hex() + ", which ends at " + rfc3339(leaf.not_after);
}

bool is_signed_by_itself(const crypto::Certificate& one) {
  // One that is not a CA's cannot have signed another one of the same name.
  return one.issuer == one.subject && (!one.is_ca || crypto::is_signed_by(one, one));
}

bool is_rooted(const crypto::Certificate& one, const net::Roots& roots) {
  if (roots.contains(one.der)) return true;
  return std::ranges::any_of(roots.issuers_of(one.der), [&](const auto der) {
    try {
      return crypto::is_signed_by(one, crypto::parse_certificate(der, "a root", Exit::bad_input));
    } catch (const Error&) {  // one that cannot be parsed is one that is not trusted
      return false;
    }
  });
}

/// The findings about one chain.
class ChainJudge {
 public:
  ChainJudge(const std::vector<crypto::Certificate>& chain, const Expectation& expected,
             const Thresholds& thresholds, Time now)
      : chain_(chain), leaf_(chain.front()), expected_(expected), thresholds_(thresholds), now_(now) {}

  std::vector<Finding> run() {
    is_ours_ = expected_.ours != nullptr && leaf_.der == expected_.ours->front().der;
    judge_identity();
    judge_dates();
    judge_chain();
    return std::move(findings_);
  }

 private:
  void say(Kind kind, Level level, std::string what, std::string advice = {}) {
    findings_.push_back({kind, level, std::move(what), std::move(advice)});
  }

  void judge_identity() {
    if (expected_.ours != nullptr && !is_ours_)
      say(Kind::other_certificate, Level::warn,
          "it presents the certificate " + until(leaf_) + ", and not the one of the store, " +
              expected_.ours->front().serial_hex(),
          "reload the server, and look which files it reads");
    if (is_for(leaf_, expected_.name)) return;
    std::vector<std::string> names;
    for (const crypto::Identifier& one : leaf_.identifiers) names.push_back(one.value);
    const std::string all = names.empty() ? "no name" : printable(join(names, ", "), 200);
    say(Kind::wrong_name, Level::crit,
        "its certificate is for " + all + ", and not for " + printable(expected_.name),
        "is the right site configured for this name?");
  }

  void judge_dates() {
    if (is_ours_) return;  // the row says it
    if (leaf_.not_before > now_)
      return say(Kind::not_yet_valid, Level::crit,
                 "its certificate is valid only from " + rfc3339(leaf_.not_before), "are the clocks right?");
    if (leaf_.not_after <= now_)
      return say(Kind::expired, Level::crit,
                 "its certificate expired " + spoken_duration((now_ - leaf_.not_after).count()) + " ago",
                 "renew it, and reload the server");
    const Level level = level_of(leaf_.not_before, leaf_.not_after, thresholds_, now_);
    if (level == Level::ok) return;
    say(Kind::expiring, level,
        "its certificate expires in " + spoken_duration((leaf_.not_after - now_).count()),
        "renew it, and reload the server");
  }

  /// A certificate of the store may be from a private CA: then its server must send what the store has.
  bool has_whole_chain_of_store() const {
    return is_ours_ && std::ranges::all_of(*expected_.ours, [&](const crypto::Certificate& one) {
             return std::ranges::find(chain_, one.der, &crypto::Certificate::der) != chain_.end();
           });
  }

  bool is_store_trusted() const {
    return expected_.ours == nullptr || end_of(*expected_.ours, *expected_.roots) == ChainEnd::trusted;
  }

  void judge_chain() {
    judge_later_dates();
    if (expected_.roots == nullptr || has_whole_chain_of_store()) return;
    switch (end_of(chain_, *expected_.roots)) {
      case ChainEnd::trusted: return;
      case ChainEnd::self_signed:
        return say(Kind::self_signed, Level::crit, "its certificate is self-signed",
                   "no client trusts it without asking: certo issue gets one from a CA");
      case ChainEnd::incomplete: return judge_incomplete();
      case ChainEnd::other_root:
        if (!is_store_trusted()) return;  // a private CA, which the store knows
        return say(
            Kind::untrusted, Level::crit,
            "its certificate is from " + printable(chain_.back().issuer, 200) + ", which is not trusted here",
            "for a private CA, give its root certificate with --ca-bundle FILE");
    }
  }

  void judge_incomplete() {
    if (!is_ours_ && !is_store_trusted() && expected_.ours->front().issuer == leaf_.issuer &&
        chain_.size() >= expected_.ours->size())
      return;
    const std::string issuer = printable(chain_.size() == 1 ? leaf_.issuer : chain_.back().issuer, 200);
    const std::string what = chain_.size() == 1 ? "it sends its certificate alone, without that of " + issuer
                                                : "its chain ends without the certificate of " + issuer;
    say(Kind::incomplete_chain, Level::crit, what + ", so that many clients refuse it",
        "give the server the full chain (fullchain.pem); for a private CA, its root with --ca-bundle FILE");
  }

  void judge_later_dates() {
    for (size_t i = 1; i < chain_.size(); ++i)
      if (chain_[i].not_after <= now_ && chain_[i].issuer != chain_[i].subject)
        say(Kind::expired, Level::warn,
            "its chain has an expired certificate, " + printable(chain_[i].subject, 200),
            "give the server the chain that came with its certificate");
  }

  const std::vector<crypto::Certificate>& chain_;
  const crypto::Certificate& leaf_;
  const Expectation& expected_;
  const Thresholds& thresholds_;
  const Time now_;
  bool is_ours_ = false;
  std::vector<Finding> findings_;
};

Served served(const Sighting& seen) {
  Served one{
      .family = seen.family, .address = seen.address, .is_absent = seen.is_absent, .failure = seen.failure};
  if (seen.chain.empty()) return one;
  const crypto::Certificate& leaf = seen.chain.front();
  one.serial = leaf.serial_hex();
  one.issuer = leaf.issuer;
  one.not_before = leaf.not_before;
  one.not_after = leaf.not_after;
  for (const crypto::Identifier& name : leaf.identifiers) one.names.push_back(name.value);
  return one;
}

/// Nobody at a guessed address is not a fault.
std::vector<Finding> failure_of(const Sighting& seen, bool is_guessed, bool has_other_family) {
  if (seen.is_unreadable) return {{Kind::unreadable, Level::warn, seen.failure, ""}};
  const Level level = is_guessed ? Level::ok : has_other_family ? Level::warn : Level::crit;
  if (seen.failure.find("fatal alert") != std::string::npos)
    return {
        {Kind::unreachable, level, seen.failure,
         "the server accepts none of TLS 1.2 and 1.3, or it has no certificate of ECDSA or RSA for this name"}};
  const std::string advice =
      has_other_family ? "clients of this family wait or fail: let the server listen there, or remove the "
                         "address from the DNS"
                       : "does the server run, and may this host connect to it?";
  return {{Kind::unreachable, level, seen.failure, advice}};
}

/// A fault of both families appears once, and one of a single family names it.
void merge(Endpoint& endpoint, const std::vector<std::pair<const Sighting*, std::vector<Finding>>>& found) {
  const auto has = [](const std::vector<Finding>& list, const Finding& wanted) {
    return std::ranges::any_of(
        list, [&](const Finding& one) { return one.kind == wanted.kind && one.what == wanted.what; });
  };
  for (const auto& [seen, findings] : found) {
    for (Finding finding : findings) {
      const bool is_common =
          std::ranges::all_of(found, [&](const auto& other) { return has(other.second, finding); });
      if (is_common && seen != found.front().first) continue;
      if (!is_common)
        finding.what = "over IPv" + std::to_string(seen->family) +
                       (seen->address.empty() ? "" : " (" + seen->address + ")") + ": " + finding.what;
      add(endpoint.findings, endpoint.level, std::move(finding));
    }
  }
}

}  // namespace

std::vector<std::vector<Sighting>> look_at(const std::vector<Question>& questions, const Reach& reach) {
  std::vector<Attempt> attempts;
  std::vector<std::vector<Sighting>> seen(questions.size());
  for (size_t i = 0; i < questions.size(); ++i) {
    const std::string host = net::parse_tls_server(questions[i].server).host;
    for (const int family : families_of(host, reach.ip_version)) attempts.push_back({i, family});
  }
  std::vector<Sighting> results(attempts.size());
  side_by_side(attempts.size(), reach.at_once, [&](size_t at) {
    results[at] = sight(questions[attempts[at].question], attempts[at].family, reach.limit);
  });
  for (size_t at = 0; at < attempts.size(); ++at)
    seen[attempts[at].question].push_back(std::move(results[at]));
  return seen;
}

void judge(Endpoint& endpoint, const std::vector<Sighting>& sightings, const Expectation& expected,
           const Thresholds& thresholds, Time now) {
  for (const Sighting& seen : sightings) endpoint.served.push_back(served(seen));
  std::vector<const Sighting*> present;
  for (const Sighting& seen : sightings)
    if (!seen.is_absent) present.push_back(&seen);
  if (present.empty()) {
    const Level level = endpoint.is_guessed ? Level::ok : Level::crit;
    const std::string why =
        sightings.empty() ? "its address is of the other family" : sightings.front().failure;
    return add(endpoint.findings, endpoint.level,
               {Kind::unreachable, level, why, "is the name right, and its A or AAAA record there?"});
  }
  std::vector<std::pair<const Sighting*, std::vector<Finding>>> found;
  for (const Sighting* seen : present) {
    const bool has_other = std::ranges::any_of(
        present, [&](const Sighting* other) { return other != seen && !other->chain.empty(); });
    found.emplace_back(seen, seen->chain.empty() ? failure_of(*seen, endpoint.is_guessed, has_other)
                                                 : ChainJudge(seen->chain, expected, thresholds, now).run());
  }
  merge(endpoint, found);
}

bool is_for(const crypto::Certificate& leaf, const std::string& name) {
  std::string wanted = lower(name);
  if (wanted.ends_with('.')) wanted.pop_back();
  if (is_ipv4(wanted) || is_ipv6(wanted)) {
    try {
      return std::ranges::find(leaf.identifiers, crypto::identifier(wanted)) != leaf.identifiers.end();
    } catch (const Error&) {
      return false;
    }
  }
  const crypto::Identifier asked{"dns", wanted};
  return std::ranges::any_of(leaf.identifiers,
                             [&](const crypto::Identifier& one) { return crypto::covers(one, asked); });
}

ChainEnd end_of(const std::vector<crypto::Certificate>& chain, const net::Roots& roots) {
  const crypto::Certificate* last = &chain.front();
  std::set<const crypto::Certificate*> passed;
  for (;;) {
    if (is_rooted(*last, roots)) return ChainEnd::trusted;
    if (is_signed_by_itself(*last))
      return last == &chain.front() ? ChainEnd::self_signed : ChainEnd::other_root;
    passed.insert(last);
    const auto next = std::ranges::find_if(chain, [&](const crypto::Certificate& one) {
      return !passed.contains(&one) && crypto::is_signed_by(*last, one);
    });
    if (next == chain.end()) return ChainEnd::incomplete;
    last = &*next;
  }
}

}  // namespace certo::status
