// APIs of Alibaba Cloud, with signatures ACS3-HMAC-SHA256:
// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
#pragma once

#include "sdk/oauth.h"
#include "sdk/provider.hpp"

namespace certo::sdk {

/// Which settings of a provider have the keys.
struct AlibabaSettings {
  const char *ram_role, *access_key, *secret_key, *security_token;
};

class Alibaba {
 public:
  /// `url`: "https://alidns.aliyuncs.com". The setting `ram_role` is refused.
  Alibaba(const Host& host, std::string url, const char* version, const AlibabaSettings& settings);

  struct Answer {
    std::string code;  // of an error; "" after success
    std::string words;
    Json json;
  };
  /// Throws Failure for refused keys, rate limits and trouble at the service; the caller judges other errors.
  Answer call(const std::string& action, const Parameters& parameters) const;
  /// The same, for a caller that accepts no error.
  Json get(const std::string& action, const Parameters& parameters) const;

  [[noreturn]] static void refuse(const std::string& action, const Answer& answer);

 private:
  const Host& host_;
  std::string url_, version_, key_id_, secret_, token_;
};

}  // namespace certo::sdk
