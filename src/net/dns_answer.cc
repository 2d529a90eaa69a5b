#include "net/dns_answer.h"

#include <arpa/inet.h>

#include "base/text.h"

namespace certo::net {
namespace {

std::string text_of(const ares_dns_rr_t* record) {
  std::string text;
  const size_t count = ares_dns_rr_get_abin_cnt(record, ARES_RR_TXT_DATA);
  for (size_t i = 0; i < count; ++i) {
    size_t length = 0;
    const unsigned char* part = ares_dns_rr_get_abin(record, ARES_RR_TXT_DATA, i, &length);
    text += as_text({part, length});
  }
  return text;
}

constexpr size_t most_records = 100;  // no honest answer has more of these

void take_caa(const ares_dns_rr_t* record, DnsAnswer& answer) {
  size_t length = 0;
  const unsigned char* const value = ares_dns_rr_get_bin(record, ARES_RR_CAA_VALUE, &length);
  const char* const tag = ares_dns_rr_get_str(record, ARES_RR_CAA_TAG);
  if (answer.caa.size() == most_records) return;
  answer.caa.push_back({ares_dns_rr_get_u8(record, ARES_RR_CAA_CRITICAL), lower(tag != nullptr ? tag : ""),
                        value != nullptr ? std::string(as_text({value, length})) : ""});
}

/// Its type by number, also if c-ares does not know it.
int type_of(const ares_dns_rr_t* record) {
  const ares_dns_rec_type_t type = ares_dns_rr_get_type(record);
  return type == ARES_REC_TYPE_RAW_RR ? ares_dns_rr_get_u16(record, ARES_RR_RAW_RR_TYPE)
                                      : static_cast<int>(type);
}

std::string name_of(const char* name) {
  std::string text = lower(name != nullptr ? name : "");
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void take_raw(const ares_dns_rr_t* record, DnsAnswer& answer) {
  size_t length = 0;
  const unsigned char* const data = ares_dns_rr_get_bin(record, ARES_RR_RAW_RR_DATA, &length);
  if (data == nullptr || answer.data.size() == most_records) return;
  answer.data.push_back({name_of(ares_dns_rr_get_name(record)), type_of(record), Bytes(data, data + length)});
}

void take(const ares_dns_rr_t* record, DnsType asked, DnsAnswer& answer) {
  char text[INET6_ADDRSTRLEN] = "";
  switch (static_cast<int>(ares_dns_rr_get_type(record))) {
    case ARES_REC_TYPE_A:
      answer.addresses.emplace_back(
          ares_inet_ntop(AF_INET, ares_dns_rr_get_addr(record, ARES_RR_A_ADDR), text, sizeof text));
      return;
    case ARES_REC_TYPE_AAAA:
      answer.addresses.emplace_back(
          ares_inet_ntop(AF_INET6, ares_dns_rr_get_addr6(record, ARES_RR_AAAA_ADDR), text, sizeof text));
      return;
    case ARES_REC_TYPE_NS:
      answer.names.push_back(name_of(ares_dns_rr_get_str(record, ARES_RR_NS_NSDNAME)));
      return;
    case ARES_REC_TYPE_CNAME:
      // Name servers and targets must not be mixed up.
      if (asked != DnsType::ns)
        answer.names.push_back(name_of(ares_dns_rr_get_str(record, ARES_RR_CNAME_CNAME)));
      return;
    case ARES_REC_TYPE_TXT: answer.txt.push_back(text_of(record)); return;
    case ARES_REC_TYPE_RAW_RR: return take_raw(record, answer);
    case ARES_REC_TYPE_CAA: return take_caa(record, answer);
    case ARES_REC_TYPE_SOA: answer.soa = name_of(ares_dns_rr_get_name(record)); return;
    default: return;
  }
}

}  // namespace

ares_dns_rec_type_t record_type(DnsType type) {
  switch (type) {
    case DnsType::a: return ARES_REC_TYPE_A;
    case DnsType::aaaa: return ARES_REC_TYPE_AAAA;
    case DnsType::ns: return ARES_REC_TYPE_NS;
    case DnsType::cname: return ARES_REC_TYPE_CNAME;
    case DnsType::soa: return ARES_REC_TYPE_SOA;
    case DnsType::txt: return ARES_REC_TYPE_TXT;
    case DnsType::caa: return ARES_REC_TYPE_CAA;
    // RFC 4034: c-ares does not know these.
    case DnsType::ds: return static_cast<ares_dns_rec_type_t>(43);
    case DnsType::dnskey: return static_cast<ares_dns_rec_type_t>(48);
  }
  return ARES_REC_TYPE_TXT;
}

const char* type_name(DnsType type) {
  switch (type) {
    case DnsType::ds: return "DS";
    case DnsType::dnskey: return "DNSKEY";
    case DnsType::a:
    case DnsType::aaaa:
    case DnsType::ns:
    case DnsType::cname:
    case DnsType::soa:
    case DnsType::txt:
    case DnsType::caa: break;
  }
  return ares_dns_rec_type_tostr(record_type(type));
}

Message query_of(const DnsQuestion& question) {
  constexpr unsigned short datagram = 1232, wants_signatures = 0x8000;  // the DO bit, RFC 3225
  const bool is_unchecked = question.dnssec == Dnssec::unchecked;
  const auto flags = static_cast<unsigned short>(ARES_FLAG_RD | (is_unchecked ? ARES_FLAG_CD : 0));
  ares_dns_record_t* made = nullptr;
  // An id of 0, so that caches of DNS over HTTPS can be used (RFC 8484 section 4.1); c-ares sets another one.
  if (ares_dns_record_create(&made, 0, flags, ARES_OPCODE_QUERY, ARES_RCODE_NOERROR) != ARES_SUCCESS)
    return {};
  Message message(made);
  if (ares_dns_record_query_add(message.get(), question.name.c_str(), record_type(question.type),
                                ARES_CLASS_IN) != ARES_SUCCESS)
    return {};
  if (!is_unchecked) return message;
  ares_dns_rr_t* options = nullptr;
  if (ares_dns_record_rr_add(&options, message.get(), ARES_SECTION_ADDITIONAL, "", ARES_REC_TYPE_OPT,
                             ARES_CLASS_IN, 0) != ARES_SUCCESS ||
      ares_dns_rr_set_u16(options, ARES_RR_OPT_UDP_SIZE, datagram) != ARES_SUCCESS ||
      ares_dns_rr_set_u8(options, ARES_RR_OPT_VERSION, 0) != ARES_SUCCESS ||
      ares_dns_rr_set_u16(options, ARES_RR_OPT_FLAGS, wants_signatures) != ARES_SUCCESS)
    return {};
  return message;
}

DnsStatus status_of(const ares_dns_record_t* reply) {
  switch (ares_dns_record_get_rcode(reply)) {
    case ARES_RCODE_NOERROR: break;
    case ARES_RCODE_NXDOMAIN: return DnsStatus::no_name;
    case ARES_RCODE_SERVFAIL: return DnsStatus::servfail;
    case ARES_RCODE_REFUSED: return DnsStatus::refused;
    default: return DnsStatus::failed;
  }
  return ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER) == 0 ? DnsStatus::no_data : DnsStatus::answered;
}

void take_all(const ares_dns_record_t* reply, DnsType asked, DnsAnswer& answer) {
  bool found = false;
  answer.authoritative = (ares_dns_record_get_flags(reply) & ARES_FLAG_AA) != 0;
  for (size_t i = 0; i < ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER); ++i) {
    const ares_dns_rr_t* record = ares_dns_record_rr_get_const(reply, ARES_SECTION_ANSWER, i);
    found = found || type_of(record) == static_cast<int>(record_type(asked));
    take(record, asked, answer);
  }
  for (size_t i = 0; i < ares_dns_record_rr_cnt(reply, ARES_SECTION_AUTHORITY); ++i) {
    const ares_dns_rr_t* record = ares_dns_record_rr_get_const(reply, ARES_SECTION_AUTHORITY, i);
    if (ares_dns_rr_get_type(record) == ARES_REC_TYPE_SOA) take(record, asked, answer);
    if (ares_dns_rr_get_type(record) == ARES_REC_TYPE_NS && !answer.authoritative && !found) {
      answer.delegated = name_of(ares_dns_rr_get_name(record));
      answer.referral.push_back(name_of(ares_dns_rr_get_str(record, ARES_RR_NS_NSDNAME)));
    }
  }
  // A CNAME that leads nowhere is an answer to c-ares, but not to the question.
  if (answer.status == DnsStatus::answered && !found) answer.status = DnsStatus::no_data;
}

}  // namespace certo::net
