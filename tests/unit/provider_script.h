// DNS providers of a few lines of shell, in a folder of their own.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "os/file.h"
#include "provider/provider.h"
#include "support.h"

namespace certo::test {

/// A variable of this process, as it was again at the end.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

struct Script {
  explicit Script(const std::string& body, const std::string& name = "dns-script") : path(folder / name) {
    os::write_file(path, "#!/bin/sh\nhere=$(dirname \"$0\")\n" + body + "\n", 0755);
  }
  std::string spec() const { return "exec:" + path; }
  std::unique_ptr<provider::Provider> find(provider::Choice choice = {}) const {
    choice.spec = spec();
    return provider::find(choice);
  }
  /// What the script wrote beside itself.
  std::string wrote(const std::string& name) const { return os::read_file_if(folder / name).value_or(""); }

  TempDir folder;
  std::string path;
};

}  // namespace certo::test
