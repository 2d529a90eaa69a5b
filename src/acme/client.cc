#include "acme/client.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "acme/jws.h"
#include "acme/poll.h"
#include "acme/read.h"
#include "base/log.h"
#include "net/retry_after.h"
#include "os/signals.h"

namespace certo::acme {
namespace {

using net::HttpReply;

constexpr size_t most_in_flight = 16;  // also the most nonces that are fetched ahead
constexpr int most_bad_nonces = 5;
constexpr int most_losses = 3;
constexpr const char* resume_hint =
    "the same command again continues where this one stopped; --deadline SECONDS allows more time";

net::HttpRequest unsigned_request(const char* method, const Url& url) {
  net::HttpRequest request;
  request.method = method;
  request.url = url;
  return request;
}

/// The CA's problem document; only the status if there is none that can be read.
Problem problem_of(const HttpReply& reply) {
  try {
    return parse_problem(parse_json(reply.body, "problem document", Exit::protocol));
  } catch (const Error&) {
    Problem problem;
    problem.detail = "HTTP status " + std::to_string(reply.status);
    return problem;
  }
}

Refusal refusal(const HttpReply& reply, Problem problem, Step step = Step::other) {
  // New terms of service may be named only here (RFC 8555 section 7.3.3).
  if (problem.type == "userActionRequired" && problem.instance.empty())
    if (const auto terms = links(reply, "terms-of-service"); !terms.empty()) problem.instance = terms.front();
  std::optional<Seconds> wait = net::retry_after(reply.header("retry-after"), now());
  return Refusal(reply.status, std::move(problem), wait ? std::optional(now() + *wait) : std::nullopt, step);
}

/// A directory that cannot be read is most often the URL of something else.
Error no_directory(const Error& why, const std::string& url) {
  return Error(
      why.code, "there is no ACME directory at " + url + ": " + why.message,
      "--server takes a short name such as letsencrypt, or the URL of a directory as the CA documents it");
}

bool is_success(const HttpReply& reply) { return reply.status >= 200 && reply.status < 300; }

void refuse_redirect(const HttpReply& reply, const Url& url) {
  if (reply.status >= 300 && reply.status < 400)
    throw Error(Exit::protocol, "the CA redirects " + url.text + ", which ACME does not allow");
}

}  // namespace

/// A signed request that was sent, and how often it has failed so far.
struct Client::Flight {
  size_t index;               // in the list of posts
  const crypto::Signer* key;  // that it was signed with
  std::string account;        // that it was signed for
  net::Pending reply;
  bool is_account_found = false;  // after "accountDoesNotExist"
  int bad_nonces = 0;
  int losses = 0;
};

Client::Client(net::Transport& http, const crypto::Signer& key, ClientSettings settings)
    : http_(http),
      key_(&key),
      settings_(std::move(settings)),
      thumbprint_(acme::thumbprint(key.public_key())) {
  if (!settings_.pause) settings_.pause = os::sleep_for;
}

Client Client::beside(Deadline deadline) const {
  Client other(*this);
  other.settings_.deadline = deadline;
  return other;
}

/// No request lasts longer than the deadline.
net::Pending Client::send(net::HttpRequest request) {
  if (settings_.deadline.passed()) throw Error(Exit::unreachable, "gave up at the deadline", resume_hint);
  request.timeout = std::min(request.timeout, settings_.deadline.left());
  return http_.send(std::move(request));
}

const Directory& Client::directory() {
  if (directory_) return *directory_;
  const log::Waiting live("asking " + settings_.directory.host);
  net::HttpRequest request = unsigned_request("GET", settings_.directory);
  request.redirects = 3;
  net::Pending coming = send(std::move(request));
  if (settings_.cached) {
    directory_ = settings_.cached;  // tells prefetch_nonces where newNonce is
    prefetch_nonces(1);
    directory_.reset();
  }
  const HttpReply reply = coming.get();
  if (!is_success(reply)) {
    const Refusal refused = refusal(reply, problem_of(reply));
    if (reply.status == 404) throw no_directory(refused, settings_.directory.text);
    throw refused.within(settings_.directory.text);
  }
  check_clock(reply);
  nonces_->keep(reply);  // if the CA sends one with it
  try {
    directory_ =
        parse_directory(settings_.directory, parse_json(reply.body, "the directory", Exit::protocol));
  } catch (const Error& error) {
    throw no_directory(error, settings_.directory.text);
  }
  directory_changed_ = !settings_.cached || settings_.cached->json != directory_->json;
  if (settings_.cached && settings_.cached->new_nonce.text != directory_->new_nonce.text)
    nonces_->forget_expected();
  return *directory_;
}

void Client::prefetch_nonces(size_t count) {
  count = std::min(count, most_in_flight);
  while (nonces_->count() < count) nonces_->expect(send(unsigned_request("HEAD", directory_->new_nonce)));
}

std::string Client::take_nonce() {
  if (std::optional<std::string> kept = nonces_->take()) return *std::move(kept);
  std::optional<net::Pending> coming = nonces_->take_expected();
  if (!coming) coming = send(unsigned_request("HEAD", directory_->new_nonce));
  HttpReply reply = coming->get();
  // Both methods are allowed (RFC 8555 section 7.2), but not every proxy lets HEAD through.
  if (!is_success(reply)) reply = send(unsigned_request("GET", directory_->new_nonce)).get();
  if (!is_success(reply)) throw refusal(reply, problem_of(reply)).within("newNonce");
  std::string nonce = Nonces::in(reply);
  if (nonce.empty()) throw Error(Exit::protocol, "the CA's newNonce brought no valid nonce");
  return nonce;
}

net::Pending Client::launch(const Post& post) {
  const bool is_of_lost_account = !lost_account_.empty() && post.url.text == lost_account_;
  net::HttpRequest request;
  request.method = "POST";
  request.url =
      is_of_lost_account ? net::parse_url(settings_.account, "the account's URL", Exit::protocol) : post.url;
  request.headers = {"Content-Type: application/jose+json"};
  request.body_limit = post.body_limit;
  if (!post.with_jwk && settings_.account.empty())
    throw Error(Exit::bug, "a request was signed before the account was known");
  request.body =
      sign_jws(*key_, post.with_jwk ? "" : settings_.account, take_nonce(), request.url.text, post.payload);
  return send(std::move(request));
}

/// Waits for a flight. Returns the reply if it succeeded, nothing if it must be sent again. Throws if the
/// failure is final.
std::optional<HttpReply> Client::settle(const Post& post, Flight& flight) {
  const bool reading = post.payload.empty();
  HttpReply reply;
  try {
    reply = flight.reply.get();
  } catch (const Error& error) {
    if (error.code != Exit::unreachable || !reading || ++flight.losses > most_losses) throw;
    const log::Waiting live("waiting for the CA to answer again");
    pause(next_poll(flight.losses + 1, {}), "the CA to answer again");
    return {};
  }
  nonces_->keep(reply);
  check_clock(reply);
  if (is_success(reply)) return reply;
  refuse_redirect(reply, post.url);

  Problem problem = problem_of(reply);
  if (problem.type == "badNonce" && ++flight.bad_nonces <= most_bad_nonces) return {};
  if (regains(post, flight, problem)) return {};
  // With 503 the server has not acted on the request (RFC 9110 section 15.6.4), so it may be sent again.
  std::optional<Seconds> wait = net::retry_after(reply.header("retry-after"), now());
  const bool again = reply.status == 503 || (reading && reply.status >= 500);
  if (!again || wait.value_or(Seconds(0)) > Seconds(60) || ++flight.losses > most_losses)
    throw refusal(reply, std::move(problem), post.step);
  const log::Waiting live("waiting for the CA to be ready again");
  pause(wait ? Millis(*wait) : next_poll(flight.losses + 1, {}), "the CA to be ready again");
  return {};
}

void Client::set_key(const crypto::Signer& key) {
  key_ = &key;
  thumbprint_ = acme::thumbprint(key.public_key());
}

/// CAs answer a signature by a key that is not the account's with "malformed" or "unauthorized", as they do
/// for many other reasons; the owner of the account decides whether the key can be the reason.
bool Client::regains(const Post& post, Flight& flight, const Problem& problem) {
  const bool is_lost = problem.type == "accountDoesNotExist";
  if (post.with_jwk || !settings_.regain) return false;
  if (!is_lost && problem.type != "malformed" && problem.type != "unauthorized") return false;
  if (is_lost && std::exchange(flight.is_account_found, true)) return false;  // found, and lost again
  if (flight.key != key_ || flight.account != settings_.account)
    return true;  // replaced after this request was sent
  const auto standing = settings_.regain({problem, post.url, *key_, settings_.account});
  if (!standing) return false;
  set_key(*standing->key);
  if (standing->account != settings_.account)
    lost_account_ = std::exchange(settings_.account, standing->account);
  if (standing->wait > Millis(0)) pause(standing->wait, "the CA to know the new account key");
  return true;
}

std::vector<HttpReply> Client::post_all(const std::vector<Post>& posts) {
  directory();
  prefetch_nonces(posts.size());
  std::vector<HttpReply> replies(posts.size());
  std::deque<Flight> flights;
  std::exception_ptr failure;
  size_t next = 0;
  while (!flights.empty() || (next < posts.size() && !failure)) {
    while (!failure && next < posts.size() && flights.size() < most_in_flight) {
      flights.push_back(Flight{next, key_, settings_.account, launch(posts[next])});
      ++next;
    }
    Flight flight = std::move(flights.front());
    flights.pop_front();
    try {
      if (std::optional<HttpReply> reply = settle(posts[flight.index], flight)) {
        replies[flight.index] = std::move(*reply);
      } else if (!failure) {
        flight.key = key_;
        flight.account = settings_.account;
        flight.reply = launch(posts[flight.index]);
        flights.push_back(std::move(flight));
      }
    } catch (...) {
      // Wait for the requests that were sent, so that no answer of the CA is lost.
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return replies;
}

HttpReply Client::post(const Post& post) { return std::move(post_all({post}).front()); }

HttpReply Client::get(const Url& url) {
  HttpReply reply = send(unsigned_request("GET", url)).get();
  refuse_redirect(reply, url);
  if (!is_success(reply)) throw refusal(reply, problem_of(reply));
  return reply;
}

void Client::pause(Millis time, const char* waiting_for) {
  if (settings_.deadline.left() <= time)
    throw Error(Exit::unreachable, std::string("gave up at the deadline, waiting for ") + waiting_for,
                resume_hint);
  settings_.pause(time);
}

void Client::check_clock(const HttpReply& reply) {
  if (clock_checked_ || reply.date == Time{}) return;
  clock_checked_ = true;
  const Seconds skew = reply.date - now();
  if (std::chrono::abs(skew) > std::chrono::hours(1))
    log::warn("this machine's clock and the CA's are " + spoken_duration(std::chrono::abs(skew).count()) +
              " apart; certificates may seem not yet valid or expired");
}

}  // namespace certo::acme
