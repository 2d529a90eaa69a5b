// A year of a company with 10,000 certificates, hour by hour, against a CA that counts as Let's Encrypt does:
// it never refuses an order, and no certificate expires. The decisions are certo's; the CA is written
// independently of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "renew/due.h"
#include "renew/limits.h"

using namespace certo;
using namespace certo::renew;
using acme::Limited;
using std::chrono::days;
using std::chrono::hours;

namespace {

const Time start = *from_rfc3339("2026-12-01T00:17:00Z");
const Limits published{{Limited::account, 300, hours(3)},
                       {Limited::domain, 50, days(7)},
                       {Limited::identifier_set, 5, days(7)},
                       {Limited::identifier, 5, hours(1)}};
constexpr size_t all_certificates = 10000, all_domains = 2000, all_hours = 365 * 24;

struct Certificate {
  std::vector<crypto::Identifier> identifiers;
  std::string account, set, domain;
  Seconds lifetime{};
  uint64_t spread = 0;
  // As certo knows it.
  store::Status status;
  Time not_before{};
  std::string issued_set;  // the names that it was last issued for
  std::vector<Token> first_tokens, renewal_tokens, replacement_tokens;
};

// ---- the CA ----

/// A bucket into which tokens flow all the time.
struct Flow {
  double size = 0;
  Seconds span{};
  double tokens = 0;
  Time at{};
};

class Ca {
 public:
  /// What newOrder answers: the limit that refuses it, or "".
  std::string refusal(const Certificate& one, bool replaces, Time now) {
    if (replaces && now >= one.status.window_start && now < one.status.window_end) return "";
    const bool is_renewal = has_issued(one.set, now);
    if (!is_renewal && orders(one, now).tokens < 1) return "orders of the account";
    if (failures(one, now).tokens < 1) return "failures of the name";
    if (!is_renewal && domain(one, now).tokens < 1) return "certificates of the domain";
    if (set(one, now).tokens < 1) return "certificates of the set";
    if (!is_renewal) --orders(one, now).tokens;
    return "";
  }
  void issue(const Certificate& one, Time now) {
    if (!has_issued(one.set, now)) --domain(one, now).tokens;
    --set(one, now).tokens;
    issued_[one.set] = now;
  }
  void fail(const Certificate& one, Time now) { --failures(one, now).tokens; }
  /// 2 % of the lifetime wide, a third before the end, or half if the lifetime is short.
  static std::pair<Time, Time> window(Time not_before, Seconds lifetime) {
    const Time middle = not_before + lifetime - (lifetime < days(10) ? lifetime / 2 : lifetime / 3);
    return {middle - lifetime / 100, middle + lifetime / 100};
  }

 private:
  bool has_issued(const std::string& set, Time now) const {
    const auto found = issued_.find(set);
    return found != issued_.end() && now - found->second <= days(120);
  }
  Flow& orders(const Certificate& one, Time now) {
    return flow("account " + one.account, {300, hours(3), 300}, now);
  }
  Flow& failures(const Certificate& one, Time now) {
    return flow("name " + one.account + one.identifiers.front().value, {5, hours(1), 5}, now);
  }
  Flow& domain(const Certificate& one, Time now) {
    return flow("domain " + one.domain, {50, days(7), 50}, now);
  }
  Flow& set(const Certificate& one, Time now) { return flow("set " + one.set, {5, days(7), 5}, now); }
  Flow& flow(const std::string& key, const Flow& full, Time now) {
    Flow& flow = flows_.try_emplace(key, full).first->second;
    constexpr double rounding = 1e-9;
    const double come = static_cast<double>((now - flow.at).count()) / static_cast<double>(flow.span.count());
    flow.tokens = std::min(flow.size, flow.tokens + come * flow.size + rounding);
    flow.at = now;
    return flow;
  }

  std::unordered_map<std::string, Flow> flows_;
  std::unordered_map<std::string, Time> issued_;
};

// ---- the company ----

class Year {
 public:
  Year() : at_hour_(all_hours + 1) {
    for (size_t i = 0; i < all_certificates; ++i) certificates_.push_back(make(i));
    for (size_t i = 0; i < all_certificates; ++i) at_hour_[0].push_back(i);
  }

  void run() {
    for (hour_ = 0; hour_ < all_hours; ++hour_) {
      now_ = start + hours(hour_);
      if (hour_ == 200 * 24) revoke_a_third();
      if (hour_ == 150 * 24) add_names();
      if (hour_ % 6 == 0) ledger_.trim(now_);
      // The machine is off for two days.
      if (hour_ / 24 == 100 || hour_ / 24 == 101) {
        std::ranges::move(at_hour_[hour_], std::back_inserter(at_hour_[hour_ + 1]));
        continue;
      }
      pass();
    }
  }

  size_t refused = 0, expired = 0, issued = 0, postponed = 0, failed = 0, exempt = 0;
  size_t without() const {
    return static_cast<size_t>(std::ranges::count_if(
        certificates_, [&](const Certificate& one) { return one.status.not_after <= now_; }));
  }

 private:
  static Certificate make(size_t i) {
    // One domain has 400 names, the others have about five each.
    const size_t domain = i < 400 ? 0 : 1 + i % (all_domains - 1);
    Certificate one;
    one.domain = "d" + std::to_string(domain) + ".example";
    one.account = "https://ca.example/acct/" + std::to_string(i % 2);
    one.lifetime = i % 20 == 0 ? hours(160) : hours(47 * 24);
    one.spread = spread("machine", std::to_string(i));
    name(one, {"n" + std::to_string(i) + "." + one.domain});
    return one;
  }
  static void name(Certificate& one, const std::vector<std::string>& names) {
    one.identifiers = crypto::identifiers(names);
    one.set = bucket_of_set(one.identifiers).of;
    OrderUse order{.identifiers = one.identifiers, .account = one.account};
    one.first_tokens = tokens_of(order);
    order.is_renewal = true;
    one.renewal_tokens = tokens_of(order);
    order.is_replacement = true;
    one.replacement_tokens = tokens_of(order);
  }

  /// The CA moves their windows into the past, and certo learns of it in the next pass.
  void revoke_a_third() {
    for (size_t i = 0; i < all_certificates; i += 3) {
      Certificate& one = certificates_[i];
      if (one.status.not_after == Time{}) continue;
      one.status.window_start = now_ - hours(2);
      one.status.window_end = now_ - hours(1);
      one.status.due = now_;
      at_hour_[hour_].push_back(i);
    }
  }
  void add_names() {
    for (size_t i = 0; i < all_certificates; i += 10) {
      Certificate& one = certificates_[i];
      name(one, {one.identifiers.front().value, "new." + one.identifiers.front().value});
      one.status.due = now_;
      at_hour_[hour_].push_back(i);
    }
  }

  void pass() {
    std::vector<size_t> due_now;
    for (const size_t i : at_hour_[hour_])
      if (due(certificates_[i].status, now_) == Due::now) due_now.push_back(i);
    std::ranges::stable_sort(due_now, ends_before,
                             [&](size_t i) { return certificates_[i].status.not_after; });
    for (const size_t i : due_now)
      if (due(certificates_[i].status, now_) == Due::now) order(i);  // not twice
  }

  void order(size_t i) {
    Certificate& one = certificates_[i];
    if (one.status.not_after != Time{} && one.status.not_after <= now_) ++expired;
    const bool has_one = one.status.not_after != Time{};
    const bool is_replacement = has_one && renew::is_in_window(one.status, now_);
    const bool is_renewal = has_one && one.issued_set == one.set && now_ - one.not_before < renewal_within;
    const bool is_other_set = is_replacement && !is_renewal;
    std::vector<Token> other;
    if (is_other_set)
      other = tokens_of({.identifiers = one.identifiers, .account = one.account, .is_replacement = true});
    const std::vector<Token>& tokens = is_other_set     ? other
                                       : is_replacement ? one.replacement_tokens
                                       : is_renewal     ? one.renewal_tokens
                                                        : one.first_tokens;
    if (const auto missing = shortage(published, ledger_, tokens, now_)) {
      ++postponed;
      one.status.retry_at = missing->opens;
      return again(i);
    }
    take(published, ledger_, tokens, now_);
    exempt += is_replacement;
    if (!ca_.refusal(one, has_one, now_).empty()) ++refused;
    if ((one.spread + issued) % 97 == 0) return fail(i, tokens);
    issue(i);
  }

  void fail(size_t i, const std::vector<Token>& tokens) {
    Certificate& one = certificates_[i];
    ++failed;
    ++issued;  // the next one has more luck
    ca_.fail(one, now_);
    give_back(published, ledger_, tokens, Unused::certificates);
    count_failure(published, ledger_, bucket_of_failures(one.identifiers.front(), one.account), now_);
    one.status.retry_at = now_ + back_off(++one.status.failures, now_, one.status.not_after);
    again(i);
  }

  void issue(size_t i) {
    Certificate& one = certificates_[i];
    ++issued;
    ca_.issue(one, now_);
    crypto::Certificate leaf;
    leaf.not_before = one.not_before = now_;
    leaf.not_after = now_ + one.lifetime;
    const auto [window_start, window_end] = Ca::window(now_, one.lifetime);
    one.issued_set = one.set;
    one.status = {};
    one.status.due = due_in_window({}, leaf, window_start, window_end, one.spread);
    one.status.not_after = leaf.not_after;
    one.status.window_start = window_start;
    one.status.window_end = window_end;
    again(i);
  }

  /// In the first pass that may try it.
  void again(size_t i) {
    const store::Status& status = certificates_[i].status;
    const Time at = std::max(status.due, status.retry_at.value_or(Time{}));
    const auto hour =
        static_cast<size_t>(std::max<int64_t>(0, (at - start + hours(1) - Seconds(1)) / hours(1)));
    at_hour_[std::min(std::max(hour, hour_ + 1), all_hours)].push_back(i);
  }

  std::vector<Certificate> certificates_;
  std::vector<std::vector<size_t>> at_hour_;
  size_t hour_ = 0;
  Time now_ = start;
  store::Ledger ledger_;
  Ca ca_;
};

}  // namespace

TEST_CASE("a year of 10,000 certificates breaks no limit, and none expires") {
  Year year;
  year.run();
  CHECK(year.refused == 0);
  CHECK(year.expired == 0);
  CHECK(year.without() == 0);
  CHECK(year.issued > 130'000);
  // The limits did matter, and most renewals were exempt.
  CHECK(year.postponed > 1000);
  CHECK(year.failed > 500);
  CHECK(year.exempt > year.issued / 2);
  MESSAGE("issued " << year.issued << ", postponed " << year.postponed << ", failed " << year.failed
                    << ", exempt " << year.exempt);
}
