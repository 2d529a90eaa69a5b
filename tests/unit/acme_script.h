// A CA made of a list of answers: what the tests of src/acme talk to. Nothing is signed or
// sent; each request is written down.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "acme/client.h"
#include "base/json.h"
#include "base/text.h"

namespace certo::test {

/// A key that signs nothing: its JWK is that of RFC 7515 appendix A.3 by shape only.
class NoSigner : public crypto::Signer {
 public:
  NoSigner() {
    key_.type = crypto::KeyType::ec256;
    key_.x = Bytes(32, 1);
    key_.y = Bytes(32, 2);
    key_.spki = Bytes(91, 3);
  }
  const crypto::PublicKey& public_key() const override { return key_; }
  Bytes sign(std::string_view) const override { return Bytes(64, 0); }

 private:
  crypto::PublicKey key_;
};

inline net::HttpReply reply(int status, std::string body,
                            std::vector<std::pair<std::string, std::string>> headers = {}) {
  net::HttpReply made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  return made;
}

inline net::HttpReply problem(int status, const std::string& type,
                              std::vector<std::pair<std::string, std::string>> headers = {}) {
  return reply(status, R"({"type":"urn:ietf:params:acme:error:)" + type + R"(","detail":"said the CA"})",
               std::move(headers));
}

/// Answers by path. A path may have a queue of answers; the last of them is repeated. Every
/// answer gets a nonce "bm9uY2UN" where N counts.
class ScriptedCa : public net::Transport {
 public:
  struct Seen {
    std::string method, path, payload, nonce;
  };

  ScriptedCa() {
    on("/dir", reply(200, R"({"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/acct",
      "newOrder":"https://ca.example/order","revokeCert":"https://ca.example/revoke","keyChange":"https://ca.example/key",
      "renewalInfo":"https://ca.example/ari"})"));
    on("/nonce", reply(200, ""));
  }

  void on(const std::string& path, net::HttpReply answer) { answers_[path].push_back(std::move(answer)); }
  void on(const std::string& path, int status, const std::string& body) { on(path, reply(status, body)); }
  /// The path answers like this from now on.
  void only(const std::string& path, net::HttpReply answer) {
    answers_[path].clear();
    on(path, std::move(answer));
  }

  net::Pending send(net::HttpRequest request) override {
    Seen one{request.method, request.url.path, "", ""};
    if (request.method == "POST") {
      Json jws = parse_json(request.body, "jws", Exit::bug);
      one.payload = decoded(jws, "payload");
      one.nonce = parse_json(decoded(jws, "protected"), "protected", Exit::bug).find("nonce")->string();
    }
    seen.push_back(one);
    std::promise<net::HttpReply> promise;
    auto found = answers_.find(request.url.path);
    if (found == answers_.end()) {
      promise.set_exception(std::make_exception_ptr(Error(Exit::bug, "no answer for " + request.url.path)));
    } else {
      net::HttpReply answer = found->second.front();
      if (found->second.size() > 1) found->second.pop_front();
      if (answer.status == 0)
        promise.set_exception(std::make_exception_ptr(Error(Exit::unreachable, "connection lost")));
      else
        promise.set_value(with_nonce(std::move(answer)));
    }
    return net::Pending(promise.get_future());
  }

  size_t count(const std::string& path) const {
    size_t n = 0;
    for (const Seen& one : seen) n += one.path == path;
    return n;
  }

  std::vector<Seen> seen;
  bool gives_nonces = true;

 private:
  static std::string decoded(const Json& jws, const char* member) {
    return std::string(as_text(*from_base64url(jws.find(member)->string())));
  }
  net::HttpReply with_nonce(net::HttpReply answer) {
    if (gives_nonces)
      answer.headers.emplace_back("replay-nonce", base64url(as_bytes("nonce-" + std::to_string(++nonces_))));
    return answer;
  }
  std::map<std::string, std::deque<net::HttpReply>> answers_;
  int nonces_ = 0;
};

/// A client of a ScriptedCa with a known account, which counts its pauses instead of sleeping.
struct Conversation {
  ScriptedCa ca;
  NoSigner key;
  std::vector<Millis> pauses;
  acme::Client client;

  Conversation() : client(ca, key, settings()) {}

 private:
  acme::ClientSettings settings() {
    acme::ClientSettings made;
    made.directory = net::parse_url("https://ca.example/dir", "test", Exit::bug);
    made.account = "https://ca.example/acct/1";
    made.pause = [this](Millis time) { pauses.push_back(time); };
    return made;
  }
};

template <class Work>
Exit code_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code;
  }
  return Exit::ok;
}

}  // namespace certo::test
