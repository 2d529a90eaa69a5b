#include "sdk/tencent.h"

#include "sdk/answer.h"
#include "sdk/sigv4.h"

namespace certo::sdk {

Tencent::Answer Tencent::call(const std::string& action, const Json& parameters) const {
  Request request{"POST", host_.base_url() + "/", {"Content-Type: application/json"}, to_json(parameters)};
  request.reads = action.starts_with("Describe");
  const Canonical form = canonical(host_, request);  // covers the type and the host's name

  const std::string time = std::to_string(host_.now().time_since_epoch().count());
  const std::string date = rfc3339(host_.now()).substr(0, 10);
  const std::string scope = date + "/" + service_ + "/tc3_request";
  const std::string signature =
      derived_signature(host_, "TC3" + keys_.secret, {date, service_, "tc3_request"},
                        "TC3-HMAC-SHA256\n" + time + "\n" + scope + "\n" + form.hash);
  request.headers.insert(request.headers.end(),
                         {"X-TC-Action: " + action, "X-TC-Version: " + version_, "X-TC-Timestamp: " + time});
  if (!keys_.region.empty()) request.headers.push_back("X-TC-Region: " + keys_.region);
  if (!keys_.token.empty()) request.headers.push_back("X-TC-Token: " + keys_.token);
  request.headers.push_back("Authorization: TC3-HMAC-SHA256 Credential=" + keys_.id + "/" + scope +
                            ", SignedHeaders=" + form.headers + ", Signature=" + signature);

  // Errors have the status 200, too.
  const Reply reply = host_.http(request);
  const Json json = reply.json();
  const Json* const response = json.find("Response");
  if (!response || !response->is_object())
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a response"};
  Answer answer{text_at(*response, "/Error/Code"), text_at(*response, "/Error/Message"), *response};
  const std::string told = answer.code + ": " + answer.words;
  if (answer.code.starts_with("AuthFailure") || answer.code.starts_with("UnauthorizedOperation"))
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
  if (answer.code.starts_with("RequestLimitExceeded")) throw Failure{CERTO_LATER, "rate limited: " + told};
  if (answer.code.starts_with("InternalError"))
    throw Failure{CERTO_UNREACHABLE, action + " answered " + told};
  return answer;
}

Json Tencent::get(const std::string& action, const Json& parameters) const {
  Answer answer = call(action, parameters);
  if (!answer.code.empty()) refuse(action, answer);
  return std::move(answer.json);
}

void Tencent::refuse(const std::string& action, const Answer& answer) {
  throw Failure{CERTO_FAILED, action + " answered " + answer.code + ": " + answer.words};
}

}  // namespace certo::sdk
