// dehydrated's domains.txt: a list of certificates, one in each line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certo::imports {

struct DomainsLine {
  size_t number = 0;  // of the line, from 1
  std::vector<std::string> names;
  std::string alias;  // after '>': the certificate's name; "" for the first name
};

/// Names between blanks, `> alias` at the end, `ip:ADDRESS` or an address; '#' begins a comment. Throws
/// Error{bad_input} with the number of the line.
std::vector<DomainsLine> parse_domains(std::string_view text, const std::string& subject);

}  // namespace certo::imports
