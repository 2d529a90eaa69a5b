// Scripts of acme.sh for DNS services, which run unchanged. They need programs and files of the machine, so
// they run with a clean environment instead of in a cage, in a host of ours
// (hooks/adapters/acmesh-dnsapi.sh).
//
// What acme.sh keeps in account.conf is in credentials/acmesh-NAME here, and what it keeps for one domain is
// in credentials/acmesh-NAME@RECORD. A script sees both as files in a private folder, and certo reads them
// back.
#pragma once

#include <string>
#include <vector>

#include "os/child.h"
#include "provider/provider.h"
#include "provider/script_file.h"

namespace certo::provider {

class Script : public Provider {
 public:
  /// `account`: which of several; may be empty. Throws Error{config} if the script is not trustworthy, or if
  /// the given settings cannot be read. Nothing is run yet.
  Script(const std::string& path, const std::string& account, const Choice& choice);

  const std::string& name() const override { return name_; }
  void present(const std::vector<DnsRecord>& records) override;
  void cleanup(const std::vector<DnsRecord>& records) override;
  Values settings() const override;

  const ScriptInfo& info() const { return info_; }

 private:
  struct Run;
  Values from_environment() const;
  Values for_script(const Values& account, const Values& domain) const;
  std::vector<std::string> variables(const Values& account, const Values& domain) const;
  os::Command command(const std::string& folder, const char* word, const DnsRecord& record) const;
  void change(const char* word, const DnsRecord& record) const;
  void judge(const Run& run) const;
  void store(const std::string& file, const Values& before, Values after, bool has_worked) const;
  bool is_setting(const std::string& saved) const;
  bool is_users(const std::string& saved) const;
  std::string account_file() const;
  std::string domain_file(const DnsRecord& record) const;
  std::string hint() const;

  const std::string path_, text_;
  const ScriptInfo info_;
  const Choice choice_;
  std::string name_;
  Values given_;  // of --dns-credentials
};

}  // namespace certo::provider
