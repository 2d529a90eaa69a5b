// Signatures by HMAC-SHA-256 over a canonical form of the request: AWS Signature Version 4,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
// and its relatives at other services.
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

/// What a signature covers: method, path, sorted query, all headers and the body's hash, one below the other.
struct Canonical {
  std::string headers;  // "content-type;host;x-date"
  std::string hash;     // SHA-256 of the whole in hexadecimal
};

enum class PathEnd { as_it_is, slash };

/// The host's name is added to the headers. `end`: whether the path that is signed ends in a slash.
Canonical canonical(const Host& host, const Request& request, PathEnd end = PathEnd::as_it_is);

/// HMAC-SHA-256 in hexadecimal of `text` with a key that is derived from `secret` by one HMAC for each part.
std::string derived_signature(const Host& host, const std::string& secret,
                              const std::vector<std::string>& parts, const std::string& text);

/// The name of the server in a URL, with the port if there is one.
std::string server_of(const std::string& url);

}  // namespace certo::sdk
