// presented/<id>.json lists the records and files that a run will present to the CA, and the calls of a
// program that presents them, so that a later run can remove them after a crash. A removal that fails is
// tried again after a time that grows.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "store/home.h"
#include "store/journal.h"
#include "store/request.h"

namespace certo::store {

struct PresentedFile {
  std::string root, name;  // webroot and name below it
  uint64_t inode = 0;      // 0 until it was made
};

/// A challenge that a program has begun to fulfil (store::Program).
struct PresentedCall {
  std::string type, identifier, token, answer;
  bool operator==(const PresentedCall&) const = default;
};

class Presented {
 public:
  /// Writes an empty journal for `way` and locks it.
  Presented(const Home& home, Way way);
  Presented(Presented&& other) noexcept;
  ~Presented();  // keeps the file if something is left in it

  void add(const std::vector<DnsRecord>& records);  // synced before it returns
  void add(const PresentedFile& file);
  void add(const PresentedCall& call);
  void made(const PresentedFile& file);  // notes the inode
  void remove_all();                     // everything was removed: removes the file
  /// These were never added.
  void drop(const std::vector<DnsRecord>& records);
  void drop(const PresentedCall& call);  // declined, or ended
  /// For `certo present`: they stay on purpose, and `certo cleanup` removes them.
  void keep();
  /// A later run could not remove them: none tries again before the result.
  Time postpone(Time now);

  const Way& way() const { return way_; }
  /// The way, if the journal lists records. Throws Error{bad_input} if the method adds none.
  const Dns& dns() const;
  const std::vector<DnsRecord>& records() const { return records_; }
  const std::vector<PresentedFile>& files() const { return files_; }
  const std::vector<PresentedCall>& calls() const { return calls_; }

  /// `certo cleanup` removed these: the journals that were kept forget them.
  static void forget_kept(const Home& home, const std::vector<DnsRecord>& records);
  /// A run removed these: the journals of dead runs that were proven the same way forget them.
  static void forget_removed(const Home& home, const Way& way, const std::vector<DnsRecord>& records);
  /// Journals that no run holds any more, that were not kept, and that are not postponed beyond `now`: to be
  /// removed now. Locked while they live.
  static std::vector<Presented> left_over(const Home& home, Time now);
  /// The journals that no run holds forget the records at `name`, the files below it, and the calls for it.
  /// Their number.
  static size_t forget(const Home& home, const std::string& name);
  /// Names of records, webroots, and the identifiers of calls, in the journals that no run holds.
  static std::set<std::string> names(const Home& home);

 private:
  explicit Presented(Journal journal) : journal_(std::move(journal)) {}
  static std::vector<Presented> unlocked(const Home& home);
  void read(std::string_view text);
  void write() const;
  bool is_empty() const { return records_.empty() && files_.empty() && calls_.empty(); }

  Journal journal_;
  bool is_ours_ = true;  // not moved from, and its content is known
  Way way_;
  std::vector<DnsRecord> records_;
  std::vector<PresentedFile> files_;
  std::vector<PresentedCall> calls_;
  bool kept_ = false;
  int failures_ = 0;  // of later runs
  std::optional<Time> retry_at_;
};

}  // namespace certo::store
