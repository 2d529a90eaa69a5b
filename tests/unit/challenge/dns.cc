#include "challenge/dns.h"

#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/methods.h"
#include "challenge/propagation.h"
#include "challenge/take_out.h"
#include "fixtures/challenge_task.h"
#include "fixtures/provider_script.h"
#include "net/authority.h"
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

  store::Dns way() const {
    store::Dns way;
    way.provider = script.spec();
    way.propagation = store::NoWait{};
    way.resolvers = {{"127.0.0.1:1"}};  // nothing listens there: refused at once
    return way;
  }
  SolverSettings settings() const { return {.lock_timeout = Millis(0)}; }
  std::unique_ptr<acme::Solver> solver() const { return solver(way()); }
  std::unique_ptr<acme::Solver> solver(const store::Dns& way) const {
    return method_solver(way, home, settings());
  }
  bool has(const std::string& value) const {
    return os::exists(script.folder / (std::string(name) + "=" + value));
  }
  std::vector<std::string> journals() const { return os::list_folder(home.presented()); }

  Script script;
  TempDir temporary;
  store::Home home{temporary / "home"};
};

}  // namespace

TEST_CASE("records of a name and its wildcard are added together, and removed") {
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

TEST_CASE("records that a provider added before it failed are removed") {
  const Dns dns(std::string("[ $1-$3 = present-v2 ] && exit 1") + folder_as_zone);
  const auto solver = dns.solver();
  CHECK(error_of([&] { solver->present({dns_task("v1"), dns_task("v2")}); }).code == Exit::failed);
  CHECK(dns.has("v1"));
  solver->cleanup();
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("records that could not be removed stay in the journal, and the next run removes them") {
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
  sweep_records(dns.home, dns.settings());
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("the records of a run that died are removed, whatever the next run does") {
  const Dns dns;
  in_child([&] {
    dns.solver().release()->present({dns_task("v1")});
    ::_exit(0);
    return 0;
  });
  CHECK(dns.has("v1"));
  sweep_records(dns.home, dns.settings());
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("records that `present` added stay until `cleanup`") {
  const Dns dns;
  present_records(dns.home, dns.way(), dns.settings(), {{name, "v1"}});
  sweep_records(dns.home, dns.settings());
  CHECK(dns.has("v1"));
  cleanup_records(dns.home, dns.way(), dns.settings(), {{name, "v1"}});
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("`present` leaves nothing behind when it fails") {
  const Dns dns(std::string("[ $1-$3 = present-v2 ] && exit 78") + folder_as_zone);
  const Error error = error_of([&] {
    present_records(dns.home, dns.way(), dns.settings(), {{name, "v1"}, {name, "v2"}});
  });
  CHECK(error.code == Exit::config);
  CHECK_FALSE(dns.has("v1"));
  CHECK(dns.journals().empty());
}

// The thread sanitizer's library needs what the cage refuses.
#ifdef __SANITIZE_THREAD__
constexpr bool can_cage = false;
#else
constexpr bool can_cage = true;
#endif

TEST_CASE("if nothing was added, nothing is removed and no journal is left" * doctest::skip(!can_cage)) {
  const Dns dns;
  const Variable url("PDNS_API_URL", "http://127.0.0.1:1");
  const Variable key("PDNS_API_KEY", "k");
  store::Dns way = dns.way();
  way.provider = "pdns";
  const auto solver = dns.solver(way);
  CHECK(error_of([&] { solver->present({dns_task("v1")}); }).code == Exit::unreachable);
  for (const std::string& file : dns.journals()) CHECK(file.ends_with(".lock"));
  solver->cleanup();
  CHECK(dns.journals().empty());
  CHECK(error_of([&] {
          present_records(dns.home, way, dns.settings(), {{name, "v1"}});
        }).code == Exit::unreachable);
  CHECK(dns.journals().empty());
}

TEST_CASE("a service that holds one value gets one task in a round, another one gets all") {
  const Dns dns;
  CHECK(dns.solver()->rounds({dns_task("v1"), dns_task("v2")}).size() == 1);
  const Variable token("DUCKDNS_TOKEN", "t");
  store::Dns way = dns.way();
  way.provider = "duckdns";
  const auto rounds = dns.solver(way)->rounds({dns_task("v1"), dns_task("v2")});
  REQUIRE(rounds.size() == 2);
  CHECK(rounds[0].at(0).record.value == "v1");
  CHECK(rounds[1].at(0).record.value == "v2");
}

TEST_CASE("a record goes to its alias, and is removed there") {
  const Dns dns;
  store::Dns way = dns.way();
  way.aliases = parse_aliases({"example.com=validation.example"});
  const auto solver = dns.solver(way);
  solver->present({dns_task("v1"), dns_task("v2", "_acme-challenge.other.example")});
  CHECK(os::exists(dns.script.folder / "_acme-challenge.validation.example=v1"));
  CHECK(os::exists(dns.script.folder / "_acme-challenge.other.example=v2"));
  solver->cleanup();
  CHECK_FALSE(os::exists(dns.script.folder / "_acme-challenge.validation.example=v1"));
  CHECK(dns.journals().empty());
}

TEST_CASE("an alias is for one name or for all, and names the place of a challenge or of a record") {
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

TEST_CASE("a CNAME is followed to names that begin with '_', and into a zone that --alias names") {
  CHECK(may_hold_record("_acme-challenge.elsewhere.example", {}));
  CHECK(may_hold_record("_x.elsewhere.example", {}));
  CHECK_FALSE(may_hold_record("www.elsewhere.example", {}));
  const auto aliases = parse_aliases({"a.example=elsewhere.example", "b.example==plain.other.example"});
  CHECK(may_hold_record("www.elsewhere.example", aliases));
  CHECK(may_hold_record("plain.other.example", aliases));
  CHECK_FALSE(may_hold_record("www.other.example", aliases));
  CHECK_FALSE(may_hold_record("badelsewhere.example", aliases));
}

TEST_CASE("only a service whose names were all made for challenges may be led anywhere") {
  const Dns dns;
  const Variable user("ACMEDNS_USERNAME", "u"), password("ACMEDNS_PASSWORD", "p"),
      name("ACMEDNS_SUBDOMAIN", "s");
  store::Dns way = dns.way();
  CHECK(Lane(dns.home, way, Millis(0)).follow() == Follow::to_challenge_names);
  way.provider = "acmedns";
  CHECK(Lane(dns.home, way, Millis(0)).follow() == Follow::anywhere);
}

TEST_CASE("a name's own alias comes before the alias of all names") {
  const auto aliases = parse_aliases({"b.example", "a.example==c.example"});
  CHECK(alias_of(aliases, "_acme-challenge.a.example") == "c.example");
  CHECK(alias_of(aliases, "_acme-challenge.x.example") == "_acme-challenge.b.example");
  CHECK(alias_of({}, "_acme-challenge.x.example").empty());
  CHECK(alias_of(aliases, "_abc._acme-challenge.a.example") == "c.example");
  CHECK(alias_of(aliases, "_abc._acme-challenge.x.example") == "_abc._acme-challenge.b.example");
}

TEST_CASE("names and values from a forged document reach no provider") {
  const Dns dns;
  for (const auto& record : std::vector<DnsRecord>{{"_acme-challenge.example.com; rm -rf /", "v"},
                                                   {"--help", "v"},
                                                   {"a..b", "v"},
                                                   {"", "v"},
                                                   {"_acme-challenge.example.com", ""},
                                                   {"_acme-challenge.example.com", "$(id)"},
                                                   {"_acme-challenge.example.com\n", "v"},
                                                   {"com", "v"},
                                                   {"-x.example.com", "v"}}) {
    CAPTURE(record.name);
    CHECK(error_of([&] { present_records(dns.home, dns.way(), dns.settings(), {record}); }).code ==
          Exit::bad_input);
    CHECK(error_of([&] { cleanup_records(dns.home, dns.way(), dns.settings(), {record}); }).code ==
          Exit::bad_input);
  }
}

TEST_CASE("equal records of several dead runs are removed with one call") {
  const Dns dns(std::string("[ $1 = describe ] || echo $1 $3 >> $here/calls\n") + folder_as_zone);
  for (int i = 0; i < 3; ++i) {
    in_child([&] {
      dns.solver().release()->present({dns_task("v1")});
      ::_exit(0);
      return 0;
    });
  }
  os::remove_file(dns.script.folder / "calls");
  sweep_records(dns.home, dns.settings());
  CHECK(os::read_file(dns.script.folder / "calls").ends_with("cleanup v1\n"));
  CHECK(os::read_file(dns.script.folder / "calls").find("cleanup") ==
        os::read_file(dns.script.folder / "calls").rfind("cleanup"));
  CHECK(dns.journals().empty());
}

TEST_CASE("a record that cannot be removed is not tried again at once, and the others are removed") {
  const Dns dns(std::string("echo $1 $3 >> $here/calls\n[ $1-$3 = cleanup-v1 ] && exit 1\n") +
                folder_as_zone);
  for (const char* value : {"v1", "v2"}) {
    in_child([&] {
      dns.solver().release()->present({dns_task(value)});
      ::_exit(0);
      return 0;
    });
  }
  sweep_records(dns.home, dns.settings());
  CHECK_FALSE(dns.has("v2"));
  CHECK(dns.has("v1"));
  os::remove_file(dns.script.folder / "calls");
  sweep_records(dns.home, dns.settings());
  CHECK_FALSE(os::exists(dns.script.folder / "calls"));
  CHECK(store::Presented::forget(dns.home, name) == 1);
  CHECK(dns.journals().empty());
}

TEST_CASE("a program that cannot be started leaves no journal") {
  const Dns dns;
  const auto solver = dns.solver();
  os::write_file(dns.script.spec().substr(5), "#!/no/such/interpreter\n", 0755);
  CHECK(error_of([&] { solver->present({dns_task("v1")}); }).code == Exit::config);
  solver->cleanup();
  CHECK(dns.journals().empty());
}

TEST_CASE("the deadline of a change counts the wait for its lane") {
  const Dns dns;
  os::make_folder(dns.home.lanes(), 0700);
  const os::Lock other_run(dns.home.lanes() + "/" + provider::file_name_of(dns.script.spec()), Millis(0));
  const Lane lane(dns.home, dns.way(), Seconds(60));
  const Deadline patience(Seconds(30));
  CHECK(error_of([&] { lane.present({{name, "v1"}}, Deadline(Millis(50))); }).code == Exit::later);
  CHECK(error_of([&] { lane.cleanup({{name, "v1"}}, Deadline(Millis(50))); }).code == Exit::later);
  CHECK_FALSE(patience.passed());
}

TEST_CASE("a change waits for its lane only as long as it may") {
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

TEST_CASE("an unknown provider is found before the CA is contacted") {
  const Dns dns;
  store::Dns way = dns.way();
  way.provider = "exec:/no/such/program";
  CHECK(error_of([&] { dns.solver(way); }).code == Exit::config);
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

TEST_CASE("a fixed wait that is longer than the remaining time is not begun") {
  const net::Resolver resolver({"127.0.0.1:1"});
  const Error error = error_of([&] {
    wait_for_records({{name, "v"}}, store::FixedWait{Seconds(3600)}, resolver, Seconds(120),
                     Deadline(Seconds(1)));
  });
  CHECK(error.code == Exit::unreachable);
}

TEST_CASE(
    "if only a resolver can be asked, its no is a warning before the CA looks, and a failure for a trial") {
  const net::Resolver resolver({"127.0.0.1:1"});
  const Deadline deadline(Seconds(5));
  wait_for_records({{name, "v"}}, store::AskServers{}, resolver, Seconds(0), deadline);
  const Error error = error_of([&] {
    wait_until_shown({{name, {"v"}}}, resolver, deadline.at_most(Seconds(0)));
  });
  CHECK(error.code == Exit::unreachable);
}

TEST_CASE("without a resolver a name does not change") {
  const net::Resolver resolver({"127.0.0.1:1"});
  for (const Blocked blocked : {Blocked::stay, Blocked::ask_resolver}) {
    const CnameEnd end =
        follow_cnames(resolver, {name}, {}, Follow::to_challenge_names, blocked, Deadline(Seconds(5)))
            .front();
    CHECK(end.name == name);
    CHECK(end.is_known == (blocked == Blocked::ask_resolver));
  }
  CHECK(net::find_authorities(resolver, {name}, Deadline(Seconds(5))).empty());
}
