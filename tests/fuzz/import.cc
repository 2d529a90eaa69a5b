// Folders of other clients. The first line of an input is the client, then come files: the path, and its
// content up to a line that is only "--". The content "KEY" is a private key, and "CHAIN" a certificate for
// it.
#include <fstream>

#include "base/ini.h"
#include "import/acmesh_conf.h"
#include "import/found.h"
#include "import/review.h"
#include "target.h"

using namespace certo;

namespace {

std::string fixture(const char* name) {
  std::ifstream file(std::string("tests/fuzz/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void read_settings(const std::string& text) {
  imports::parse_conf(text);
  const Ini ini = Ini::parse(text);
  for (const auto& [key, values] : ini.section("renewalparams"))
    fuzz::promise(ini.list("renewalparams", key).size() <= values.size(), "a list has its values");
}

void check(const imports::Found& found) {
  for (const imports::FoundCertificate& one : found.certificates) {
    fuzz::promise(!one.name.empty() && one.name.find('/') == one.name.npos,
                  "a certificate's name is one folder");
    fuzz::promise(!one.request.identifiers.empty(), "a certificate has names");
    imports::review(one);
  }
  for (const imports::FoundAccount& one : found.accounts)
    fuzz::promise(one.directory.starts_with("https://"), "an account's CA is known");
}

void run(std::string_view input) {
  static const std::string key = fixture("key.pem"), chain = fixture("chain.pem");
  const std::string client = fuzz::take_line(input);
  const fuzz::Scratch scratch;
  for (const std::string& part : fuzz::parts(input)) {
    std::string_view content = part;
    const std::string path = fuzz::take_line(content);
    const bool is_inside = !path.empty() && path.front() != '/' &&
                           ("/" + path + "/").find("/../") == path.npos && path.find('\0') == path.npos &&
                           path.size() < 200;
    if (!is_inside) continue;
    read_settings(std::string(content));
    fuzz::accepts([&] { scratch.put(path, content == "KEY" ? key : content == "CHAIN" ? chain : content); });
  }
  fuzz::accepts([&] {
    if (client == "acme.sh") check(imports::read_acmesh(scratch.path));
    if (client == "certbot") check(imports::read_certbot(scratch.path));
    if (client == "lego") check(imports::read_lego(scratch.path, {"https://ca.example/dir"}));
  });
}

const fuzz::Registered registered("import", run);

}  // namespace
