// Which name goes which way, by where they stand on the command line.
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
  const store::Way& way = ways.of(crypto::identifier(name));
  return way.method + " " + way.webroot + way.provider;
}

}  // namespace

TEST_CASE("a single way is that of all names, with the options that belong to it") {
  CHECK_FALSE(chosen({}));
  CHECK(chosen({"--webroot", "/srv/www/"})->usual.method == "webroot");
  CHECK(chosen({"--webroot", "web"})->usual.webroot.starts_with('/'));
  CHECK(chosen({"--standalone", "--listen", "127.0.0.1:8080"})->usual.listen == "127.0.0.1:8080");
  const auto dns =
      chosen({"--dns", "exec:hooks/dns.sh", "--dns-env", "B", "--dns-env", "A", "--propagation", "none"});
  CHECK(dns->usual.provider.starts_with("exec:/"));
  CHECK(dns->usual.provider_env == Texts{"B", "A"});
  CHECK(
      chosen({"--dns", "x", "--dns-credentials", "exec:/bin/../bin/pass  show a/../b"})->usual.credentials ==
      "exec:/bin/pass  show a/../b");
  CHECK(chosen({"--dns", "x", "--dns-credentials", "exec:pass"})->usual.credentials.starts_with("exec:/"));
  const auto waiting = chosen({"--no-present", "--propagation", "wait=5"});
  CHECK(waiting->usual.propagation == "wait=5");
  CHECK(has_dns(*waiting));
  CHECK_FALSE(has_dns(*chosen({"--no-present", "--standalone"})));
  for (const Texts& arguments : {Texts{"-d", "a.example", "--dns", "x", "-d", "b.example"},
                                 Texts{"--dns", "x", "-d", "a.example", "-d", "b.example"},
                                 Texts{"-d", "a.example", "--dns", "x", "-d", "b.example", "--dns", "x"}}) {
    CHECK(chosen(arguments)->usual.provider == "x");
    CHECK(chosen(arguments)->others.empty());
  }
  CHECK(mistake({"--webroot", "/w", "--listen", ":80"}).message == "--listen belongs to --standalone");
  mistake({"--dns", "x", "--propagation", "soon"});
}

TEST_CASE("each name goes the next way behind it, and the last way where none follows") {
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
  CHECK(ways->usual.method == "webroot");
  CHECK(ways->others.size() == 2);
}

TEST_CASE("names of the same way are together, wherever they stand") {
  const auto ways = chosen({"-d", "a.example", "--webroot", "/a", "-d", "b.example", "--webroot", "/b", "-d",
                            "c.example", "-w", "/a", "-d", "d.example", "--standalone"});
  REQUIRE(ways->others.size() == 2);
  CHECK(ways->others[0].identifiers ==
        std::vector<crypto::Identifier>{{"dns", "a.example"}, {"dns", "c.example"}});
  CHECK(ways->usual.method == "standalone");
  const auto back = chosen({"-d", "a.example", "--dns", "x", "-d", "b.example", "--webroot", "/b", "-d",
                            "c.example", "--dns", "x"});
  CHECK(back->others.size() == 1);
  CHECK(way_of(*back, "a.example") == "dns x");
}

TEST_CASE("a base and its wildcard may go different ways") {
  const auto ways = chosen({"-d", "*.a.example", "--dns", "x", "-d", "a.example", "--webroot", "/srv"});
  CHECK(way_of(*ways, "*.a.example") == "dns x");
  CHECK(way_of(*ways, "a.example") == "webroot /srv");
}

TEST_CASE("what refines a way counts for all that it fits, and for no other") {
  const auto ways = chosen({"-d", "a.example", "--dns", "x", "-d", "b.example", "--dns", "y", "-d",
                            "c.example", "--standalone", "--propagation", "none", "--listen", ":8080"});
  REQUIRE(ways->others.size() == 2);
  for (const store::OtherWay& other : ways->others) {
    CHECK(other.way.propagation == "none");
    CHECK(other.way.listen.empty());
  }
  CHECK(ways->usual.listen == ":8080");
  CHECK(ways->usual.propagation.empty());
}

TEST_CASE("several ways without names between them are explained") {
  const Error both = mistake({"-d", "a.example", "--webroot", "/w", "--dns", "x"});
  CHECK(both.message == "--webroot /w and --dns x exclude each other for the same names");
  CHECK(both.hint.find("-d a.example --webroot /srv/www -d b.example --dns PROVIDER") != std::string::npos);
  CHECK(mistake({"--webroot", "/a", "--webroot", "/b"}).message ==
        "--webroot /a and --webroot /b exclude each other for the same names");
  CHECK(mistake({"--webroot", "/w", "-d", "a.example", "--standalone"}).message ==
        "there is no name in front of --webroot /w");
  CHECK(mistake({"-d", "a.example", "--webroot", "/w", "-d", "a.example", "--standalone"}).message ==
        "a.example is to be proven two ways");
}

TEST_CASE("--alias and --dns-zone become part of the way") {
  const auto way = chosen({"--dns", "x", "--dns-zone", "Example.COM.", "--alias", "a.example=b.example"});
  REQUIRE(way);
  CHECK(way->usual.zone == "example.com");
  CHECK(way->usual.aliases.at("a.example") == "_acme-challenge.b.example");
  mistake({"--standalone", "--alias", "b.example"});
  mistake({"--standalone", "--dns-zone", "b.example"});
  mistake({"--dns", "x", "--dns-zone", "a b"});
  mistake({"--dns", "x", "--alias", "a..b"});
}

TEST_CASE("an alias is for one of the names, where they are known") {
  const auto with_alias = [](const std::string& alias) -> Texts {
    return {"--dns", "x", "-d", "*.example.com", "--alias", alias};
  };
  CHECK(chosen(with_alias("example.com=b.example"))->usual.aliases.size() == 1);
  CHECK(chosen(with_alias("b.example"))->usual.aliases.size() == 1);
  CHECK(mistake(with_alias("exmple.com=b.example")).hint == "did you mean example.com?");
}
