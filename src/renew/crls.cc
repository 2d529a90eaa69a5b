#include "renew/crls.h"

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

Crls::List& Crls::list_of(const std::string& url) {
  const std::lock_guard hold(mutex_);
  std::unique_ptr<List>& list = lists_[url];
  if (!list) list = std::make_unique<List>();
  return *list;
}

bool Crls::may_ask(const std::string& host) {
  const std::lock_guard hold(mutex_);
  if (!whole_) whole_ = Deadline(for_all);
  if (!http_) http_ = std::make_unique<net::Http>(settings_);
  return !dead_hosts_.contains(host) && !whole_->passed();
}

std::string Crls::fetch(const net::Url& url) {
  if (!may_ask(url.host)) throw Error(Exit::unreachable, url.host + " is not asked again in this run");
  net::HttpRequest request{.url = url, .body_limit = longest, .timeout = for_each};
  try {
    net::HttpReply reply = http_->send(std::move(request)).get();
    if (reply.status != 200)
      throw Error(Exit::protocol, url.host + ": it answers with HTTP status " + std::to_string(reply.status));
    return std::move(reply.body);
  } catch (const Error& error) {
    const std::lock_guard hold(mutex_);
    if (error.code == Exit::unreachable) dead_hosts_.insert(url.host);
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
  List& list = list_of(question.url);
  const std::lock_guard hold(list.mutex);
  std::optional<crypto::Crl> kept;
  try {
    if (const auto text = os::read_trusted_if(path, os::of_state, longest))
      kept = crypto::read_crl(as_bytes(*text), question);
  } catch (const Error& error) {
    log::debug(path + ": " + error.message);
  }
  if (kept && (list.was_asked || question.now - kept->this_update < fresh)) return *kept;
  const net::Url url = net::parse_plain_url(question.url, "it", Exit::protocol);
  if (list.was_asked) throw Error(Exit::unreachable, url.host + " is not asked again in this run");
  list.was_asked = true;
  try {
    const std::string text = fetch(url);
    const crypto::Crl crl = crypto::read_crl(as_bytes(text), question);
    if (kept && crl.this_update < kept->this_update) return *kept;  // sent once more by somebody
    keep(path, text, question.now);
    return crl;
  } catch (const Error& error) {
    if (!kept) throw;
    log::verbose(error.message + "; the CRL of " + rfc3339(kept->this_update) + " still counts");
    return *kept;
  }
}

std::optional<crypto::Revocation> Crls::look(const std::string& subject,
                                             const std::vector<crypto::Certificate>& chain, Time now) {
  // Otherwise nobody is known whose signature would count.
  if (chain.size() < 2 || !crypto::is_signed_by(chain[0], chain[1])) return {};
  for (const std::string& url : crypto::crl_urls(chain.front())) {
    try {
      const crypto::Crl crl = read({.leaf = chain.front(), .issuer = chain[1], .url = url, .now = now});
      log::debug(subject + ": its CRL counts until " + rfc3339(crl.next_update));
      return crl.revocation;
    } catch (const Error& error) {
      log::verbose(subject + ": no CRL: " + url + ": " + error.message);
    }
  }
  return {};
}

}  // namespace certo::renew
