#include "acme/limits.h"

#include <array>

namespace certo::acme {
namespace {

/// The text of a limit: `words` in the problem's detail, else `anchor`, the section of the documentation that
/// the detail links to. "{}" in `what` stands for the first quoted text of the detail.
struct Row {
  std::string_view words, anchor;
  Limited kind;
  std::string_view what, hint;
};

// As Let's Encrypt's server (Boulder) writes them; the texts are the CA's and change with it.
constexpr std::array rows = {
    Row{"for this exact set of identifiers", "#new-certificates-per-exact-set-of-identifiers",
        Limited::identifier_set, "certificates for exactly these names",
        "no other certificate has to wait; test runs belong on --staging"},
    Row{"too many certificates", "#new-certificates-per-registered-domain", Limited::domain,
        "certificates for {} and the names below it",
        "certificates of other domains do not have to wait; test runs belong on --staging"},
    Row{"too many failed authorizations", "#authorization-failures-per-identifier-per-account",
        Limited::identifier, "validations of {}",
        "find out why they fail before the next try; other names do not have to wait"},
    Row{"too many new orders", "#new-orders-per-account", Limited::account, "new orders of this account",
        "open orders continue, and so do renewals inside the window that the CA suggests"},
    Row{"too many new registrations", "#new-registrations-per-ip", Limited::address,
        "new accounts from this address",
        "existing accounts are not affected; --account NAME uses another one"},
};

std::string quoted_in(std::string_view detail) {
  const size_t start = detail.find('"');
  const size_t end = start == detail.npos ? start : detail.find('"', start + 1);
  return end == detail.npos ? "" : std::string(detail.substr(start + 1, end - start - 1));
}

std::string filled(std::string_view pattern, const std::string& subject) {
  std::string text(pattern);
  const size_t place = text.find("{}");
  if (place != text.npos) text.replace(place, 2, subject);
  return text;
}

}  // namespace

Limit limit_in(std::string_view detail) {
  const auto found_by = [&](std::string_view Row::*text) -> const Row* {
    for (const Row& row : rows)
      if (detail.find(row.*text) != detail.npos) return &row;
    return nullptr;
  };
  const Row* row = found_by(&Row::words);
  if (!row) row = found_by(&Row::anchor);
  if (!row) return {};
  return limit_of(row->kind, quoted_in(detail));
}

Limit limit_of(Limited kind, const std::string& subject) {
  for (const Row& row : rows)
    if (row.kind == kind)
      return {kind, filled(row.what, subject.empty() ? "one of the names" : subject), std::string(row.hint),
              subject};
  return {};
}

}  // namespace certo::acme
