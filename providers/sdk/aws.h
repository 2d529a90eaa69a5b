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
