#include "base/tls_records.h"

namespace certo {
namespace {

constexpr uint8_t handshake_record = 22, certificate_message = 11;

/// The messages of the handshake.
Bytes messages_in(const Bytes& records) {
  Bytes messages;
  for (size_t at = 0; at + 5 <= records.size();) {
    const auto length = static_cast<size_t>(records[at + 3] << 8 | records[at + 4]);
    if (records[at] != handshake_record || at + 5 + length > records.size()) break;
    const auto content = records.begin() + static_cast<ptrdiff_t>(at) + 5;
    messages.insert(messages.end(), content, content + static_cast<ptrdiff_t>(length));
    at += 5 + length;
  }
  return messages;
}

}  // namespace

Bytes first_certificate_in(const Bytes& records) {
  const Bytes messages = messages_in(records);
  const auto three = [&](size_t at) {
    return static_cast<size_t>(messages[at] << 16 | messages[at + 1] << 8 | messages[at + 2]);
  };
  for (size_t at = 0; at + 10 <= messages.size(); at += 4 + three(at + 1)) {
    if (messages[at] != certificate_message) continue;
    const size_t length = three(at + 7);
    if (at + 10 + length > messages.size()) return {};
    const auto first = messages.begin() + static_cast<ptrdiff_t>(at) + 10;
    return Bytes(first, first + static_cast<ptrdiff_t>(length));
  }
  return {};
}

}  // namespace certo
