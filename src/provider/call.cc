#include "provider/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "net/retry_after.h"
#include "provider/descriptor.h"
#include "provider/mask.h"
#include "recipe/run.h"

namespace certo::provider {
namespace {

// The time that a request needs after the wait before it.
constexpr Seconds room_for_request(10);

/// 1, 2, 4 … 60 s.
class BackOff {
 public:
  Seconds next() {
    const Seconds now = next_;
    next_ = std::min(2 * next_, Seconds(60));
    return now;
  }

 private:
  Seconds next_{1};
};

/// Whether a call may have changed the zone, judged by its requests. A request may have had an effect if its
/// answer was lost, or if a gateway answered instead of the service.
class Footprint {
 public:
  void only_asked() { was_last_ = false; }
  void may_have_changed() {
    ++changes_;
    was_last_ = false;
  }
  void changed() {
    may_have_changed();
    was_last_ = changes_ == 1;
  }
  /// Some services say "wrong token" in a reply that looks like a success: the provider knows better.
  bool is_none(int status) const { return changes_ == 0 || (was_last_ && status == CERTO_CONFIG); }

 private:
  int changes_ = 0;
  bool was_last_ = false;  // the only change so far is the last request, and it was answered
};

bool is_success(int status) { return status >= 200 && status < 300; }

// In the header of a DNS message (RFC 1035 section 4.1.1): only UPDATE (RFC 2136) changes anything. With an
// RCODE, it has changed nothing.
bool is_update(std::span<const uint8_t> message) { return message.size() > 2 && (message[2] >> 3 & 15) == 5; }
bool is_refused(std::span<const uint8_t> reply) { return reply.size() > 3 && (reply[3] & 15) != 0; }

/// certo_host.self. Nothing may be thrown through C, so each function returns a status.
class Host {
 public:
  Host(const Descriptor& who, const Task& task, Outside& outside)
      : who_(who), task_(task), outside_(outside), deadline_(task.deadline) {}

  certo_host table() {
    return {
        .size = sizeof(certo_host),
        .self = this,
        .setting = [](void* self, const char* name) noexcept { return of(self).setting(name); },
        .http = [](void* self, const certo_request* request,
                   certo_reply* reply) noexcept { return of(self).http(*request, *reply); },
        .explain = [](void* self, const char* line) noexcept { of(self).why_ = line; },
        .base64 =
            [](void* self, const void* data, size_t length) noexcept {
              of(self).encoded_ = base64(as_bytes(text(data, length)));
              return of(self).encoded_.c_str();
            },
        .hash =
            [](void*, const char* algorithm, const void* data, size_t length, uint8_t* digest) noexcept {
              return put(crypto::digest(algorithm, text(data, length)), digest);
            },
        .hmac =
            [](void*, const char* algorithm, const void* key, size_t key_length, const void* data,
               size_t length, uint8_t* digest) noexcept {
              return put(crypto::hmac(algorithm, as_bytes(text(key, key_length)), text(data, length)),
                         digest);
            },
        .sign =
            [](void* self, const char* key, const void* data, size_t length, uint8_t* signature) noexcept {
              return of(self).sign(key, signature, [&](const crypto::PrivateKey& parsed) {
                return parsed.sign(text(data, length));
              });
            },
        .now = [](void* self) noexcept { return of(self).now(); },
        .zone = [](void* self, const char* name) noexcept { return of(self).zone(name); },
        .dns =
            [](void* self, const char* server, const void* message, size_t length, const uint8_t** reply,
               size_t* reply_length) noexcept {
              const auto bytes = as_bytes(text(message, length));
              return of(self).dns(server, Bytes(bytes.begin(), bytes.end()), *reply, *reply_length);
            },
        .type = task_.records.empty() ? DnsRecord::txt : task_.records.front().type.c_str(),
        .sign_by =
            [](void* self, const char* algorithm, const char* key, const void* data, size_t length,
               uint8_t* signature) noexcept {
              return of(self).sign(key, signature, [&](const crypto::PrivateKey& parsed) {
                return parsed.sign_by(algorithm, text(data, length));
              });
            },
        .random =
            [](void* self, void* bytes, size_t length) noexcept {
              put(of(self).outside_.random(length), static_cast<uint8_t*>(bytes));
            },
        .now_ms = [](void* self) noexcept { return of(self).outside_.now_ms().count(); }};
  }

  /// Waits, unless that would take until the deadline.
  bool waits(Seconds time) {
    if (!fits(time)) return false;
    log::debug(fmt::format("rate limited: waiting for {} s", time.count()));
    outside_.wait(time);
    return true;
  }
  /// The service has said that a wait until the deadline does not help.
  bool is_told_later() const { return is_told_later_; }

  std::string why() const { return mask_(why_); }
  const Footprint& footprint() const { return footprint_; }

 private:
  static Host& of(void* self) { return *static_cast<Host*>(self); }
  static std::string_view text(const void* data, size_t length) {
    return {static_cast<const char*>(data), length};
  }

  static size_t put(const Bytes& bytes, uint8_t* to) {
    std::ranges::copy(bytes, to);
    return bytes.size();
  }

  using SignWith = std::function<Bytes(const crypto::PrivateKey& parsed)>;

  size_t sign(const char* key, uint8_t* signature, const SignWith& sign_with) {
    try {
      const Bytes made = sign_with(crypto::PrivateKey::from_pem(key, "the private key"));
      if (made.size() <= CERTO_SIGNATURE_SIZE) return put(made, signature);
    } catch (const Error& error) {
      why_ = error.message;
    }
    return 0;
  }

  int64_t now() { return outside_.now().time_since_epoch().count(); }

  const char* zone(const std::string& name) {
    try {
      zone_ = outside_.zone(name);
      return zone_.c_str();
    } catch (const Error& error) {
      why_ = error.message;
      return nullptr;
    }
  }

  int dns(const std::string& server, const Bytes& message, const uint8_t*& reply, size_t& length) {
    footprint_.only_asked();
    try {
      message_ = outside_.dns(server, message);
      if (is_update(message) && !is_refused(message_)) footprint_.may_have_changed();
      reply = message_.data();
      length = message_.size();
      return CERTO_OK;
    } catch (const Error& error) {
      why_ = error.message;
      if (error.code == Exit::config) return CERTO_CONFIG;
      if (is_update(message)) footprint_.may_have_changed();
      return CERTO_UNREACHABLE;
    }
  }

  bool can_change(const std::string& method) const {
    return (method != "GET" && method != "HEAD") || who_.is(CERTO_CHANGES_BY_GET);
  }

  const char* setting(const std::string& name) const {
    const bool is_common = name == "BASE_URL" || name == "ZONE";
    const auto found = task_.settings.find(is_common ? own_name(task_.provider, name) : name);
    if (found != task_.settings.end()) return found->second.c_str();
    return name == "BASE_URL" ? who_.base_url.c_str() : nullptr;
  }

  int http(const certo_request& asked, certo_reply& reply) {
    footprint_.only_asked();
    // A provider that was made for an earlier SDK has a shorter struct.
    const bool reads = asked.size >= sizeof asked && asked.reads != 0;
    const bool counts = !reads && can_change(asked.method);
    try {
      net::HttpRequest request;
      request.method = asked.method;
      request.url = net::parse_url(asked.url, "the address of its API", Exit::config);
      for (auto header = asked.headers; header && *header; ++header) {
        request.headers.emplace_back(*header);
        note_token(request.headers.back());
      }
      if (asked.body) request.body.assign(asked.body, asked.body_length);
      request.body_limit = CERTO_REPLY_SIZE;
      request.timeout = std::min<Millis>(request.timeout, task_.deadline);
      hand_over(answer_to(request), reply);
      if (counts && is_success(reply.status)) footprint_.changed();
      if (counts && reply.status >= 500) footprint_.may_have_changed();
      return CERTO_OK;
    } catch (const Error& error) {
      // The message contains the refused URL, and some services take a secret in its query.
      why_ = error.message.substr(0, error.message.find('?'));
      if (error.code == Exit::config) return CERTO_CONFIG;
      if (counts) footprint_.may_have_changed();
      return CERTO_UNREACHABLE;
    }
  }

  /// A service that gets too many requests does nothing and often says when to ask again.
  net::HttpReply answer_to(const net::HttpRequest& request) {
    for (BackOff pause;;) {
      net::HttpReply answer = outside_.send(request).get();
      if (answer.status != 429) return answer;
      const std::optional<Seconds> told = told_wait(answer);
      is_told_later_ = told && !fits(*told);
      if (is_told_later_ || !waits(std::max(told.value_or(pause.next()), Seconds(1)))) return answer;
    }
  }

  /// Retry-After, or what services without it say: seconds, or a time in seconds since 1970.
  std::optional<Seconds> told_wait(const net::HttpReply& answer) {
    if (const auto told = net::retry_after(answer.header("retry-after"), outside_.now())) return told;
    for (const char* name : {"ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"}) {
      const auto number = certo::number(answer.header(name), 0, INT64_MAX);
      if (!number) continue;
      const Seconds time(*number), since = time - outside_.now().time_since_epoch();
      constexpr Seconds longest_length = std::chrono::hours(24 * 365);
      return time < longest_length ? time : std::clamp(since, Seconds(0), longest_length);
    }
    return {};
  }

  bool fits(Seconds wait) const { return wait + room_for_request <= deadline_.left(); }

  void hand_over(net::HttpReply answer, certo_reply& reply) {
    answer_ = std::move(answer);
    lines_.clear();
    for (const auto& [name, value] : answer_.headers) lines_.push_back(name + ": " + value);
    headers_.clear();
    for (const std::string& line : lines_) headers_.push_back(line.c_str());
    headers_.push_back(nullptr);
    // A provider for an older ABI knows less of the struct than we do, but never less than this.
    reply.status = answer_.status;
    reply.body = answer_.body.c_str();
    reply.body_length = answer_.body.size();
    reply.headers = headers_.data();
  }

  /// A token that the provider was given while it ran is as secret as a setting.
  void note_token(const std::string& header) {
    if (lower(header).starts_with("authorization:")) mask_.add(header.substr(header.rfind(' ') + 1));
  }

  const Descriptor& who_;
  const Task& task_;
  Outside& outside_;
  Deadline deadline_;
  Footprint footprint_;
  bool is_told_later_ = false;
  Mask mask_{{}};
  std::string why_, encoded_, zone_;
  Bytes message_;
  net::HttpReply answer_;
  std::vector<std::string> lines_;
  std::vector<const char*> headers_;
};

/// `change` returns a certo_status.
using Change = std::function<int(const certo_host& host, std::span<const certo_record> records)>;

Outcome call_with(const Descriptor& who, const Task& task, Outside& outside, const Change& change) {
  Host host(who, task, outside);
  const certo_host table = host.table();
  std::vector<certo_record> records;
  for (const Record& record : task.records) {
    records.push_back({record.name.c_str(), record.value.c_str(), static_cast<uint32_t>(record.ttl)});
  }
  // Some services tell a rate limit in other ways than by status 429, which only the provider knows. To add
  // and to remove a record twice is the same as to do it once.
  int status = change(table, records);
  for (BackOff pause; status == CERTO_LATER && !host.is_told_later() && host.waits(pause.next());)
    status = change(table, records);
  if (status == CERTO_OK) return {};
  // It may hold what a setting or the service contains, which need not be UTF-8.
  return {status, printable(host.why()), {}, host.footprint().is_none(status)};
}

}  // namespace

Bytes Outside::random(size_t length) {
  Bytes bytes(length);
  crypto::random_bytes(nullptr, bytes.data(), bytes.size());
  return bytes;
}

Outcome call(const certo_provider& provider, const Task& task, Outside& outside) {
  certo_change* const change = task.action == Action::present ? provider.present : provider.cleanup;
  Descriptor who;
  who.name = provider.name;
  who.base_url = provider.base_url;
  who.traits = provider.traits;
  return call_with(who, task, outside,
                   [change](const certo_host& host, std::span<const certo_record> records) {
                     return change(&host, records.data(), records.size());
                   });
}

Outcome call(const recipe::Recipe& recipe, const Task& task, Outside& outside) {
  const sdk::Change change = task.action == Action::present ? sdk::Change::add : sdk::Change::remove;
  const auto work = [&](const sdk::Host& host, sdk::Records records) {
    recipe::run(recipe, host, records, change);
  };
  return call_with(describe(recipe), task, outside,
                   [&](const certo_host& host, std::span<const certo_record> records) {
                     return sdk::guarded(work, &host, records.data(), records.size());
                   });
}

}  // namespace certo::provider
