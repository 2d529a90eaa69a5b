#include "sdk/alibaba.h"

#include <algorithm>

#include "sdk/answer.h"
#include "sdk/sigv4.h"

namespace certo::sdk {
namespace {

bool starts_with_one_of(const std::string& text, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return text.starts_with(start); });
}

}  // namespace

Alibaba::Alibaba(const Host& host, std::string url, const char* version, const AlibabaSettings& settings)
    : host_(host), url_(std::move(url)), version_(version) {
  // Its keys come by plain HTTP from 100.100.100.200, which no network card guarantees to be this machine's.
  if (host.setting(settings.ram_role))
    throw Failure{CERTO_CONFIG,
                  std::string(settings.ram_role) + " is not supported: set the keys of a RAM user"};
  key_id_ = host.require(settings.access_key);
  secret_ = host.require(settings.secret_key);
  token_ = host.setting(settings.security_token).value_or("");
}

Alibaba::Answer Alibaba::call(const std::string& action, const Parameters& parameters) const {
  Request request{"POST", url_ + "/?" + form(parameters)};
  request.reads = starts_with_one_of(action, {"Describe", "List", "Get"});
  request.headers = {"x-acs-action: " + action, "x-acs-version: " + version_,
                     "x-acs-date: " + rfc3339(host_.now()), "x-acs-signature-nonce: " + host_.uuid(),
                     "x-acs-content-sha256: " + hex(host_.hash("sha256", ""))};
  if (!token_.empty()) request.headers.push_back("x-acs-security-token: " + token_);
  const Canonical form = canonical(host_, request);
  const std::string signature = derived_signature(host_, secret_, {}, "ACS3-HMAC-SHA256\n" + form.hash);
  request.headers.push_back("Authorization: ACS3-HMAC-SHA256 Credential=" + key_id_ +
                            ",SignedHeaders=" + form.headers + ",Signature=" + signature);

  const Reply reply = host_.raw_http(request);
  Answer answer;
  if (reply.ok()) {
    answer.json = reply.json();
    return answer;
  }
  answer.code = explanation(reply, {"/Code"});
  answer.words = explanation(reply, {"/Message"});
  const std::string told = answer.code + ": " + answer.words;
  if (answer.code.empty()) sdk::refuse(reply, "");
  if (starts_with_one_of(answer.code, {"InvalidAccessKey", "SignatureDoesNotMatch", "Forbidden",
                                       "NoPermission", "InvalidSecurityToken", "IncompleteSignature"}))
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
  throw_if_refused(reply, told);
  return answer;
}

Json Alibaba::get(const std::string& action, const Parameters& parameters) const {
  Answer answer = call(action, parameters);
  if (!answer.code.empty()) refuse(action, answer);
  return std::move(answer.json);
}

void Alibaba::refuse(const std::string& action, const Answer& answer) {
  throw Failure{CERTO_FAILED, action + " answered " + answer.code + ": " + answer.words};
}

}  // namespace certo::sdk
