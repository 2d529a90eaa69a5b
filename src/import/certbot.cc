// certbot's folder: accounts/<host>/<path>/<id>/, live/<name>/, renewal/<name>.conf.
// Implements a part of import/found.h.
#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "crypto/jwk.h"
#include "import/certbot_renewal.h"
#include "import/found.h"
#include "import/parts.h"
#include "net/url.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/path.h"

namespace certo::imports {
namespace {

constexpr std::string_view conf_end = ".conf";
constexpr int deepest_account = 8;  // folders below accounts/

/// Is `below`, an entry of `folder`, a link to `folder` or to a folder above it?
bool is_loop(const std::string& folder, const std::string& below) {
  const auto real = os::real_path(below);
  return !real || (os::real_path(folder).value_or("") + "/").starts_with(*real + "/");
}

class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {
    if (!os::is_folder(folder_ + "/renewal") && !os::is_folder(folder_ + "/accounts"))
      throw Error(Exit::bad_input, folder_ + " is not a folder of certbot",
                  "it holds accounts/, live/ and renewal/; most are /etc/letsencrypt");
    if (os::is_locked_elsewhere(folder_ + "/.certbot.lock"))
      throw Error(Exit::later, folder_ + ": certbot is running there", "try again when it is done");
  }

  Found read() {
    attempt(folder_ + "/renewal", [&] { read_confs(); });
    attempt(folder_ + "/accounts", [&] { read_accounts(folder_ + "/accounts", "", 0); });
    for (const auto& one : confs_)
      attempt(file_of(one.first), [&] {
        found_.certificates.push_back(read_certbot_renewal(folder_, one.first, one.second, providers_));
      });
    tell_of_certificates_without_file();
    tell_of_hooks();
    for (std::string& line : providers_.left) found_.left.push_back(std::move(line));
    found_.settings = std::move(providers_.settings);
    found_.read_by_servers = folder_ + "/live";
    return std::move(found_);
  }

 private:
  void attempt(const std::string& subject, const std::function<void()>& act) {
    imports::attempt(found_.left, subject, act);
  }

  std::string file_of(const std::string& name) const {
    return folder_ + "/renewal/" + name + std::string(conf_end);
  }

  void read_confs() {
    for (const std::string& file : os::list_folder(folder_ + "/renewal")) {
      if (!file.ends_with(conf_end)) continue;
      const std::string name = file.substr(0, file.size() - conf_end.size());
      attempt(file_of(name), [&] {
        Ini conf = Ini::parse(os::read_file(file_of(name)));
        if (conf.section("renewalparams").empty())
          throw Error(Exit::bad_input, "it holds no [renewalparams]");
        confs_.emplace_back(name, std::move(conf));
      });
    }
  }

  /// The path of the folder is the URL without its scheme and without a final slash.
  std::string directory_of(const std::string& path) const {
    for (const auto& [name, conf] : confs_) {
      std::string server = certbot_server(conf);
      const size_t scheme = server.find("://");
      std::string theirs = scheme == server.npos ? server : server.substr(scheme + 3);
      while (theirs.ends_with('/')) theirs.pop_back();
      if (theirs == path) return server;
    }
    return "https://" + path;
  }

  /// `path` begins with a slash, or is empty. Links are followed, because certbot makes some.
  void read_accounts(const std::string& folder, const std::string& path, int depth) {
    if (depth > 1 && os::exists(folder + "/private_key.json"))
      return attempt(folder, [&] { read_account(folder, directory_of(os::folder_of(path).substr(1))); });
    const bool is_gone = path.starts_with("/acme-v01.") || path.starts_with("/acme-staging.");
    if (depth > deepest_account || is_gone) return;
    for (const std::string& name : os::list_folder(folder)) {
      const std::string below = folder + "/" + name;
      if (os::is_folder(below) && !is_loop(folder, below))
        attempt(below, [&] { read_accounts(below, path + "/" + name, depth + 1); });
    }
  }

  void read_account(const std::string& folder, const std::string& directory) {
    net::parse_url(directory, folder, Exit::bad_input);
    const std::string file = folder + "/private_key.json";
    const crypto::PrivateKey key = crypto::private_key_of_jwk(os::read_file(file), file);
    FoundAccount account{directory, folder, key.pkcs8_pem(), "", {}, os::name_of(folder)};
    attempt(folder + "/regr.json", [&] {
      const std::string subject = folder + "/regr.json";
      const Json json = parse_json(os::read_file(subject), subject, Exit::bad_input);
      const Fields fields(json, subject, Exit::bad_input);
      account.url = fields.optional_string("uri").value_or("");
      if (const Json* body = fields.optional_object("body"))
        account.contact = Fields(*body, subject, Exit::bad_input).strings("contact");
    });
    found_.accounts.push_back(std::move(account));
  }

  void tell_of_certificates_without_file() {
    attempt(folder_ + "/live", [&] {
      for (const std::string& name : os::list_folder(folder_ + "/live")) {
        if (os::is_folder(folder_ + "/live/" + name) && !os::exists(file_of(name)))
          found_.left.push_back(folder_ + "/live/" + name + ": there is no " + file_of(name));
      }
    });
  }

  /// The hooks of all certificates: certo has the same folders.
  void tell_of_hooks() {
    for (const char* kind : {"pre", "deploy", "post"}) {
      const std::string folder = folder_ + "/renewal-hooks/" + kind;
      attempt(folder, [&] {
        for (const std::string& name : os::list_folder(folder)) {
          if (!name.ends_with('~') && !os::is_folder(folder + "/" + name))
            found_.hook_files.push_back({kind, folder + "/" + name});
        }
      });
    }
    attempt(folder_ + "/cli.ini", [&] {
      const Ini ini = Ini::parse(os::read_file_if(folder_ + "/cli.ini").value_or(""));
      for (const char* key : {"pre-hook", "post-hook", "deploy-hook", "renew-hook"}) {
        if (!ini.value("", key).empty())
          found_.left.push_back(folder_ + "/cli.ini: not taken over: " + key + " = " + ini.value("", key));
      }
    });
  }

  std::string folder_;
  std::vector<std::pair<std::string, Ini>> confs_;
  CertbotProviders providers_;
  Found found_;
};

}  // namespace

Found read_certbot(const std::string& folder) { return Reader(folder).read(); }

}  // namespace certo::imports
