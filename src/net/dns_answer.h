// What certo takes from a DNS message that c-ares has parsed. For this folder only.
#pragma once

#include <ares.h>

#include "net/dns.h"

namespace certo::net {

ares_dns_rec_type_t record_type(DnsType type);

/// `answer.status` is set already. It becomes `no_data` if no record is of the type that was asked for.
void take_all(const ares_dns_record_t* reply, DnsType asked, DnsAnswer& answer);

}  // namespace certo::net
