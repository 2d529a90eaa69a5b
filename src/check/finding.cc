#include "check/finding.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace certo::check {
namespace {

const char* word(Level level) {
  switch (level) {
    case Level::ok: return "ok";
    case Level::warning: return "warning";
    case Level::will_fail: return "will fail";
  }
  return "";
}

constexpr std::string_view silence = "could not be checked from here: the resolver does not answer";

/// After any other failure, no other CA is asked (renew/several.h).
bool lets_next_ca_try(Exit exit) {
  return exit == Exit::failed || exit == Exit::unreachable || exit == Exit::later || exit == Exit::protocol ||
         exit == Exit::config;
}

/// The first CA that the order comes to and that can issue.
std::optional<std::string> first_without_failure(const Findings& findings,
                                                 const std::vector<std::string>& titles) {
  for (const std::string& title : titles) {
    bool fails = false;
    for (const Finding& one : findings) {
      if (one.ca != title || one.level != Level::will_fail) continue;
      if (!lets_next_ca_try(one.exit)) return {};
      fails = true;
    }
    if (!fails) return title;
  }
  return {};
}

const char* key(Level level) { return level == Level::will_fail ? "will-fail" : word(level); }

}  // namespace

Finding good(std::string subject, std::string what, std::string because) {
  return {std::move(subject), std::move(what), Level::ok, std::move(because)};
}

Finding warning(std::string subject, std::string what, std::string because, std::string to_do) {
  return {std::move(subject), std::move(what), Level::warning, std::move(because), std::move(to_do)};
}

Finding failing(std::string subject, std::string what, std::string because, std::string to_do, Exit exit) {
  return {std::move(subject), std::move(what), Level::will_fail, std::move(because), std::move(to_do), exit};
}

Finding unseen(std::string subject, std::string what, const std::string& why, std::string to_do) {
  return warning(std::move(subject), std::move(what), "could not be checked from here: " + why,
                 std::move(to_do));
}

Finding silent_resolver(std::string subject) {
  return warning(std::move(subject), "DNS", std::string(silence),
                 "look at /etc/resolv.conf, or name another one with --resolver");
}

bool is_silent_resolver(const Finding& finding) { return finding.because == silence; }

Finding failing(std::string subject, std::string what, const Error& error) {
  std::string because = error.message;
  if (because.starts_with(subject + ": ")) because.erase(0, subject.size() + 2);
  return failing(std::move(subject), std::move(what), std::move(because), error.hint, error.code);
}

Finding Outlook::judge(Finding failure) const {
  if (is_conclusive) return failure;
  return unseen(std::move(failure.subject), std::move(failure.what),
                why_not + "; seen from here: " + failure.because, std::move(failure.to_do));
}

void append(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Findings of_ca(const std::string& title, Findings findings) {
  for (Finding& one : findings) one.ca = title;
  return findings;
}

void weigh(Findings& findings, const std::vector<std::string>& titles) {
  const std::optional<std::string> issuer = first_without_failure(findings, titles);
  if (!issuer) return;
  for (Finding& one : findings) {
    if (one.ca.empty() || one.level != Level::will_fail) continue;
    one.level = Level::warning;
    one.because += "; " + *issuer + " can issue the certificate";
  }
}

Exit exit_of(const Findings& findings) {
  Exit code = Exit::ok;
  for (const Finding& finding : findings)
    if (finding.level == Level::will_fail) code = worst(code, finding.exit);
  return code;
}

Json to_json(const Finding& finding) {
  Json json = Json::object();
  json.set("subject", printable(finding.subject)).set("check", finding.what).set("level", key(finding.level));
  if (!finding.ca.empty()) json.set("ca", printable(finding.ca));
  json.set("because", printable(finding.because));
  if (!finding.to_do.empty()) json.set("to_do", printable(finding.to_do));
  if (finding.level == Level::will_fail) json.set("code", static_cast<int>(finding.exit));
  return json;
}

std::vector<std::string> lines(const Finding& finding) {
  const bool must_name_ca = !finding.ca.empty() && finding.ca != finding.subject;
  std::vector<std::string> lines = {
      printable(std::string(word(finding.level)) + ": " + finding.subject + ": " + finding.what +
                (must_name_ca ? " (" + finding.ca + ")" : "") + ": " + finding.because)};
  if (!finding.to_do.empty()) lines.push_back("  do: " + printable(finding.to_do));
  return lines;
}

}  // namespace certo::check
