// Certificates of our names in the logs of Certificate Transparency (RFC 6962), as a search service lists
// them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "status/model.h"

namespace certo::status {

/// The names to ask for: DNS names without "*.", and without those below another one of them.
std::vector<std::string> names_for_ct(const std::vector<Row>& rows);

/// crt.sh's JSON. A precertificate and its certificate have the same issuer and serial number, and are one
/// entry, first seen when the earlier of both was. Entries without a serial number or names are skipped.
/// Throws Error{unreachable} that begins with `subject` if the reply is something else.
std::vector<LoggedCertificate> parse_ct_reply(std::string_view reply, const std::string& subject);

/// A serial number as it is compared: lower case, without zeros at its start.
std::string plain_serial(std::string_view serial);

/// Adds those that are valid, for one of `names` or a name below it, and not among `ours` (plain serial
/// numbers). The newest comes first, and each once.
void add_unknown(Overview& overview, const std::vector<LoggedCertificate>& logged,
                 const std::vector<std::string>& names, const std::set<std::string>& ours);

}  // namespace certo::status
