// A rehearsal: gets a certificate in the same way from a test server, into a store that is deleted
// afterwards.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "os/temporary.h"
#include "renew/pass.h"

namespace certo::renew {

class Rehearsal {
 public:
  /// `home` has the settings of DNS providers, and the journal of the records and files that are presented.
  Rehearsal(const store::Home& home, SessionSettings settings);

  /// Gets a certificate for `request` from the CA with this directory. Throws as `issue` does.
  IssueResult issue(const std::string& name, store::Request request, const std::string& directory,
                    const challenge::SolverSettings& solving);

 private:
  const store::Home& home_;
  const os::TemporaryFolder folder_;
  const store::Home scratch_{folder_.path()};
  Sessions sessions_;
};

/// Names the directory of the test server that stands in for another.
using TestDirectory = std::function<std::string(const std::string& directory)>;

/// One rehearsal after the other; results as those of a pass.
std::vector<PassResult> rehearse(const store::Home& home, const PassSettings& settings,
                                 const TestDirectory& test_directory);

}  // namespace certo::renew
