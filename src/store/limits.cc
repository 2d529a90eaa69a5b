#include "store/limits.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "store/lifetime.h"

namespace certo::store {
namespace {

using acme::Limited;

constexpr std::array<std::pair<Limited, std::string_view>, 5> limit_names{{
    {Limited::account, "orders-per-account"},
    {Limited::domain, "certificates-per-domain"},
    {Limited::identifier_set, "certificates-per-set"},
    {Limited::identifier, "failures-per-name"},
    {Limited::address, "accounts-per-address"},
}};

}  // namespace

std::string_view name_of(Limited kind) {
  for (const auto& [known, name] : limit_names)
    if (known == kind) return name;
  return {};
}

std::optional<LimitRule> parse_limit(const Json& json, const std::string& subject) {
  const Fields fields(json, subject + ": limit", Exit::bad_input);
  const std::string name = fields.string("limit");
  const auto row = std::ranges::find(limit_names, name, &std::pair<Limited, std::string_view>::second);
  const std::optional<Seconds> span = parse_span(fields.string("span"));
  LimitRule rule{.count = fields.integer("count")};
  if (!span || rule.count < 1 || rule.count > span->count())
    throw Error(Exit::bad_input,
                fields.subject() + ": 'span' is like 3h or 7d, and 'count' is from 1 to its seconds");
  if (row == limit_names.end()) return {};
  rule.kind = row->first;
  rule.span = *span;
  return rule;
}

Seconds LimitRule::refill() const {
  return span == Seconds(0) ? Seconds(0) : Seconds((span.count() + count - 1) / count);
}

int64_t tokens_left(const LimitRule& rule, Time full, Time now) {
  if (full <= now) return rule.count;
  if (rule.span == Seconds(0)) return 0;
  const Seconds refill = rule.refill();
  const int64_t missing = ((full - now).count() + refill.count() - 1) / refill.count();
  return std::max<int64_t>(0, rule.count - missing);
}

Time next_token(const LimitRule& rule, Time full, Time now) {
  return std::max(now, full - rule.refill() * (rule.count - 1));
}

Time after_taking(const LimitRule& rule, Time full, Time now) { return std::max(full, now) + rule.refill(); }

Time after_giving_back(const LimitRule& rule, Time full) { return full - rule.refill(); }

Time full_if_empty_until(const LimitRule& rule, Time at) { return at + rule.refill() * (rule.count - 1); }

}  // namespace certo::store
