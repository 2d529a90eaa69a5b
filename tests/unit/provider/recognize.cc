#include "provider/recognize.h"

#include "fixtures/support.h"
#include "provider/catalog.h"

using namespace certo;
using namespace certo::test;
using provider::Descriptor;
using provider::recognize;

namespace {

Descriptor with_servers(const char* name, std::vector<std::string> patterns) {
  Descriptor descriptor;
  descriptor.name = name;
  descriptor.name_servers = std::move(patterns);
  return descriptor;
}

std::string names(const std::vector<const Descriptor*>& found) {
  std::string text;
  for (const Descriptor* one : found) text += one->name + " ";
  return text;
}

}  // namespace

TEST_CASE("patterns of name servers") {
  CHECK(provider::fits("*.ns.cloudflare.com", "kiki.NS.cloudflare.com"));
  CHECK(provider::fits("ns-*.awsdns-??.com", "ns-512.awsdns-00.com"));
  CHECK(provider::fits("a*b*c", "a-b-b-c"));
  CHECK(provider::fits("*", ""));
  CHECK(!provider::fits("ns?.example.net", "ns10.example.net"));
  CHECK(!provider::fits("*.ns.cloudflare.com", "ns.cloudflare.com"));
  CHECK(!provider::fits("*.example.com", "a.example.com.evil.test"));
  CHECK(!provider::fits("", "a"));
  // Every '*' could begin at every character; this must end at once.
  CHECK(!provider::fits("*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

TEST_CASE("a service is recognized if it has every name server that is known") {
  const std::vector<Descriptor> all = {with_servers("one", {"*.one.test"}),
                                       with_servers("two", {"ns?.two.test"}),
                                       with_servers("one-old", {"*.one.test"}), with_servers("mute", {})};
  const auto at_one = recognize(all, {"a.one.test", "b.one.test", "secondary.elsewhere.test"});
  CHECK(names(at_one.whole) == "one one-old ");
  CHECK(at_one.parts.empty());
  const auto at_both = recognize(all, {"a.one.test", "ns1.two.test"});
  CHECK(at_both.whole.empty());
  CHECK(names(at_both.parts) == "one two one-old ");
  CHECK(recognize(all, {"ns.elsewhere.test"}).whole.empty());
  CHECK(recognize(all, {}).whole.empty());
}

TEST_CASE("the name servers of well-known services lead to one provider each") {
  const std::vector<Descriptor> all = provider::descriptors({});
  const auto of = [&](const char* server) { return names(recognize(all, {server}).whole); };
  CHECK(of("kiki.ns.cloudflare.com") == "cloudflare ");
  CHECK(of("ns-1536.awsdns-00.co.uk") == "route53 ");
  CHECK(of("ns.example.com").empty());
}
