// presented/<id>.json: what was put before the CA's eyes, written down before it goes
// out, so that the next run can take out what a crash left.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/dns_record.h"
#include "store/home.h"
#include "store/journal.h"
#include "store/request.h"

namespace certo::store {

struct PresentedFile {
  std::string root, name;  // webroot and name below it
  uint64_t inode = 0;      // 0 until it was made
};

class Presented {
 public:
  /// Writes an empty journal for `way` and locks it.
  Presented(const Home& home, Way way);
  Presented(Presented&& other) noexcept;
  ~Presented();  // keeps the file when something is left in it

  void add(const std::vector<DnsRecord>& records);  // synced before it returns
  void add(const PresentedFile& file);
  void made(const PresentedFile& file);  // notes the inode
  void remove_all();                     // everything was taken out: the file goes
  /// These were never put in.
  void drop(const std::vector<DnsRecord>& records);
  /// For `certo present`: what stays on purpose and is not swept; `certo cleanup` takes it out.
  void keep();

  const Way& way() const { return way_; }
  const std::vector<DnsRecord>& records() const { return records_; }
  const std::vector<PresentedFile>& files() const { return files_; }

  /// `certo cleanup` took these out: the journals that were kept forget them.
  static void forget_kept(const Home& home, const std::vector<DnsRecord>& records);
  /// Journals that no run holds any more and that were not kept: to be taken out now. Locked while they live.
  static std::vector<Presented> left_over(const Home& home);

 private:
  explicit Presented(Journal journal) : journal_(std::move(journal)) {}
  static std::vector<Presented> unlocked(const Home& home);
  void read(std::string_view text);
  void write() const;
  bool is_empty() const { return records_.empty() && files_.empty(); }

  Journal journal_;
  bool is_ours_ = true;  // not moved from, and what is in it is known
  Way way_;
  std::vector<DnsRecord> records_;
  std::vector<PresentedFile> files_;
  bool kept_ = false;
};

}  // namespace certo::store
