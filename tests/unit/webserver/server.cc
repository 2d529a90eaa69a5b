#include "webserver/server.h"

#include <doctest/doctest.h>

using namespace certo::webserver;

TEST_CASE("a warning that the configuration had before is not new, though the edits moved it") {
  const auto is_new = [](const std::string& before, const std::string& after) {
    ConfigTest first, second;
    first.warnings = {before};
    second.warnings = {before, after};
    const std::string found = first_new_warning(first, second);
    CHECK((found.empty() || found == after));
    return !found.empty();
  };
  CHECK_FALSE(is_new("duplicate MIME type \"text/html\" in /etc/nginx/sites/a:5",
                     "duplicate MIME type \"text/html\" in /etc/nginx/sites/a:9"));
  CHECK(is_new("duplicate MIME type \"text/html\" in /etc/nginx/sites/a:5",
               "duplicate MIME type \"text/css\" in /etc/nginx/sites/a:5"));
  CHECK(is_new("protocol options redefined for 10.0.0.1:443 in /a:5",
               "protocol options redefined for 10.0.0.2:443 in /a:5"));
  CHECK(is_new("conflicting server name \"a\" on 0.0.0.0:80, ignored",
               "conflicting server name \"a\" on 0.0.0.0:443, ignored"));
  const std::string end = " will probably never match because it overlaps an earlier Alias.";
  CHECK_FALSE(is_new("AH00671: The Alias directive in /etc/apache2/sites-enabled/a.conf at line 5" + end,
                     "AH00671: The Alias directive in /etc/apache2/certo/a.body.conf at line 4" + end));
  CHECK(is_new("AH00671: The Alias directive in /a.conf at line 5" + end,
               "AH00671: The ScriptAlias directive in /a.conf at line 5" + end));
  CHECK_FALSE(is_new("Useless use of AllowOverride in line 12 of /a.conf.",
                     "Useless use of AllowOverride in line 14 of /a.conf."));
  CHECK(is_new("AH00112: Warning: DocumentRoot [/a] does not exist",
               "AH00112: Warning: DocumentRoot [/b] does not exist"));
  CHECK_FALSE(is_new("x", "\"ssl_stapling\" ignored, no OCSP responder URL in the certificate \"/b\""));
}
