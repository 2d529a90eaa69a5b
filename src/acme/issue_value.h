// The issue-value of RFC 8659 section 4.2: "ca.example; accounturi=https://…". CAA records and the records of
// dns-persist-01 have this form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certo::acme {

struct IssueValue {
  std::string issuer;  // lower case, without a final dot; "" if it names nobody
  std::vector<std::pair<std::string, std::string>> parameters;  // tags in lower case

  const std::string* find(std::string_view tag) const;  // nullptr: there is none
};

/// Nothing if it is not of the form, or if it has a parameter twice.
std::optional<IssueValue> parse_issue_value(std::string_view text);

/// LDH labels.
bool is_issuer_name(std::string_view name);
/// In lower case and without the final dot, which does not change a domain name.
std::string folded_issuer(std::string_view name);
/// Whether it can be the value of a parameter: printable ASCII without blanks and ';', at most 1,000 bytes.
bool is_parameter_value(std::string_view text);

}  // namespace certo::acme
