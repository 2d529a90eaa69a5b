// acme.sh's spelling: its command lines (`--issue -d example.com --dns dns_cf`) are translated for the
// dispatcher.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/exit.h"

namespace certo::acmesh {

/// A secret from the command line, and how certo reads it.
struct Handover {
  bool by_file;        // else by an environment variable
  std::string target;  // "CERTO_EAB_HMAC", or the option that takes the file's name
  std::string value;
};

/// "ec" or "rsa" for a certificate in the store below `home` ("": the default); "" if there is none, or if
/// its key is elsewhere.
using StoredKey = std::function<std::string(const std::string& home, const std::string& name)>;

/// Is this word the name of one of certo's commands?
using IsCommand = std::function<bool(const std::string&)>;
/// Runs a command line of certo.
using Dispatch = std::function<Exit(const std::vector<std::string>&)>;

struct Rewriting {
  std::vector<std::string> arguments;  // certo's
  std::vector<std::string> notes;      // options that have no effect here, and why
  std::vector<Handover> handovers;
};

/// One of acme.sh's commands begins the line, or follows other options if there is no command of certo.
bool is_acmesh(const std::vector<std::string>& arguments, const IsCommand& is_command);

/// Several ways are aligned as acme.sh does it: the i-th -d takes the i-th, later ones the last; aliases
/// likewise. Only the commands --issue and --install-cert may be combined. Throws Error{usage} for unknown
/// words, and for options that would change the certificate but do not exist here.
/// acme.sh keeps one with an EC and one with an RSA key for each name: the second is NAME-ecc or NAME-rsa
/// here.
Rewriting rewrite_acmesh(const std::vector<std::string>& arguments, const StoredKey& stored);

/// Prints the notes, passes the secrets on and dispatches. Throws.
Exit run_acmesh(const std::vector<std::string>& arguments, const Dispatch& dispatch);

}  // namespace certo::acmesh
