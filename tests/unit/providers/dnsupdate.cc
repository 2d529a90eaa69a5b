// Dynamic updates, from RFC 2136 and RFC 8945. The signatures are Python's, as sdk_dns_wire.cc says.
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;
using provider::Values;

namespace {

constexpr int64_t test_time = 1700000000;
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const Values plain = {{"DNSUPDATE_NAMESERVER", "192.0.2.1"}};
const Values with_key = {{"DNSUPDATE_NAMESERVER", "192.0.2.1"},
                         {"DNSUPDATE_TSIG_KEY", "Certo.Key."},
                         {"DNSUPDATE_TSIG_SECRET", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}};

std::string number(size_t value) {
  return hex(Bytes{static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value & 0xff)});
}

std::string name(const std::string& text) {
  std::string wire;
  for (const std::string& label : split(text, '.')) {
    wire += number(label.size()).substr(2) + hex(as_bytes(label));
  }
  return wire + "00";
}

/// What a message's header counts: questions or zones, answers, authorities or changes, additional records.
std::string counts(size_t answers, size_t changes, size_t additional) {
  return "0001" + number(answers) + number(changes) + number(additional);
}

struct Tsig {
  std::string id, mac;  // no MAC: no record
  std::string error = "0000", other = "";

  size_t count() const { return id.empty() ? 0 : 1; }
  std::string record() const {
    if (id.empty()) return "";
    const std::string data = name("hmac-sha256") + "00006553f100" + "012c" + number(mac.size() / 2) + mac +
                             id + error + number(other.size() / 2) + other;
    return name("certo.key") + "00fa00ff00000000" + number(data.size() / 2) + data;
  }
};

const Tsig no_tsig = {"", ""};

std::string exchange(const std::string& question, const std::string& answer) {
  return "> DNS 192.0.2.1 " + question + "\n< " + answer + "\n";
}

std::string no_zone(const std::string& id, const std::string& zone, const Tsig& asked = no_tsig,
                    const Tsig& answered = no_tsig, const std::string& flags = "8403") {
  const std::string question = name(zone) + "00060001";
  return exchange(id + "0000" + counts(0, 0, asked.count()) + question + asked.record(),
                  id + flags + counts(0, 0, answered.count()) + question + answered.record());
}

std::string is_zone(const std::string& id, const std::string& zone, const Tsig& asked = no_tsig,
                    const Tsig& answered = no_tsig) {
  const std::string question = name(zone) + "00060001";
  const std::string soa = "c00c0006000100000e100016" + std::string(44, '0');
  return exchange(id + "0000" + counts(0, 0, asked.count()) + question + asked.record(),
                  id + "8400" + counts(1, 0, answered.count()) + question + soa + answered.record());
}

std::string addition(const std::string& owner, const std::string& value,
                     const std::string& ttl = "0000003c") {
  return name(owner) + "00100001" + ttl + number(value.size() + 1) + number(value.size()).substr(2) +
         hex(as_bytes(value));
}

std::string removal(const std::string& owner, const std::string& value) {
  return name(owner) + "001000fe00000000" + number(value.size() + 1) + number(value.size()).substr(2) +
         hex(as_bytes(value));
}

std::string update(const std::string& id, const std::vector<std::string>& changes,
                   const std::string& flags = "a800", const Tsig& asked = no_tsig,
                   const Tsig& answered = no_tsig, const std::string& zone = "example.com") {
  return exchange(id + "2800" + counts(0, changes.size(), asked.count()) + name(zone) + "00060001" +
                      join(changes, "") + asked.record(),
                  id + flags + "000000000000" + number(answered.count()) + answered.record());
}

const std::string found_reply =
    no_zone("0001", "_acme-challenge.example.com") + is_zone("0002", "example.com");
const std::string sample_addition = found_reply + update("0003", {addition(sample_record.name, "new")});

const std::string signed_addition =
    no_zone("0001", "_acme-challenge.example.com",
            {"0001", "d339676b6249895b28eaf23e2c67adbfc28b7f3f188e01b9380e4c407471796c"},
            {"0001", "44bc94d170004b222d496a648d94e0b2f7aa964e1d47f4ae32073cb5ab0bfc37"}) +
    is_zone("0002", "example.com",
            {"0002", "de8dab1d34219ced2c4b711529f3d2c645674fcaadea4ec23e35bef8b4031ca7"},
            {"0002", "87260900f625d51682608be1f105bc5b7497c6da5c02d1586327bb92249ae120"}) +
    update("0003", {addition(sample_record.name, "new")}, "a800",
           {"0003", "ff614255679b6aec4d13b44833853b6938e6f2af1e8fa618a6427d88242a9386"},
           {"0003", "4dde200b7332d1799bc9321ced14c6380b98a397db292d64fbd3411fdcd75737"});

Outcome play_update(const char* action, const std::string& transcript,
                    std::vector<Record> records = {sample_record}, Values settings = plain) {
  return play("dnsupdate", action, std::move(records), std::move(settings), transcript, test_time);
}

/// One signed update in a zone that is named, answered so.
Outcome play_answer(const std::string& flags, const Tsig& answered) {
  Values settings = with_key;
  settings["DNSUPDATE_ZONE"] = "example.com";
  const Tsig asked = {"0001", "f896342ed0e209cc28eb85d23833cb80365086bef97bc0233cfce15849dc6d4b"};
  return play_update("present", update("0001", {addition(sample_record.name, "new")}, flags, asked, answered),
                     {sample_record}, settings);
}

/// Settings of a key file, for the one signed update that all forms of the key make.
int play_key_file(const std::string& content, Values settings = {}) {
  settings["DNSUPDATE_NAMESERVER"] = "192.0.2.1";
  settings["DNSUPDATE_TSIG_FILE"] = content;
  return play_update("present", signed_addition, {sample_record}, settings).status;
}

}  // namespace

TEST_CASE("dnsupdate: the server names the zone, and a value is added without reading the others") {
  CHECK(play_update("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("dnsupdate: every message is signed, and every answer's signature counts") {
  CHECK(play_update("present", signed_addition, {sample_record}, with_key).status == CERTO_OK);
}

TEST_CASE("dnsupdate: a change of any byte of a message is noticed") {
  CHECK(unnoticed_changes("dnsupdate", "present", {sample_record}, plain, sample_addition, test_time) == 0);
  CHECK(unnoticed_changes("dnsupdate", "present", {sample_record}, with_key, signed_addition, test_time) ==
        0);
}

TEST_CASE("dnsupdate: cleanup removes one value, whatever its TTL") {
  CHECK(play_update("cleanup", found_reply + update("0003", {removal(sample_record.name, "new")})).status ==
        CERTO_OK);
}

TEST_CASE("dnsupdate: a batch is one message a zone") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"_acme-challenge.example.net", "three", 60},
                                       {"_acme-challenge.www.example.com", "four", 60}};
  const std::string transcript =
      found_reply + no_zone("0003", "_acme-challenge.example.net") + is_zone("0004", "example.net") +
      no_zone("0005", "_acme-challenge.www.example.com") + no_zone("0006", "www.example.com") +
      update("0007", {addition(records[0].name, "one"), addition(records[1].name, "two"),
                      addition(records[3].name, "four")}) +
      update("0008", {addition(records[2].name, "three")}, "a800", no_tsig, no_tsig, "example.net");
  CHECK(play_update("present", transcript, records).status == CERTO_OK);
}

TEST_CASE("dnsupdate: more changes than a message can hold are sent in several") {
  std::vector<Record> records;
  std::vector<std::string> first, second;
  const Values settings = {{"DNSUPDATE_NAMESERVER", "192.0.2.1"}, {"DNSUPDATE_ZONE", "example.com"}};
  for (int i = 1000; i < 2000; ++i) {
    const std::string owner = "_acme-challenge.n" + std::to_string(i) + ".example.com";
    records.push_back({owner, std::string(43, 'v'), 60});
    // 35 bytes of a name, 10 of fixed fields after it, 44 of a value: 726 of them are 64614 bytes.
    (i < 1726 ? first : second).push_back(addition(owner, std::string(43, 'v')));
  }
  CHECK(play_update("present", update("0001", first) + update("0002", second), records, settings).status ==
        CERTO_OK);
}

TEST_CASE("dnsupdate: a given zone is not looked for") {
  const std::string transcript = update("0001", {addition(sample_record.name, "new")});
  for (const char* zones : {"example.com", "com example.com.", "example.org,Example.COM,com"}) {
    const Values settings = {{"DNSUPDATE_NAMESERVER", "192.0.2.1"}, {"DNSUPDATE_ZONES", zones}};
    CHECK(play_update("present", transcript, {sample_record}, settings).status == CERTO_OK);
  }
  const Outcome other = play_update("present", "", {sample_record},
                                    {{"DNSUPDATE_NAMESERVER", "192.0.2.1"}, {"DNSUPDATE_ZONES", "a.org"}});
  CHECK(other.status == CERTO_CONFIG);
  CHECK(other.why == "_acme-challenge.example.com is not in any of DNSUPDATE_ZONES: a.org");
}

TEST_CASE("dnsupdate: the port is the server's own, or the one in the settings") {
  const auto asked = [](const std::string& server) {
    const Values settings = {
        {"DNSUPDATE_NAMESERVER", server}, {"DNSUPDATE_PORT", "5353"}, {"DNSUPDATE_ZONE", "example.com"}};
    Transcript service("");
    provider::Task task;
    task.action = provider::Action::present;
    task.records = {sample_record};
    task.settings = settings;
    provider::call(*provider::find_builtin("dns_nsupdate"), task, service);
    return split(service.fault(), ' ')[1];
  };
  CHECK(asked("ns1.example.com") == "ns1.example.com:5353");
  CHECK(asked("ns1.example.com:54") == "ns1.example.com:54");
  CHECK(asked("2001:db8::1") == "[2001:db8::1]:5353");
  CHECK(asked("[2001:db8::1]") == "[2001:db8::1]:5353");
  CHECK(asked("[2001:db8::1]:54") == "[2001:db8::1]:54");
}

TEST_CASE("dnsupdate: keys are read from the files that BIND's tools write") {
  const std::string secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  CHECK(play_key_file("key \"certo.key\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + secret + "\";\n};\n") ==
        CERTO_OK);
  CHECK(play_key_file("# made by hand\n/* key old; */ // secret\nkey certo.key{secret " + secret + ";};") ==
        CERTO_OK);
  CHECK(play_key_file("certo.key. IN KEY 512 3 163 " + secret.substr(0, 20) + " " + secret.substr(20)) ==
        CERTO_OK);
  const std::string private_key =
      "Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: " + secret + "\n";
  CHECK(play_key_file(private_key, {{"DNSUPDATE_TSIG_KEY", "certo.key"}}) == CERTO_OK);
}

TEST_CASE("dnsupdate: half a key, a file without one, and GSS-TSIG are reported before any request") {
  const auto refused = [](Values settings) {
    settings["DNSUPDATE_NAMESERVER"] = "192.0.2.1";
    const Outcome outcome = play_update("present", "", {sample_record}, settings);
    CHECK(outcome.status == CERTO_CONFIG);
    return outcome.why;
  };
  CHECK(refused({{"DNSUPDATE_TSIG_KEY", "certo.key"}}) == "DNSUPDATE_TSIG_SECRET is not set");
  CHECK(refused({{"DNSUPDATE_TSIG_SECRET", "AAAA"}}) == "DNSUPDATE_TSIG_KEY is not set");
  CHECK(refused({{"DNSUPDATE_TSIG_KEY", "k"}, {"DNSUPDATE_TSIG_SECRET", "hush!"}}) ==
        "the secret of the TSIG key is not base64");
  CHECK(refused({{"DNSUPDATE_TSIG_FILE", "Key: AAAA"}}) == "DNSUPDATE_TSIG_KEY is not set");
  CHECK(refused({{"DNSUPDATE_TSIG_FILE", "x. IN KEY 512 3 1 AAAA"}})
            .starts_with("'number 1' is not a TSIG algorithm"));
  CHECK(refused({{"DNSUPDATE_TSIG_FILE", "\"hush"}}).find("is not a key file") != std::string::npos);
  CHECK(refused({{"DNSUPDATE_TSIG_FILE", "x IN KEY 512 3"}}).find("is not a key file") != std::string::npos);
  CHECK(refused({{"DNSUPDATE_TSIG_GSS_REALM", "EXAMPLE"}}).find("not supported") != std::string::npos);
}

TEST_CASE("dnsupdate: a refusal is reported with the setting to check") {
  const Outcome key = play_answer("a809", {"0001", "", "0011"});
  CHECK(key.status == CERTO_CONFIG);
  CHECK(key.why == "the name server does not know the key Certo.Key with hmac-sha256 (BADKEY)");
  const Outcome secret = play_answer("a809", {"0001", "", "0010"});
  CHECK(secret.status == CERTO_CONFIG);
  CHECK(secret.why == "the secret of the key Certo.Key is wrong (BADSIG)");
  const Outcome clock = play_answer(
      "a809",
      {"0001", "c2eeb7063368846aa7278f960e52ffcc7533dc551f34816f00534061f47207e3", "0012", "0000655400a0"});
  CHECK(clock.status == CERTO_CONFIG);
  CHECK(clock.why == "the name server's clock and this one differ by 4000 s (BADTIME)");
  const Outcome policy =
      play_answer("a805", {"0001", "f8ae39720ef2b158d6157fb7199c4d3153fb46175bcad890df5603b4324adc48"});
  CHECK(policy.status == CERTO_CONFIG);
  CHECK(policy.why ==
        "192.0.2.1 refuses to change _acme-challenge.example.com with the key Certo.Key: its policy does not "
        "allow it");
}

TEST_CASE("dnsupdate: a success without the server's signature does not count") {
  const std::string right = "a3a2b717a5563cf73f646a36694fbba6b40a12ec789b4554c38312a6ab1be999";
  CHECK(play_answer("a800", {"0001", right}).status == CERTO_OK);
  const Outcome wrong = play_answer("a800", {"0001", std::string(64, 'a')});
  CHECK(wrong.status == CERTO_FAILED);
  CHECK(wrong.why == "the name server's answer has a wrong signature");
  CHECK(play_answer("a800", no_tsig).why == "the name server's answer is not signed");
}

TEST_CASE("dnsupdate: no zone, no key though one is required, a server in trouble, and no DNS server") {
  const Outcome none = play_update("present", no_zone("0001", "_acme-challenge.example.com") +
                                                  no_zone("0002", "example.com", no_tsig, no_tsig, "8005"));
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "192.0.2.1 has no zone for _acme-challenge.example.com");

  const auto answered = [](const char* flags) {
    return play_update("present", found_reply + update("0003", {addition(sample_record.name, "new")}, flags));
  };
  CHECK(answered("a805").status == CERTO_CONFIG);
  CHECK(answered("a805").why.find("without a key") != std::string::npos);
  CHECK(answered("a809").status == CERTO_CONFIG);
  CHECK(answered("a809").why ==
        "192.0.2.1 is not the primary of example.com, or does not let it be changed without a key (NOTAUTH)");
  CHECK(answered("a80a").status == CERTO_NO_ZONE);
  CHECK(answered("a802").status == CERTO_UNREACHABLE);
  CHECK(answered("a804").why == "192.0.2.1 answered NOTIMP to an update of example.com");
  CHECK(answered("a80f").why == "192.0.2.1 answered RCODE 15 to an update of example.com");
  CHECK(answered("8400").why == "192.0.2.1 answered another question");

  const std::string asked =
      "> DNS 192.0.2.1 00010000" + counts(0, 0, 0) + name(sample_record.name) + "00060001\n";
  CHECK(play_update("present", asked + "< lost\n").why == "the connection broke");
  CHECK(play_update("present", asked + "< 00018400\n").status == CERTO_UNREACHABLE);
  CHECK(play_update("present", asked + "< 000284000000000000000000\n").why ==
        "192.0.2.1 answered another question");
  CHECK(play_update("present", asked + "< 000184020000000000000000\n").why ==
        "192.0.2.1 answered SERVFAIL to the search for the zone");
}
