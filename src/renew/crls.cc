#include "renew/crls.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/trust.h"

namespace certo::renew {
namespace {

constexpr size_t longest = size_t{10} << 20;
constexpr Millis for_each = Seconds(10), for_all = Seconds(120);
// CAs publish a CRL several times before it ends.
constexpr Seconds fresh = std::chrono::hours(24);
// No public CA's counts longer.
constexpr Seconds forgotten = std::chrono::days(30);

std::string path_of(const store::Home& home, const std::string& url) {
  return home.crls() + "/" + hex(crypto::sha256(url)).substr(0, 32) + ".crl";
}

/// Removes those of certificates that are gone.
void remove_old(const std::string& folder, Time now) {
  for (const std::string& name : os::list_folder(folder)) {
    const std::string path = folder + "/" + name;
    const auto file = os::fingerprint(path);
    if (file && now.time_since_epoch() - std::chrono::nanoseconds(file->mtime_ns) > forgotten)
      os::remove_file(path);
  }
}

}  // namespace

bool Crls::has_asked(const std::string& one) const { return std::ranges::find(asked_, one) != asked_.end(); }

std::string Crls::fetch(const net::Url& url) {
  if (!whole_) whole_ = Deadline(for_all);
  if (!http_) http_ = std::make_unique<net::Http>(settings_);
  if (has_asked(url.text) || has_asked(url.host) || whole_->passed())
    throw Error(Exit::unreachable, url.host + " is not asked again in this run");
  asked_.push_back(url.text);
  net::HttpRequest request;
  request.url = url;
  request.body_limit = longest;
  request.timeout = for_each;
  try {
    net::HttpReply reply = http_->send(std::move(request)).get();
    if (reply.status != 200)
      throw Error(Exit::protocol, url.host + ": it answers with HTTP status " + std::to_string(reply.status));
    return std::move(reply.body);
  } catch (const Error& error) {
    if (error.code == Exit::unreachable) asked_.push_back(url.host);
    throw;
  }
}

/// It is a cache: the next run fetches again what cannot be written.
void Crls::keep(const std::string& path, const std::string& text, Time now) {
  try {
    os::make_folder(home_.crls(), 0700);
    os::write_file(path, text, 0600);
    remove_old(home_.crls(), now);
  } catch (const Error& error) {
    log::verbose(error.message);
  }
}

/// The kept one counts for a day, and until its end if there is no newer one.
crypto::Crl Crls::read(const crypto::CrlQuestion& question) {
  const std::string path = path_of(home_, question.url);
  std::optional<crypto::Crl> kept;
  try {
    if (const auto text = os::read_trusted_if(path, os::of_state, longest))
      kept = crypto::read_crl(as_bytes(*text), question);
  } catch (const Error& error) {
    log::debug(path + ": " + error.message);
  }
  if (kept && question.now - kept->this_update < fresh) return *kept;
  try {
    const std::string text = fetch(net::parse_plain_url(question.url, "it", Exit::protocol));
    const crypto::Crl crl = crypto::read_crl(as_bytes(text), question);
    if (kept && crl.this_update < kept->this_update) return *kept;  // somebody has sent an old one
    keep(path, text, question.now);
    return crl;
  } catch (const Error& error) {
    if (!kept) throw;
    log::debug(question.url + ": " + error.message + "; the one that is kept counts");
    return *kept;
  }
}

std::optional<crypto::Revocation> Crls::look(const std::string& subject,
                                             const std::vector<crypto::Certificate>& chain, Time now) {
  // Otherwise nobody is known whose signature would count.
  if (chain.size() < 2 || !crypto::is_signed_by(chain[0], chain[1])) return {};
  const std::lock_guard hold(mutex_);
  for (const std::string& url : crypto::crl_urls(chain.front())) {
    try {
      return read({.leaf = chain.front(), .issuer = chain[1], .url = url, .now = now}).revocation;
    } catch (const Error& error) {
      log::verbose(subject + ": no CRL: " + url + ": " + error.message);
    }
  }
  return {};
}

}  // namespace certo::renew
