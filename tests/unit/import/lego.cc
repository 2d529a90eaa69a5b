// lego's folder, taken over into the store.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/store_shelf.h"
#include "import/found.h"
#include "store/account.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string directory = "https://ca.example:14000/v2/directory";

struct Move {
  Shelf shelf;
  std::string from = shelf.temporary / "lego";
  crypto::PrivateKey account_key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  imports::TakeSettings settings{.command = "certo import"};

  Move() { settings.way = store::Standalone{}; }

  void put(const std::string& path, const std::string& content) const {
    const std::string full = from + "/" + path;
    os::make_folder(full.substr(0, full.rfind('/')), 0700);
    os::write_file(full, content, 0600);
  }

  /// As version 4.9 writes them.
  void put_old_account() const {
    const std::string folder = "accounts/ca.example_14000/me@example.com/";
    put(folder + "keys/me@example.com.key", account_key.pkcs8_pem());
    put(folder + "account.json",
        R"({"email": "me@example.com", "registration": {"body": {"status": "valid", "contact":)"
        R"( ["mailto:me@example.com"]}, "uri": "https://ca.example:14000/v2/acct/7"}})");
  }
  Pair put_certificate(const std::string& name, const std::string& json, size_t chain_length = 2) const {
    Pair pair = make_pair();
    const std::string base = "certificates/" + name;
    put(base + ".key", pair.key.pkcs8_pem());
    put(base + ".crt", crypto::pem(std::span(pair.chain).first(chain_length)));
    put(base + ".issuer.crt", crypto::pem(std::span(pair.chain).subspan(1)));
    put(base + ".json", json);
    return pair;
  }

  imports::Taken run() const {
    return imports::take(shelf.home,
                         imports::read_lego(from, {"https://acme-v02.api.letsencrypt.org/directory",
                                                   "https://ca.example:14000/v1/directory", directory}),
                         settings);
  }
};

const std::string old_json = R"({"domain": "example.com", "certUrl": "https://ca.example:14000/v2/cert/1",)"
                             R"( "certStableUrl": "https://ca.example:14000/v2/cert/1"})";

bool tells(const imports::Taken& taken, const std::string& text) {
  return std::ranges::any_of(taken.left,
                             [&](const std::string& line) { return line.find(text) != line.npos; });
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the folder of lego's version 4 is imported, with the given method") {
  const Move move;
  move.put_old_account();
  const Pair pair = move.put_certificate("example.com", old_json);
  const imports::Taken taken = move.run();
  CHECK(taken.left.empty());
  CHECK(taken.accounts == Texts{directory});
  CHECK(taken.certificates == Texts{"example.com"});
  CHECK(move.shelf.is_live(pair));
  const store::Request request = move.shelf.entry.request();
  CHECK(request.directory == directory);
  CHECK(request.ways.usual == store::Way(store::Standalone{}));
  CHECK(request.key_type == crypto::KeyType::ec256);
  const store::AccountFolder account(move.shelf.home, directory);
  CHECK(account.key()->public_key() == move.account_key.public_key());
  CHECK(account.account()->url == "https://ca.example:14000/v2/acct/7");
  CHECK(account.account()->contact == Texts{"mailto:me@example.com"});
}

TEST_CASE("the folder of lego's version 5 is imported, with its additional data") {
  const Move move;
  const std::string folder = "accounts/other.example/work/";
  move.put(folder + "work.key", move.account_key.pkcs8_pem());
  move.put(folder + "account.json",
           R"({"id": "work", "email": "", "keyType": "EC256", "server": "https://other.example/dir",)"
           R"( "registration": {"status": "valid", "accountURL": "https://other.example/acct/1"}})");
  move.put_certificate("www",
                       R"({"id": "www", "domains": ["example.com"], "keyType": "EC256", "profile": "short",)"
                       R"( "preferredChain": "Root X", "certUrl": "https://other.example/cert/1"})");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts == Texts{"https://other.example/dir"});
  CHECK(taken.certificates == Texts{"www"});
  const store::Request request = store::Entry(move.shelf.home, "www").request();
  CHECK(request.directory == "https://other.example/dir");
  CHECK(request.profile == "short");
  CHECK(request.preferred_chain == "Root X");
  CHECK(store::AccountFolder(move.shelf.home, request.directory).account()->url ==
        "https://other.example/acct/1");
}

TEST_CASE("without a way lego's certificates are left, with the command that takes them") {
  Move move;
  move.settings.way.reset();
  move.put_old_account();
  move.put_certificate("example.com", old_json);
  const imports::Taken taken = move.run();
  CHECK(taken.accounts == Texts{directory});
  CHECK(taken.certificates.empty());
  CHECK(tells(taken, "certo import --cert-name 'example.com' --webroot DIR"));
}

TEST_CASE("a chain that lego has put into two files is one again") {
  const Move move;
  move.put_old_account();
  const Pair pair = move.put_certificate("example.com", old_json, 1);
  move.run();
  CHECK(move.shelf.entry.live()->chain.size() == pair.chain.size());
}

TEST_CASE("lego's name of a wildcard's files is not the certificate's") {
  const Move move;
  move.put_old_account();
  move.put_certificate("_.example.com",
                       R"({"domain": "*.example.com", "certUrl": "https://ca.example:14000/v2/cert/1"})");
  CHECK(move.run().certificates == Texts{"_wildcard.example.com"});
}

TEST_CASE("each damaged file of lego is reported, and the rest is imported") {
  const Move move;
  move.put_old_account();
  move.put_certificate("example.com", old_json);
  move.put_certificate("torn", "{\"domain\": \"to");
  move.put_certificate("keyless", old_json);
  os::remove_file(move.from + "/certificates/keyless.key");
  move.put_certificate("unknown", R"({"domain": "u", "certUrl": "https://nobody.example/cert/1"})");
  move.put("certificates/empty.crt", "");
  move.put("certificates/empty.key", "");
  std::filesystem::create_symlink("nowhere", move.from + "/certificates/gone.crt");
  std::filesystem::create_symlink("nowhere", move.from + "/accounts/gone");
  move.put("accounts/nobody.example/a/a.key", move.account_key.pkcs8_pem());
  move.put("accounts/ca.example_14000/b/account.json", "{}");
  move.put("accounts/litter", "");
  const imports::Taken taken = move.run();
  CHECK(taken.certificates == Texts{"example.com"});
  CHECK(taken.accounts == Texts{directory});
  for (const char* part :
       {"torn", "keyless.crt: it was issued with lego's --csr", "unknown.crt: which CA is nobody.example?",
        "empty", "gone.crt", "nobody.example/a: which CA is nobody.example?",
        "ca.example_14000/b: its key is missing"}) {
    CAPTURE(part);
    CHECK(tells(taken, part));
  }
}

TEST_CASE("an account of lego's with a torn account.json is found again by its key") {
  const Move move;
  move.put_old_account();
  move.put("accounts/ca.example_14000/me@example.com/account.json", "{\"email\"");
  const imports::Taken taken = move.run();
  CHECK(taken.accounts.size() == 1);
  CHECK(tells(taken, "account.json is not JSON"));
}

TEST_CASE("a folder that is not lego's is refused") {
  const Shelf shelf;
  CHECK(error_of([&] { imports::read_lego(shelf.temporary / "none", {}); }).code == Exit::bad_input);
}
