#include "sdk/sigv4.h"

#include <algorithm>

namespace certo::sdk {
namespace {

struct Target {
  std::string host, path, query;
};

Target target_of(const std::string& url) {
  const size_t start = url.find("://") + 3;
  const size_t path = std::min(url.find_first_of("/?", start), url.size());
  const size_t query = std::min(url.find('?', path), url.size());
  Target target{lower(url.substr(start, path - start)), url.substr(path, query - path), ""};
  if (query < url.size()) target.query = url.substr(query + 1);
  if (target.path.empty()) target.path = "/";
  return target;
}

/// Escaped once more than in the request, as for all services except S3.
std::string canonical_path(const std::string& path) {
  std::vector<std::string> segments = split(path, '/');
  for (std::string& segment : segments) segment = escaped(segment);
  return join(segments, "/");
}

std::string canonical_query(const std::string& query) {
  if (query.empty()) return "";
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string& parameter : split(query, '&')) {
    const size_t equals = std::min(parameter.find('='), parameter.size());
    parameters.emplace_back(parameter.substr(0, equals),
                            parameter.substr(std::min(equals + 1, parameter.size())));
  }
  std::ranges::sort(parameters);
  std::vector<std::string> sorted;
  for (const auto& [name, value] : parameters) sorted.push_back(name + "=" + value);
  return join(sorted, "&");
}

std::string one_spaced(std::string_view value) {
  std::string result;
  for (const char c : trim(value)) {
    if (c != ' ' || !result.ends_with(' ')) result += c;
  }
  return result;
}

using Headers = std::map<std::string, std::string>;  // by lower-case name

Headers headers_of(const Request& request, const std::string& server) {
  Headers headers = {{"host", server}};
  for (const std::string& line : request.headers) {
    const size_t colon = line.find(':');
    headers[lower(line.substr(0, colon))] = one_spaced(std::string_view(line).substr(colon + 1));
  }
  return headers;
}

std::string names_of(const Headers& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) names.push_back(name);
  return join(names, ";");
}

std::string canonical_text(const Host& host, const Request& request, const Headers& headers, PathEnd end) {
  const Target target = target_of(request.url);
  std::string path = canonical_path(target.path);
  if (end == PathEnd::slash && !path.ends_with('/')) path += '/';
  std::string text = request.method + "\n" + path + "\n" + canonical_query(target.query) + "\n";
  for (const auto& [name, value] : headers) text += name + ":" + value + "\n";
  return text + "\n" + names_of(headers) + "\n" + hex(host.hash("sha256", request.body));
}

}  // namespace

std::string server_of(const std::string& url) { return target_of(url).host; }

Canonical canonical(const Host& host, const Request& request, PathEnd end) {
  const Headers headers = headers_of(request, server_of(request.url));
  return {names_of(headers), hex(host.hash("sha256", canonical_text(host, request, headers, end)))};
}

std::string derived_signature(const Host& host, const std::string& secret,
                              const std::vector<std::string>& parts, const std::string& text) {
  const auto bytes = as_bytes(secret);
  Bytes key(bytes.begin(), bytes.end());
  for (const std::string& part : parts) key = host.hmac("sha256", key, part);
  return hex(host.hmac("sha256", key, text));
}

Request aws_signed(const Host& host, const AwsCredentials& credentials, const AwsScope& scope,
                   Request request) {
  const std::string algorithm = "AWS4-HMAC-SHA256";
  const std::string time = compact_utc(host.now());
  const std::string date = time.substr(0, 8);
  request.headers.push_back("X-Amz-Date: " + time);
  if (!credentials.session_token.empty())
    request.headers.push_back("X-Amz-Security-Token: " + credentials.session_token);

  const Canonical form = canonical(host, request);
  const std::string reach = date + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string signature = derived_signature(host, "AWS4" + credentials.secret,
                                                  {date, scope.region, scope.service, "aws4_request"},
                                                  algorithm + "\n" + time + "\n" + reach + "\n" + form.hash);
  request.headers.push_back("Authorization: " + algorithm + " Credential=" + credentials.key_id + "/" +
                            reach + ", SignedHeaders=" + form.headers + ", Signature=" + signature);
  return request;
}

}  // namespace certo::sdk
