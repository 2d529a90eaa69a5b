// Providers that are programs of the user. They may need ssh, sudo and files of their own,
// so they get a clean environment instead of a cage.
#pragma once

#include <string>
#include <vector>

#include "os/child.h"
#include "provider/description.h"
#include "provider/message.h"
#include "provider/provider.h"

namespace certo::provider {

class Executable : public Provider {
 public:
  /// Throws Error{config} unless the program may be trusted. Nothing is run yet.
  Executable(std::string name, std::string path, const Choice& choice);

  const std::string& name() const override { return name_; }
  void present(const std::vector<DnsRecord>& records) override { change(Action::present, records); }
  void cleanup(const std::vector<DnsRecord>& records) override { change(Action::cleanup, records); }
  Seconds propagation() const override { return description().propagation; }

 private:
  const Description& description() const;
  void change(Action action, const std::vector<DnsRecord>& records) const;
  void change_all(Action action, const std::vector<DnsRecord>& records) const;
  void change_one(Action action, const DnsRecord& record) const;
  void run(std::vector<std::string> words, std::string input, const std::string& doing) const;
  std::vector<std::string> environment() const;

  std::string name_, path_;
  std::vector<std::string> listed_;  // variables that the user lets it see
  std::string zone_;                 // told as CERTO_DNS_ZONE
  Millis deadline_;
};

/// The last line of `text` that says something.
std::string last_line(std::string_view text);
/// Why a program that `deadline` was set for has failed: in its own last words, where it said some.
std::string reason(const os::Finished& finished, Millis deadline);

}  // namespace certo::provider
