// The sources of a provider's settings. The parent reads them; a provider in a cage gets them on its stdin
// and cannot read a file itself.
#pragma once

#include <string>
#include <vector>

#include "provider/descriptor.h"
#include "provider/environment.h"
#include "provider/provider.h"

namespace certo::provider {

struct Sources {
  std::string given;           // --dns-credentials: a file, or "exec:/path/to/program WORD…"
  std::string stored_file;     // in credentials/ of the state tree
  std::string service_file{};  // that of service_credentials
  Environment environment{};   // the variables that the provider may get
  std::string state_folder{};  // no file in it is given to a provider
  std::string subject{};       // for messages; "": the provider's name
};

/// $CREDENTIALS_DIRECTORY/<name>, which systemd creates for LoadCredential= of a unit; "" outside of one.
std::string service_credentials(const std::string& name);

struct Credentials {
  Values values;
  std::string origin;  // for messages: "the environment", a file or a program
  bool from_environment = false;
};

/// Only the first source that has one of the required settings is used, so that half of an old account is
/// never mixed with half of a new one: the given one, the environment, the service's file, the stored file.
/// Optional settings come from the environment, too. If no source has one, the last are files in the default
/// places of the service's own tools. Throws Error{config} naming the variable that is missing and where it
/// is created, and for a file that others can read.
Credentials find_credentials(const Descriptor& provider, const Sources& sources);

/// Whether one of these sources has settings of the provider, complete or not. No file is read.
bool has_any(const Descriptor& provider, const Sources& sources);

/// `values` as the provider gets them: the content of a file instead of its path. Throws Error{config} for a
/// file that cannot be read, or that is in `state_folder`.
Values contents(const Descriptor& provider, Values values, const std::string& state_folder);

struct Line {
  std::string name, value;
  std::string place;  // for messages: "<source>:<line>"
};
/// KEY=value lines; empty lines and those that begin with '#' are skipped. A credentials file of certbot is
/// read, too. Throws Error{config} naming the line.
std::vector<Line> parse_lines(const std::string& text, const std::string& source);
/// The same without certbot's.
std::vector<Line> parse_own_lines(const std::string& text, const std::string& source);
/// The same from what --dns-credentials names.
std::vector<Line> read_given(const std::string& given);
/// The same from a file that nobody else can read.
std::vector<Line> read_private(const std::string& path);

/// The values of a file that keep_credentials wrote; none if there is no such file.
Values read_stored(const std::string& path);

/// Whether a line of a file can hold `value`.
bool can_be_stored(const std::string& value);
/// keep_credentials, and tells the user.
void store_for_renewal(const std::string& path, const std::string& provider, const Values& values);

/// Writes `values` to `path`, 0600, unless it holds them already. True if it wrote. `parse_lines` reads each
/// value as it was.
bool keep_credentials(const std::string& path, const std::string& provider, const Values& values);

}  // namespace certo::provider
