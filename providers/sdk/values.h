// Services by their shape: those that hold each value as a record of its own, and those that replace the
// values of a name as a whole. What a change needs is here, and a provider has only the requests.
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

struct Zone {
  std::string name, id;
};

/// A TXT record at the service.
struct Held {
  std::string id, value;  // the value as the service shows it, with quotes or without
};

class ValueService {
 public:
  virtual ~ValueService() = default;
  /// The zone of exactly that name, if the account has it.
  virtual std::optional<Zone> zone(const std::string& name) = 0;
  /// The TXT records of exactly that name.
  virtual std::vector<Held> list(const Zone& zone, const std::string& name) = 0;
  virtual void add(const Zone& zone, const Record& record) = 0;
  /// A record that is gone already is a success.
  virtual void remove(const Zone& zone, const std::string& name, const Held& held) = 0;
  /// After the last change of a zone that was changed.
  virtual void publish(const Zone&) {}
};

/// Adds what does not exist, or removes every record with one of our values. Each name is listed once.
void change_values(const Host& host, ValueService& service, Records records, Change change);

/// The values of one name in the service's spelling, each as if it were in a zone file: '"text"'.
struct Rrset {
  std::string id{};
  std::vector<std::string> texts{};  // empty if there is none
  uint32_t ttl = 0;
};

/// For services that replace the values of a name as a whole.
class RrsetService {
 public:
  virtual ~RrsetService() = default;
  virtual std::optional<Zone> zone(const std::string& name) = 0;
  /// The TXT RRset of exactly that name.
  virtual Rrset read(const Zone& zone, const std::string& name) = 0;
  /// Creates, replaces or deletes: `before` or `after` has no texts if there is none, or is to be none.
  virtual void write(const Zone& zone, const std::string& name, const Rrset& before, const Rrset& after) = 0;
};

/// Reads, merges and writes each RRset that differs. An RRset that exists keeps its TTL.
void change_values(const Host& host, RrsetService& service, Records records, Change change);

/// The new texts of an RRset. Ours get quotes, but may exist without them; those of others stay as they are.
std::vector<std::string> merged_texts(const std::vector<std::string>& texts,
                                      const std::vector<std::string>& ours, Change change);

/// Texts without their quotes, for services that show and take them so.
std::string unquoted(const std::string& text);

/// The functions of a provider whose `Service` is one of the two:
///   constexpr Work present = change_by<Service, Change::add>;
///   constexpr Work cleanup = change_by<Service, Change::remove>;
template <typename Service, Change change>
void change_by(const Host& host, Records records) {
  Service service(host);
  change_values(host, service, records, change);
}

}  // namespace certo::sdk
