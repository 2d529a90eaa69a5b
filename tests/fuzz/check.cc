// What `certo check` reads from DNS and from web servers: CAA records, keys and signatures of zones,
// redirects.
#include "check/caa.h"

#include "acme/issue_value.h"
#include "check/dnssec.h"
#include "check/follow.h"
#include "net/doh.h"
#include "target.h"

using namespace certo;

namespace {

constexpr Time check_time{Seconds(1795226400)};

void read_caa(std::string_view input) {
  const std::vector<std::string> parts = fuzz::parts(input);
  std::vector<net::DnsCaa> set;
  for (size_t i = 0; i + 1 < parts.size(); i += 2)
    set.push_back({static_cast<int>(parts[i].size()) * 128, parts[i], parts[i + 1]});
  const check::CaaQuestion question{
      .issuers = {"ca.example"}, .account_uri = "https://ca.example/acct/1", .method = "dns-01"};
  const check::CaaVerdict verdict = check::decide(set, question);
  if (verdict.state == check::CaaVerdict::State::allowed)
    fuzz::promise(verdict.property.find("ca.example") != std::string::npos ||
                      lower(verdict.property).find("ca.example") != std::string::npos,
                  "only a property with the CA's name allows it");
}

void read_zone(std::string_view input) {
  const Bytes bytes(input.begin(), input.end());
  for (const int type : {check::ds_type, check::rrsig_type, check::dnskey_type}) {
    check::fault_of_keys({"a.example", {{"a.example", check::ds_type, bytes}}, {{"a.example", type, bytes}}},
                         check_time);
    check::fault_of_signatures({{"a.example", type, bytes}}, check::soa_type, check_time);
  }
  for (const net::DnsType type : {net::DnsType::caa, net::DnsType::ds, net::DnsType::dnskey})
    net::read_dns_answer(input, {"a.example", type, {}, net::Dnssec::unchecked});
}

void read_redirect(std::string_view input) {
  const net::WebPlace start{.host = "a.example", .port = 80, .path = "/.well-known/acme-challenge/x"};
  net::WebSight sight;
  sight.kind = net::WebSight::Kind::answered;
  sight.status = 301;
  sight.location = input;
  const check::Step step = check::follow({start}, sight, {});
  if (step.kind != check::Step::Kind::go) return;
  fuzz::promise(step.next.port == 80 || step.next.port == 443, "redirects to ports 80 and 443 only");
  fuzz::promise(!step.next.host.empty() && step.next.path.starts_with('/'), "a place has a host and a path");
}

void run(std::string_view input) {
  read_caa(input);
  read_zone(input);
  read_redirect(input);
}

const fuzz::Registered registered("check", run);

}  // namespace
