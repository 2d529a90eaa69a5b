// A store with one certificate, and pairs and orders to put into it.
#pragma once

#include <string>
#include <vector>

#include "acme/document.h"
#include "certificates.h"
#include "os/file.h"
#include "store/entry.h"
#include "support.h"

namespace certo::test {

/// A key and its chain.
struct Pair {
  crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ec256);
  std::vector<crypto::Certificate> chain;
};

inline Pair make_pair(Time not_after = kNow + std::chrono::days(90),
                      Bytes serial = {0x4f, 0x1c, 0x22, 0xaa, 0x07}) {
  static const Authority root = make_ca();
  static const Authority intermediate = make_ca("Test Intermediate", &root);
  Pair pair;
  Contents contents{.identifiers = dns({"example.com"}), .not_after = not_after, .serial = std::move(serial)};
  pair.chain = {make_leaf(intermediate, pair.key.public_key(), contents), intermediate.certificate};
  return pair;
}

inline acme::Document make_order(const std::string& url,
                                 const std::string& expires = "2026-12-01T00:00:00Z") {
  return acme::parse_document(R"({"certo":"order/1","directory":"https://ca.example/directory",
    "account":"https://ca.example/acct/1","url":")" +
                                  url + R"(","status":"pending","expires":")" + expires + R"(",
    "identifiers":[{"type":"dns","value":"example.com"}],"profile":null,"replaces":null,
    "finalize":"https://ca.example/finalize/2","certificate":null,"csr":null,"authorizations":[]})",
                              "test order");
}

struct Shelf {
  TempDir temporary;
  store::Home home{temporary / "home"};
  store::Entry entry{home, "example.com"};

  std::string operator/(const std::string& name) const { return entry.folder() + "/" + name; }

  store::Live finish(const Pair& pair, bool allow_older = false) const {
    entry.save_next_key(pair.key);
    return entry.finish(pair.chain, allow_older);
  }
  /// A version folder as it is after the rename and before the switch.
  void put_version(const std::string& version, const Pair& pair) const {
    os::make_folder(*this / version, 0700);
    os::write_file(*this / (version + "/key.pem"), pair.key.pkcs8_pem(), 0600);
    os::write_file(*this / (version + "/fullchain.pem"), crypto::pem(std::span(pair.chain)), 0644);
  }
  bool is_live(const Pair& pair) const {
    const auto live = entry.live();
    return live && live->chain.front().der == pair.chain.front().der;
  }
  std::vector<std::string> versions() const {
    std::vector<std::string> names = os::list_folder(entry.folder());
    std::erase_if(names, [](const std::string& name) { return !name.starts_with("20"); });
    return names;
  }
};

}  // namespace certo::test
