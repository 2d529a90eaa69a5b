// Hides the values of settings in text that leaves a provider: a service may echo a token, and some take one
// in the path of a URL.
#pragma once

#include <string>
#include <vector>

#include "base/dns_record.h"
#include "provider/credentials.h"

namespace certo::provider {

class Mask {
 public:
  /// `settings` as the provider gets them. Values that are part of the names of `records` are public, and so
  /// are the values of settings that say where a service is, like EXAMPLE_SERVER and EXAMPLE_PORT.
  explicit Mask(const Values& settings, const std::vector<DnsRecord>& records = {});

  /// `text` with "***" for each value, in base64, percent-encoded or escaped for XML too, and for the user
  /// name and password of any URL.
  std::string operator()(std::string text) const;

  /// `value` is a secret, too.
  void add(const std::string& value);

 private:
  void add_parts_of(const std::string& content);

  std::vector<std::string> secrets_;
};

}  // namespace certo::provider
