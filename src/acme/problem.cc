#include "acme/problem.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "acme/jws.h"
#include "base/text.h"

namespace certo::acme {
namespace {

constexpr std::string_view type_prefix = "urn:ietf:params:acme:error:";
constexpr size_t most_subproblems = 100;
constexpr size_t most_algorithms = 20;

/// One row per error type of RFC 8555 section 6.7 and RFC 9773 section 7.4.
struct Meaning {
  std::string_view type;
  Exit code;
  const char* hint;
};

constexpr std::array<Meaning, 26> meanings{{
    {"accountDoesNotExist", Exit::config,
     "the CA finds the account by its key and does not know it at the same time: try again later, or use another account: --account NAME"},
    {"alreadyReplaced", Exit::failed, "another order replaced this certificate already"},
    {"alreadyRevoked", Exit::failed, "there is nothing to do: it is revoked already"},
    {"badCSR", Exit::failed, "the CA does not accept the certificate's key or names; try another --key-type"},
    {"badNonce", Exit::unreachable, "the CA refused six nonces in a row; try again in a minute"},
    {"badPublicKey", Exit::failed, "the CA does not accept this key; try another --key-type"},
    {"badRevocationReason", Exit::usage,
     "use a reason that the CA's message names, or leave --reason out; public CAs take keyCompromise, superseded, cessationOfOperation and unspecified"},
    {"badSignatureAlgorithm", Exit::config,
     "the CA does not accept the type of the account's key; make another account with a key of another type: --account NAME --account-key-type TYPE"},
    {"caa", Exit::failed,
     "a CAA record of the domain forbids this CA; change the record or choose another --server"},
    {"compound", Exit::failed, ""},
    {"connection", Exit::failed,
     "the CA must reach this host from the internet: check firewall, port 80 and the AAAA record"},
    {"dns", Exit::failed,
     "check that the name resolves, over IPv4 and IPv6, and that its name servers answer"},
    {"externalAccountRequired", Exit::config,
     "get an external account on the CA's site, then give --eab-kid KID and --eab-hmac-file FILE; see 'certo help accounts'"},
    {"incorrectResponse", Exit::failed,
     "the CA got another answer than certo's: does the name point to this host, and is the record in the right zone?"},
    {"invalidContact", Exit::config, "check --email"},
    {"invalidProfile", Exit::config, "this CA has no such profile; 'certo account show' lists its profiles"},
    {"malformed", Exit::failed, ""},
    {"orderNotReady", Exit::failed, "run 'certo solve' first"},
    {"rateLimited", Exit::later, "wait until the CA allows it again; test runs belong on --staging"},
    {"rejectedIdentifier", Exit::failed,
     "the CA issues no certificate for this name: check its spelling, or leave it out; for a name inside a company, --server can name a private CA"},
    {"serverInternal", Exit::unreachable, "the fault is the CA's; try again later"},
    {"tls", Exit::failed, "the CA could not complete TLS with this host"},
    {"unauthorized", Exit::failed,
     "check that the name points to this host, or that the record is in the right zone"},
    {"unsupportedContact", Exit::config, "give an e-mail address with --email"},
    {"unsupportedIdentifier", Exit::failed, "this CA does not certify this kind of name"},
    {"userActionRequired", Exit::config,
     "the CA wants a person to do something first, such as to agree to new terms of service: see its message"},
}};

/// Where a type means something else in the answer to one request than in general.
struct StepHint {
  Step step;
  std::string_view type;
  const char* text;
};

constexpr std::array<StepHint, 7> step_hints{{
    {Step::new_account, "unauthorized",
     "the CA does not accept the external account: check --eab-kid, --eab-hmac-file and --eab-hmac-alg, and whether they are used up"},
    {Step::new_account, "malformed",
     "if this CA wants an external account, check that --eab-hmac-file holds the key as the CA's site shows it"},
    {Step::new_order, "unauthorized",
     "the CA does not let this account order: ask the CA why, or use another account: --account NAME"},
    {Step::new_account, "badPublicKey",
     "the CA does not accept the account's key; make an account with a key of another type: --account NAME --account-key-type TYPE"},
    {Step::finalize_given, "badCSR",
     "the CA does not accept this CSR: make another one, with another key or without what the CA's message names"},
    {Step::finalize_given, "badPublicKey",
     "the CA does not accept the key of this CSR: make a CSR with a key of another type"},
    {Step::revoke, "unauthorized",
     "this account may not revoke it; the certificate's own key may: --key FILE"},
}};

/// Some CAs tell a name that cannot be resolved as a failed connection.
constexpr std::string_view signs_of_unresolved_name[] = {"no such host", "NXDOMAIN", "no valid A records",
                                                         "No valid IP addresses", "lookup "};

bool contains_word(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

const Meaning* meaning_of(std::string_view type) {
  for (const Meaning& meaning : meanings)
    if (meaning.type == type) return &meaning;
  return nullptr;
}

std::string text_of(const Json& json, std::string_view key) {
  const Json* value = json.find(key);
  return value && value->is_string() ? value->string() : std::string();
}

Problem parse_one(const Json& json) {
  Problem problem;
  problem.type = text_of(json, "type");
  if (problem.type.starts_with(type_prefix)) problem.type.erase(0, type_prefix.size());
  problem.detail = text_of(json, "detail");
  problem.instance = text_of(json, "instance");
  if (const Json* algorithms = json.find("algorithms"); algorithms && algorithms->is_array())
    for (const Json& one : algorithms->items())
      if (one.is_string() && problem.algorithms.size() < most_algorithms)
        problem.algorithms.push_back(one.string());
  if (const Json* identifier = json.find("identifier")) problem.identifier = text_of(*identifier, "value");
  return problem;
}

/// Which keys the CA accepts, and how to use one.
std::string hint_of_algorithms(const Problem& problem) {
  std::vector<std::string> types;
  for (const std::string& algorithm : problem.algorithms)
    if (const auto type = key_type_for(algorithm)) types.emplace_back(crypto::name(*type));
  const auto mac = std::ranges::find_if(problem.algorithms, is_mac_algorithm);
  if (mac != problem.algorithms.end())
    return "sign the external account by " + *mac + ": --eab-hmac-alg " + *mac;
  if (types.empty())
    return "the CA accepts only " + join(problem.algorithms, ", ") +
           ", which certo cannot use for an account";
  return "the CA accepts account keys of type " + join(types, ", ") +
         "; make another account: --account NAME --account-key-type " + types.front();
}

std::string own_words(const Problem& problem) {
  if (problem.detail.empty()) return problem.type.empty() ? "no reason given" : problem.type;
  return problem.type.empty() ? problem.detail : problem.type + ": " + problem.detail;
}

Exit code_for(int status, const Problem& problem, bool says_when) {
  if (status == 429 || (status == 503 && says_when)) return Exit::later;
  if (const Meaning* meaning = meaning_of(problem.type)) return meaning->code;
  return status >= 500 ? Exit::unreachable : Exit::failed;
}

}  // namespace

Problem parse_problem(const Json& json) {
  Problem problem = parse_one(json);
  const Json* subproblems = json.find("subproblems");
  if (!subproblems || !subproblems->is_array()) return problem;
  for (const Json& item : subproblems->items()) {
    if (problem.subproblems.size() == most_subproblems) break;
    problem.subproblems.push_back(parse_one(item));
  }
  return problem;
}

std::string describe(const Problem& problem) {
  std::string text = own_words(problem);
  for (const Problem& sub : problem.subproblems)
    text += "; " + (sub.identifier.empty() ? "" : sub.identifier + ": ") + own_words(sub);
  return text;
}

std::string hint_for(const Problem& problem, Step step) {
  if (is_paused(problem))
    return "the CA paused this account for these names; open the page in its message to continue";
  if (problem.type == "userActionRequired" && !problem.instance.empty())
    return "open " + problem.instance + ", then run the same command again";
  for (const StepHint& hint : step_hints)
    if (hint.step == step && hint.type == problem.type) return hint.text;
  if (problem.type == "badSignatureAlgorithm" && !problem.algorithms.empty())
    return hint_of_algorithms(problem);
  const bool is_unresolved = std::ranges::any_of(
      signs_of_unresolved_name, [&](std::string_view sign) { return contains_word(problem.detail, sign); });
  if (problem.type == "connection" && is_unresolved) return meaning_of("dns")->hint;
  if (step == Step::new_order &&
      (contains_word(lower(problem.detail), "notbefore") || contains_word(lower(problem.detail), "notafter")))
    return "this CA sets the dates itself: leave --not-before and --not-after out; a profile may set the lifetime: --profile NAME";
  const bool names_profile = contains_word(problem.detail, "profile");
  if (names_profile && (problem.type == "rejectedIdentifier" || problem.type == "unsupportedIdentifier"))
    return "choose a profile that allows this kind of name with --profile NAME; 'certo account show' lists them";
  if (const Meaning* meaning = meaning_of(problem.type); meaning && *meaning->hint) return meaning->hint;
  for (const Problem& sub : problem.subproblems)
    if (std::string hint = hint_for(sub); !hint.empty()) return hint;
  return {};
}

bool is_paused(const Problem& problem) {
  return problem.type == "rateLimited" && problem.detail.find("https://") != std::string::npos &&
         problem.detail.find("temporarily prevented") != std::string::npos;
}

std::optional<Time> retry_time_in(std::string_view detail) {
  constexpr std::string_view words = "retry after ";
  constexpr size_t date = 10, clock = 8;  // "2026-11-21", "02:22:00"
  const size_t found = detail.find(words);
  if (found == detail.npos) return {};
  const std::string_view text = detail.substr(found + words.size());
  if (text.size() < date + 1 + clock + 4 || text.substr(date + 1 + clock, 4) != " UTC") return {};
  return from_rfc3339(std::string(text.substr(0, date)) + "T" + std::string(text.substr(date + 1, clock)) +
                      "Z");
}

Refusal::Refusal(int http_status, Problem said, std::optional<Time> when, Step step)
    : Error(code_for(http_status, said, when.has_value()), "the CA refused: " + describe(said),
            hint_for(said, step)),
      status(http_status),
      problem(std::move(said)) {
  if (status == 429 && !is_paused(problem)) limit = limit_in(problem.detail);
  // Junk and 0 in Retry-After say nothing, but the text may.
  if (status == 429 && (!when || *when <= now()))
    if (const std::optional<Time> told = retry_time_in(problem.detail)) when = told;
  if (when) retry_at = *when;
  if (limit.kind == Limited::unknown) return;
  message = "the CA limits " + limit.what + (when ? " until " + rfc3339(*when) : "") + ": " + problem.detail;
  hint = limit.hint;
}

}  // namespace certo::acme
