#include "acme/nonces.h"

#include <utility>

#include "base/text.h"

namespace certo::acme {
namespace {

constexpr size_t longest_nonce = 1024;
constexpr size_t most_kept = 64;

/// Characters of base64url (section 6.5.1). It need not be the encoding of whole bytes: some CAs choose
/// random characters.
bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= longest_nonce && is_base64url(text);
}

}  // namespace

std::string Nonces::in(const net::HttpReply& reply) {
  const std::string nonce = reply.header("replay-nonce");
  return is_nonce(nonce) ? nonce : std::string();
}

void Nonces::keep(const net::HttpReply& reply) {
  std::string nonce = in(reply);
  const std::lock_guard guard(mutex_);
  if (!nonce.empty() && kept_.size() < most_kept) kept_.push_back(std::move(nonce));
}

std::optional<std::string> Nonces::take() {
  const std::lock_guard guard(mutex_);
  if (kept_.empty()) return {};
  std::string nonce = std::move(kept_.back());
  kept_.pop_back();
  return nonce;
}

void Nonces::expect(net::Pending reply) {
  const std::lock_guard guard(mutex_);
  expected_.push_back(std::move(reply));
}

std::optional<net::Pending> Nonces::take_expected() {
  const std::lock_guard guard(mutex_);
  if (expected_.empty()) return {};
  net::Pending reply = std::move(expected_.front());
  expected_.pop_front();
  return reply;
}

void Nonces::forget_expected() {
  const std::lock_guard guard(mutex_);
  expected_.clear();
}

size_t Nonces::count() const {
  const std::lock_guard guard(mutex_);
  return kept_.size() + expected_.size();
}

}  // namespace certo::acme
