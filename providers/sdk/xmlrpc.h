// XML-RPC, by http://xmlrpc.com/spec.md: values are JSON, of which a structure is an object.
#pragma once

#include <string>

#include "sdk/provider.hpp"

namespace certo::sdk {

/// What the service answers instead of a value.
struct XmlRpcFault {
  int64_t code = 0;
  std::string text;  // one line
};

/// Calls `method` with the values of `parameters`: strings, integers, booleans, arrays and objects. Throws
/// XmlRpcFault, and the same Failures as Host::http; other types in the reply (dates, doubles) become
/// strings.
Json xmlrpc(const Host& host, const std::string& url, const std::string& method,
            const Json::Array& parameters, bool reads);

}  // namespace certo::sdk
