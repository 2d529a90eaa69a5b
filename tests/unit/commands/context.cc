// What commands read out of their arguments: names, ways, servers, accounts and defaults.
#include <doctest/doctest.h>

#include <cstdlib>

#include "cli/table.h"
#include "commands/context.h"
#include "console/defaults.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "store/servers.h"

using namespace certo;
using certo::cli::find_command;
using namespace certo::commands;
using certo::test::error_of;
using certo::test::TempDir;

namespace {

/// `certo order …` with a state folder of its own.
struct Line {
  TempDir folder;
  std::string state = folder / "state";

  Line() { os::make_folder(state, 0700); }
  void config(const std::string& text) const { os::write_file(state + "/certo.conf", text, 0600); }
  Args args(std::vector<std::string> arguments, const char* command = "issue") const {
    arguments.insert(arguments.end(), {"--home", state});
    return parse(*find_command(command), arguments);
  }
  Args with_defaults(const std::vector<std::string>& arguments) const {
    Args args = this->args(arguments);
    add_defaults(args, *find_command("issue"), cli::shared_sets());
    return args;
  }
};

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

std::vector<crypto::Identifier> names_of(const std::vector<std::string>& values) {
  Args args;
  for (const std::string& value : values) args.add(flag::domain, value);
  return names(args);
}

}  // namespace

TEST_CASE("names are folded, turned to ASCII and freed of duplicates") {
  const auto found =
      names_of({"Example.com,www.example.com", "bücher.example", "example.com", "2001:DB8::1"});
  REQUIRE(found.size() == 4);
  CHECK(found[0].value == "example.com");
  CHECK(found[2].value == "xn--bcher-kva.example");
  CHECK(found[3] == crypto::Identifier{"ip", "2001:db8::1"});
}

TEST_CASE("a name that a wildcard in the same request covers is refused before any request") {
  const Error error = error_of([] { names_of({"www.example.com", "*.example.com"}); });
  CHECK(error.code == Exit::usage);
  CHECK(error.message == "'www.example.com' is already covered by '*.example.com'");
  CHECK(names_of({"example.com", "*.example.com"}).size() == 2);
  CHECK(names_of({"a.b.example.com", "*.example.com"}).size() == 2);
  CHECK(names_of({"*.b.example.com", "*.example.com"}).size() == 2);
}

TEST_CASE("a server is a short name, another client's spelling or a URL") {
  const Line line;
  const std::string staging = "https://acme-staging-v02.api.letsencrypt.org/directory";
  CHECK(directory_url(line.args({})) == "https://acme-v02.api.letsencrypt.org/directory");
  CHECK(directory_url(line.args({"--staging"})) == staging);
  CHECK(directory_url(line.args({"--server", "letsencrypt_test"})) == staging);
  CHECK(directory_url(line.args({"--server", "LetsEncrypt", "--staging"})) == staging);
  CHECK(directory_url(line.args({"--server", "https://CA.example/dir"})) == "https://ca.example/dir");
}

TEST_CASE("several servers are asked in their order") {
  const Line line;
  const auto urls = [&](const std::vector<std::string>& arguments) {
    return directory_urls(line.args(arguments));
  };
  CHECK(urls({"--server", "letsencrypt, https://ca.example/d,le"}) ==
        std::vector<std::string>{"https://acme-v02.api.letsencrypt.org/directory", "https://ca.example/d"});
  CHECK(urls({"--server", "letsencrypt,google", "--staging"}).back() ==
        "https://dv.acme-v02.test-api.pki.goog/directory");
  CHECK(error_of([&] { urls({"--server", "letsencrypt,"}); }).code == Exit::usage);
  CHECK(error_of([&] { urls({"--server", "letsencrypt,zerossl", "--staging"}); }).code == Exit::usage);
  CHECK(error_of([&] { directory_url(line.args({"--server", "letsencrypt,google"})); }).code == Exit::usage);
  line.config("server = google,zerossl\n");
  CHECK(directory_url(line.with_defaults({})) == "https://dv.acme-v02.api.pki.goog/directory");
}

TEST_CASE("a server that is unknown, has ended or has no staging is explained") {
  const Line line;
  const auto mistake = [&](const std::vector<std::string>& arguments) {
    const Error error = error_of([&] { directory_url(line.args(arguments)); });
    CHECK(error.code == Exit::usage);
    return error;
  };
  CHECK(mistake({"--server", "zerosl"}).hint == "did you mean zerossl?");
  CHECK(mistake({"--server", "buypass"}).message.find("no longer") != std::string::npos);
  CHECK(mistake({"--server", "zerossl", "--staging"}).message == "--staging: ZeroSSL has no test server");
  CHECK(mistake({"--server", "https://ca.example/dir", "--staging"}).message.starts_with("--staging"));
  mistake({"--server", "http://ca.example/dir"});
}

TEST_CASE("the table of servers is sound") {
  const std::vector<store::Server> all = store::built_in_servers();
  for (const store::Server& server : all) {
    INFO(server.name);
    CHECK(find_server(all, server.name) == &server);
    for (const std::string& alias : server.aliases) CHECK(find_server(all, alias) == &server);
    CHECK(server.directory.starts_with("https://"));
    if (!server.staging.empty()) CHECK(find_server(all, server.staging));
  }
  CHECK(find_server(all, "nowhere") == nullptr);
}

TEST_CASE("servers.json in the state folder adds servers and replaces built-in ones") {
  const Line line;
  const auto own = [&](const std::string& text) { os::write_file(line.state + "/servers.json", text, 0600); };
  own(R"({"certo":"servers/1","servers":[{"name":"home","directory":"https://ca.home.example/d"},
          {"name":"zerossl","directory":"https://other.example/d"}]})");
  CHECK(directory_url(line.args({"--server", "home"})) == "https://ca.home.example/d");
  CHECK(directory_url(line.args({"--server", "zerossl"})) == "https://other.example/d");
  own("{}");
  CHECK(error_of([&] { directory_url(line.args({"--server", "home"})); }).code == Exit::bad_input);
}

TEST_CASE("settings of a session are read and checked") {
  const Line line;
  const auto settings = [&](const std::vector<std::string>& arguments) {
    return session_settings(line.args(arguments), "https://ca.example/d");
  };
  CHECK(settings({"--email", "a@example.com"}).contact == std::vector<std::string>{"mailto:a@example.com"});
  CHECK(settings({"-6", "--lock-timeout", "0"}).ip_version == 6);
  CHECK(settings({"--deadline", "30"}).time_limit == Seconds(30));
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{{"-4", "-6"},
                                                                                     {"--email", "nobody"},
                                                                                     {"--email", "a@b?c"},
                                                                                     {"--deadline", "0"},
                                                                                     {"--deadline", "1h"},
                                                                                     {"--lock-timeout", "-1"},
                                                                                     {"--eab-kid", "k"}}) {
    CHECK(error_of([&] { settings(wrong); }).code == Exit::usage);
  }
}

TEST_CASE("the HMAC key of an external account comes from a file or the environment") {
  const Line line;
  const std::string file = line.folder / "hmac";
  os::write_file(file, "aGVs_G8-\n", 0600);
  const auto binding = [&](const std::vector<std::string>& arguments) {
    return session_settings(line.args(arguments), "https://ca.example/d").binding;
  };
  CHECK_FALSE(binding({}));
  CHECK(binding({"--eab-kid", "k", "--eab-hmac-file", file})->hmac_key.size() == 6);
  const Variable variable("CERTO_EAB_HMAC", "aGVs/G8+");
  CHECK(binding({"--eab-kid", "k"})->hmac_key ==
        binding({"--eab-kid", "k", "--eab-hmac-file", file})->hmac_key);
  os::write_file(file, "not a key!", 0600);
  const Error wrong = error_of([&] { binding({"--eab-kid", "k", "--eab-hmac-file", file}); });
  CHECK(wrong.code == Exit::config);
  CHECK(wrong.message == file + ": the HMAC key is not base64url: character 4 is ' '");
  CHECK(binding({"--eab-kid", "k", "--eab-hmac-alg", "hs384"})->algorithm == "HS384");
  CHECK(binding({"--eab-kid", "k"})->algorithm == "HS256");
  CHECK(error_of([&] { binding({"--eab-kid", "k", "--eab-hmac-alg", "MD5"}); }).code == Exit::usage);
}

TEST_CASE("the command line has priority over the environment, and that over certo.conf") {
  const Line line;
  line.config(
      "# defaults\n\nserver = zerossl\nemail=a@example.com, b@example.com\nagree-tos=yes\nquiet=no\n");
  CHECK(line.with_defaults({}).get(flag::server) == "zerossl");
  CHECK(line.with_defaults({}).all(flag::email) ==
        std::vector<std::string>{"a@example.com", "b@example.com"});
  CHECK(line.with_defaults({}).has(flag::agree_tos));
  CHECK_FALSE(line.with_defaults({}).has(flag::quiet));
  CHECK(line.with_defaults({"--email", "c@example.com"}).all(flag::email).size() == 1);
  const Variable variable("CERTO_SERVER", "google");
  CHECK(line.with_defaults({}).all(flag::server) == std::vector<std::string>{"google"});
  CHECK(line.with_defaults({"--server", "actalis"}).all(flag::server) == std::vector<std::string>{"actalis"});
}

TEST_CASE("a damaged line of certo.conf is named by its number") {
  const Line line;
  const auto mistake = [&](const std::string& text) {
    line.config(text);
    const Error error = error_of([&] { line.with_defaults({}); });
    CHECK(error.code == Exit::config);
    return error;
  };
  CHECK(mistake("server=zerossl\nnonsense\n").message.ends_with("certo.conf: line 2: this line has no '='"));
  CHECK(mistake("servr=zerossl\n").hint == "did you mean server?");
  CHECK(mistake("staging=maybe\n").message.ends_with("staging must be yes or no"));
  CHECK(mistake("server=\n").message.ends_with("server has no value"));
  mistake("home=/elsewhere\n");
}
