// The variables of this process that a provider may get. Its own code does not decide that: whatever it
// declares, it gets the variables that the user listed for it, or those that belong to its place.
#pragma once

#include <string>
#include <vector>

namespace certo::provider {

/// The origin of a provider's code.
enum class FoundBy {
  built_in,   // part of certo: it gets whatever it declares
  file_name,  // in a provider folder, or certo-dns-NAME on PATH: variables that begin with its name, NAME_
  path        // the user names its path: only the listed variables
};

class Environment {
 public:
  /// As a built-in sees it.
  Environment() = default;
  /// `name`: that of the file, for FoundBy::file_name. `listed`: the names of --dns-env.
  Environment(FoundBy found_by, const std::string& name, std::vector<std::string> listed);
  /// As cron starts certo: no variable is set.
  static Environment of_cron();

  bool allows(const std::string& variable) const;
  /// "" if it is not set, or not for this provider.
  std::string value(const std::string& variable) const;

 private:
  FoundBy found_by_ = FoundBy::built_in;
  std::string prefix_;
  std::vector<std::string> listed_;
  bool is_empty_ = false;
};

}  // namespace certo::provider
