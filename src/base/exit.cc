#include "base/exit.h"

#include <algorithm>
#include <array>

namespace certo {

std::span<const ExitCode> exit_codes() {
  static constexpr std::array codes = {
      ExitCode{Exit::ok, "0", "done; for renew and cron: everything that was due is done"},
      ExitCode{Exit::failed, "1", "failed, and the same command again will not help"},
      ExitCode{Exit::nothing_due, "2", "nothing was due (only with --exit-2 and in the spelling of acme.sh)"},
      ExitCode{Exit::person_needed, "3", "a person must act: the listed DNS records must be added by hand"},
      ExitCode{
          Exit::not_installed, "4",
          "the certificate is new and stored, but installing it, its reload command or a hook failed; the next run tries again"},
      ExitCode{Exit::usage, "64", "wrong use"},
      ExitCode{Exit::bad_input, "65", "the input is damaged or of the wrong kind"},
      ExitCode{Exit::unknown_name, "66", "no such certificate in the store, or no such store"},
      ExitCode{Exit::unreachable, "69",
               "the CA, the DNS service or the network cannot be reached, or a deadline passed"},
      ExitCode{Exit::bug, "70", "a bug in certo"},
      ExitCode{Exit::cannot_write, "73", "cannot write"},
      ExitCode{Exit::later, "75", "later: rate limited, still processing, or locked; the message says when"},
      ExitCode{Exit::protocol, "76", "the CA broke the protocol; nothing was installed"},
      ExitCode{Exit::not_permitted, "77", "not permitted"},
      ExitCode{Exit::config, "78", "a setting or credential is missing or refused"},
      ExitCode{Exit::interrupted, "129, 130, 143", "interrupted; records and tokens were removed"},
  };
  return codes;
}

Exit worst(Exit a, Exit b) {
  static constexpr std::array order = {Exit::bug,           Exit::protocol,    Exit::config, Exit::failed,
                                       Exit::not_installed, Exit::unreachable, Exit::later};
  // Other codes come after the list, and `ok` comes last.
  const auto rank = [](Exit code) {
    if (code == Exit::ok) return order.size() + 1;
    return static_cast<size_t>(std::find(order.begin(), order.end(), code) - order.begin());
  };
  return rank(b) < rank(a) ? b : a;
}

}  // namespace certo
