// An overview as one page of HTML, for people who would rather look: without script, and without anything
// that a browser would have to fetch. Everything in it is escaped.
#pragma once

#include <string>
#include <vector>

#include "status/model.h"

namespace certo::status {

/// The rest of a limit of a CA.
struct LimitLeft {
  std::string directory;       // URL of the CA
  std::string limit, subject;  // "certificates of a domain: 50 in 7 days", "example.com"
  std::string left;            // "at most 3"
  bool is_used_up = false;
};

/// The whole page. It is about a kilobyte for each certificate.
std::string html_page(const Overview& overview, const std::vector<LimitLeft>& limits);

/// Text for the content of an element or a quoted attribute.
std::string html(std::string_view text);

}  // namespace certo::status
