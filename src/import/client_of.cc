// Which client a folder belongs to. Implements client_of of import/found.h.
#include "base/error.h"
#include "import/found.h"
#include "import/parts.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::imports {

std::string client_of(const std::string& folder) {
  const auto has = [&](const char* name) { return os::exists(folder + "/" + name); };
  if (has("account.conf") || has("ca")) return "acme.sh";
  if (has("renewal") || has("renewal-hooks") || has("archive")) return "certbot";
  if (has("certificates")) return "lego";
  if (has("accounts")) return has("cli.ini") || has("live") ? "certbot" : "lego";
  const char* const other = has("domains.txt") || has("hook.sh") ? "dehydrated"
                            : has("private")                     ? "uacme"
                                                                 : nullptr;
  if (other) {
    throw Error(Exit::bad_input,
                folder + ": it looks like a folder of " + other + ", which certo does not import",
                "'certo issue -d NAME …' gets the certificates again; --account-key FILE keeps the account");
  }
  throw Error(Exit::bad_input,
              folder + (os::is_folder(folder) ? " is not a folder of acme.sh, certbot or lego"
                                              : ": there is no such folder"),
              "most are ~/.acme.sh, /etc/letsencrypt and .lego; --from CLIENT names the client");
}

}  // namespace certo::imports
