// Exit codes: one table for the whole program (the README and the man page print it).
#pragma once

namespace certo {

enum class Exit : int {
  ok = 0,
  failed = 1,         // failed, and the same again will not help
  nothing_due = 2,    // only in the acme.sh spelling and with --exit-2
  person_needed = 3,  // manual DNS records are listed
  not_installed = 4,  // the certificate is stored, but a hook or reload failed
  usage = 64,
  bad_input = 65,
  unknown_name = 66,  // no such certificate in the store
  unreachable = 69,   // CA, DNS service or network; or a deadline passed
  bug = 70,
  cannot_write = 73,
  later = 75,     // rate limited, still processing, or locked
  protocol = 76,  // the CA broke the protocol; nothing was installed
  not_permitted = 77,
  config = 78,        // a setting or credential is missing or refused
  interrupted = 128,  // plus the signal's number
};

/// Of several certificates' codes, the one that the run ends with: the first
/// of 70, 76, 78, 1, 4, 69, 75 that occurs, then any other that is not 0.
Exit worst(Exit a, Exit b);

}  // namespace certo
