// What certo takes from a DNS message that c-ares has parsed. For this folder only.
#pragma once

#include <ares.h>

#include <memory>

#include "net/dns.h"

namespace certo::net {

struct FreeRecord {
  void operator()(ares_dns_record_t* record) const { ares_dns_record_destroy(record); }
};
using Message = std::unique_ptr<ares_dns_record_t, FreeRecord>;

ares_dns_rec_type_t record_type(DnsType type);
const char* type_name(DnsType type);

/// The message that asks; nothing if its name cannot be in one.
Message query_of(const DnsQuestion& question);

DnsStatus status_of(const ares_dns_record_t* reply);

/// `answer.status` is set already. It becomes `no_data` if no record is of the type that was asked for.
void take_all(const ares_dns_record_t* reply, DnsType asked, DnsAnswer& answer);

}  // namespace certo::net
