// The API that HEXONET (ISPAPI) and resellers of Key-Systems (RRPproxy) share for records: commands, whose
// replies are lines such as "PROPERTY[RR][0] = www 600 IN TXT "text"", and records in the form of zone files.
#pragma once

#include "sdk/values.h"

namespace certo::sdk {

class RecordLists : public ValueService {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::optional<Zone> zone(const std::string& name) override;
  std::vector<Held> list(const Zone& zone, const std::string& name) override;
  void add(const Zone& zone, const Record& record) override;
  void remove(const Zone& zone, const std::string& name, const Held& held) override;

 protected:
  /// The name of a zone as the service wants it.
  virtual std::string zone_name(const std::string& name) const = 0;
  /// The name of a record that is added.
  virtual std::string record_name(const Zone& zone, const std::string& name) const = 0;
  virtual Reply send(const Parameters& parameters) = 0;

 private:
  struct Answer {
    int code = 0;
    std::string description, subject;
    std::vector<std::string> records;
    size_t total = 0;  // of the records on all pages; 0: not told
  };
  Answer ask(const Parameters& parameters);
  Answer records_of(const std::string& zone, size_t first);
  static void require_done(const Answer& answer);
};

}  // namespace certo::sdk
