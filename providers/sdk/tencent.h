// APIs of Tencent Cloud, version 3, with signatures TC3-HMAC-SHA256:
// https://www.tencentcloud.com/document/api/1145/48999
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

/// The keys that a provider's settings hold.
struct TencentKeys {
  std::string id, secret, token, region;  // the last two may be ""
};

class Tencent {
 public:
  /// `service`: "dnspod".
  Tencent(const Host& host, const char* service, const char* version, TencentKeys keys)
      : host_(host), service_(service), version_(version), keys_(std::move(keys)) {}

  struct Answer {
    std::string code;  // of an error; "" after success
    std::string words;
    Json json;  // the member "Response"
  };
  /// Throws Failure for refused keys, rate limits and trouble at the service; the caller judges other errors.
  Answer call(const std::string& action, const Json& parameters) const;
  /// The same, for a caller that accepts no error.
  Json get(const std::string& action, const Json& parameters) const;

  [[noreturn]] static void refuse(const std::string& action, const Answer& answer);

 private:
  const Host& host_;
  std::string service_, version_;
  TencentKeys keys_;
};

}  // namespace certo::sdk
