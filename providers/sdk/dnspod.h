// The older API of DNSPod, which acme.sh uses: https://docs.dnspod.cn/api/ and https://docs.dnspod.com/api/
// (https://dnsapi.cn and https://api.dnspod.com; the newer one is Tencent Cloud's).
#pragma once

#include "sdk/oauth.h"
#include "sdk/values.h"

namespace certo::sdk {

class Dnspod : public ValueService {
 public:
  /// `token`: "ID,TOKEN". `line`: the name of the default line there.
  Dnspod(const Host& host, std::string token, const char* line)
      : host_(host), token_(std::move(token)), line_(line) {}

  std::optional<Zone> zone(const std::string& name) override;
  std::vector<Held> list(const Zone& zone, const std::string& name) override;
  void add(const Zone& zone, const Record& record) override;
  void remove(const Zone& zone, const std::string& name, const Held& held) override;

  /// One setting holds both parts of the token, or each has its own.
  static std::string token_of(const Host& host, const char* both, const char* id, const char* key);

 private:
  struct Answer {
    int64_t code = 0;
    std::string words;
    Json json;
  };
  Answer call(const std::string& action, Parameters parameters) const;
  static void require(const Answer& answer, const char* action);

  const Host& host_;
  std::string token_, line_;
};

}  // namespace certo::sdk
