// What a web server lacks so that it presents a certificate, as it is planned.
#pragma once

#include <string>
#include <vector>

#include "webserver/edits.h"
#include "webserver/listen.h"

namespace certo::webserver {

struct TlsWish {
  std::vector<std::string> names;  // of the certificate
  std::string certificate, key;    // the live files, absolute; the same ones after a renewal
  std::string key_type;            // "ec" or "rsa"
  bool redirect = false;           // from http to https
  bool takes_over = false;         // lines of certbot may be replaced
};

/// Who must present the certificate then.
struct Presented {
  std::string address;  // that this machine can reach: "127.0.0.1:443", "[::1]:8443"
  std::string name;     // for SNI; for a wildcard one of the names that it covers
  bool operator==(const Presented&) const = default;
};

struct TlsPlan {
  Edits edits;
  std::vector<std::string> marks;      // of existing lines
  std::vector<Presented> presented;    // listeners that expect the PROXY protocol, and unix sockets, are not
  std::vector<std::string> notes;      // for a person; without a full stop
  std::vector<Address> new_addresses;  // on which the server (nginx: its `http`) does not listen yet
};

}  // namespace certo::webserver
