// Scripts of acme.sh: what certo reads in them, how it finds and runs them, and what it keeps.
#include "provider/script.h"

#include <algorithm>
#include <deque>
#include <filesystem>

#include "base/text.h"
#include "fixtures/provider_script.h"
#include "provider/credentials.h"
#include "provider/script_codes.h"
#include "provider/script_http.h"
#include "provider/script_output.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::vector<DnsRecord> one_record = {{"_acme-challenge.example.com", "the-value"}};

constexpr const char* info_block = R"(#!/usr/bin/env sh
dns_mine_info='Example DNS
 More about it.
Site: example.com
Docs: example.com/docs
Options:
 MINE_Token API token
 MINE_Zone Zone. Optional.
 PATH must not be taken
Optional:
 MINE_Wait - Seconds
OptionsAlt: another way
 MINE_Key API key
Issues: nowhere
'
)";

/// dns_mine.sh in a provider folder, with a folder for what is stored.
struct Mine {
  explicit Mine(const std::string& add, const std::string& rm = "return 0") {
    std::filesystem::create_directories(folder / "providers");
    path = folder / "providers/dns_mine.sh";
    os::write_file(
        path, std::string(info_block) + "dns_mine_add() {\n" + add + "\n}\ndns_mine_rm() {\n" + rm + "\n}\n",
        0644);
  }
  std::unique_ptr<provider::Provider> find(provider::Choice choice = {}) const {
    if (choice.spec.empty()) choice.spec = "dns_mine";
    choice.providers_folder = folder / "providers";
    choice.credentials_folder = folder / "credentials";
    return provider::find(choice);
  }
  Error failure(provider::Choice choice = {}) const {
    return error_of([&] { find(choice)->present(one_record); });
  }
  provider::Values stored(const std::string& name = "acmesh-dns_mine") const {
    return provider::read_stored(folder / "credentials/" + name);
  }
  std::string wrote(const std::string& name) const { return os::read_file_if(folder / name).value_or(""); }

  TempDir folder;
  std::string path;
};

/// Answers in the order in which they are given.
struct Answers : net::Transport {
  std::deque<net::HttpReply> replies;
  std::vector<net::HttpRequest> seen;

  void add(int status, const std::string& body, const std::string& location = "") {
    net::HttpReply reply;
    reply.status = status;
    reply.body = body;
    reply.head = "HTTP/1.1 " + std::to_string(status) + "\r\n";
    if (!location.empty()) reply.headers.emplace_back("location", location);
    replies.push_back(reply);
  }
  net::Pending send(net::HttpRequest request) override {
    seen.push_back(std::move(request));
    std::promise<net::HttpReply> promise;
    promise.set_value(replies.front());
    if (replies.size() > 1) replies.pop_front();
    return net::Pending(promise.get_future());
  }
};

bool has_header(const net::HttpRequest& request, const std::string& line) {
  return std::ranges::find(request.headers, line) != request.headers.end();
}

}  // namespace

TEST_CASE("the info block of a script tells its settings") {
  const provider::ScriptInfo info = provider::parse_script(
      std::string(info_block) +
      "V=$(_readaccountconf_mutable MINE_Other)\nW=\"$(_readdomainconf \"MINE_Last\")\"\n");
  CHECK(info.title == "Example DNS");
  CHECK(info.site == "example.com");
  std::string shown;
  for (const provider::Setting& one : info.settings) shown += one.name + std::to_string(one.group) + " ";
  CHECK(shown == "MINE_Token1 MINE_Zone0 MINE_Wait0 MINE_Key2 MINE_Other0 MINE_Last0 CA_BUNDLE0 CA_PATH0 ");
  CHECK(info.settings[0].about == "API token");
}

TEST_CASE("text that is not a script of acme.sh has the common settings only") {
  for (const std::string text :
       {"", "_info='", "x_info='", "x_info='\nOptions:\n", "a b_info='T\nOptions:\n X y'"}) {
    CAPTURE(text);
    CHECK(provider::parse_script(text).settings.size() == 2);
  }
}

TEST_CASE("a script gets its settings, the record and a folder of its own") {
  const Mine mine("printf '%s %s %s' \"$MINE_Token\" \"$1\" \"$2\" >\"$MINE_Zone\"");
  const Variable token("MINE_Token", "secret-token"), zone("MINE_Zone", mine.folder / "got");
  mine.find()->present(one_record);
  CHECK(mine.wrote("got") == "secret-token _acme-challenge.example.com the-value");
  CHECK(mine.stored().empty());  // nobody asked certo to keep it
}

TEST_CASE("what a script saves is kept, and a renewal finds it in an empty environment") {
  const Mine mine(R"(
MINE_Token="${MINE_Token:-$(_readaccountconf_mutable MINE_Token)}"
[ "$MINE_Token" ] || { _err "You did not set MINE_Token."; return 1; }
_saveaccountconf_mutable MINE_Token "$MINE_Token"
_savedomainconf MINE_Zone example.com)");
  {
    const Variable token("MINE_Token", "secret-token"), key("MINE_Key", "other");
    mine.find({.keep = true})->present(one_record);
  }
  CHECK(mine.stored() == provider::Values{{"SAVED_MINE_Token", "secret-token"}, {"MINE_Key", "other"}});
  CHECK(mine.stored("acmesh-dns_mine%40_acme-challenge.example.com") ==
        provider::Values{{"MINE_Zone", "example.com"}});
  mine.find({.keep = true, .surroundings = provider::Surroundings::of_cron})->present(one_record);
  CHECK(mine.find({.surroundings = provider::Surroundings::of_cron})->settings().at("MINE_Token") ==
        "secret-token");
}

TEST_CASE("an account of its own has settings of its own") {
  const Mine mine("_saveaccountconf_mutable MINE_Token \"$MINE_Token\"");
  const Variable token("MINE_Token", "secret-token");
  CHECK(mine.find({.spec = "dns_mine.work", .keep = true})->name() == "dns_mine.work");
  mine.find({.spec = "dns_mine.work", .keep = true})->present(one_record);
  CHECK(mine.stored("acmesh-dns_mine.work").size() == 1);
  CHECK(mine.stored().empty());
  CHECK(error_of([&] { mine.find({.spec = "dns_mine.a b"}); }).code == Exit::config);
}

TEST_CASE("notes of a script are kept until it clears them, also if certo may not store settings") {
  const Mine mine("_savedomainconf id_of_record 17\n_saveaccountconf MINE_Token x",
                  "[ \"$(_readdomainconf id_of_record)\" = 17 ] && _cleardomainconf id_of_record");
  mine.find()->present(one_record);
  CHECK(mine.stored("acmesh-dns_mine%40_acme-challenge.example.com").at("id_of_record") == "17");
  CHECK(mine.stored().empty());
  mine.find()->cleanup(one_record);
  CHECK(mine.stored("acmesh-dns_mine%40_acme-challenge.example.com").empty());
}

TEST_CASE("a value of several lines is kept") {
  const Mine mine("_saveaccountconf note \"$(printf 'a\\nb')\"",
                  "[ \"$(_readaccountconf note)\" = \"$(printf 'a\\nb')\" ]");
  mine.find({.keep = true})->present(one_record);
  mine.find()->cleanup(one_record);
}

TEST_CASE("settings of a file are passed, and not copied") {
  const Mine mine("_saveaccountconf_mutable MINE_Token \"$MINE_Token\"; [ \"$MINE_Token\" = from-file ]");
  os::write_file(mine.folder / "settings", "MINE_Token=from-file\n", 0600);
  mine.find({.credentials = mine.folder / "settings", .keep = true})->present(one_record);
  CHECK(mine.stored().empty());
  os::write_file(mine.folder / "settings", "LD_PRELOAD=/tmp/x.so\n", 0600);
  CHECK(error_of([&] { mine.find({.credentials = mine.folder / "settings"}); }).code == Exit::config);
}

TEST_CASE("a script that fails tells its own words, without its secrets") {
  const Mine mine("_err \"bad token $MINE_Token.\"; _err \"Get one at example.com\"; return 1");
  const Variable token("MINE_Token", "secret-token-1");
  const Error error = mine.failure();
  CHECK(error.code == Exit::failed);
  CHECK(error.message == "dns_mine: add _acme-challenge.example.com: bad token ***; Get one at example.com");
}

TEST_CASE("a script is given TXT records only") {
  const Mine mine("printf added > /dev/null");
  const std::vector<DnsRecord> caa = {{"example.com", "0 issue \"ca.test\"", "CAA"}};
  const auto script = mine.find();
  CHECK(error_of([&] { script->present(caa); }).code == Exit::config);
  CHECK(error_of([&] { script->cleanup(caa); }).message == "dns_mine: a program cannot write CAA records");
}

TEST_CASE("without settings, the hint tells which") {
  const Mine mine("_saveaccountconf_mutable note ''; _err 'no token'; return 1");
  CHECK(mine.failure().code == Exit::config);
  const Error error = mine.failure();
  CHECK(error.code == Exit::config);
  CHECK(error.hint.starts_with("none of its settings is set: set MINE_Token in the environment"));
}

TEST_CASE("a helper that nobody knows, and a program that is missing, are reported") {
  Error error = Mine("_no_such_helper x || return 1").failure();
  CHECK(error.code == Exit::config);
  CHECK(error.message.find("it calls _no_such_helper, which is not one of acme.sh's helpers") !=
        error.message.npos);
  error = Mine("no-such-jq . || return 1").failure();
  CHECK(error.message.find("it needs the program no-such-jq") != error.message.npos);
  CHECK(error.hint == "install no-such-jq");
}

TEST_CASE("a script that does not end is ended, and a long wait is not begun") {
  Error error = Mine("while :; do :; done").failure({.deadline = Millis(300)});
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.find("did not end within") != error.message.npos);
  error = Mine("x=$(_sleep 900); return 0").failure();
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message.find("it wants to wait for 900 s") != error.message.npos);
}

TEST_CASE("a script without the function of its name, or that sh cannot read, is refused") {
  const Mine mine("return 0");
  os::write_file(mine.path, "other_add() { :; }\n", 0644);
  CHECK(mine.failure().message.find("it has no function dns_mine_add") != std::string::npos);
  os::write_file(mine.path, "dns_mine_add() { if\n", 0644);
  CHECK(mine.failure().code == Exit::config);
}

TEST_CASE("a script saves no more than certo keeps, and under no other names") {
  CHECK(Mine("_saveaccountconf ../x y || return 1").failure().code == Exit::config);
  const Mine mine("x=$(printf '%09000d' 1); _saveaccountconf big \"$x\"");
  CHECK(mine.failure().code != Exit::ok);
}

TEST_CASE("a script is found by name and path, and a provider of certo comes first") {
  const Mine mine("return 0");
  std::filesystem::copy(mine.path, mine.folder / "providers/dns_cf.sh");
  CHECK(mine.find({.spec = mine.path})->name() == "dns_mine");
  CHECK(mine.find({.spec = "acmesh:dns_mine"})->name() == "dns_mine");
  const Error of_native = error_of([&] { mine.find({.spec = "dns_cf"}); });
  CHECK(of_native.message.starts_with("cloudflare: "));
  CHECK(mine.find({.spec = "acmesh:dns_cf"})->name() == "dns_cf");
  const Error missing = error_of([&] { mine.find({.spec = "dns_nowhere"}); });
  CHECK(missing.code == Exit::config);
  CHECK(missing.message == "there is no DNS provider 'dns_nowhere', and no script dns_nowhere.sh of acme.sh");
  std::filesystem::permissions(mine.path, std::filesystem::perms(0666));
  CHECK(error_of([&] { mine.find(); }).code == Exit::config);
}

TEST_CASE("a request of a script: headers, type, body, and a user in the URL") {
  const auto request = provider::parse_script_request(
      "PUT https://user:p%40ss@api.example/a b?c=[1]#x\ntype application/json\nredirects \ninsecure 1\n"
      "bundle /etc/roots.pem\nheader X-Token: abc\nheader broken\n\n{\"a\":\n\n1}");
  CHECK(request.http.method == "PUT");
  CHECK(request.http.url.text == "https://api.example/a%20b?c=[1]");
  CHECK(request.http.body == "{\"a\":\n\n1}");
  CHECK(request.bundle == "/etc/roots.pem");
  CHECK(request.wants_no_check);
  CHECK(request.follows);
  CHECK(request.http.headers == std::vector<std::string>{"X-Token: abc", "Authorization: Basic dXNlcjpwQHNz",
                                                         "Content-Type: application/json"});
  CHECK(error_of([] { provider::parse_script_request("GET http://api.example/\n\n"); }).code == Exit::config);
  CHECK(error_of([] { provider::parse_script_request(""); }).code == Exit::config);
}

TEST_CASE("redirects: a POST becomes a GET, another server gets no header") {
  auto request = provider::parse_script_request("POST https://a.example/login\nheader X-Token: abc\n\nbody");
  Answers answers;
  answers.add(302, "", "/next");
  answers.add(307, "", "https://b.example/");
  answers.add(200, "done");
  const auto reply = provider::exchange(request, answers);
  CHECK(reply.body == "done");
  CHECK(reply.heads == "HTTP/1.1 302\r\nHTTP/1.1 307\r\nHTTP/1.1 200\r\n");
  CHECK(answers.seen[1].method == "GET");
  CHECK(answers.seen[1].body.empty());
  CHECK(has_header(answers.seen[1], "X-Token: abc"));
  CHECK(!has_header(answers.seen[2], "X-Token: abc"));
  Answers downgrade, circle;
  downgrade.add(302, "", "http://127.0.0.1/");
  CHECK_THROWS_AS(provider::exchange(request, downgrade), Error);
  circle.add(302, "", "/login");
  CHECK(error_of([&] { provider::exchange(request, circle); }).message.find("too often") !=
        std::string::npos);
  request.follows = false;
  CHECK(provider::exchange(request, circle).heads == "HTTP/1.1 302\r\n");
}

TEST_CASE("codes refuse what they cannot take") {
  using provider::script_code;
  CHECK(script_code({"no-such-code"}, "") == std::nullopt);
  CHECK_THROWS_AS(script_code({"dbase64"}, "***"), Error);
  CHECK_THROWS_AS(script_code({"digest", "rot13"}, ""), Error);
  CHECK_THROWS_AS(script_code({"hmac", "rot13"}, "00\n"), Error);
  CHECK_THROWS_AS(script_code({"sign", "/no/such/key", "sha256"}, ""), Error);
  CHECK(script_code({"from-hex"}, "4a 4B\n6") == "JK");
  CHECK(script_code({"idn", "_acme-challenge.bücher.example,b.example"}, "") ==
        "_acme-challenge.xn--bcher-kva.example,b.example");
}

TEST_CASE("the command that sh did not find") {
  CHECK(provider::missing_command("/tmp/x/host.sh: 12: jq: not found\n") == "jq");
  CHECK(provider::missing_command("host.sh: line 3: _helper: not found") == "_helper");
  CHECK(provider::missing_command("bash: line 1: jq: command not found") == "jq");
  CHECK(provider::missing_command("the zone: not found in this account") == std::nullopt);
  CHECK(provider::last_errors("a\n\nb.\na\n") == std::vector<std::string>{"b", "a"});
}
