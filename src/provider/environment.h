// The variables of this process that a provider may be given. The provider's own code has no say in it:
// whatever it declares, it gets what the user listed for it, or what belongs to its place.
#pragma once

#include <string>
#include <vector>

namespace certo::provider {

/// Where a provider comes from.
enum class FoundBy {
  built_in,   // part of certo: it may be given whatever it declares
  file_name,  // in a provider folder, or certo-dns-NAME on PATH: what begins with its name, NAME_
  path        // the user names its path: nothing that is not listed
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
