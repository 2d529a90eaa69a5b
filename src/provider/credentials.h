// Where a caged provider's settings come from. The parent reads them; the provider's child gets
// them on its stdin and can read no file itself.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provider/descriptor.h"

namespace certo::provider {

using Values = std::map<std::string, std::string>;  // by Setting::name

struct Sources {
  std::string given;           // --dns-credentials: a file, or "exec:/path/to/program WORD…"
  std::string stored_file;     // credentials/<provider>[.<profile>] of the state tree
  std::string service_file{};  // that of service_credentials
};

/// $CREDENTIALS_DIRECTORY/<name>, where systemd puts what LoadCredential= of a unit names; "" outside of one.
std::string service_credentials(const std::string& name);

struct Credentials {
  Values values;
  std::string origin;  // for messages: "the environment", a file or a program
  bool from_environment = false;
};

/// The first source that names one of the needed settings counts alone, so that half of an old account is
/// never mixed with half of a new one: the given one, the environment, the service's file, the stored file.
/// What may be left out is taken from the environment as well. Where no source names one, files that lie
/// where their service's own tools put them are the last. Throws Error{config} naming the variable that is
/// missing and where it is made, and for a file that others can read.
Credentials find_credentials(const Descriptor& provider, const Sources& sources);

/// `values` as the provider gets them: a file's content in the place of its path. Throws Error{config} for a
/// file that cannot be read.
Values contents(const Descriptor& provider, Values values);

/// Writes `values` to `path`, 0600, unless it holds them already. True when it wrote.
bool keep_credentials(const std::string& path, const std::string& provider, const Values& values);

}  // namespace certo::provider
