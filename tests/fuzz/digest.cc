// Challenges of HTTP digest authentication: what certo answers is read again as it was asked.
#include "sdk/digest.h"

#include "base/text.h"
#include "target.h"

using namespace certo;

namespace {

std::optional<sdk::DigestChallenge> challenge_in(std::string_view lines) {
  sdk::Reply reply;
  reply.status = 401;
  for (const std::string& line : split(lines, '\n')) reply.headers.push_back("www-authenticate: " + line);
  return sdk::digest_challenge(reply);
}

size_t any_digest(void*, const char*, const void*, size_t, uint8_t digest[CERTO_DIGEST_SIZE]) {
  digest[0] = 7;
  return 1;
}

void run(std::string_view input) {
  const auto asked = challenge_in(input);
  if (!asked) return;
  certo_host host{};
  host.hash = any_digest;
  const std::string header =
      sdk::digest_authorization(sdk::Host(host), *asked, "user", "password", "GET", "/", "c", 1);
  const std::string start = "Authorization: ";
  fuzz::promise(header.starts_with(start + "Digest ") && header.find('\n') == header.npos, "it is one line");
  const auto again = challenge_in(header.substr(start.size()));
  fuzz::promise(again && again->realm == asked->realm && again->nonce == asked->nonce &&
                    again->opaque == asked->opaque && again->algorithm == asked->algorithm,
                "the answer repeats the challenge");
}

const fuzz::Registered registered("digest", run);

}  // namespace
