#include "sdk/aws.h"

#include <algorithm>

#include "sdk/ini.h"

namespace certo::sdk {
namespace {

constexpr const char* container = "http://169.254.170.2";
constexpr const char* instance = "http://169.254.169.254";

// With one of these, a profile's credentials come from another source.
constexpr const char* elsewhere[] = {"role_arn",      "source_profile",         "credential_source",
                                     "sso_session",   "sso_start_url",          "credential_process",
                                     "login_session", "web_identity_token_file"};

std::optional<AwsCredentials> from_settings(const Host& host) {
  if (!host.setting("AWS_ACCESS_KEY_ID") && !host.setting("AWS_SECRET_ACCESS_KEY")) return std::nullopt;
  return AwsCredentials{host.require("AWS_ACCESS_KEY_ID"), host.require("AWS_SECRET_ACCESS_KEY"),
                        host.setting("AWS_SESSION_TOKEN").value_or("")};
}

std::optional<AwsCredentials> from_file(const Host& host) {
  const auto profile = host.setting("AWS_PROFILE");
  const auto file = host.setting("AWS_SHARED_CREDENTIALS_FILE");
  auto found = file ? aws_profile(*file, profile.value_or("default")) : std::nullopt;
  if (profile && !found)
    throw Failure{CERTO_CONFIG, "the credentials file has no keys of the profile " + *profile +
                                    ", which AWS_PROFILE names"};
  return found;
}

/// The services of containers and of instances have the same reply.
AwsCredentials from_reply(const Reply& reply) {
  if (!reply.ok())
    throw Failure{CERTO_CONFIG,
                  "no credentials: " + reply.subject + " answered " + std::to_string(reply.status)};
  const Json json = reply.json();
  const Fields fields(json, reply.subject, Exit::failed);
  if (const auto code = fields.optional_string("Code"); code.value_or("Success") != "Success")
    throw Failure{CERTO_CONFIG, "no credentials: " + reply.subject + " answered " + *code};
  return {fields.string("AccessKeyId"), fields.string("SecretAccessKey"),
          fields.optional_string("Token").value_or("")};
}

std::optional<AwsCredentials> from_container(const Host& host) {
  const auto relative = host.setting("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = host.setting("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::nullopt;
  if (relative && !relative->starts_with('/'))
    throw Failure{CERTO_CONFIG, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with '/'"};
  Request request{"GET", relative ? container + *relative : *full};
  if (const auto token = host.setting("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
    request.headers.push_back("Authorization: " + *token);
  return from_reply(host.http(request));
}

/// A session of the instance's metadata service, version 2.
std::string instance_token(const Host& host, const std::string& base) {
  const Failure nothing{
      CERTO_CONFIG,
      "no credentials: AWS_ACCESS_KEY_ID is not set, there is no credentials file, and this machine is not an EC2 instance: " +
          base + " gives no answer"};
  if (lower(host.setting("AWS_EC2_METADATA_DISABLED").value_or("")) == "true")
    throw Failure{
        CERTO_CONFIG,
        "no credentials: AWS_ACCESS_KEY_ID is not set, there is no credentials file, and AWS_EC2_METADATA_DISABLED forbids to ask the machine"};
  try {
    const Reply reply =
        host.raw_http({"PUT", base + "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds: 300"}});
    if (reply.status == 200) return std::string(trim(reply.body));
  } catch (const Failure& failure) {
    if (failure.status == CERTO_CONFIG) throw;
  }
  throw nothing;
}

AwsCredentials from_instance(const Host& host) {
  std::string base = host.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(instance);
  while (base.ends_with('/')) base.pop_back();
  const std::string token = "X-aws-ec2-metadata-token: " + instance_token(host, base);
  const std::string list = base + "/latest/meta-data/iam/security-credentials/";
  const Reply roles = host.http({"GET", list, {token}});
  const std::string role(trim(split(roles.body, '\n').front()));
  if (!roles.ok() || role.empty())
    throw Failure{
        CERTO_CONFIG,
        "no credentials: AWS_ACCESS_KEY_ID is not set, there is no credentials file, and this EC2 instance has no IAM role"};
  return from_reply(host.http({"GET", list + escaped(role), {token}}));
}

}  // namespace

std::optional<AwsCredentials> aws_profile(std::string_view file, const std::string& profile) {
  const auto section = ini_section(file, profile);
  if (!section) return std::nullopt;
  for (const char* key : elsewhere) {
    if (section->contains(key))
      throw Failure{CERTO_CONFIG,
                    "the profile " + profile + " has " + key +
                        ", which is not supported: certo takes aws_access_key_id and aws_secret_access_key"};
  }
  const auto value = [&](const char* key) {
    const auto found = section->find(key);
    return found == section->end() ? "" : found->second;
  };
  const AwsCredentials found{value("aws_access_key_id"), value("aws_secret_access_key"),
                             value("aws_session_token")};
  if (found.key_id.empty() && found.secret.empty()) return std::nullopt;
  if (found.key_id.empty() || found.secret.empty())
    throw Failure{CERTO_CONFIG,
                  "the profile " + profile + " lacks aws_access_key_id or aws_secret_access_key"};
  return found;
}

AwsCredentials aws_credentials(const Host& host) {
  if (host.setting("AWS_ASSUME_ROLE_ARN"))
    throw Failure{
        CERTO_CONFIG,
        "AWS_ASSUME_ROLE_ARN is set, but to assume a role is not supported: give the keys of a user or session that may change the zone"};
  if (auto found = from_settings(host)) return *found;
  if (auto found = from_file(host)) return *found;
  if (auto found = from_container(host)) return *found;
  return from_instance(host);
}

}  // namespace certo::sdk
