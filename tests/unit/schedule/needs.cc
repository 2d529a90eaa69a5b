#include "schedule/needs.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/support.h"
#include "os/file.h"
#include "webserver/edit_journal.h"

using namespace certo;
using namespace certo::test;

TEST_CASE("a renewal by nginx needs the folder that nginx serves") {
  const TempDir folder;
  const store::Home home(folder.path);
  const std::string certificate = home.certs() + "/a.example";
  os::make_folder(certificate, 0700);
  webserver::EditJournal journal{.config = "/etc/nginx/nginx.conf", .id = "0a"};
  journal.standing.files = {{webserver::EditPart::proof, "/etc/nginx/certo/challenge.conf",
                             "location /x {\n  root \"/etc/nginx/certo/challenges\";\n}\n"},
                            {webserver::EditPart::certificate, "/etc/nginx/certo/tls.conf", "root /y;\n"}};
  webserver::write_edit_journal(webserver::edit_journal_of(certificate), journal);
  const auto needs = schedule::needs_of(home, "a.example");
  REQUIRE(needs.size() == 1);
  CHECK(needs.front().path == "/etc/nginx/certo/challenges");
  CHECK(needs.front().access == schedule::Access::write);
}

TEST_CASE("a renewal by Apache needs the folder that Apache serves") {
  const TempDir folder;
  const store::Home home(folder.path);
  const std::string certificate = home.certs() + "/a.example";
  os::make_folder(certificate, 0700);
  webserver::EditJournal journal{.server = "apache", .config = "/etc/apache2/apache2.conf", .id = "0a"};
  journal.standing.files = {
      {webserver::EditPart::proof, "/etc/apache2/certo/challenge-begin.conf", "RewriteEngine on\n"},
      {webserver::EditPart::proof, "/etc/apache2/certo/challenge-end.conf",
       "<Directory \"/etc/apache2/certo/challenges/.well-known/acme-challenge\">\n</Directory>\n"}};
  webserver::write_edit_journal(webserver::edit_journal_of(certificate), journal);
  const auto needs = schedule::needs_of(home, "a.example");
  REQUIRE(needs.size() == 1);
  CHECK(needs.front().path == "/etc/apache2/certo/challenges");
}
