// The certificate that the command line of 'certo issue' asks for.
#pragma once

#include <string>
#include <vector>

#include "commands/context.h"
#include "store/entry.h"

namespace certo::commands {

/// What the command line requests the certificate for.
struct Asked {
  std::vector<crypto::Identifier> identifiers;
  std::string csr;  // PEM; "" if certo makes the key
};

/// -d or --csr. Throws Error{usage} for both.
Asked asked(const Args& args);
/// --cert-name, or the certificate of the store that is for these names.
std::string entry_name(const Args& args, const Asked& asked);
/// For a new certificate without a method: `any` leaves open how its names are proven (a store::Program
/// without a path).
enum class IfNoWay { refuse, any };
/// The request of the command line, completed by the stored request. Throws Error for what cannot be issued.
store::Request wanted(const Args& args, const Asked& asked, const store::Home& state,
                      const store::Entry& entry, IfNoWay if_no_way = IfNoWay::refuse);

}  // namespace certo::commands
