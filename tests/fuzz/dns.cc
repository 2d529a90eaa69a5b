// DNS messages: what is read is written and read again as the same.
#include <algorithm>

#include "net/doh.h"
#include "sdk/dns_wire.h"
#include "target.h"

using namespace certo;
namespace dns = certo::sdk::dns;

namespace {

bool same(const std::vector<dns::ResourceRecord>& a, const std::vector<dns::ResourceRecord>& b) {
  return std::ranges::equal(a, b, [](const dns::ResourceRecord& one, const dns::ResourceRecord& other) {
    return one.name == other.name && one.type == other.type && one.cls == other.cls && one.ttl == other.ttl &&
           one.data == other.data;
  });
}

/// Enough of a host for the signature of an answer: its digests are constant, so that an answer may be
/// "signed".
certo_host host_table() {
  certo_host host{};
  host.size = sizeof host;
  host.explain = [](void*, const char*) noexcept {};
  host.hmac = [](void*, const char*, const void*, size_t, const void*, size_t, uint8_t* digest) noexcept {
    std::fill_n(digest, 32, uint8_t{'A'});
    return size_t{32};
  };
  host.now = [](void*) noexcept { return int64_t{0x414141414141}; };
  return host;
}

void run(std::string_view input) {
  const Bytes bytes(input.begin(), input.end());
  for (const net::DnsType type : {net::DnsType::a, net::DnsType::ns, net::DnsType::cname, net::DnsType::txt})
    net::read_dns_answer(input, {"a.example", type, {}});
  const certo_host table = host_table();
  const sdk::Host host(table);
  fuzz::accepts([&] { dns::verify(host, {"key.example", "sha256", Bytes(32, 1)}, Bytes(32, 'A'), bytes); });

  dns::Message message;
  if (!fuzz::accepts([&] { message = dns::from_wire(bytes); })) return;
  Bytes written;
  // A name with a dot inside of a label is read, but cannot be written.
  if (!fuzz::accepts([&] { written = dns::to_wire(message); })) return;
  const dns::Message again = dns::from_wire(written);
  fuzz::promise(again.id == message.id && again.flags == message.flags && again.name == message.name,
                "the head of from_wire(to_wire(x))");
  fuzz::promise(same(again.answers, message.answers) && same(again.authorities, message.authorities) &&
                    same(again.additionals, message.additionals),
                "the records of from_wire(to_wire(x))");
}

const fuzz::Registered registered("dns", run);

}  // namespace
