// A CA that answers each request with the next part of the input, whatever was asked: the status and headers,
// an empty line, the body. certo opens an order, reads its authorizations, finalizes it and downloads the
// certificate.
#include <deque>
#include <future>

#include "acme/account.h"
#include "acme/order.h"
#include "base/json.h"
#include "service.h"

using namespace certo;

namespace {

class NoSigner : public crypto::Signer {
 public:
  NoSigner() : key_{crypto::KeyType::ec256, Bytes(91, 3), Bytes(32, 1), Bytes(32, 2), {}, {}} {}
  const crypto::PublicKey& public_key() const override { return key_; }
  Bytes sign(std::string_view) const override { return Bytes(64, 0); }

 private:
  crypto::PublicKey key_;
};

class HostileCa : public net::Transport {
 public:
  explicit HostileCa(std::string_view input) {
    for (const std::string& part : fuzz::parts(input)) {
      replies_.push_back(fuzz::reply_of(part));
      replies_.back().headers.emplace_back("replay-nonce", "bm9uY2U");
    }
  }

  net::Pending send(net::HttpRequest request) override {
    require_well_formed(request);
    std::promise<net::HttpReply> promise;
    if (request.method == "HEAD") {
      promise.set_value(fuzz::reply_of("200\nreplay-nonce: bm9uY2U\n"));
    } else if (replies_.empty()) {
      promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "the CA is gone")));
    } else {
      replies_.front().url = request.url.text;
      promise.set_value(std::move(replies_.front()));
      replies_.pop_front();
    }
    return net::Pending(promise.get_future());
  }

 private:
  static Json decoded(const Json& jws, const char* member) {
    const auto bytes = from_base64url(jws.find(member)->string());
    fuzz::promise(bytes.has_value(), "JWS members are base64url");
    return bytes->empty() ? Json() : parse_json(as_text(*bytes), member, Exit::bug);
  }

  /// What certo sends is JSON, to the URL that is signed.
  static void require_well_formed(const net::HttpRequest& request) {
    fuzz::promise(request.url.scheme == "https", "certo asks by https only");
    if (request.method != "POST") return;
    const bool is_jws = fuzz::accepts([&] {
      const Json jws = parse_json(request.body, "jws", Exit::bug);
      const Json header = decoded(jws, "protected");
      fuzz::promise(header.find("url")->string() == request.url.text, "the URL is signed");
      decoded(jws, "payload");
    });
    fuzz::promise(is_jws, "a request is JSON");
  }

  std::deque<net::HttpReply> replies_;
};

void run(std::string_view input) {
  static const NoSigner key;
  HostileCa ca(input);
  acme::ClientSettings settings;
  settings.directory = net::parse_url("https://ca.example/dir", "directory", Exit::bug);
  settings.account = "https://ca.example/acct/1";
  int pauses = 0;
  settings.pause = [&](Millis) {
    if (++pauses > 20) throw Error(Exit::unreachable, "the time is over");
  };
  acme::Client client(ca, key, std::move(settings));
  const std::vector<acme::Identifier> names = {{"dns", "example.com"}, {"dns", "*.example.com"}};

  fuzz::accepts([&] {
    acme::register_account(client, {{"mailto:a@example.com"}, [](auto&) { return true; }, {}});
  });
  fuzz::accepts([&] {
    acme::Order order = acme::new_order(client, {names, "", ""});
    fuzz::promise(crypto::same_set(order.identifiers, names), "an order is for what was requested");
    acme::read_authorizations(client, order);
    for (const acme::Authorization& one : order.authorizations)
      fuzz::promise(one.identifier.value == "example.com", "an authorization is for a requested name");
    std::optional<Seconds> again;
    order = acme::read_order(client, order, &again);
    order = acme::finalize(client, order, Bytes{0x30, 0x00}, acme::CsrFrom::certo);
    fuzz::promise(!acme::download(client, order, "X").empty(), "a download is a chain");
  });
}

const fuzz::Registered registered("acme", run);

}  // namespace
