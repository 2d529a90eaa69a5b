#include "renew/next_key.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/rekey.h"

namespace certo::renew {
namespace {

/// The live key; nothing if there is none, or if it must not be used again.
std::optional<crypto::PrivateKey> reusable_key(const store::Entry& entry, crypto::KeyType type) {
  try {
    const std::optional<store::Live> live = entry.live();
    if (!live) return {};
    const std::string path = live->folder + "/key.pem";
    const std::optional<std::string> pem = os::read_trusted_if(path, os::of_state);
    if (!pem) return {};
    crypto::PrivateKey key = crypto::PrivateKey::from_pem(*pem, path);
    if (key.public_key().type != type) return {};
    if (!entry.is_revoked(live->version) && !store::is_compromised(entry, key.public_key().spki)) return key;
    log::say(entry.name() + ": the certificate of its key was revoked, so it gets a new key");
  } catch (const Error& error) {  // a damaged pair is replaced
    log::verbose(error.message);
  }
  return {};
}

/// Whether this key, which an earlier run made, is the one that is wanted now.
bool is_still_wanted(const store::Entry& entry, const crypto::PrivateKey& key,
                     const std::optional<crypto::PrivateKey>& reused, KeyChoice choice) {
  const Bytes& spki = key.public_key().spki;
  if (reused) return reused->public_key().spki == spki;
  if (store::is_compromised(entry, spki)) return false;
  if (choice == KeyChoice::by_request) return true;
  try {
    const std::optional<store::Live> live = entry.live();
    return !live || live->chain.front().spki != spki;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

NextKey::NextKey(const store::Entry& entry, const store::Request& request, KeyChoice choice)
    : entry_(entry), request_(request) {
  const std::string csr = entry.next_csr();
  if (csr != request.csr) entry.drop_next();  // it is for another key
  if (request.csr.empty()) {
    take_up(choice);
    return;
  }
  csr_ = crypto::parse_csr_pem(request.csr, entry.name() + ": its CSR");
  is_old_ = csr == request.csr;
  if (!is_old_) entry.save_next_csr(request.csr);
}

void NextKey::take_up(KeyChoice choice) {
  std::optional<crypto::PrivateKey> reused;
  if (request_.reuse_key && choice == KeyChoice::by_request) reused = reusable_key(entry_, request_.key_type);
  key_ = entry_.next_key();
  is_old_ =
      key_ && key_->public_key().type == request_.key_type && is_still_wanted(entry_, *key_, reused, choice);
  if (is_old_) {
    is_saved_ = true;
    return;
  }
  key_ = std::move(reused);
  if (!key_) coming_.emplace(request_.key_type);
}

Bytes NextKey::spki(const Deadline& deadline) { return csr_ ? csr_->spki : get(deadline).public_key().spki; }

Bytes NextKey::csr(const std::vector<crypto::Identifier>& identifiers, const Deadline& deadline) {
  const auto staple = request_.must_staple ? crypto::Staple::must : crypto::Staple::may;
  return csr_ ? csr_->der : crypto::make_csr(get(deadline), identifiers, staple);
}

const crypto::PrivateKey& NextKey::get(const Deadline& deadline) {
  if (coming_) {
    key_ = coming_->get(deadline);
    coming_.reset();
  }
  if (!is_saved_) entry_.save_next_key(*key_);
  is_saved_ = true;
  return *key_;
}

}  // namespace certo::renew
