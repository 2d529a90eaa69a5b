// What acme.sh's commands and parameters mean to certo: one row each, as of acme.sh 3.1 (from its help, and
// the spellings that only its parser knows).
#pragma once

#include <string_view>
#include <vector>

namespace certo::acmesh {

/// Commands that take the same parameters; the bits in a row say for which of them it is.
enum Kind : unsigned {
  issue = 1,
  renew = 2,  // --renew-all and --cron, too
  install = 4,
  deploy = 8,
  account = 16,
  default_ca = 32,
  revoke = 64,
  pkcs12 = 128,
  new_key = 256,
  new_csr = 512,
  show_csr = 1024,
  look = 2048,  // commands that need at most a name
  schedule = 4096,
  upgrade = 8192,
  persist = 16384,
  deauthorize = 32768,
  all = 65535
};

/// How the names of -d are used.
enum class Names { none, with_ways, in_csr, first_as_option, first_as_word, as_options, as_words };

struct Verb {
  const char* flags;  // "-r --renew": all spellings
  Kind kind;
  Names names;
  const char* command;  // of certo, with its fixed options; nullptr: there is none
  const char* hint;     // if there is none, or a message when it runs; may be nullptr
};

enum class Arity { none, one, optional };

enum class Sense {
  option,           // `target` takes the value
  toggle,           // `target` is given
  unless_zero,      // `target` is given, unless the value is 0
  met,              // certo always behaves like this
  ignored,          // reported, with `remark` as the reason
  refused,          // an error, with `remark` as the reason
  name,             // -d
  way,              // `target`: --webroot, --standalone, --dns, --dns-persist
  challenge_alias,  // the record is at _acme-challenge. of the value
  domain_alias,     // the record is at the value
  key_length,       // `target` takes the key's type
  seconds,          // --dnssleep
  lasting,          // `target` takes the value with a "d"
  port,             // of --standalone
  tls_port,         // of --alpn
  address,          // of --standalone; `target`: the address, if no value says it
  loudness,         // --debug
  home,             // `target`: "weak" if another option has priority
  manual,           // DNS records by hand: allowed
  reason,           // of a revocation, by number (RFC 5280 section 5.3.1)
  variable,         // a secret: the environment variable `target` holds it
  secret_file,      // a secret: `target` names a file in memory that holds it
  csr,              // `target` takes the value, or none does: then it is the word of --show-csr
  ec_twin,          // --ecc: of two certificates for one name, the one with the EC key
  days,             // from the issue to the renewal; `target` takes what is left of 90 days
  new_key_switch,   // --new-key, or --reuse-key for the value 0
  auto_upgrade,     // --auto on, or off for the value 0
  skip_is_success,  // 0, not 2, when nothing was due
};

struct Parameter {
  const char* flags;
  Arity arity;
  Sense sense;
  unsigned taken_by = all;       // kinds; it does not apply to the others
  const char* target = nullptr;  // certo's flag
  const char* remark = nullptr;
  unsigned needed_by = 0;  // an error for these: they do not take it, but it would change what they do
};

const std::vector<Verb>& verbs();
const std::vector<Parameter>& parameters();
/// nullptr when there is none.
const Verb* find_verb(std::string_view flag);
const Parameter* find_parameter(std::string_view flag);

}  // namespace certo::acmesh
