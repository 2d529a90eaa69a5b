// A provider whose code is not trusted with files, as the rest of certo sees it: a built-in, a recipe or a
// .so. It runs in a child process in a cage.
#pragma once

#include <string>
#include <vector>

#include "provider/catalog.h"
#include "provider/credentials.h"
#include "provider/message.h"
#include "provider/provider.h"

namespace certo::provider {

class CagedProvider : public Provider {
 public:
  /// `account`: which of several; may be empty. Throws Error{config} if a setting is missing or a file
  /// cannot be read.
  CagedProvider(Caged caged, const std::string& account, const Choice& choice);

  const std::string& name() const override { return name_; }
  void present(const std::vector<DnsRecord>& records) override;
  void cleanup(const std::vector<DnsRecord>& records) override;
  Seconds propagation() const override { return caged_.descriptor.propagation; }
  bool holds_one_value() const override { return caged_.descriptor.is(CERTO_SINGLE_VALUE); }
  bool has_own_names() const override { return caged_.descriptor.is(CERTO_OWN_NAMES); }
  Values settings() const override { return credentials_.values; }

 private:
  Outcome started_change(const std::vector<DnsRecord>& records) const;
  Outcome change(Action action, const std::vector<DnsRecord>& records) const;
  Outcome change_of_type(Action action, const std::vector<DnsRecord>& records) const;

  const Caged caged_;
  std::string name_;
  std::string stored_file_;  // empty: nothing is stored
  std::vector<std::string> resolvers_;
  std::string zone_;
  Credentials credentials_;
  Values contents_;  // of its files instead of their paths
};

}  // namespace certo::provider
