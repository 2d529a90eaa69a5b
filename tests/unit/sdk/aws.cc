// Where AWS credentials come from:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
#include "sdk/aws.h"

#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "net/url.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;

namespace {

struct Found {
  Outcome outcome;
  std::string credentials, fault;
};

std::string credentials_found;  // C's functions carry nothing along

/// Finds credentials with `settings`, against a transcript of the requests for them.
Found find(provider::Values settings, const std::string& transcript = "") {
  certo_provider provider{};
  provider.name = "example";
  provider.base_url = "";
  provider.present = [](const certo_host* host, const certo_record* records, size_t count) {
    return sdk::guarded(
        [](const sdk::Host& one, sdk::Records) {
          const sdk::AwsCredentials found = sdk::aws_credentials(one);
          credentials_found = found.key_id + " " + found.secret + " " + found.session_token;
        },
        host, records, count);
  };
  Transcript service(transcript);
  provider::Task task;
  task.action = provider::Action::present;
  task.settings = std::move(settings);
  credentials_found.clear();
  const Outcome outcome = provider::call(provider, task, service);
  return {outcome, credentials_found, service.fault()};
}

const std::string file =
    "# keys\n"
    "[default]\n"
    "aws_access_key_id = AKIDDEFAULT\n"
    "aws_secret_access_key=s3cret=\r\n"
    "s3 =\n"
    "  aws_access_key_id = nested\n"
    "[work]\n"
    "aws_access_key_id = AKIDWORK\n"
    "; the next one expires\n"
    "aws_secret_access_key = other\n"
    "aws_session_token = token\n"
    "[role]\n"
    "role_arn = arn:aws:iam::1:role/dns\n"
    "source_profile = default\n"
    "[half]\n"
    "aws_access_key_id = AKIDHALF\n"
    "[empty]\n"
    "region = eu-central-1\n";

const std::string session =
    "{\"Code\":\"Success\",\"LastUpdated\":\"2026-11-21T10:00:00Z\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":"
    "\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"wJalr\",\"Token\":\"t\",\"Expiration\":"
    "\"2026-11-21T16:00:00Z\"}";

std::string instance(const std::string& base) {
  return "> PUT " + base +
         "/latest/api/token\n> X-aws-ec2-metadata-token-ttl-seconds: 300\n< 200\n< TOKEN==\n> GET " + base +
         "/latest/meta-data/iam/security-credentials/\n> X-aws-ec2-metadata-token: TOKEN==\n< 200\n< "
         "dns-role\n> GET " +
         base +
         "/latest/meta-data/iam/security-credentials/dns-role\n> X-aws-ec2-metadata-token: TOKEN==\n< "
         "200\n< " +
         session + "\n";
}

}  // namespace

TEST_CASE("AWS keys that are set come first, and the secret must come with its key") {
  const Found found = find({{"AWS_ACCESS_KEY_ID", "AKID"},
                            {"AWS_SECRET_ACCESS_KEY", "s"},
                            {"AWS_SESSION_TOKEN", "t"},
                            {"AWS_SHARED_CREDENTIALS_FILE", file},
                            {"AWS_PROFILE", "work"}});
  CHECK(found.credentials == "AKID s t");
  CHECK(find({{"AWS_ACCESS_KEY_ID", "AKID"}}).outcome.why == "AWS_SECRET_ACCESS_KEY is not set");
  CHECK(find({{"AWS_SECRET_ACCESS_KEY", "s"}}).outcome.status == CERTO_CONFIG);
}

TEST_CASE("AWS profiles are read from the credentials file") {
  const auto with = [](const char* profile) {
    return find({{"AWS_SHARED_CREDENTIALS_FILE", file}, {"AWS_PROFILE", profile}});
  };
  CHECK(find({{"AWS_SHARED_CREDENTIALS_FILE", file}}).credentials == "AKIDDEFAULT s3cret= ");
  CHECK(with("work").credentials == "AKIDWORK other token");
  CHECK(with("role").outcome.why.starts_with("the profile role has role_arn, which is not supported"));
  CHECK(with("half").outcome.why == "the profile half lacks aws_access_key_id or aws_secret_access_key");
  for (const char* missing : {"none", "empty", "work]"}) {
    CHECK(with(missing).outcome.status == CERTO_CONFIG);
    CHECK(with(missing).outcome.why.starts_with("the credentials file has no keys of the profile"));
  }
  CHECK(find({{"AWS_PROFILE", "work"}}).outcome.status == CERTO_CONFIG);
  CHECK_FALSE(sdk::aws_profile("", "default"));
}

TEST_CASE("AWS credentials of a container are asked for with its token") {
  const Found found =
      find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://agent.example/v1/credentials"},
            {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "proof"}},
           "> GET https://agent.example/v1/credentials\n> Authorization: proof\n< 200\n< " + session + "\n");
  CHECK(found.credentials == "ASIAIOSFODNN7EXAMPLE wJalr t");
  CHECK(found.fault == "");

  const Found refused = find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://agent.example/"}},
                             "> GET https://agent.example/\n< 400\n< no\n");
  CHECK(refused.outcome.status == CERTO_CONFIG);
  CHECK(refused.outcome.why == "no credentials: GET https://agent.example/ answered 400");
  CHECK(find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://agent.example/"}}).outcome.status ==
        CERTO_CONFIG);
  CHECK(find({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ".example/"}}).outcome.status == CERTO_CONFIG);
}

TEST_CASE("AWS credentials of an instance come through a session of its metadata service") {
  const provider::Values settings = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "https://metadata.example/"}};
  const Found found = find(settings, instance("https://metadata.example"));
  CHECK(found.credentials == "ASIAIOSFODNN7EXAMPLE wJalr t");
  CHECK(found.fault == "");

  const std::string token =
      "> PUT https://metadata.example/latest/api/token\n> X-aws-ec2-metadata-token-ttl-seconds: 300\n";
  const std::string roles =
      token +
      "< 200\n< T\n> GET https://metadata.example/latest/meta-data/iam/security-credentials/\n"
      "> X-aws-ec2-metadata-token: T\n";
  for (const std::string& nothing :
       {token + "< lost\n", token + "< 404\n< no\n", roles + "< 404\n< no\n", roles + "< 200\n< \n"}) {
    const Found none = find(settings, nothing);
    CHECK(none.outcome.status == CERTO_CONFIG);
    CHECK(none.outcome.why.starts_with("no credentials: AWS_ACCESS_KEY_ID is not set"));
    CHECK(none.fault == "");
  }
  CHECK(find({{"AWS_EC2_METADATA_DISABLED", "true"}}).outcome.why.find("AWS_EC2_METADATA_DISABLED") !=
        std::string::npos);
}

TEST_CASE("AWS metadata has its usual addresses where plain http to them is allowed") {
  CHECK(in_child([] {
          net::allow_http_metadata();
          const Found of_instance = find({}, instance("http://169.254.169.254"));
          const Found of_container =
              find({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials?id=1"}},
                   "> GET http://169.254.170.2/v2/credentials?id=1\n< 200\n< " + session + "\n");
          const bool is_right = of_instance.fault.empty() && of_container.fault.empty() &&
                                of_instance.credentials == of_container.credentials &&
                                of_container.credentials == "ASIAIOSFODNN7EXAMPLE wJalr t";
          return is_right ? 0 : 1;
        }) == 0);
}

TEST_CASE("an AWS role to assume is refused, not ignored") {
  const Found found = find({{"AWS_ACCESS_KEY_ID", "AKID"},
                            {"AWS_SECRET_ACCESS_KEY", "s"},
                            {"AWS_ASSUME_ROLE_ARN", "arn:aws:iam::1:role/dns"}});
  CHECK(found.outcome.status == CERTO_CONFIG);
  CHECK(found.outcome.why.starts_with("AWS_ASSUME_ROLE_ARN is set"));
}
