#include "sdk/dns_wire.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/txt_strings.h"

namespace certo::sdk::dns {
namespace {

constexpr uint16_t fudge_seconds = 300;  // seconds, as RFC 8945 section 10 advises
constexpr size_t header_size = 12, longest_label = 63, longest_name = 255;

constexpr std::pair<int, const char*> rcodes[] = {
    {0, "NOERROR"},  {1, "FORMERR"},  {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"}, {7, "YXRRSET"},  {8, "NXRRSET"},  {9, "NOTAUTH"},
    {10, "NOTZONE"}, {16, "BADSIG"},  {17, "BADKEY"},  {18, "BADTIME"}, {22, "BADTRUNC"},
};

class Writer {
 public:
  void u8(size_t value) { bytes_.push_back(static_cast<uint8_t>(value)); }
  void u16(size_t value) {
    u8(value >> 8 & 0xff);
    u8(value & 0xff);
  }
  void u32(uint32_t value) {
    u16(value >> 16);
    u16(value & 0xffff);
  }
  void u48(uint64_t value) {
    u16(value >> 32 & 0xffff);
    u32(static_cast<uint32_t>(value));
  }
  void append(std::span<const uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  void name(const std::string& text) {
    const size_t start = bytes_.size();
    // \DDD of a name that was read: as it stands it would be another name.
    if (text.find('\\') != text.npos) no_name(text);
    if (!text.empty()) {
      for (const std::string& label : split(text, '.')) {
        if (label.empty() || label.size() > longest_label) no_name(text);
        u8(label.size());
        append(as_bytes(lower(label)));
      }
    }
    u8(0);
    if (bytes_.size() - start > longest_name) no_name(text);
  }

  void record(const ResourceRecord& record) {
    name(record.name);
    u16(record.type);
    u16(record.cls);
    u32(record.ttl);
    u16(record.data.size());
    append(record.data);
  }

  Bytes take() { return std::move(bytes_); }

 private:
  [[noreturn]] static void no_name(const std::string& text) {
    throw Failure{CERTO_CONFIG, "'" + text + "' is not a domain name"};
  }

  Bytes bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  size_t position() const { return position_; }
  uint8_t u8() { return take(1)[0]; }
  uint16_t u16() {
    const auto two = take(2);
    return static_cast<uint16_t>(two[0] << 8 | two[1]);
  }
  uint32_t u32() {
    const uint32_t high = u16();
    return high << 16 | u16();
  }
  uint64_t u48() {
    const uint64_t high = u16();
    return high << 32 | u32();
  }
  std::span<const uint8_t> take(size_t count) {
    if (count > bytes_.size() - position_) broken();
    position_ += count;
    return bytes_.subspan(position_ - count, count);
  }
  Bytes sized() {
    const auto part = take(u16());
    return Bytes(part.begin(), part.end());
  }

  /// A pointer leads to an earlier place, so that following them ends.
  std::string name() {
    std::vector<std::string> labels;
    size_t after = 0, start = position_, length = 0;
    for (uint8_t size = u8(); size != 0; size = u8()) {
      if (size >= 0xc0) {
        const size_t target = static_cast<size_t>(size & 0x3f) << 8 | u8();
        if (after == 0) after = position_;
        if (target >= start) broken();
        start = position_ = target;
        continue;
      }
      length += size + 1u;
      if (size > longest_label || length >= longest_name) broken();
      labels.push_back(label(take(size)));
    }
    if (after != 0) position_ = after;
    return join(labels, ".");
  }

  ResourceRecord record() {
    ResourceRecord record;
    record.offset = position_;
    record.name = name();
    record.type = u16();
    record.cls = u16();
    record.ttl = u32();
    record.data = sized();
    return record;
  }

  [[noreturn]] static void broken() {
    throw Failure{CERTO_UNREACHABLE, "the name server's answer is not a DNS message"};
  }

 private:
  /// Bytes that have another meaning in a dotted name become \DDD (RFC 1035 section 5.1).
  static std::string label(std::span<const uint8_t> bytes) {
    std::string text;
    for (const uint8_t byte : bytes) {
      if (byte > 0x20 && byte < 0x7f && byte != '.' && byte != '\\') {
        text += static_cast<char>(byte);
      } else {
        const std::string digits = std::to_string(1000 + byte);
        text += '\\' + digits.substr(1);
      }
    }
    return lower(text);
  }

  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
};

std::string algorithm_name(const TsigKey& key) {
  return key.hash == "md5" ? "hmac-md5.sig-alg.reg.int" : "hmac-" + key.hash;
}

/// RDATA of TSIG, RFC 8945 section 4.2.
struct Tsig {
  std::string algorithm;
  uint64_t time = 0;  // seconds since 1970
  uint16_t fudge = fudge_seconds;
  Bytes mac{};
  uint16_t original_id = 0;
  uint16_t error = 0;
  Bytes other{};  // the server's time in a BADTIME error
};

Bytes tsig_data(const Tsig& tsig) {
  Writer data;
  data.name(tsig.algorithm);
  data.u48(tsig.time);
  data.u16(tsig.fudge);
  data.u16(tsig.mac.size());
  data.append(tsig.mac);
  data.u16(tsig.original_id);
  data.u16(tsig.error);
  data.u16(tsig.other.size());
  data.append(tsig.other);
  return data.take();
}

Tsig read_tsig(const Bytes& data) {
  Reader reader(data);
  Tsig tsig;
  tsig.algorithm = reader.name();
  tsig.time = reader.u48();
  tsig.fudge = reader.u16();
  tsig.mac = reader.sized();
  tsig.original_id = reader.u16();
  tsig.error = reader.u16();
  tsig.other = reader.sized();
  return tsig;
}

/// RFC 8945 section 4.3: the MAC of the request (nothing for a request itself), the message, and the TSIG
/// record.
Bytes mac_of(const Host& host, const TsigKey& key, const Bytes& request_mac, std::span<const uint8_t> message,
             const Tsig& tsig) {
  Writer covered;
  if (!request_mac.empty()) {
    covered.u16(request_mac.size());
    covered.append(request_mac);
  }
  covered.append(message);
  covered.name(key.name);
  covered.u16(any);
  covered.u32(0);  // TTL
  covered.name(tsig.algorithm);
  covered.u48(tsig.time);
  covered.u16(tsig.fudge);
  covered.u16(tsig.error);
  covered.u16(tsig.other.size());
  covered.append(tsig.other);
  return host.hmac(key.hash.c_str(), key.secret, as_text(covered.take()));
}

uint64_t seconds_now(const Host& host) {
  return static_cast<uint64_t>(host.now().time_since_epoch().count());
}

uint64_t distance(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

[[noreturn]] void throw_not_signed(const std::string& how) {
  throw Failure{CERTO_FAILED, "the name server's answer " + how};
}

/// BADKEY and BADSIG come without a signature, because there is no key to sign with.
void throw_if_key_refused(const TsigKey& key, uint16_t error) {
  if (error == bad_key)
    throw Failure{CERTO_CONFIG, "the name server does not know the key " + key.name + " with " +
                                    algorithm_name(key) + " (BADKEY)"};
  if (error == bad_sig)
    throw Failure{CERTO_CONFIG, "the secret of the key " + key.name + " is wrong (BADSIG)"};
}

void throw_if_refused(const Tsig& tsig) {
  if (tsig.error == no_error) return;
  if (tsig.error != bad_time)
    throw Failure{CERTO_CONFIG, "the name server refuses the signature: " + rcode_name(tsig.error)};
  const uint64_t theirs = tsig.other.size() == 6 ? Reader(tsig.other).u48() : 0;
  throw Failure{CERTO_CONFIG, "the name server's clock and this one differ by " +
                                  std::to_string(distance(tsig.time, theirs)) + " s (BADTIME)"};
}

}  // namespace

std::string rcode_name(int rcode) {
  for (const auto& [number, name] : rcodes) {
    if (number == rcode) return name;
  }
  return "RCODE " + std::to_string(rcode);
}

Bytes caa_data(uint8_t flags, std::string_view tag, std::string_view value) {
  Bytes data{flags, static_cast<uint8_t>(tag.size())};
  data.insert(data.end(), tag.begin(), tag.end());
  data.insert(data.end(), value.begin(), value.end());
  return data;
}

Bytes tlsa_data(uint8_t usage, uint8_t selector, uint8_t matching, std::string_view hex) {
  const auto digit = [](char c) { return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Bytes data{usage, selector, matching};
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    data.push_back(static_cast<uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return data;
}

Bytes txt_data(std::string_view value) {
  Bytes data;
  for (const std::string& text : txt_strings(value)) {
    data.push_back(static_cast<uint8_t>(text.size()));
    data.insert(data.end(), text.begin(), text.end());
  }
  if (data.size() > 65535) throw Failure{CERTO_FAILED, "a TXT value of more than 64 KiB"};
  return data;
}

Bytes to_wire(const Message& message) {
  Writer writer;
  writer.u16(message.id);
  writer.u16(message.flags);
  writer.u16(1);
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals})
    writer.u16(section->size());
  writer.name(message.name);
  writer.u16(message.type);
  writer.u16(in);
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals}) {
    for (const ResourceRecord& record : *section) writer.record(record);
  }
  return writer.take();
}

Message from_wire(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  Message message;
  message.id = reader.u16();
  message.flags = reader.u16();
  const uint16_t questions = reader.u16();
  std::array<uint16_t, 3> counts{};
  for (uint16_t& count : counts) count = reader.u16();
  for (uint16_t i = 0; i < questions; ++i) {
    message.name = reader.name();
    message.type = reader.u16();
    reader.u16();
  }
  const std::array sections = {&message.answers, &message.authorities, &message.additionals};
  for (size_t section = 0; section < sections.size(); ++section) {
    for (uint16_t i = 0; i < counts[section]; ++i) sections[section]->push_back(reader.record());
  }
  if (reader.position() != bytes.size()) Reader::broken();
  return message;
}

std::string tsig_hash(std::string_view algorithm) {
  std::string name = lower(algorithm);
  if (name.ends_with('.')) name.pop_back();
  if (name == "hmac-md5.sig-alg.reg.int") name = "hmac-md5";
  constexpr std::string_view known[] = {"hmac-md5",    "hmac-sha1",   "hmac-sha224",
                                        "hmac-sha256", "hmac-sha384", "hmac-sha512"};
  if (std::ranges::count(known, name) > 0) return name.substr(5);
  throw Failure{CERTO_CONFIG, "'" + std::string(algorithm) + "' is not a TSIG algorithm that certo knows"};
}

Bytes tsig_secret(std::string_view text) {
  auto secret = from_base64(text);
  if (!secret || secret->empty()) throw Failure{CERTO_CONFIG, "the secret of the TSIG key is not base64"};
  return *secret;
}

SignedMessage sign(const Host& host, const TsigKey& key, const Message& message) {
  Tsig tsig;
  tsig.algorithm = algorithm_name(key);
  tsig.time = seconds_now(host);
  tsig.original_id = message.id;
  tsig.mac = mac_of(host, key, {}, to_wire(message), tsig);

  Message complete = message;
  complete.additionals.push_back({key.name, tsig_type, any, 0, tsig_data(tsig)});
  return {to_wire(complete), tsig.mac};
}

void verify(const Host& host, const TsigKey& key, const Bytes& mac, const Bytes& answer) {
  const Message message = from_wire(answer);
  if (message.additionals.empty() || message.additionals.back().type != tsig_type) {
    if (message.rcode() == no_error || message.rcode() == nx_domain) throw_not_signed("is not signed");
    return;
  }
  const ResourceRecord& record = message.additionals.back();
  const Tsig tsig = read_tsig(record.data);
  throw_if_key_refused(key, tsig.error);
  if (record.name != lower(key.name) || tsig.algorithm != algorithm_name(key))
    throw_not_signed("is signed with another key");

  // As before the signature: without the record, and with the signer's original number.
  Bytes plain(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(record.offset));
  const size_t additionals = message.additionals.size() - 1;
  plain[0] = static_cast<uint8_t>(tsig.original_id >> 8);
  plain[1] = static_cast<uint8_t>(tsig.original_id & 0xff);
  plain[header_size - 2] = static_cast<uint8_t>(additionals >> 8);
  plain[header_size - 1] = static_cast<uint8_t>(additionals & 0xff);
  if (tsig.mac != mac_of(host, key, mac, plain, tsig)) throw_not_signed("has a wrong signature");
  throw_if_refused(tsig);
  if (distance(tsig.time, seconds_now(host)) > tsig.fudge) throw_not_signed("was signed at another time");
}

}  // namespace certo::sdk::dns
