#include "webserver/apache_control.h"

#include <doctest/doctest.h>

#include "fixtures/apache_layout.h"
#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("what Apache's test says") {
  const ConfigTest good = parse_apache_test(
      "AH00558: apache2: Could not reliably determine the server's fully qualified domain name\n"
      "[Mon Nov 30 15:00:00.123456 2026] [core:warn] [pid 1:tid 2] AH00117: Ignoring deprecated use\n"
      "AH00548: NameVirtualHost has no effect\nSyntax OK\n",
      0);
  CHECK(good.failure.empty());
  CHECK(good.warnings ==
        std::set<std::string>{"AH00117: Ignoring deprecated use", "AH00548: NameVirtualHost has no effect"});
  const ConfigTest bad = parse_apache_test(
      "[Mon Nov 30 15:00:00 2026] [so:warn] [pid 1] AH01574: module x is already loaded, skipping\n"
      "AH00526: Syntax error on line 3 of /etc/x.conf:\nInvalid command 'Foo'\x1b[31m\n",
      1);
  CHECK(bad.failure == "AH00526: Syntax error on line 3 of /etc/x.conf: Invalid command 'Foo'\\x1b[31m");
  CHECK(bad.warnings.size() == 1);
  CHECK(parse_apache_test("Syntax OK\n", 139).failure == "it ended with 139 and gave no reason");
}

TEST_CASE("a renewal reloads Apache with its options, and with the variables that its files name") {
  Layout layout({{"httpd.conf", "PidFile ${RUN}/pid\nDocumentRoot ${SITES}\nUser ${APACHE_RUN_USER}\n"}},
                "Included configuration files:\n  (*) @/httpd.conf\n");
  layout.apache.program = "/usr/sbin/httpd";
  layout.apache.options = {"-D", "X Y", "-f", "/etc/httpd.conf"};
  layout.apache.environment = {"RUN=/run/a b", "SITES=/srv", "TOKEN=secret", "APACHE_RUN_USER=www",
                               "LD_LIBRARY_PATH=/opt/lib"};
  layout.apache.dump.pid_file = "/run/a b/pid";
  CHECK(
      reload_command(layout.apache) ==
      "kill -0 $(cat '/run/a b/pid') && "
      "env 'RUN=/run/a b' SITES=/srv APACHE_RUN_USER=www LD_LIBRARY_PATH=/opt/lib /usr/sbin/httpd -D 'X Y' -f /etc/httpd.conf "
      "-k graceful");
}

TEST_CASE("a key of another certificate would end Apache") {
  const TempDir folder;
  const Pair one = make_pair(), other = make_pair();
  const auto put = [&](const std::string& name, const std::string& text) {
    os::write_file(folder / name, text, 0600);
    return std::string(folder / name);
  };
  const std::string certificate = put("c.pem", crypto::pem(std::span(one.chain))),
                    right = put("right.pem", one.key.pkcs8_pem()),
                    wrong = put("wrong.pem", other.key.pkcs8_pem()), locked = put("locked.pem", "encrypted");
  const auto why = [&](const std::string& key) {
    const Layout layout(
        {{"httpd.conf", "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile " + certificate +
                            "\nSSLCertificateKeyFile " + key + "\n</VirtualHost>\n"}},
        Layout::dump_of("*:443   a.example (@/httpd.conf:1)\n"));
    return why_it_would_end(ApacheConfig(layout.apache));
  };
  CHECK(why(right).empty());
  CHECK(why(locked).empty());
  CHECK(why(wrong).find("wrong.pem does not belong to the certificate") != std::string::npos);
}
