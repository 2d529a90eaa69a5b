// AWS credentials, from the same sources and in the same order as AWS's own tools:
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include "sdk/sigv4.h"

namespace certo::sdk {

/// 1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; 2. the profile AWS_PROFILE of
/// AWS_SHARED_CREDENTIALS_FILE; 3. a container's AWS_CONTAINER_CREDENTIALS_*; 4. the role of an EC2 instance.
/// The provider declares these settings and CERTO_NEEDS_NO_SETTING. Throws Failure{config} that says which
/// sources were tried.
AwsCredentials aws_credentials(const Host& host);

/// The keys of one profile of a credentials file (INI). Nothing if the file has none; throws Failure{config}
/// for a profile that needs what certo does not support: another profile's role, a program, a login.
std::optional<AwsCredentials> aws_profile(std::string_view file, const std::string& profile);

}  // namespace certo::sdk

// The settings that aws_credentials reads, for the list of a provider's settings.
#define CERTO_AWS_SETTINGS                                                                                   \
  {"AWS_ACCESS_KEY_ID", "", "the key of a user who may change the zone: IAM, Users, Security credentials",   \
   1},                                                                                                       \
      {"AWS_SECRET_ACCESS_KEY", "", "the secret that was shown when the key was created", 1},                \
      {"AWS_SESSION_TOKEN", "", "comes with keys that expire", 0},                                           \
      {"AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", "keys by profile, if the two above are not set", \
       2},                                                                                                   \
      {"AWS_PROFILE", "", "the profile in that file (default: default)", 0},                                 \
      {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "", "set by ECS", 3},                                       \
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "", "set by EKS", 4},                                           \
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "", "set by EKS", 0},                                            \
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "", "another address of the instance's metadata", 0},            \
      {"AWS_EC2_METADATA_DISABLED", "", "true: do not ask the instance for its role", 0}, {                  \
    "AWS_ASSUME_ROLE_ARN", "", "not supported", 0                                                            \
  }
