// SOAP 1.1 over HTTP, by https://www.w3.org/TR/2000/NOTE-SOAP-20000508/: one call and its answer or fault.
#pragma once

#include <string>
#include <string_view>

#include "sdk/provider.hpp"
#include "sdk/xml.h"

namespace certo::sdk {

struct SoapFault {
  std::string text;    // faultstring, one line
  std::string detail;  // "" if there is none, or if it is not text
};

/// The first child with this name, whatever its prefix is; nullptr if there is none.
const Element* local_child(const Element& of, std::string_view name);

/// Sends `call`, an element in XML, and returns the element that answers it. Throws SoapFault, and the same
/// Failures as Host::http.
Element soap(const Host& host, const std::string& url, const std::string& action, const std::string& call,
             bool reads);

}  // namespace certo::sdk
