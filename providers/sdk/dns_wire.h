// DNS messages (RFC 1035) and their signatures (TSIG, RFC 8945), for services whose API is DNS itself.
//
// Names are lower case text without a dot at the end, "" for the root. Messages that certo writes are not
// compressed; those that it reads may be.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sdk/provider.hpp"

namespace certo::sdk::dns {

inline constexpr uint16_t soa_type = 6, txt_type = 16, tlsa_type = 52, tsig_type = 250, caa_type = 257;
inline constexpr uint16_t in = 1, no_settings = 254, any = 255;
/// RFC 2136 section 1.3, shifted to the opcode's place in the flags.
inline constexpr uint16_t update_opcode = 5 << 11;

/// RFC 1035 section 4.1.1, RFC 2136 section 2.2, RFC 8945 section 3.
enum Rcode : uint16_t {
  no_error = 0,
  serv_fail = 2,
  nx_domain = 3,
  not_imp = 4,
  refused = 5,
  not_auth = 9,
  not_zone = 10,
  bad_sig = 16,
  bad_key = 17,
  bad_time = 18,
  bad_trunc = 22
};

/// "REFUSED"; "RCODE 23" for one without a name here.
std::string rcode_name(int rcode);

struct ResourceRecord {
  std::string name;
  uint16_t type = 0, cls = in;
  uint32_t ttl = 0;
  Bytes data;         // RDATA
  size_t offset = 0;  // its start in the message that was read
};

/// In an update the question is the zone, and the authorities are the changes (RFC 2136 section 2).
struct Message {
  uint16_t id = 0, flags = 0;
  std::string name;  // the question: one, in class IN
  uint16_t type = 0;
  std::vector<ResourceRecord> answers{}, authorities{}, additionals{};

  int rcode() const { return flags & 15; }
};

/// One string of up to 255 bytes as RDATA of TXT.
Bytes txt_data(std::string_view value);
/// RFC 8659 section 4.1.
Bytes caa_data(uint8_t flags, std::string_view tag, std::string_view value);
/// RFC 6698 section 2.1; `hex` is what the certificate is compared with.
Bytes tlsa_data(uint8_t usage, uint8_t selector, uint8_t matching, std::string_view hex);

/// Throws Failure{config} for an impossible name.
Bytes to_wire(const Message& message);
/// Throws Failure{unreachable} if `bytes` are not a DNS message.
Message from_wire(std::span<const uint8_t> bytes);

struct TsigKey {
  std::string name;
  std::string hash;  // "sha256"
  Bytes secret;
};

/// "sha256" for "hmac-sha256", "HMAC-SHA256." and so on; Failure{config} for an algorithm that RFC 8945
/// section 6 does not list, or lists only with a truncated MAC.
std::string tsig_hash(std::string_view algorithm);
/// `text` is base64. Throws Failure{config}, which does not show it.
Bytes tsig_secret(std::string_view text);

struct SignedMessage {
  Bytes bytes;
  Bytes mac;  // the answer's signature covers it
};

SignedMessage sign(const Host& host, const TsigKey& key, const Message& message);

/// Checks the signature of the answer to a message signed with `mac`. Throws Failure{config} if the server
/// refuses the key, the signature or the time, and Failure{failed} if the answer is not the server's. An
/// answer with nothing but an error may be unsigned: not every server signs its refusals.
void verify(const Host& host, const TsigKey& key, const Bytes& mac, const Bytes& answer);

}  // namespace certo::sdk::dns
