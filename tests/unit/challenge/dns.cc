#include "challenge/dns.h"

#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/propagation.h"
#include "challenge/zone.h"
#include "fixtures/challenge_task.h"
#include "fixtures/provider_script.h"
#include "os/lock.h"
#include "provider/reference.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

/// A zone is a folder: a record is a file in it.
constexpr const char* folder_as_zone = R"(
case $1 in
  present) echo x > "$here/$2=$3" ;;
  cleanup) rm -f "$here/$2=$3" ;;
  *) exit 1 ;;
esac)";
constexpr const char* name = "_acme-challenge.example.com";

struct Dns {
  explicit Dns(const std::string& body = folder_as_zone) : script(body) {}

  SolverSettings settings() const {
    SolverSettings settings;
    settings.way.method = "dns";
    settings.way.provider = script.spec();
    settings.way.propagation = "none";
    settings.way.resolver = "127.0.0.1:1";  // nobody there: refused at once
    settings.lock_timeout = Millis(0);
    return settings;
  }
  std::unique_ptr<acme::Solver> solver() const { return make_solver(home, settings()); }
  bool has(const std::string& value) const {
    return os::exists(script.folder / (std::string(name) + "=" + value));
  }
  std::vector<std::string> journals() const { return os::list_folder(home.presented()); }

  Script script;
  TempDir temporary;
  store::Home home{temporary / "home"};
};

}  // namespace

TEST_CASE("records of apex and wildcard go in side by side and come out again") {
  const Dns dns;
  const auto solver = dns.solver();
  solver->present({dns_task("v1"), dns_task("v2")});
  CHECK(dns.has("v1"));
  CHECK(dns.has("v2"));
  CHECK_FALSE(dns.journals().empty());
  solver->cleanup();
  CHECK_FALSE(dns.has("v1"));
  CHECK_FALSE(dns.has("v2"));
  CHECK(dns.journals().empty());
}

TEST_CASE("what a provider that fails half-way has added is taken out") {
  const Dns dns(std::string("[ $1-$3 = present-v2 ] && exit 1") + folder_as_zone);
  const auto solver = dns.solver();
  CHECK(error_of([&] { solver->present({dns_task("v1"), dns_task("v2")}); }).code == Exit::failed);
  CHECK(dns.has("v1"));
  solver->cleanup();
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("records that could not be taken out stay written down, and the next run takes them out") {
  const Dns dns(std::string("[ $1 = cleanup ] && [ -e \"$here/broken\" ] && exit 1") + folder_as_zone);
  os::write_file(dns.script.folder / "broken", "", 0644);
  {
    const auto solver = dns.solver();
    solver->present({dns_task("v1")});
    solver->cleanup();
  }
  CHECK(dns.has("v1"));
  CHECK_FALSE(dns.journals().empty());

  os::remove_file(dns.script.folder / "broken");
  sweep(dns.home, dns.settings());
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("the records of a run that died are taken out by a run that uses another way") {
  const Dns dns;
  in_child([&] {
    dns.solver().release()->present({dns_task("v1")});
    ::_exit(0);
    return 0;
  });
  CHECK(dns.has("v1"));
  SolverSettings other;
  other.way.method = "standalone";
  sweep(dns.home, other);
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("what `present` put in stays until `cleanup`") {
  const Dns dns;
  present_records(dns.home, dns.settings(), {{name, "v1"}});
  sweep(dns.home, dns.settings());
  CHECK(dns.has("v1"));
  cleanup_records(dns.home, dns.settings(), {{name, "v1"}});
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("`present` leaves nothing behind when it fails") {
  const Dns dns(std::string("[ $1-$3 = present-v2 ] && exit 78") + folder_as_zone);
  const Error error = error_of([&] {
    present_records(dns.home, dns.settings(), {{name, "v1"}, {name, "v2"}});
  });
  CHECK(error.code == Exit::config);
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("where nothing was put in, nothing is taken out and no journal is left") {
  const Dns dns;
  const Variable url("PDNS_API_URL", "http://127.0.0.1:1");
  const Variable key("PDNS_API_KEY", "k");
  SolverSettings settings = dns.settings();
  settings.way.provider = "pdns";
  const auto solver = make_solver(dns.home, settings);
  CHECK(error_of([&] { solver->present({dns_task("v1")}); }).code == Exit::unreachable);
  for (const std::string& file : dns.journals()) CHECK(file.ends_with(".lock"));
  solver->cleanup();
  CHECK(dns.journals().empty());
  CHECK(error_of([&] { present_records(dns.home, settings, {{name, "v1"}}); }).code == Exit::unreachable);
  CHECK(dns.journals().empty());
}

TEST_CASE("a service that holds one value gets one task a round, another one all of them") {
  const Dns dns;
  CHECK(dns.solver()->rounds({dns_task("v1"), dns_task("v2")}).size() == 1);
  const Variable token("DUCKDNS_TOKEN", "t");
  SolverSettings settings = dns.settings();
  settings.way.provider = "duckdns";
  const auto rounds = make_solver(dns.home, settings)->rounds({dns_task("v1"), dns_task("v2")});
  REQUIRE(rounds.size() == 2);
  CHECK(rounds[0].at(0).record.value == "v1");
  CHECK(rounds[1].at(0).record.value == "v2");
}

TEST_CASE("a record goes to its alias, and comes out there again") {
  const Dns dns;
  SolverSettings settings = dns.settings();
  settings.way.aliases = parse_aliases({"example.com=validation.example"});
  const auto solver = make_solver(dns.home, settings);
  solver->present({dns_task("v1"), dns_task("v2", "_acme-challenge.other.example")});
  CHECK(os::exists(dns.script.folder / "_acme-challenge.validation.example=v1"));
  CHECK(os::exists(dns.script.folder / "_acme-challenge.other.example=v2"));
  solver->cleanup();
  CHECK_FALSE(os::exists(dns.script.folder / "_acme-challenge.validation.example=v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("an alias is a name's or everybody's, a challenge's place or a record's name") {
  using Aliases = std::map<std::string, std::string>;
  CHECK(parse_aliases({"a.example=Validation.Example."}) ==
        Aliases{{"a.example", "_acme-challenge.validation.example"}});
  CHECK(parse_aliases({"*.a.example=_acme-challenge.b.example", "c.example==full.name.example"}) ==
        Aliases{{"a.example", "_acme-challenge.b.example"}, {"c.example", "full.name.example"}});
  CHECK(parse_aliases({"b.example"}) == Aliases{{"*", "_acme-challenge.b.example"}});
  CHECK(parse_aliases({"_x.b.example", "a.example==c.example"}) ==
        Aliases{{"*", "_x.b.example"}, {"a.example", "c.example"}});
  CHECK(parse_aliases({"=b.example"}) == Aliases{{"*", "b.example"}});
  for (const char* bad : {"", "a.example=", "a.example==", "=", "a b.example=c.example", "a.example=c d",
                          "a.example=c=d", "a.example=-x.example", "a=b.example"}) {
    CAPTURE(bad);
    const Error error = error_of([&] { parse_aliases({bad}); });
    CHECK(error.code == Exit::usage);
  }
  CHECK(error_of([] {
          parse_aliases({"a.example=b.example", "*.a.example=c.example"});
        }).code == Exit::usage);
}

TEST_CASE("a name's own alias goes before that of all names") {
  const auto aliases = parse_aliases({"b.example", "a.example==c.example"});
  CHECK(alias_of(aliases, "_acme-challenge.a.example") == "c.example");
  CHECK(alias_of(aliases, "_acme-challenge.x.example") == "_acme-challenge.b.example");
  CHECK(alias_of({}, "_acme-challenge.x.example").empty());
}

TEST_CASE("names and values from a document that was tampered with reach no provider") {
  const Dns dns;
  for (const auto& record :
       std::vector<DnsRecord>{{"_acme-challenge.example.com; rm -rf /", "v"},
                                           {"--help", "v"},
                                           {"a..b", "v"},
                                           {"", "v"},
                                           {"_acme-challenge.example.com", ""},
                                           {"_acme-challenge.example.com", "$(id)"},
                                           {"_acme-challenge.example.com\n", "v"},
                                           {"com", "v"},
                                           {"-x.example.com", "v"}}) {
    CAPTURE(record.name);
    CHECK(error_of([&] { present_records(dns.home, dns.settings(), {record}); }).code == Exit::bad_input);
    CHECK(error_of([&] { cleanup_records(dns.home, dns.settings(), {record}); }).code == Exit::bad_input);
  }
}

TEST_CASE("a change waits for its lane, and gives up as late") {
  const Dns dns;
  os::make_folder(dns.home.lanes(), 0700);
  const os::Lock other_run(dns.home.lanes() + "/" + provider::file_name_of(dns.script.spec()), Millis(0));
  const auto solver = dns.solver();
  CHECK(error_of([&] { solver->present({dns_task("v1")}); }).code == Exit::later);
  CHECK_FALSE(dns.has("v1"));
}

TEST_CASE("a lane is one file with a readable name") {
  CHECK(provider::file_name_of("cloudflare") == "cloudflare");
  CHECK(provider::file_name_of("cloudflare.work") == "cloudflare.work");
  CHECK(provider::file_name_of("exec:/opt/dns hook") == "exec%3a%2fopt%2fdns%20hook");
  CHECK(provider::file_name_of("../x") == "%2e.%2fx");
  const std::string long_name = provider::file_name_of("exec:/" + std::string(1000, 'a'));
  CHECK(long_name.size() <= 200);
  CHECK(long_name != provider::file_name_of("exec:/" + std::string(1001, 'a')));
}

TEST_CASE("an unknown provider or policy is found before the CA is asked") {
  const Dns dns;
  SolverSettings settings = dns.settings();
  settings.way.provider = "exec:/no/such/program";
  CHECK(error_of([&] { make_solver(dns.home, settings); }).code == Exit::config);
  settings = dns.settings();
  settings.way.propagation = "maybe";
  CHECK(error_of([&] { make_solver(dns.home, settings); }).code == Exit::usage);
}

TEST_CASE("addresses have no dns-01") {
  const Dns dns;
  acme::Authorization authorization;
  authorization.identifier = {"dns", "example.com"};
  authorization.wildcard = true;
  CHECK(dns.solver()->types(authorization) == std::vector<std::string>{"dns-01"});
  authorization.identifier = {"ip", "192.0.2.1"};
  CHECK(dns.solver()->types(authorization).empty());
}

TEST_CASE("a policy of propagation is nothing, none or a wait of at most an hour") {
  for (const char* policy : {"", "none", "wait=0", "wait=3600"})
    CHECK_NOTHROW(check_propagation_policy(policy));
  for (const char* policy : {"wait", "wait=", "wait=-1", "wait=3601", "wait=1s", "all", "none "}) {
    CAPTURE(policy);
    CHECK(error_of([&] { check_propagation_policy(policy); }).code == Exit::usage);
  }
}

TEST_CASE("a fixed wait that the run has no time for is not begun") {
  const net::Resolver resolver("127.0.0.1:1");
  const Error error = error_of([&] {
    wait_for_records({{name, "v"}}, "wait=3600", resolver, Seconds(120), Deadline(Seconds(1)));
  });
  CHECK(error.code == Exit::unreachable);
}

TEST_CASE("without a resolver a name is taken as it is") {
  const net::Resolver resolver("127.0.0.1:1");
  CHECK(follow_cname(resolver, name, Deadline(Seconds(5))) == name);
  CHECK(find_authorities(resolver, {name}, Deadline(Seconds(5))).empty());
}

TEST_CASE("names lie in zones") {
  CHECK(is_within("a.example.com", "example.com"));
  CHECK(is_within("example.com", "example.com"));
  CHECK_FALSE(is_within("badexample.com", "example.com"));
  CHECK(parent("a.example.com") == "example.com");
  CHECK(parent("com").empty());
  CHECK(canonical("A.Example.") == "a.example");
  CHECK(is_loopback("127.0.0.53"));
  CHECK(is_loopback("::1"));
  CHECK_FALSE(is_loopback("192.0.2.1"));
}
