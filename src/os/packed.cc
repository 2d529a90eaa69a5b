#include "os/packed.h"

#define ZLIB_CONST  // the input is not changed
#include <zlib.h>

#include "base/error.h"

namespace certo::os {
namespace {

constexpr int gzip_window = 16 + MAX_WBITS;  // 16: a gzip file and nothing else
constexpr size_t smallest_gzip = 18;         // its header and trailer
constexpr size_t largest_text = 1 << 20;     // more than the program carries in all

/// What the last four bytes of a gzip file say, the lowest first.
size_t size_of_text(std::string_view gzip) {
  size_t size = 0;
  for (size_t i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(gzip[gzip.size() - i]);
  return size;
}

}  // namespace

std::string unpacked(std::string_view gzip) {
  const Error damaged(Exit::bug, "a text that this program carries is damaged", "install certo again");
  if (gzip.size() < smallest_gzip || size_of_text(gzip) > largest_text) throw damaged;

  std::string text(size_of_text(gzip), '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<const Bytef*>(gzip.data());
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw damaged;
  const int end = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (end != Z_STREAM_END || stream.avail_out != 0 || stream.avail_in != 0) throw damaged;
  return text;
}

}  // namespace certo::os
