#include "webserver/apache_ssl.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/apache_tls_site.h"
#include "webserver/editing.h"

using namespace certo;
using namespace certo::test;
using namespace certo::webserver;

TEST_CASE("mod_ssl is enabled as Debian does it, without existing links") {
  ApacheTlsSite site(
      {{"apache2.conf", "Include @/ports.conf\n<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>\n"},
       {"ports.conf", "Listen 80\n<IfModule ssl_module>\n  Listen 443\n</IfModule>\n"},
       {"mods-available/ssl.load", "# Depends: setenvif mime socache_shmcb\nLoadModule ssl_module x\n"},
       {"mods-available/ssl.conf", "SSLProtocol all -SSLv3\n"},
       {"mods-available/mime.load", "LoadModule mime_module x\n"},
       {"mods-available/mime.conf", ""},
       {"mods-available/setenvif.load", "LoadModule setenvif_module x\n"},
       {"mods-available/socache_shmcb.load", "LoadModule socache_shmcb_module x\n"},
       {"mods-enabled/other.load", ""}},
      "Included configuration files:\n  (*) @/apache2.conf\n    (1) @/ports.conf\n"
      "VirtualHost configuration:\n*:80   a.example (@/apache2.conf:2)\n"
      "ServerRoot: \"/srv/root\"\nLoaded Modules:\n so_module (static)\n mime_module (shared)\n"
      " setenvif_module (shared)\n");
  os::switch_link(site.path("mods-enabled/setenvif.load"), "../mods-available/setenvif.load");
  CHECK(site.made("mods-enabled/ssl.load") == "-> ../mods-available/ssl.load");
  CHECK(site.made("mods-enabled/ssl.conf") == "-> ../mods-available/ssl.conf");
  CHECK(site.made("mods-enabled/socache_shmcb.load") == "-> ../mods-available/socache_shmcb.load");
  CHECK(site.made("mods-enabled/mime.load").empty());  // another file loads it
  CHECK(site.made("certo/tls.conf").empty());
  CHECK(site.edited("ports.conf") == "Listen 80\n<IfModule ssl_module>\n  Listen 443\n</IfModule>\n");
  CHECK(site.opened() == "*:443");
  CHECK(site.notes().find("as 'a2enmod ssl' does: socache_shmcb, ssl; ") != std::string::npos);

  // Undone exactly; what was there stays.
  const std::string journal = site.layout.folder / "one.json", config = site.path("apache2.conf");
  const auto editing = [&] {
    return Editing(
        journal, [] { return std::vector<std::string>{}; }, Millis(0));
  };
  const std::string before = os::read_file(config);
  Editing first = editing();
  first.put_in(config, site.plan().edits, {{config, before}}, "apache");
  CHECK(os::read_link(site.path("mods-enabled/ssl.load")) == "../mods-available/ssl.load");
  SUBCASE("as a whole") { first.settle(); }
  SUBCASE("after a crash") {}
  Editing second = editing();
  if (second.journal().unsettled.empty())
    second.take_out({EditPart::certificate});
  else
    second.roll_back();
  second.drop();
  CHECK(os::read_file(config) == before);
  CHECK(os::list_folder(site.path("mods-enabled")) ==
        std::vector<std::string>{"other.load", "setenvif.load"});
  CHECK_FALSE(os::exists(site.path("certo")));
}

TEST_CASE("a link that certo made for another certificate stays until that is gone, too") {
  ApacheTlsSite site(
      {{"apache2.conf", "Listen 80\nListen 443\n"}, {"mods-available/ssl.load", ""}, {"mods-enabled/o", ""}},
      Layout::dump_of(""));
  const std::string one = site.layout.folder / "one.json", two = site.layout.folder / "two.json";
  const std::string link = site.path("mods-enabled/ssl.load"), config = site.path("apache2.conf");
  const Edits edits{.changes = {},
                    .files = {{.part = EditPart::certificate,
                               .path = link,
                               .content = {},
                               .target = "../mods-available/ssl.load"}}};
  const auto editing = [&](const std::string& file) {
    return Editing(
        file,
        [&] {
          return std::vector{one, two};
        },
        Millis(0));
  };
  const auto put_in = [&](const std::string& file) {
    Editing now = editing(file);
    now.put_in(config, edits, {}, "apache");
    now.settle();
  };
  const auto undo = [&](const std::string& file) {
    Editing now = editing(file);
    now.take_out({EditPart::certificate});
    now.drop();
  };
  put_in(one);
  put_in(two);
  undo(one);
  CHECK(os::read_link(link));
  undo(two);
  CHECK_FALSE(os::exists(link));
  // One of the user's is never certo's.
  os::switch_link(link, "../mods-available/ssl.load");
  put_in(one);
  undo(one);
  CHECK(os::read_link(link));
}

TEST_CASE("by hand, mod_ssl is loaded from where the other modules are, and listens next to port 80") {
  const auto site_with = [](const std::string& module) {
    return ApacheTlsSite({{"httpd.conf",
                           "LoadModule rewrite_module @/modules/mod_rewrite.so\nListen 80\n"
                           "<VirtualHost *:80>\n  ServerName a.example\n</VirtualHost>\n"},
                          {"modules/" + module, ""}},
                         "Included configuration files:\n  (*) @/httpd.conf\nVirtualHost configuration:\n"
                         "*:80   a.example (@/httpd.conf:3)\nServerRoot: \"/srv/root\"\nLoaded Modules:\n"
                         " so_module (static)\n rewrite_module (shared)\n");
  };
  const ApacheTlsSite site = site_with("mod_ssl.so");
  CHECK(
      site.edited().starts_with("LoadModule rewrite_module E/modules/mod_rewrite.so\n#\n"
                                "LoadModule ssl_module E/modules/mod_ssl.so\nListen 80\n#\nListen 443\n"
                                "<VirtualHost *:80>\n"));
  CHECK(site.opened() == "*:443");
  CHECK(site_with("mod_other.so").fault().find("Apache has not loaded mod_ssl, and its file is not where") !=
        std::string::npos);
}

TEST_CASE("sockets of port 443 are those of port 80, and only if none is there") {
  const auto listens = [](const std::string& listen, const std::string& address) {
    const ApacheTlsSite site({{"httpd.conf", listen + "<VirtualHost " + address +
                                                 ":80>\n  ServerName a.example\n</VirtualHost>\n"}},
                             Layout::dump_of(address + ":80   a.example (@/httpd.conf:" +
                                             std::to_string(1 + std::ranges::count(listen, '\n')) + ")\n"));
    const std::string text = site.edited();
    return text.substr(0, text.find("<Virtual")) + "| " + site.presented();
  };
  CHECK(listens("Listen 80\n", "*") == "Listen 80\n#\nListen 443\n| a.example@127.0.0.1:443");
  CHECK(
      listens("  Listen 10.0.0.1:80\nListen [::1]:80\n", "*") ==
      "  Listen 10.0.0.1:80\n #\n  Listen 10.0.0.1:443\nListen [::1]:80\n#\nListen [::1]:443\n| a.example@10.0.0.1:443 a.example@[::1]:443");
  CHECK(listens("Listen 80\nListen 10.0.0.1:443\n", "*") ==
        "Listen 80\nListen 10.0.0.1:443\n| a.example@10.0.0.1:443");
  CHECK(listens("Listen 80\n", "10.0.0.1") == "Listen 80\n#\nListen 443\n| a.example@10.0.0.1:443");
}
