#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"
#include "store/home.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

TEST_CASE("a directory URL becomes one readable file name") {
  CHECK(ca_name("https://ca.example/dir/x") == "ca.example_dir_x");
  CHECK(ca_name("https://acme-v02.api.letsencrypt.org/directory") ==
        "acme-v02.api.letsencrypt.org_directory");
  CHECK(ca_name("https://localhost:14000/dir") == "localhost%3A14000_dir");
  CHECK(ca_name("https://CA.Example/Dir") == "ca.example_Dir");
}

TEST_CASE("two directory URLs never share a file name") {
  const std::vector<std::string> urls = {"https://ca.example/dir/x",   "https://ca.example/dir_x",
                                         "https://ca.example/dir%2Fx", "https://ca.example/dir/x/",
                                         "http://ca.example/dir/x",    "https://ca.example/dir?x",
                                         "https://ca.example/Dir/x",   "https://ca.example:443/dir/x"};
  for (const std::string& a : urls)
    for (const std::string& b : urls) CHECK((ca_name(a) == ca_name(b)) == (a == b));
}

TEST_CASE("the file name of a CA tells the URL, unless it was cut") {
  for (const char* url :
       {"https://ca.example/dir/x", "https://ca.example/dir_x", "https://ca.example/dir%2Fx",
        "https://localhost:14000/dir", "http://127.0.0.1:9/dir?x"})
    CHECK(directory_of_ca(ca_name(url)) == url);
  CHECK_FALSE(directory_of_ca(ca_name("https://ca.example/" + std::string(2000, 'x'))));
  for (const char* name : {"", "%", "%zz", "a%2", "backup of mine", "CA.example_dir", ".hidden"})
    CHECK_FALSE(directory_of_ca(name));
}

TEST_CASE("a file name of a CA stays below its folder and within 255 bytes") {
  CHECK(ca_name("../../etc").find('/') == std::string::npos);
  CHECK_FALSE(ca_name("../../etc").starts_with("."));
  const std::string path(2000, 'x');
  CHECK(ca_name("https://ca.example/" + path + "1").size() <= 200);
  CHECK(ca_name("https://ca.example/" + path + "1") != ca_name("https://ca.example/" + path + "2"));
  CHECK(error_of([] { ca_name(""); }).code == Exit::usage);
}

TEST_CASE("a certificate is named after its first identifier") {
  CHECK(certificate_name("example.com") == "example.com");
  CHECK(certificate_name("*.example.com") == "_wildcard.example.com");
  CHECK(certificate_name("2001:db8::1") == "2001:db8::1");
  CHECK(certificate_name("my web server") == "my web server");
}

TEST_CASE("a certificate's name is a safe part of a path") {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string(".hidden"), std::string("a/b"),
        std::string("/"), std::string("-rf"), std::string("*"), std::string("a\nb"), std::string("a\x7f"),
        std::string("a\0b", 3), std::string(201, 'x')}) {
    CAPTURE(name);
    CHECK(error_of([&] { certificate_name(name); }).code == Exit::usage);
  }
}

TEST_CASE("a home that does not exist yet is fine for reading, and made for writing") {
  const TempDir temporary;
  const Home home(temporary / "a/b/");
  CHECK(home.path() == temporary / "a/b");
  CHECK_FALSE(os::exists(home.path()));
  home.prepare();
  CHECK(mode_of(home.path()) == 0700);
  CHECK(os::list_folder(home.path()).empty());
  home.prepare();
}

TEST_CASE("a home is an absolute path") {
  CHECK(Home("build/some/where").path().starts_with('/'));
  CHECK(Home("build/some/../where").path().ends_with("/build/where"));
}

TEST_CASE("a home that others can write is refused") {
  const TempDir temporary;
  std::filesystem::permissions(temporary.path, std::filesystem::perms(0777));
  CHECK(error_of([&] { Home{temporary.path}; }).code == Exit::not_permitted);
  os::write_file(temporary / "file", "", 0600);
  CHECK(error_of([&] { Home{temporary / "file"}; }).code == Exit::not_permitted);
}
