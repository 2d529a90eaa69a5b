#include "provider/credentials.h"

#include "fixtures/provider_script.h"
#include "os/file.h"
#include "provider/builtins.h"

using namespace certo;
using namespace certo::test;
using provider::Credentials;
using provider::Sources;

namespace {

provider::Descriptor built_in(const char* name) {
  return provider::describe(*provider::find_builtin(name), name);
}
provider::Descriptor cloudflare() { return built_in("cloudflare"); }
provider::Descriptor pdns() { return built_in("pdns"); }

}  // namespace

TEST_CASE("settings are read from the environment under every client's names") {
  const Variable token("CF_Token", "from acme.sh");
  const Credentials found = provider::find_credentials(cloudflare(), {});
  CHECK(found.values == provider::Values{{"CLOUDFLARE_API_TOKEN", "from acme.sh"}});
  CHECK(found.from_environment);
  const Variable own("CLOUDFLARE_API_TOKEN", "ours");
  CHECK(provider::find_credentials(cloudflare(), {}).values.at("CLOUDFLARE_API_TOKEN") == "ours");
}

TEST_CASE("a setting may be in a file that NAME_FILE names") {
  const TempDir folder;
  os::write_file(folder / "token", "in a file\n", 0400);
  const Variable token("CF_DNS_API_TOKEN_FILE", folder / "token");
  CHECK(provider::find_credentials(cloudflare(), {}).values.at("CLOUDFLARE_API_TOKEN") == "in a file");
}

TEST_CASE("a missing setting is named, with the place where it is created") {
  const Error none = error_of([] { provider::find_credentials(cloudflare(), {}); });
  CHECK(none.code == Exit::config);
  CHECK(none.message == "cloudflare: CLOUDFLARE_API_TOKEN is not set");
  CHECK(none.hint.find("https://dash.cloudflare.com/profile/api-tokens") != std::string::npos);

  const Variable email("CF_Email", "me@example.com");
  CHECK(error_of([] { provider::find_credentials(cloudflare(), {}); }).message ==
        "cloudflare: CLOUDFLARE_API_KEY is not set in the environment");
  CHECK(error_of([] { provider::find_credentials(pdns(), {}); }).message ==
        "pdns: PDNS_API_URL and PDNS_API_KEY are not set");
}

TEST_CASE("a file of settings has KEY=value lines, and belongs to its owner alone") {
  const TempDir folder;
  const Sources sources{folder / "settings", ""};
  os::write_file(sources.given, "# mine\n\nPDNS_Url = 'https://a'\nPDNS_API_KEY=b=c\n", 0600);
  CHECK(provider::find_credentials(pdns(), sources).values ==
        provider::Values{{"PDNS_API_URL", "https://a"}, {"PDNS_API_KEY", "b=c"}});

  std::filesystem::permissions(sources.given, std::filesystem::perms(0640));
  const Error open = error_of([&] { provider::find_credentials(pdns(), sources); });
  CHECK(open.code == Exit::config);
  CHECK(open.hint.starts_with("chmod 600 "));

  os::write_file(sources.given, "PDNS_API_KEI=b\n", 0600);
  const Error typo = error_of([&] { provider::find_credentials(pdns(), sources); });
  CHECK(typo.message == sources.given + ":1: there is no setting 'PDNS_API_KEI'");
  CHECK(typo.hint == "did you mean PDNS_API_KEY?");
  os::write_file(sources.given, "nonsense\n", 0600);
  CHECK(error_of([&] { provider::find_credentials(pdns(), sources); }).code == Exit::config);
  CHECK(error_of([&] { provider::find_credentials(pdns(), {folder / "absent", ""}); }).code == Exit::config);
}

TEST_CASE("a given file has priority over the environment, and the environment over the stored settings") {
  const TempDir folder;
  const Sources sources{"", folder / "kept/pdns"};
  CHECK(provider::keep_credentials(sources.stored_file, "pdns",
                                   {{"PDNS_API_KEY", "k"}, {"PDNS_API_URL", "kept"}}));
  CHECK_FALSE(provider::keep_credentials(sources.stored_file, "pdns",
                                         {{"PDNS_API_KEY", "k"}, {"PDNS_API_URL", "kept"}}));
  CHECK(mode_of(sources.stored_file) == 0600);
  CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_API_URL") == "kept");

  const Variable zone("PDNS_ZONE", "example.com");
  CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_ZONE") == "example.com");
  const Variable url("PDNS_API_URL", "environment");
  CHECK(error_of([&] { provider::find_credentials(pdns(), sources); }).message ==
        "pdns: PDNS_API_KEY is not set in the environment");
  const Variable key("PDNS_API_KEY", "k");
  CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_API_URL") == "environment");

  os::write_file(folder / "given", "PDNS_API_URL=given\nPDNS_API_KEY=g\n", 0600);
  const Credentials given = provider::find_credentials(pdns(), {folder / "given", sources.stored_file});
  CHECK(given.values.at("PDNS_API_URL") == "given");
  CHECK_FALSE(given.from_environment);
}

TEST_CASE("a stored setting is read again exactly as it was") {
  const TempDir folder;
  const Sources sources{"", folder / "pdns"};
  for (const char* value :
       {"plain", " blanks ", "'single'", "\"double\"", "\"", "a\"", "'", "\"'", "\" x \"", "a=b # c"}) {
    CAPTURE(value);
    provider::keep_credentials(sources.stored_file, "pdns", {{"PDNS_API_KEY", value}, {"PDNS_API_URL", "u"}});
    CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_API_KEY") == value);
  }
}

TEST_CASE("an optional setting of the environment is stored together with the settings that it completes") {
  const TempDir folder;
  const Variable home("HOME", folder.path), region("AWS_REGION", "eu-north-1");
  os::make_folder(folder / ".aws", 0700);
  os::write_file(folder / ".aws/credentials", "[default]\n", 0600);
  const Credentials usual = provider::find_credentials(built_in("route53"), {});
  CHECK(usual.from_environment);
  CHECK(usual.values.at("AWS_SHARED_CREDENTIALS_FILE") == folder / ".aws/credentials");
  CHECK(usual.values.at("AWS_REGION") == "eu-north-1");

  os::write_file(folder / "given", "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n", 0600);
  CHECK_FALSE(provider::find_credentials(built_in("route53"), {folder / "given", ""}).from_environment);
}

TEST_CASE("a path of the environment is stored so that it means the same in another folder") {
  const Variable keys("AWS_SHARED_CREDENTIALS_FILE", "keys");
  CHECK(provider::find_credentials(built_in("route53"), {}).values.at("AWS_SHARED_CREDENTIALS_FILE") ==
        (std::filesystem::current_path() / "keys").string());
}

TEST_CASE("a service's credentials are used after the environment and before the stored settings") {
  const TempDir folder;
  os::write_file(folder / "pdns.work", "PDNS_API_URL=service\nPDNS_API_KEY=s\n", 0440);
  os::write_file(folder / "kept", "PDNS_API_URL=kept\nPDNS_API_KEY=k\n", 0600);
  CHECK(provider::service_credentials("pdns.work").empty());
  const Variable directory("CREDENTIALS_DIRECTORY", folder / "");
  Sources sources{"", folder / "kept", provider::service_credentials("pdns.work")};
  const Credentials found = provider::find_credentials(pdns(), sources);
  CHECK(found.values.at("PDNS_API_URL") == "service");
  CHECK_FALSE(found.from_environment);
  {
    const Variable key("PDNS_API_KEY", "e"), url("PDNS_API_URL", "environment");
    CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_API_URL") == "environment");
  }
  sources.service_file = provider::service_credentials("pdns.home");
  CHECK(provider::find_credentials(pdns(), sources).values.at("PDNS_API_URL") == "kept");
  os::make_folder(folder / "pdns", 0700);
  sources.service_file = provider::service_credentials("pdns");
  CHECK(error_of([&] { provider::find_credentials(pdns(), sources); }).code == Exit::config);
}

TEST_CASE("a program may print the settings, and runs once") {
  const Script script(
      "echo x >>\"$here/calls\"; echo \"PDNS_API_URL = 'https://$1'\"; echo "
      "\"PDNS_API_KEY=$2${CALLER-none}\"",
      "secrets");
  const Variable caller("CALLER", "seen");
  const Sources sources{script.spec() + "  a.example b", ""};
  const Credentials found = provider::find_credentials(pdns(), sources);
  CHECK(found.values == provider::Values{{"PDNS_API_URL", "https://a.example"}, {"PDNS_API_KEY", "bnone"}});
  CHECK(found.origin == sources.given);
  CHECK_FALSE(found.from_environment);
  provider::find_credentials(pdns(), sources);
  CHECK(script.wrote("calls") == "x\n");
  provider::find_credentials(pdns(), {script.spec() + " other words", ""});
  CHECK(script.wrote("calls") == "x\nx\n");
}

TEST_CASE("a program that prints no settings is an error of configuration, in its own words") {
  const auto mistake = [](const std::string& given) {
    const Error error = error_of([&] { provider::find_credentials(pdns(), {given, ""}); });
    CHECK(error.code == Exit::config);
    CHECK_FALSE(error.hint.empty());
    return error.message;
  };
  const Script locked("echo asking >&2; echo 'the safe is locked' >&2; exit 3");
  CHECK(mistake(locked.spec()) == locked.spec() + ": the safe is locked");
  const Script mute("exit 3");
  CHECK(mistake(mute.spec()) == mute.spec() + ": ended with exit code 3");
  const Script chatty("echo PDNS_API_URL=x; echo 'welcome to the safe'");
  CHECK(mistake(chatty.spec()) == chatty.spec() + ":2: not KEY=value");
  CHECK(mistake("exec:/no/such/program") == "/no/such/program: there is no such file");
  CHECK(mistake("exec: ") == "exec: does not name a program");
  std::filesystem::permissions(mute.path, std::filesystem::perms(0777));
  CHECK(mistake(mute.spec()) == mute.path + ": others can write to it, so it is not trusted");
}

TEST_CASE("a setting with a line break is refused: it would end a header") {
  const Variable token("CLOUDFLARE_API_TOKEN", "a\r\nHost: b");
  CHECK(error_of([] { provider::find_credentials(cloudflare(), {}); }).code == Exit::config);
}

TEST_CASE("certbot's credentials files are read as they are") {
  const TempDir folder;
  const Sources sources{folder / "x.ini", ""};
  const auto values = [&](const char* provider, const char* text) {
    os::write_file(sources.given, text, 0600);
    return provider::find_credentials(built_in(provider), sources).values;
  };
  CHECK(values("cloudflare",
               "# Cloudflare API token used by Certbot\ndns_cloudflare_api_token = 0123#4 # mine\n") ==
        provider::Values{{"CLOUDFLARE_API_TOKEN", "0123"}});
  CHECK(values("cloudflare", "dns_cloudflare_email = \"a@example.com\"\ndns_cloudflare_api_key = k=3\n") ==
        provider::Values{{"CLOUDFLARE_EMAIL", "a@example.com"}, {"CLOUDFLARE_API_KEY", "k=3"}});
  const auto dnsupdate = values(
      "dnsupdate",
      "dns_rfc2136_server = 192.0.2.1\ndns_rfc2136_name = k.\ndns_rfc2136_secret = s==\ndns_rfc2136_algorithm = HMAC-SHA512\n");
  CHECK(dnsupdate.at("DNSUPDATE_TSIG_ALGORITHM") == "hmac-sha512");
  const Error foreign = error_of([&] { values("cloudflare", "dns_gehirn_api_token = t\n"); });
  CHECK(foreign.code == Exit::config);
  CHECK(foreign.message.find("a plugin that certo does not know") != std::string::npos);
  CHECK(error_of([&] { values("cloudflare", "dns_linode_key = t\n"); }).message.find("LINODE_TOKEN") !=
        std::string::npos);
}
