// How each name is proven, by the order of the command line.
#include "commands/ways.h"
#include "cli/table.h"

#include <doctest/doctest.h>

#include "fixtures/support.h"

using namespace certo;
using certo::cli::find_command;
using namespace certo::commands;
using certo::test::error_of;

namespace {

using Texts = std::vector<std::string>;

Args solve_args(const Texts& arguments) { return parse(*find_command("solve"), arguments); }
std::optional<store::Ways> chosen(const Texts& arguments) { return ways(solve_args(arguments)); }
Error mistake(const Texts& arguments) {
  const Error error = error_of([&] { chosen(arguments); });
  CHECK(error.code == Exit::usage);
  return error;
}

/// "webroot /srv" or "dns cloudflare": the way of `name`.
std::string way_of(const store::Ways& ways, const std::string& name) {
  return store::describe(ways.of(crypto::identifier(name)));
}

store::Dns dns_of(const std::optional<store::Ways>& ways) { return std::get<store::Dns>(ways->usual); }

}  // namespace

TEST_CASE("a single method is for all names, with the options that belong to it") {
  CHECK_FALSE(chosen({}));
  CHECK(std::holds_alternative<store::Webroot>(chosen({"--webroot", "/srv/www/"})->usual));
  CHECK(std::get<store::Webroot>(chosen({"--webroot", "web"})->usual).folder.starts_with('/'));
  CHECK(chosen({"--standalone", "--listen", "127.0.0.1:8080"})->usual ==
        store::Way(store::Standalone{"127.0.0.1:8080"}));
  const auto dns =
      chosen({"--dns", "exec:hooks/dns.sh", "--dns-env", "B", "--dns-env", "A", "--propagation", "none"});
  CHECK(dns_of(dns).provider.starts_with("exec:/"));
  CHECK(dns_of(dns).provider_env == Texts{"B", "A"});
  CHECK(
      dns_of(chosen({"--dns", "x", "--dns-credentials", "exec:/bin/../bin/pass  show a/../b"})).credentials ==
      "exec:/bin/pass  show a/../b");
  CHECK(dns_of(chosen({"--dns", "x", "--dns-credentials", "exec:pass"})).credentials.starts_with("exec:/"));
  CHECK_FALSE(dns_of(chosen({"--dns", "x", "--no-save"})).keep_settings);
  const auto waiting = chosen({"--no-present", "--propagation", "wait=5"});
  CHECK(dns_of(waiting).propagation == store::Propagation(store::FixedWait{Seconds(5)}));
  CHECK(has_dns(*waiting));
  CHECK_FALSE(has_dns(*chosen({"--no-present", "--standalone"})));
  for (const Texts& arguments : {Texts{"-d", "a.example", "--dns", "x", "-d", "b.example"},
                                 Texts{"--dns", "x", "-d", "a.example", "-d", "b.example"},
                                 Texts{"-d", "a.example", "--dns", "x", "-d", "b.example", "--dns", "x"}}) {
    CHECK(dns_of(chosen(arguments)).provider == "x");
    CHECK(chosen(arguments)->others.empty());
  }
  CHECK(mistake({"--webroot", "/w", "--listen", ":80"}).message ==
        "--listen belongs to --standalone or --alpn");
  CHECK(mistake({"--webroot", "/w", "--resolver", "127.0.0.1"}).message ==
        "--resolver belongs to --dns or --dns-persist");
  mistake({"--dns", "x", "--propagation", "soon"});
}

TEST_CASE("each name is proven by the next method after it, and by the last one if none follows") {
  const auto ways =
      chosen({"-d", "a.example", "--dns", "cloudflare.work", "-d", "b.example", "-d", "*.b.example,c.example",
              "--dns", "cloudflare.home", "-d", "d.example", "--webroot", "/srv", "-d", "e.example"});
  REQUIRE(ways);
  CHECK(way_of(*ways, "a.example") == "dns cloudflare.work");
  CHECK(way_of(*ways, "b.example") == "dns cloudflare.home");
  CHECK(way_of(*ways, "*.b.example") == "dns cloudflare.home");
  CHECK(way_of(*ways, "c.example") == "dns cloudflare.home");
  CHECK(way_of(*ways, "d.example") == "webroot /srv");
  CHECK(way_of(*ways, "e.example") == "webroot /srv");
  CHECK(ways->others.size() == 2);
}

TEST_CASE("names that are proven the same way are together, wherever they are given") {
  const auto ways = chosen({"-d", "a.example", "--webroot", "/a", "-d", "b.example", "--webroot", "/b", "-d",
                            "c.example", "-w", "/a", "-d", "d.example", "--standalone"});
  REQUIRE(ways->others.size() == 2);
  CHECK(ways->others[0].identifiers ==
        std::vector<crypto::Identifier>{{"dns", "a.example"}, {"dns", "c.example"}});
  CHECK(ways->usual == store::Way(store::Standalone{}));
  const auto back = chosen({"-d", "a.example", "--dns", "x", "-d", "b.example", "--webroot", "/b", "-d",
                            "c.example", "--dns", "x"});
  CHECK(back->others.size() == 1);
  CHECK(way_of(*back, "a.example") == "dns x");
}

TEST_CASE("a name and its wildcard may be proven in different ways") {
  const auto ways = chosen({"-d", "*.a.example", "--dns", "x", "-d", "a.example", "--webroot", "/srv"});
  CHECK(way_of(*ways, "*.a.example") == "dns x");
  CHECK(way_of(*ways, "a.example") == "webroot /srv");
}

TEST_CASE("an option of a method applies to all ways with that method, and to no other") {
  const auto ways = chosen({"-d", "a.example", "--dns", "x", "-d", "b.example", "--dns", "y", "-d",
                            "c.example", "--standalone", "--propagation", "none", "--listen", ":8080"});
  REQUIRE(ways->others.size() == 2);
  for (const store::OtherWay& other : ways->others) {
    CHECK(std::get<store::Dns>(other.way).propagation == store::Propagation(store::NoWait{}));
  }
  CHECK(ways->usual == store::Way(store::Standalone{":8080"}));
}

TEST_CASE("several methods without names between them are refused") {
  const Error both = mistake({"-d", "a.example", "--webroot", "/w", "--dns", "x"});
  CHECK(both.message == "--webroot /w and --dns x exclude each other for the same names");
  CHECK(both.hint.find("-d a.example --webroot /srv/www -d b.example --dns PROVIDER") != std::string::npos);
  CHECK(mistake({"--webroot", "/a", "--webroot", "/b"}).message ==
        "--webroot /a and --webroot /b exclude each other for the same names");
  CHECK(mistake({"--webroot", "/w", "-d", "a.example", "--standalone"}).message ==
        "no name is given before --webroot /w");
  CHECK(mistake({"-d", "a.example", "--webroot", "/w", "-d", "a.example", "--standalone"}).message ==
        "a.example has two ways to be proven");
}

TEST_CASE("--alias and --dns-zone become part of the way") {
  const auto way = chosen({"--dns", "x", "--dns-zone", "Example.COM.", "--alias", "a.example=b.example"});
  REQUIRE(way);
  CHECK(dns_of(way).zone == "example.com");
  CHECK(dns_of(way).aliases.at("a.example") == "_acme-challenge.b.example");
  mistake({"--standalone", "--alias", "b.example"});
  mistake({"--standalone", "--dns-zone", "b.example"});
  mistake({"--dns", "x", "--dns-zone", "a b"});
  mistake({"--dns", "x", "--alias", "a..b"});
}

TEST_CASE("an alias is for one of the names, if they are known") {
  const auto with_alias = [](const std::string& alias) -> Texts {
    return {"--dns", "x", "-d", "*.example.com", "--alias", alias};
  };
  CHECK(dns_of(chosen(with_alias("example.com=b.example"))).aliases.size() == 1);
  CHECK(dns_of(chosen(with_alias("b.example"))).aliases.size() == 1);
  CHECK(mistake(with_alias("exmple.com=b.example")).hint == "did you mean example.com?");
}

TEST_CASE("a wildcard or an address needs a method that can prove it") {
  const auto mistake_for = [](const char* name, const store::Way& way) {
    return error_of([&] { require_provable({crypto::identifier(name)}, {way, {}}); });
  };
  const Error wildcard = mistake_for("*.a.example", store::Standalone{});
  CHECK(wildcard.code == Exit::usage);
  CHECK(wildcard.message == "*.a.example is a wildcard, and --standalone cannot prove it");
  CHECK(wildcard.hint == "a wildcard needs --dns PROVIDER");
  const Error address = mistake_for("192.0.2.1", store::Dns{});
  CHECK(address.message == "192.0.2.1 is an address, and --dns cannot prove it");
  CHECK(address.hint == "an address needs --webroot DIR, --nginx, --apache, --standalone or --alpn");
  CHECK_NOTHROW(require_provable({crypto::identifier("192.0.2.1")}, {store::Webroot{"/srv"}, {}}));
  CHECK(no_way_given({crypto::identifier("a.example")}).hint ==
        "use one of: --webroot DIR, --nginx, --apache, --standalone, --alpn or --dns PROVIDER");
}
