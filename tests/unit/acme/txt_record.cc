// The TXT record of each type of challenge.
#include "acme/txt_record.h"

#include <doctest/doctest.h>

#include "acme/jws.h"

using namespace certo;
using namespace certo::acme;

namespace {

const std::string account = "https://example.com/acme/acct/ExampleAccount";

Authorization authorization(bool wildcard = false) {
  Authorization one;
  one.identifier = {"dns", "example.com"};
  one.wildcard = wildcard;
  return one;
}

Challenge challenge(const std::string& type) {
  Challenge one;
  one.type = type;
  one.token = "token";
  return one;
}

}  // namespace

TEST_CASE("the label of an account is that of the draft's example") {
  CHECK(account_label(account) == "_ujmmovf2vn55tgye");
  CHECK(account_label(account + "2") != account_label(account));
}

TEST_CASE("each type has its record") {
  const Asker asker{account, "thumbprint"};
  const std::string value = dns01_value("token.thumbprint");
  CHECK(record_of(authorization(), challenge("dns-01"), asker) ==
        DnsRecord{"_acme-challenge.example.com", value});
  CHECK(record_of(authorization(true), challenge("dns-account-01"), asker) ==
        DnsRecord{"_ujmmovf2vn55tgye._acme-challenge.example.com", value});
  CHECK_FALSE(record_of(authorization(), challenge("http-01"), asker));
  Challenge without_token = challenge("dns-01");
  without_token.token.clear();
  CHECK_FALSE(record_of(authorization(), without_token, asker));
}

TEST_CASE("the record of dns-persist-01 has the account's URI of the challenge, or its URL") {
  Challenge one = challenge("dns-persist-01");
  CHECK_FALSE(record_of(authorization(), one, {account, ""}));
  one.persist.issuers = {"a.example", "b.example"};
  CHECK(record_of(authorization(), one, {account, ""}) ==
        DnsRecord{"_validation-persist.example.com", "a.example; accounturi=" + account});
  one.persist.account_uris = {"urn:x"};
  CHECK(record_of(authorization(true), one, {account, ""}) ==
        DnsRecord{"_validation-persist.example.com", "a.example; accounturi=urn:x; policy=wildcard"});
}
