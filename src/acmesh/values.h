// Values of acme.sh's parameters as certo writes them. Each throws Error{usage} for a value that it cannot
// translate.
#pragma once

#include <string>

#include "acmesh/line.h"

namespace certo::acmesh {

/// "ec-256", or "2048" as "rsa-2048".
std::string key_type(const Given& given);
int number_of(const Given& given);  // not negative
/// The name of an RFC 5280 reason (section 5.3.1) by its number.
std::string reason_name(const Given& given);

}  // namespace certo::acmesh
