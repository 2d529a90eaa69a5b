// Providers that are programs of the user. They may need ssh, sudo and files of their own, so they run with a
// clean environment instead of in a cage.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "os/child.h"
#include "provider/credentials.h"
#include "provider/description.h"
#include "provider/message.h"
#include "provider/provider.h"

namespace certo::provider {

class Executable : public Provider {
 public:
  /// `name`: of the lane and the messages. `found_by`: path, or file_name for certo-dns-NAME. Throws
  /// Error{config} if the program is not trustworthy or the given settings cannot be read. Nothing is run
  /// yet.
  Executable(std::string name, std::string path, FoundBy found_by, const Choice& choice);

  const std::string& name() const override { return name_; }
  void present(const std::vector<DnsRecord>& records) override;
  void cleanup(const std::vector<DnsRecord>& records) override { change(Action::cleanup, records); }
  Seconds propagation() const override { return description().propagation; }
  Values settings() const override;

  /// What the program says of itself; it is run once for each set of variables.
  const Description& description() const;

 private:
  void change(Action action, const std::vector<DnsRecord>& records) const;
  void change_all(Action action, const std::vector<DnsRecord>& records) const;
  void change_one(Action action, const DnsRecord& record) const;
  void run(std::vector<std::string> words, std::string input, const std::string& doing) const;
  std::vector<std::string> environment(const Values& settings) const;
  Values from_environment() const;
  Values stored() const;
  std::string hint() const;

  const std::string name_, path_;
  const FoundBy found_by_;
  const Choice choice_;
  std::string stored_file_;  // empty: none
  Values given_;             // of --dns-credentials
};

/// Throws Error{config} unless all are TXT records: the protocols of programs and scripts have no word for a
/// type.
void require_txt(const std::string& name, const std::vector<DnsRecord>& records);
/// The last line of `text` that is not empty.
std::string last_line(std::string_view text);
/// Of certo, for a program of the user that has failed: it may say more by two codes of <sysexits.h>.
Exit exit_for(const os::Finished& finished);
/// Why a program that ran with `deadline` has failed: its own last words, if it said anything.
std::string reason(const os::Finished& finished, Millis deadline);

}  // namespace certo::provider
