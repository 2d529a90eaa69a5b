// presented/<id>.json: what was put before the CA's eyes, written down before it goes
// out, so that the next run can take out what a crash left.
//
// presented/<id>.lock is locked while the run lives: a journal that nobody has locked is left
// over. The lock lies beside the journal, whose inode changes with each write. It is taken before
// the journal appears, and unlinked, while it is held, only after the journal has gone; so whoever
// holds the lock and finds the journal is alone with it, and ids are never used again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/lock.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::store {

struct PresentedFile {
  std::string root, name;  // webroot and name below it
  uint64_t inode = 0;      // 0 until it was made
};
struct PresentedRecord {
  std::string name, value;
};

class Presented {
 public:
  /// Writes an empty journal for `way` and locks it.
  Presented(const Home& home, Way way);
  Presented(Presented&& other) noexcept;
  ~Presented();  // keeps the file when something is left in it

  void add(const std::vector<PresentedRecord>& records);  // synced before it returns
  void add(const PresentedFile& file);
  void made(const PresentedFile& file);  // notes the inode
  void remove_all();                     // everything was taken out: the file goes
  /// These were never put in.
  void drop(const std::vector<PresentedRecord>& records);
  /// For `certo present`: what stays on purpose and is not swept; `certo cleanup` takes it out.
  void keep();

  const Way& way() const { return way_; }
  const std::vector<PresentedRecord>& records() const { return records_; }
  const std::vector<PresentedFile>& files() const { return files_; }

  /// `certo cleanup` took these out: the journals that were kept forget them.
  static void forget_kept(const Home& home, const std::vector<PresentedRecord>& records);
  /// Journals that no run holds any more and that were not kept: to be taken out now. Locked while they live.
  static std::vector<Presented> left_over(const Home& home);

 private:
  Presented(std::string path, os::Lock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  static std::vector<Presented> unlocked(const Home& home);
  void read(std::string_view text);
  void write() const;
  bool is_empty() const { return records_.empty() && files_.empty(); }

  std::string path_;  // without ".json"; empty once moved from
  os::Lock lock_;
  Way way_;
  std::vector<PresentedRecord> records_;
  std::vector<PresentedFile> files_;
  bool kept_ = false;
};

}  // namespace certo::store
