#include "renew/limits.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "crypto/hash.h"
#include "net/registered_domain.h"

namespace certo::renew {

using acme::Limited;

namespace {

std::string domain_of(const crypto::Identifier& name) {
  return name.type == "ip" ? net::counted_network(name.value) : net::registered_domain(name.base());
}

}  // namespace

store::Bucket bucket_of_set(const std::vector<crypto::Identifier>& identifiers) {
  constexpr size_t longest = 200;
  std::set<std::string> sorted;
  for (const crypto::Identifier& one : identifiers) sorted.insert(one.value);
  std::string names = join({sorted.begin(), sorted.end()}, ",");
  if (names.size() > longest)
    names = *sorted.begin() + " and " + std::to_string(sorted.size() - 1) + " more, " +
            hex(crypto::sha256(names)).substr(0, 16);
  return {Limited::identifier_set, "", std::move(names)};
}

store::Bucket bucket_of_domain(const crypto::Identifier& name) {
  return {Limited::domain, "", domain_of(name)};
}

store::Bucket bucket_of_failures(const crypto::Identifier& name, const std::string& account) {
  return {Limited::identifier, account, name.base()};
}

std::vector<Token> tokens_of(const OrderUse& order) {
  const bool is_exempt = order.is_replacement;
  std::vector<Token> tokens;
  if (!order.is_renewal && !is_exempt) tokens.push_back({{Limited::account, order.account, ""}});
  std::set<store::Bucket> failures, domains;
  for (const crypto::Identifier& one : order.identifiers) {
    failures.insert(bucket_of_failures(one, order.account));
    domains.insert(bucket_of_domain(one));
  }
  if (!is_exempt)
    for (const store::Bucket& bucket : failures) tokens.push_back({bucket, true, false});
  if (order.is_given_up) return tokens;
  if (!order.is_renewal)
    for (const store::Bucket& bucket : domains) tokens.push_back({bucket, !is_exempt, true});
  tokens.push_back({bucket_of_set(order.identifiers), !is_exempt, true});
  return tokens;
}

std::vector<Token> tokens_of_new_account() { return {{{Limited::address, "", ""}}}; }

store::LimitRule rule_of(const Limits& limits, Limited kind) {
  const auto found = std::ranges::find(limits, kind, &store::LimitRule::kind);
  return found == limits.end() ? store::LimitRule{.kind = kind} : *found;
}

std::vector<Left> left_of(const Limits& limits, const store::Ledger& ledger, const std::vector<Token>& tokens,
                          Time now) {
  std::vector<Left> all;
  for (const Token& token : tokens) {
    const store::LimitRule rule = rule_of(limits, token.bucket.kind);
    const Left left{rule, token.bucket, ledger.tokens_left(rule, token.bucket, now),
                    ledger.next_token(rule, token.bucket, now)};
    if (rule.span != Seconds(0) || left.next > now) all.push_back(left);
  }
  return all;
}

std::optional<Shortage> shortage(const Limits& limits, const store::Ledger& ledger,
                                 const std::vector<Token>& tokens, Time now) {
  std::optional<Shortage> worst;
  for (const Token& token : tokens) {
    if (!token.is_required) continue;
    const store::LimitRule rule = rule_of(limits, token.bucket.kind);
    const Time opens = ledger.next_token(rule, token.bucket, now);
    if (opens <= now || (worst && opens <= worst->opens)) continue;
    worst =
        Shortage{rule, token.bucket, opens, store::next_token(rule, ledger.full(token.bucket), now) < opens};
  }
  return worst;
}

std::string sentence(const Shortage& shortage) {
  const std::string text = "the CA limits " + acme::limit_of(shortage.bucket.kind, shortage.bucket.of).what;
  if (shortage.rule.span == Seconds(0)) return text;
  return text + " to " + std::to_string(shortage.rule.count) + " in " +
         spoken_duration(shortage.rule.span.count());
}

Error describe(const Shortage& shortage) {
  const auto& [rule, bucket, opens, is_unknown] = shortage;
  std::string text = sentence(shortage);
  if (rule.span != Seconds(0)) {
    text += is_unknown ? ", and it is not known how many were used"
                       : ", and " + std::to_string(rule.count) + " were used as far as this machine knows";
  }
  Error error(Exit::later, text + "; nothing was sent, the next one is possible " + rfc3339(opens),
              acme::limit_of(bucket.kind, bucket.of).hint +
                  (bucket.kind == Limited::address ? "" : "; --force asks the CA all the same"));
  error.retry_at = opens;
  return error;
}

void take(const Limits& limits, store::Ledger& ledger, const std::vector<Token>& tokens, Time now) {
  for (const auto& [bucket, is_required, is_taken] : tokens) {
    const store::LimitRule rule = rule_of(limits, bucket.kind);
    if (is_taken && rule.span != Seconds(0))
      ledger.set(bucket, store::after_taking(rule, ledger.full(bucket), now));
  }
}

void give_back(const Limits& limits, store::Ledger& ledger, const std::vector<Token>& tokens, Unused what) {
  for (const auto& [bucket, is_required, is_taken] : tokens) {
    const store::LimitRule rule = rule_of(limits, bucket.kind);
    if (!is_taken || rule.span == Seconds(0)) continue;
    if (what == Unused::certificates && bucket.kind == Limited::account) continue;
    ledger.set(bucket, store::after_giving_back(rule, ledger.full(bucket)));
  }
}

void count_failure(const Limits& limits, store::Ledger& ledger, const store::Bucket& bucket, Time now) {
  take(limits, ledger, {{bucket}}, now);
}

void believe(const Limits& limits, store::Ledger& ledger, const OrderUse& order, const acme::Limit& limit,
             Time until) {
  store::Bucket bucket;
  if (limit.kind == Limited::identifier_set)
    bucket = bucket_of_set(order.identifiers);
  else if (limit.kind == Limited::domain && !limit.subject.empty())
    bucket = {limit.kind, "", lower(limit.subject)};
  else if (limit.kind == Limited::identifier && !limit.subject.empty())
    bucket = {limit.kind, order.account, lower(limit.subject)};
  else
    return;
  // A text that quotes another name than one of the order is not about it.
  const std::vector<Token> tokens = tokens_of({.identifiers = order.identifiers, .account = order.account});
  if (std::ranges::find(tokens, bucket, &Token::bucket) == tokens.end()) return;
  const store::LimitRule rule = rule_of(limits, bucket.kind);
  ledger.set(bucket, std::max(ledger.full(bucket), store::full_if_empty_until(rule, until)));
}

}  // namespace certo::renew
