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

std::string name_of(const char* name) {
  std::string text = lower(name != nullptr ? name : "");
  if (text.ends_with('.')) text.pop_back();
  return text;
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
  }
  return ARES_REC_TYPE_TXT;
}

void take_all(const ares_dns_record_t* reply, DnsType asked, DnsAnswer& answer) {
  bool found = false;
  answer.authoritative = (ares_dns_record_get_flags(reply) & ARES_FLAG_AA) != 0;
  for (size_t i = 0; i < ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER); ++i) {
    const ares_dns_rr_t* record = ares_dns_record_rr_get_const(reply, ARES_SECTION_ANSWER, i);
    found = found || ares_dns_rr_get_type(record) == record_type(asked);
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
