// The text of a virtual host as a file of its own, so that a second virtual host with TLS shares it by
// "Include". What must not be there twice, and what sends clients to https, gets lines around it by which it
// counts for plain http only: while Apache reads the text for TLS, CERTO_TLS is defined. If rewrite rules of the
// host are chained ([C]) or skipped ([S]), each rule keeps its place and gets a condition instead.
//
// "Define" stays as it is: a second one changes nothing, and an "UnDefine" may follow in the text.
#pragma once

#include <string>

#include "webserver/apache_hosts.h"

namespace certo::webserver {

/// Most virtual hosts have less than a few KiB, and the journal holds the text.
inline constexpr size_t moved_body_limit = size_t{1} << 20;

struct MovedBody {
  Span range;           // in the file of the host
  std::string content;  // of the new file
};

/// Throws Error{config} if a file that the host includes has such lines among others, or beyond the limit.
MovedBody moved_body(const ApacheConfig& config, const ApacheHost& host);

/// A URL with https, or with `scheme`, that leads to a name of the host on the standard port. `target`: in
/// lower case.
bool leads_to(const ApacheHost& host, std::string_view target, std::string_view scheme = "https://");

}  // namespace certo::webserver
