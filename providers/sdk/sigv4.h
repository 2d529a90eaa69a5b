// AWS Signature Version 4,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>

#include "sdk/provider.hpp"

namespace certo::sdk {

struct AwsCredentials {
  std::string key_id, secret;
  std::string session_token{};  // "" for a key that does not expire
};

/// The scope of a signature: "us-east-1", "route53".
struct AwsScope {
  std::string region, service;
};

/// `request` with X-Amz-Date, X-Amz-Security-Token if there is one, and Authorization. All its headers are
/// signed. Its query must be `escaped`. Not for S3, which signs paths in another way.
Request aws_signed(const Host& host, const AwsCredentials& credentials, const AwsScope& scope,
                   Request request);

}  // namespace certo::sdk
