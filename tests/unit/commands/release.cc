// What a server says of a release, and what of it is believed.
#include "commands/release.h"

#include "crypto/key.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::commands;

namespace {

const std::string digest(64, 'a');

const std::string date = "# signed 2026-11-30T01:02:03Z\n";

std::string line(const std::string& name) { return digest + "  " + name + "\n"; }

Error refused(const std::string& sums) {
  return test::error_of([&] { parse_release(date + sums); });
}

}  // namespace

TEST_CASE("a release is read from its checksums") {
  const Release release =
      parse_release(date + line("certo-0.10.2-x86_64") + line("certo-0.10.2-armhf.tar.gz") +
                    line("certo-provider-host-0.10.2-x86_64") + line("install.sh"));
  CHECK(release.version == "0.10.2");
  CHECK(release.sums.size() == 4);
  CHECK(rfc3339(release.signed_at) == "2026-11-30T01:02:03Z");
  CHECK(release.sums.at("certo-provider-host-0.10.2-x86_64") == digest);
}

TEST_CASE("checksums that are cut off, odd or of two versions are refused") {
  const std::string good = line("certo-1.0.0-x86_64");
  CHECK(refused("").code == Exit::protocol);
  CHECK(refused("\n").code == Exit::protocol);
  CHECK(refused(good.substr(0, good.size() - 1)).message.find("truncated") != std::string::npos);
  CHECK(refused(good + "\n").code == Exit::protocol);
  CHECK(refused(good + good).message.find("twice") != std::string::npos);
  CHECK(refused(good + line("certo-1.0.1-aarch64")).message.find("two versions") != std::string::npos);
  CHECK(refused(line("install.sh")).message.find("does not list certo") != std::string::npos);
  CHECK(refused(line("certo-1.x-x86_64")).message.find("is not a version") != std::string::npos);
  CHECK(refused(digest + " certo-1.0.0-x86_64\n").code == Exit::protocol);
  CHECK(refused(std::string(64, 'G') + "  certo-1.0.0-x86_64\n").code == Exit::protocol);
}

TEST_CASE("a list without a date, or with an old one, is refused") {
  const std::string good = line("certo-1.0.0-x86_64");
  for (const std::string first :
       {"", "# signed\n", "# signed yesterday\n", "#signed 2026-11-30T01:02:03Z\n"}) {
    INFO(first);
    CHECK(test::error_of([&] { parse_release(first + good); }).code == Exit::protocol);
  }
  const Release release = parse_release(date + good);
  const Time signed_at = release.signed_at;
  require_fresh(release, signed_at + std::chrono::days(180));
  require_fresh(release, signed_at - std::chrono::days(1));
  const Error old = test::error_of([&] { require_fresh(release, signed_at + std::chrono::days(181)); });
  CHECK(old.code == Exit::protocol);
  CHECK(old.message.find("2026-11-30") != std::string::npos);
}

TEST_CASE("versions are compared by their numbers") {
  CHECK(compare_versions("0.9.0", "0.10.0") < 0);
  CHECK(compare_versions("1.0.0", "0.99.99") > 0);
  CHECK(compare_versions("1.2.3", "1.2.3") == 0);
  CHECK(compare_versions("1.2", "1.2.0") < 0);
  for (const char* odd : {"", "1.", "1..2", "-1", "1.0-rc1", "99999999999999999999"}) {
    INFO(odd);
    CHECK(test::error_of([&] { compare_versions(odd, "1.0.0"); }).code == Exit::protocol);
  }
}

TEST_CASE("a release that no key can verify is refused") {
  CHECK(test::error_of([] { require_signature("sums", "signature", ""); }).code == Exit::config);
  const crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  const std::string spki = base64(key.public_key().spki);
  CHECK(test::error_of([&] { require_signature("sums", "signature", spki); }).code == Exit::protocol);
  CHECK(test::error_of([&] { require_signature("sums", "", spki); }).code == Exit::protocol);
}
