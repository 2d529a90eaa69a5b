// lego's folder: accounts/<host>/<id>/account.json, certificates/<name>.{crt,key,json}. Version 4 keeps an
// account's key in keys/, version 5 next to account.json; the members of the JSON differ. Neither writes down
// how names are proven.
// Implements a part of import/found.h.
#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "import/found.h"
#include "import/parts.h"
#include "net/url.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::imports {
namespace {

constexpr std::string_view certificate_end = ".crt", issuer_end = ".issuer.crt", key_end = ".key";

/// As lego calls the folder of a CA: "127.0.0.1_14000".
std::string folder_name(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == url.npos ? 0 : scheme + 3;
  std::string name = url.substr(host, url.find('/', host) - host);
  std::ranges::replace(name, ':', '_');
  return name;
}

size_t common(const std::string& a, const std::string& b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// A member of a member, "" if one of them is missing.
std::string text_in(const Fields& fields, const char* object, const char* member) {
  const Json* inner = fields.optional_object(object);
  return inner ? Fields(*inner, fields.subject(), Exit::bad_input).optional_string(member).value_or("") : "";
}

class Reader {
 public:
  Reader(std::string folder, std::vector<std::string> directories)
      : folder_(std::move(folder)), directories_(std::move(directories)) {
    if (!os::is_folder(folder_ + "/accounts") && !os::is_folder(folder_ + "/certificates"))
      throw Error(Exit::bad_input, folder_ + " is not a folder of lego",
                  "it holds accounts/ and certificates/; most are called .lego");
  }

  Found read() {
    each_in(folder_ + "/accounts", [&](const std::string& host) {
      each_in(folder_ + "/accounts/" + host, [&](const std::string& id) {
        const std::string folder = folder_ + "/accounts/" + host + "/" + id;
        if (os::is_folder(folder)) read_account(folder, host);
      });
    });
    for (const FoundAccount& account : found_.accounts) directories_.push_back(account.directory);
    each_in(folder_ + "/certificates", [&](const std::string& file) {
      if (file.ends_with(certificate_end) && !file.ends_with(issuer_end))
        read_certificate(file.substr(0, file.size() - certificate_end.size()));
    });
    return std::move(found_);
  }

 private:
  void attempt(const std::string& subject, const std::function<void()>& act) {
    imports::attempt(found_.left, subject, act);
  }

  /// Empty if `folder` is not a folder.
  template <typename Act>
  void each_in(const std::string& folder, Act act) {
    if (!os::is_folder(folder)) return;
    attempt(folder, [&] {
      for (const std::string& name : os::list_folder(folder))
        attempt(os::path_in(folder, name), [&] { act(name); });
    });
  }

  /// If one CA has several directories, the one that has most in common with `url`, which is below it.
  std::string directory_of(const std::string& url, const std::string& host) const {
    std::string best;
    for (const std::string& one : directories_) {
      if (folder_name(one) == host && (best.empty() || common(one, url) > common(best, url))) best = one;
    }
    if (!best.empty()) return best;
    throw Error(Exit::bad_input, "which CA is " + host + "? Name it with --server URL");
  }

  void read_account(const std::string& folder, const std::string& host) {
    FoundAccount account;
    account.origin = folder;
    account.key = os::read_file(key_file(folder));
    crypto::PrivateKey::from_pem(account.key, key_file(folder));
    std::string server;
    const std::string file = folder + "/account.json";
    attempt(file, [&] {
      const Json json = parse_json(os::read_file(file), file, Exit::bad_input);
      const Fields fields(json, file, Exit::bad_input);
      server = fields.optional_string("server").value_or("");
      account.url = text_in(fields, "registration", "accountURL");
      if (account.url.empty()) account.url = text_in(fields, "registration", "uri");
      const std::string email = fields.optional_string("email").value_or("");
      if (!email.empty()) account.contact = {"mailto:" + email};
    });
    account.directory = server.empty() ? directory_of(account.url, host) : server;
    net::parse_url(account.directory, file, Exit::bad_input);
    found_.accounts.push_back(std::move(account));
  }

  static std::string key_file(const std::string& folder) {
    for (const std::string& where : {folder, folder + "/keys"}) {
      if (!os::is_folder(where)) continue;
      for (const std::string& name : os::list_folder(where))
        if (name.ends_with(key_end)) return os::path_in(where, name);
    }
    throw Error(Exit::bad_input, "its key is missing");
  }

  void read_certificate(const std::string& name) {
    const std::string base = folder_ + "/certificates/" + name;
    FoundCertificate found;
    found.origin = base + std::string(certificate_end);
    found.no_way = "lego does not write down how names are proven";
    if (!os::exists(base + std::string(key_end)))
      throw Error(Exit::bad_input, "it was issued with lego's --csr, so its key is not in this folder");
    found.key = os::read_file(base + std::string(key_end));
    found.chain = whole_chain(base);
    store::Request& request = found.request;
    request.identifiers = crypto::parse_chain(found.chain, found.origin, Exit::bad_input).front().identifiers;
    if (request.identifiers.empty()) throw Error(Exit::bad_input, "the certificate contains no name");
    request.key_type = crypto::PrivateKey::from_pem(found.key, base + std::string(key_end)).public_key().type;
    read_json(base + ".json", found);
    if (found.name.empty()) found.name = store::certificate_name(request.identifiers.front().value);
    found_.certificates.push_back(std::move(found));
  }

  /// With --no-bundle, the rest of the chain is in a separate file.
  static std::string whole_chain(const std::string& base) {
    const std::string chain = os::read_file(base + std::string(certificate_end));
    const size_t count = crypto::parse_chain(chain, base + ".crt", Exit::bad_input).size();
    const auto issuer = os::read_file_if(base + std::string(issuer_end));
    return count == 1 && issuer ? chain + "\n" + *issuer : chain;
  }

  void read_json(const std::string& file, FoundCertificate& found) {
    const Json json = parse_json(os::read_file(file), file, Exit::bad_input);
    const Fields fields(json, file, Exit::bad_input);
    for (const char* member : {"id", "domain"}) {
      const std::string name = fields.optional_string(member).value_or("");
      if (found.name.empty() && !name.empty()) found.name = store::certificate_name(name);
    }
    found.request.preferred_chain = fields.optional_string("preferredChain").value_or("");
    found.request.profile = fields.optional_string("profile").value_or("");
    const std::string url = fields.optional_string("certUrl").value_or("");
    if (url.empty() && found_.accounts.size() == 1)
      found.request.directory = found_.accounts.front().directory;
    else
      found.request.directory = directory_of(url, folder_name(url));
  }

  std::string folder_;
  std::vector<std::string> directories_;
  Found found_;
};

}  // namespace

Found read_lego(const std::string& folder, const std::vector<std::string>& directories) {
  return Reader(folder, directories).read();
}

}  // namespace certo::imports
