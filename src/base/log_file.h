// The file of --log: several runs append to it at the same time, and a full one is renamed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace certo::log {

/// A file of more than `limit` bytes becomes FILE.1, FILE.1 becomes FILE.2, and FILE.3 is the oldest that is
/// kept.
class LogFile {
 public:
  LogFile() = default;
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// Opens `path` for appending, mode 0600; "" closes. `limit` 0: none. Throws Error{cannot_write}.
  void open(const std::string& path, uint64_t limit);
  bool is_open() const { return fd_ >= 0; }
  void write(std::string_view text);

 private:
  bool is_full() const;
  void rotate();
  bool is_current() const;
  bool reopen();
  void close();

  std::string path_;
  uint64_t limit_ = 0;
  int fd_ = -1;
};

/// Writes all of `text`, or as much as somebody reads.
void write_whole(int fd, std::string_view text);

}  // namespace certo::log
