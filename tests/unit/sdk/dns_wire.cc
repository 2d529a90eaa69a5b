// RFC 1035 section 4 and RFC 8945. The signatures of MD5 and SHA-1 are what dig made, and what the tests of
// ISC's Kea hold (src/lib/dns/tests/tsig_unittest.cc); the others are Python's, of the same query:
//   hmac.new(key, query + key_name + class_any_ttl_0 + algorithm_name + time48 + fudge + error + other,
//   "sha256")
#include "sdk/dns_wire.h"

#include <algorithm>

#include "crypto/hash.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;
using namespace certo::sdk::dns;
using sdk::Failure;

namespace {

constexpr const char* sample_name = "www.example.com";
constexpr const char* name_hex = "03777777076578616d706c6503636f6d00";
constexpr const char* sample_secret = "SFuWd/q99SzF8Yzd1QbB9g==";
constexpr int64_t sample_time = 0x4da8877a;
// A query for the address of www.example.com, signed by MD5, and its answer.
constexpr const char* query_mac = "227026ad297beee721ce6c6fff1e9ef3";
constexpr const char* answer_mac = "8fcda66a7cd1a3b9948eb1869d384a9f";

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

/// A host with a clock and hashes, and nothing else.
class World {
 public:
  explicit World(int64_t now = sample_time) : now_(now) {
    raw_.size = sizeof raw_;
    raw_.self = this;
    raw_.now = [](void* self) { return static_cast<World*>(self)->now_; };
    raw_.hmac = [](void*, const char* algorithm, const void* key, size_t key_length, const void* data,
                   size_t length, uint8_t* digest) {
      const Bytes code = crypto::hmac(algorithm, {static_cast<const uint8_t*>(key), key_length},
                                      {static_cast<const char*>(data), length});
      std::ranges::copy(code, digest);
      return code.size();
    };
  }
  sdk::Host host() const { return sdk::Host(raw_); }

 private:
  int64_t now_;
  certo_host raw_{};
};

TsigKey key_of(const char* hash, const char* secret = sample_secret) {
  return {sample_name, hash, tsig_secret(secret)};
}

Message query(uint16_t id = 0x2d65) { return {.id = id, .flags = 0x0100, .name = sample_name, .type = 1}; }

/// RDLENGTH and RDATA of TSIG by MD5.
std::string tsig_hex(const std::string& mac, const std::string& rest = "2d6500000000",
                     const std::string& time = "00004da8877a") {
  const std::string data = "08686d61632d6d6435077369672d616c670372656703696e7400" + time + "012c" +
                           (mac.empty() ? "0000" : "0010") + mac + rest;
  const auto length = static_cast<uint8_t>(data.size() / 2);
  return "00" + hex(Bytes{length}) + data;
}

std::string answer_hex(const std::string& tsig, const std::string& flags = "8500") {
  return "2d65" + flags + "0001000100000001" + name_hex + "00010001" + "c00c00010001000151800004c0000201" +
         name_hex + "00fa00ff00000000" + tsig;
}

/// The failure of a check of `answer` by the one who sent the query.
Failure failure_of(const Bytes& answer, int64_t now = sample_time) {
  try {
    verify(World(now).host(), key_of("md5"), from_hex(query_mac), answer);
  } catch (const Failure& failure) {
    return failure;
  }
  return {CERTO_OK, ""};
}

bool is_message(const Bytes& bytes) {
  try {
    from_wire(bytes);
    return true;
  } catch (const Failure& failure) {
    CHECK(failure.status == CERTO_UNREACHABLE);
    return false;
  }
}

}  // namespace

TEST_CASE("DNS: a message is written as RFC 1035 says, names in lower case") {
  Message message = {.id = 7, .flags = update_opcode, .name = "Example.com", .type = soa_type};
  message.authorities.push_back({"a.example.com", txt_type, no_settings, 0, txt_data("v1")});
  CHECK(hex(to_wire(message)) ==
        "000728000001000000010000"
        "076578616d706c6503636f6d0000060001"
        "0161076578616d706c6503636f6d00001000fe000000000003027631");
}

TEST_CASE("DNS: what cannot be a name is refused before it is sent") {
  const auto refused = [](const std::string& name) {
    try {
      to_wire({.name = name});
      return false;
    } catch (const Failure& failure) {
      return failure.status == CERTO_CONFIG;
    }
  };
  CHECK(refused("a..example"));
  CHECK(refused(std::string(64, 'a') + ".example"));
  std::string longest = std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + ".";
  CHECK_FALSE(refused(longest + std::string(61, 'd')));
  CHECK(refused(longest + std::string(62, 'd')));
  CHECK_FALSE(refused(""));
  CHECK(refused("ab\\046.example"));  // as a label with a dot is read
}

TEST_CASE("DNS: a compressed answer is read, and bytes that are not allowed in names are shown as numbers") {
  const Message message =
      from_wire(from_hex("000184000001000200000000"
                         "0341622e0000060001"
                         "c00c0006000100000e10000100"
                         "0161c00c001000010000003c00020178"));
  CHECK(message.name == "ab\\046");
  REQUIRE(message.answers.size() == 2);
  CHECK(message.answers[0].name == message.name);
  CHECK(message.answers[1].name == "a." + message.name);
  CHECK(message.answers[1].ttl == 60);
  CHECK(message.answers[1].data == txt_data("x"));
}

TEST_CASE("DNS: an answer that is cut anywhere, or whose names run in circles, is none") {
  const Bytes whole = from_hex(answer_hex(tsig_hex(answer_mac)));
  REQUIRE(is_message(whole));
  size_t read = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    if (is_message(Bytes(whole.begin(), whole.begin() + static_cast<long>(size)))) ++read;
  }
  CHECK(read == 0);
  CHECK_FALSE(is_message(from_hex("000184000001000000000000c00c00060001")));      // to itself
  CHECK_FALSE(is_message(from_hex("0001840000010000000000000161c00c00060001")));  // to its own begin
  CHECK_FALSE(is_message(from_hex("000184000001000000000000c0ff00060001")));      // past the end
  CHECK_FALSE(is_message(from_hex("000184000001000000000000000006000100")));      // a byte too many
}

TEST_CASE("TSIG: signatures are those of dig and of Python") {
  const auto mac = [](const char* hash, const char* secret, uint16_t id, int64_t time) {
    return hex(sign(World(time).host(), key_of(hash, secret), query(id)).mac);
  };
  CHECK(mac("md5", sample_secret, 0x2d65, sample_time) == query_mac);
  CHECK(mac("sha1", "MA+QDhXbyqUak+qnMFyTyEirzng=", 0x0967, 0x4dae7d5f) ==
        "415340c7daf824ed684ee586f7b5a67a2febc0d3");
  CHECK(mac("sha224", sample_secret, 0x2d65, sample_time) ==
        "4fe61ef6eaaf4611b52e10a214af1a0e9c3995b34c202af16642a410");
  CHECK(mac("sha256", sample_secret, 0x2d65, sample_time) ==
        "647f87f5bcf9aa210ce8008887c54ecc4fcd82de77be84a7b8e0d002f2c7fee2");
  CHECK(mac("sha384", sample_secret, 0x2d65, sample_time) ==
        "8dae66f49128ddc7a5a008080dea245ed25f29923b5d16db85426fcfcf9cdf1a8065d8d998376aaa7fd4c557847d273d");
  CHECK(mac("sha512", sample_secret, 0x2d65, sample_time) ==
        "cdc759806be7204246bed7f384c841684eb3104aaf73cc489b8c6018feae4ae6"
        "adf76cbca799d2f02948206f05439b9f9e035cceba0b37e9b0b9ed04c5543184");
}

TEST_CASE("TSIG: the record stands last, and the header counts it") {
  CHECK(hex(sign(World().host(), key_of("md5"), query()).bytes) ==
        std::string("2d6501000001000000000001") + name_hex + "00010001" + name_hex + "00fa00ff00000000" +
            tsig_hex(query_mac));
}

TEST_CASE("TSIG: an answer counts when it is signed, and no bit of it can change") {
  const Bytes answer = from_hex(answer_hex(tsig_hex(answer_mac)));
  CHECK(failure_of(answer).why == "");
  const size_t class_and_ttl = answer.size() - from_hex(tsig_hex(answer_mac)).size() - 6;
  size_t unnoticed = 0;
  for (size_t i = 2; i < answer.size(); ++i) {  // behind the number, which a forwarder may change
    if (i >= class_and_ttl && i < class_and_ttl + 6) continue;  // they are always the same
    Bytes other = answer;
    other[i] ^= 1;
    if (failure_of(other).status == CERTO_OK) ++unnoticed;
  }
  CHECK(unnoticed == 0);
}

TEST_CASE("TSIG: an answer to something else, of another time, or without a signature does not count") {
  const Bytes answer = from_hex(answer_hex(tsig_hex(answer_mac)));
  const auto key = key_of("md5");
  CHECK_THROWS_AS(verify(World().host(), key, Bytes(16), answer), Failure);
  CHECK_THROWS_AS(verify(World().host(), key_of("md5", "AAAA"), from_hex(query_mac), answer), Failure);
  CHECK_THROWS_AS(verify(World().host(), key_of("sha1"), from_hex(query_mac), answer), Failure);
  CHECK(failure_of(answer, sample_time + 300).status == CERTO_OK);
  CHECK(failure_of(answer, sample_time + 301).why == "the name server's answer was signed at another time");
  CHECK(failure_of(answer, sample_time - 301).why == "the name server's answer was signed at another time");
  CHECK(failure_of(from_hex("2d6584000000000000000000")).why == "the name server's answer is not signed");
  CHECK(failure_of(from_hex("2d6584050000000000000000")).why == "");  // it only says REFUSED
}

TEST_CASE("TSIG: what is wrong with the key is said, and the secret is not") {
  const auto refused = [](const char* error) {
    return failure_of(from_hex(answer_hex(tsig_hex("", std::string("2d65") + error + "0000"), "8509")));
  };
  CHECK(refused("0011").status == CERTO_CONFIG);
  CHECK(refused("0011").why ==
        "the name server does not know the key www.example.com with hmac-md5.sig-alg.reg.int (BADKEY)");
  CHECK(refused("0010").status == CERTO_CONFIG);
  CHECK(refused("0010").why == "the secret of the key www.example.com is wrong (BADSIG)");
  // Nobody but the server can say what time it is there.
  CHECK(refused("0012").why == "the name server's answer has a wrong signature");
}

TEST_CASE("TSIG: algorithms have one name, whatever tools write") {
  CHECK(tsig_hash("hmac-sha256") == "sha256");
  CHECK(tsig_hash("HMAC-SHA512.") == "sha512");
  CHECK(tsig_hash("hmac-md5.sig-alg.reg.int.") == "md5");
  CHECK(tsig_hash("hmac-md5") == "md5");
  CHECK_THROWS_AS(tsig_hash("hmac-sha256-128"), Failure);
  CHECK_THROWS_AS(tsig_hash("gss-tsig"), Failure);
  CHECK_THROWS_AS(tsig_secret("no base64!"), Failure);
  CHECK_THROWS_AS(tsig_secret(""), Failure);
}
