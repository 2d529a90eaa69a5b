#include "base/text.h"
#include "fixtures/provider_script.h"
#include "provider/reference.h"

using namespace certo;
using namespace certo::test;
using Record = DnsRecord;

namespace {

const std::vector<Record> two = {{"_acme-challenge.example.com", "value-one"},
                                 {"_acme-challenge.example.com", "-value-two"}};

constexpr const char* keeps_log = R"(echo "$@" >> "$here/log")";
constexpr const char* takes_batches = R"(
case $1 in
  describe) echo '{"certo-dns":1,"batch":true,"settings":["CERTO_TEST_TOKEN"],"propagation":5}'
            echo described >> "$here/described" ;;
  batch) cat >> "$here/log"; env > "$here/env" ;;
  *) exit 1 ;;
esac)";

Error failure_of(const std::string& body, Millis deadline = Seconds(30)) {
  const Script script(body);
  return error_of([&] { script.find({.deadline = deadline})->present(two); });
}

}  // namespace

TEST_CASE("the plain protocol is one call for each record") {
  const Script script(keeps_log);
  const auto provider = script.find();
  CHECK(provider->name() == script.spec());
  provider->present(two);
  provider->cleanup({two[0]});
  CHECK(script.wrote("log") ==
        "describe\n"
        "present _acme-challenge.example.com value-one\n"
        "present _acme-challenge.example.com -value-two\n"
        "cleanup _acme-challenge.example.com value-one\n");
}

TEST_CASE("a provider that takes batches gets all records in one call") {
  const Script script(takes_batches);
  script.find()->present(two);
  CHECK(script.wrote("log") == R"({"certo-dns":1,"action":"present","records":[)"
                               R"({"name":"_acme-challenge.example.com","value":"value-one","ttl":60},)"
                               R"({"name":"_acme-challenge.example.com","value":"-value-two","ttl":60}]})"
                               "\n");
}

TEST_CASE("a provider is described once, however often certo looks it up") {
  const Script script(takes_batches);
  CHECK(script.wrote("described").empty());
  for (int i = 0; i < 3; ++i) script.find()->cleanup(two);
  CHECK(script.find()->propagation() == Seconds(5));
  CHECK(script.wrote("described") == "described\n");
}

TEST_CASE("no records, no call") {
  const Script script(keeps_log);
  script.find()->present({});
  CHECK(script.wrote("log").empty());
}

TEST_CASE("a provider sees the variables that the user lists, and no others, whatever it describes") {
  const Variable token("CERTO_TEST_TOKEN", "t"), listed("CERTO_TEST_LISTED", "l"),
      secret("CERTO_TEST_SECRET", "s");
  const Script script(takes_batches);
  script.find({.environment = {"CERTO_TEST_LISTED", "CERTO_TEST_UNSET"}})->present(two);
  const std::string seen = script.wrote("env");
  CHECK(seen.find("CERTO_TEST_LISTED=l\n") != seen.npos);
  CHECK(seen.find("PATH=") != seen.npos);
  CHECK(seen.find("CERTO_TEST_TOKEN") == seen.npos);
  CHECK(seen.find("CERTO_TEST_SECRET") == seen.npos);
  CHECK(seen.find("CERTO_TEST_UNSET") == seen.npos);
}

TEST_CASE("certo-dns-NAME also sees the variables that it describes, if they begin with its name") {
  const Variable own("EXAMPLE_TOKEN", "own"), foreign("AWS_SECRET_ACCESS_KEY", "foreign");
  const Script script(
      R"([ "$1" = describe ] && echo '{"certo-dns":1,"settings":["EXAMPLE_TOKEN","AWS_SECRET_ACCESS_KEY"]}'
env > "$here/env")",
      "certo-dns-example");
  const Variable path("PATH", script.folder.path + ":/usr/bin:/bin");
  provider::find({.spec = "example"})->present({two[0]});
  const std::string seen = script.wrote("env");
  CHECK(seen.find("EXAMPLE_TOKEN=own\n") != seen.npos);
  CHECK(seen.find("AWS_SECRET_ACCESS_KEY") == seen.npos);
}

TEST_CASE("an adapter sees the path of the hook that it runs") {
  const Variable hook("EXEC_PATH", "/etc/lego/dns.sh");
  const Script script(R"([ "$1" = describe ] && echo '{"certo-dns":1,"settings":["EXEC_PATH"]}'
env > "$here/env")");
  script.find()->present({two[0]});
  CHECK(script.wrote("env").find("EXEC_PATH=/etc/lego/dns.sh\n") != std::string::npos);
}

TEST_CASE("a provider gets the variables of the given file") {
  const Script script(R"(env > "$here/env")");
  const std::string file = script.folder / "settings";
  os::write_file(file, "ONE=1\nTWO=' 2 '\n", 0600);
  const Variable one("ONE", "of the environment");
  script.find({.environment = {"ONE"}, .credentials = file})->present({two[0]});
  const std::string seen = script.wrote("env");
  CHECK(seen.find("ONE=1\n") != seen.npos);
  CHECK(seen.find("TWO= 2 \n") != seen.npos);
  os::write_file(file, "NOT A NAME=1\n", 0600);
  CHECK(error_of([&] { script.find({.credentials = file}); }).message ==
        file + ":1: 'NOT A NAME' is not the name of a variable");
}

TEST_CASE("variables that a provider got from the environment are stored for renewals") {
  const Script script(R"(env > "$here/env")");
  const TempDir folder;
  provider::Choice choice{.environment = {"TOKEN"}, .credentials_folder = folder.path, .keep = true};
  {
    const Variable token("TOKEN", " 'a b' ");
    script.find(choice)->present({two[0]});
  }
  const std::string stored = folder / provider::file_name_of(script.spec());
  CHECK(mode_of(stored) == 0600);
  script.find(choice)->present({two[0]});
  CHECK(script.wrote("env").find("TOKEN= 'a b' \n") != std::string::npos);

  // What another certificate needs of the same program is stored in addition.
  {
    const Variable other("OTHER", "o");
    choice.environment = {"OTHER"};
    script.find(choice)->present({two[0]});
  }
  script.find(choice)->present({two[0]});
  CHECK(script.wrote("env").find("OTHER=o\n") != std::string::npos);
  CHECK(script.wrote("env").find("TOKEN= 'a b' \n") != std::string::npos);
}

TEST_CASE("nothing is stored of a provider that failed, or if the user does not want it") {
  const TempDir folder;
  const Variable token("TOKEN", "t");
  provider::Choice choice{.environment = {"TOKEN"}, .credentials_folder = folder.path, .keep = true};
  const Script fails("exit 1");
  error_of([&] { fails.find(choice)->present({two[0]}); });
  choice.keep = false;
  Script("exit 0").find(choice)->present({two[0]});
  CHECK(os::list_folder(folder.path).empty());
}

TEST_CASE("the values of settings are masked in the output of a provider") {
  const Variable token("TOKEN", "t0ken-of-ours");
  const Script script(R"(echo "refused: $TOKEN at https://me:pass@api.example/x" >&2; exit 1)");
  const Error error = error_of([&] { script.find({.environment = {"TOKEN"}})->present({two[0]}); });
  CHECK(error.message.ends_with("refused: *** at https://***@api.example/x"));
}

TEST_CASE("the reason of a failure is the last line that the provider wrote to stderr") {
  const Error error =
      failure_of("[ $1 = describe ] && exit; echo noise >&2; echo 'no such zone' >&2; exit 3");
  CHECK(error.code == Exit::failed);
  CHECK(error.message.ends_with("dns-script: present _acme-challenge.example.com: no such zone"));
  CHECK(error.hint.find("--dns-env") != std::string::npos);
}

TEST_CASE("a provider that fails without a word is reported with its exit code") {
  CHECK(failure_of("exit 3").message.ends_with("ended with exit code 3"));
}

TEST_CASE("a provider that crashes is a failed challenge") {
  const Error error = failure_of("kill -SEGV $$");
  CHECK(error.code == Exit::failed);
  CHECK(error.message.ends_with("ended by signal 11"));
}

TEST_CASE("exit code 78 is a missing setting, and 75 is worth another try") {
  CHECK(failure_of("exit 78").code == Exit::config);
  CHECK(failure_of("exit 75").code == Exit::unreachable);
}

TEST_CASE("a provider that hangs is ended at its deadline") {
  const Error error = failure_of("[ $1 = describe ] && exit; sleep 1000", Millis(100));
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.find("did not end within") != std::string::npos);
}

TEST_CASE("a provider that floods its output is read to the end and does not fill the memory") {
  const Error error = failure_of("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 1");
  CHECK(error.message.size() < 100'000);
}

TEST_CASE("a record that cannot be removed does not prevent the removal of the others") {
  const Script script(std::string(keeps_log) + "\n[ \"$3\" != value-one ]");
  const Error error = error_of([&] { script.find()->cleanup(two); });
  CHECK(error.code == Exit::failed);
  CHECK(script.wrote("log").find("cleanup _acme-challenge.example.com -value-two\n") != std::string::npos);
}

TEST_CASE("after a record that cannot be added, no other is tried") {
  const Script script(std::string(keeps_log) + "\n[ \"$3\" != value-one ]");
  error_of([&] { script.find()->present(two); });
  CHECK(script.wrote("log").find("value-two") == std::string::npos);
}

TEST_CASE("a program gets the zone that the user names") {
  const Script script(R"(printf '%s' "${CERTO_DNS_ZONE-none}" > "$here/zone")");
  script.find()->present({{"_acme-challenge.example.com", "value"}});
  CHECK(script.wrote("zone") == "none");
  script.find({.zone = "example.com"})->present({{"_acme-challenge.example.com", "value"}});
  CHECK(script.wrote("zone") == "example.com");
}
