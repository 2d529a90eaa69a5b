#include "provider/script_helper.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/version.h"
#include "net/dns.h"
#include "net/http.h"
#include "net/url.h"
#include "os/file.h"
#include "os/path.h"
#include "provider/script_codes.h"
#include "provider/script_http.h"

namespace certo::provider {
namespace {

constexpr size_t largest_input = 16 << 20;
constexpr size_t largest_roots = 8 << 20;

constexpr const char* insecure_hint =
    "HTTPS_INSECURE is not obeyed: put the root certificate of the server into a file, and its path into CA_BUNDLE";

/// A folder of certificates (CA_PATH) becomes one file in the private folder `place`.
std::string bundle_of(const ScriptRequest& request, const std::string& place) {
  if (request.folder.empty()) return request.bundle;
  std::string text;
  for (const std::string& file : os::list_folder(request.folder)) {
    if (text.size() > largest_roots) break;
    try {
      text += os::read_file(os::path_in(request.folder, file)) + "\n";
    } catch (const Error&) {
      // A folder may hold other things, and links to files that are gone.
    }
  }
  const std::string path = os::path_in(place, "roots.pem");
  os::write_file(path, text, 0600);
  return path;
}

/// words: http HEADER-FILE [base64] [connect=SECONDS]
int run_http(const std::vector<std::string>& words, const std::string& input) {
  if (words.size() < 2) throw Error(Exit::usage, "http: the file for the headers is missing");
  const os::Fd heads(::open(words[1].c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!heads) throw Error(Exit::cannot_write, words[1] + " cannot be written");
  net::allow_http_loopback();
  net::allow_http_metadata();
  ScriptRequest request;
  try {
    request = parse_script_request(input);
    for (const std::string& word : words)
      if (const auto limit = word.starts_with("connect=") ? number(word.substr(8), 1, 600) : std::nullopt)
        request.http.timeout = Seconds(*limit) + Seconds(30);
    net::HttpSettings settings;
    settings.ca_bundle = bundle_of(request, os::folder_of(words[1]));
    settings.user_agent = "certo/" + std::string(version());
    net::Http transport(std::move(settings));
    const ScriptReply reply = exchange(request, transport);
    os::write_all(heads.get(), reply.heads, "the file for the headers");
    const std::string& answer = request.http.method == "HEAD" ? reply.heads : reply.body;
    const bool is_coded = std::ranges::find(words, "base64") != words.end();
    os::write_all(STDOUT_FILENO, is_coded ? base64(as_bytes(answer)) : answer, "stdout");
    return 0;
  } catch (const Error& error) {
    const bool is_about_trust = error.message.find("certificate") != error.message.npos;
    const std::string hint = request.wants_no_check && is_about_trust ? insecure_hint : error.hint;
    // A query may hold a secret.
    const std::string line = error.message.substr(0, error.message.find('?'));
    std::fprintf(stderr, "%s%s%s\n", line.c_str(), hint.empty() ? "" : ": ", hint.c_str());
    return curl_code(error);
  }
}

/// A line for each record, as a DNS service over HTTPS would put it into JSON.
std::string lookup(const std::string& name, const std::string& type) {
  constexpr std::pair<const char*, net::DnsType> types[] = {
      {"A", net::DnsType::a},         {"AAAA", net::DnsType::aaaa}, {"NS", net::DnsType::ns},
      {"CNAME", net::DnsType::cname}, {"SOA", net::DnsType::soa},   {"TXT", net::DnsType::txt}};
  const auto row = std::ranges::find_if(types, [&](const auto& one) { return type == one.first; });
  if (row == std::end(types)) throw Error(Exit::bad_input, "'" + type + "' is not a type of records");
  const net::DnsAnswer answer = net::Resolver().ask({name, row->second, {}}, Seconds(15));
  if (!answer.is_heard) throw Error(Exit::unreachable, name + ": " + answer.what());
  std::vector<std::string> values = answer.txt;
  values.insert(values.end(), answer.addresses.begin(), answer.addresses.end());
  values.insert(values.end(), answer.names.begin(), answer.names.end());
  if (row->second == net::DnsType::soa && !answer.soa.empty()) values.push_back(answer.soa);
  std::string lines;
  for (const std::string& value : values)
    lines += "\"name\":" + to_json(Json(name)) + ",\"data\":" + to_json(Json(value)) + "\n";
  return lines;
}

/// Words that read nothing: the script's own standard input is not theirs.
bool reads_nothing(const std::string& word) { return word == "idn" || word == "is-rsa" || word == "lookup"; }

int run(const std::vector<std::string>& words) {
  if (words.empty()) throw Error(Exit::usage, "certo runs this itself, for scripts of acme.sh");
  const std::string input =
      reads_nothing(words[0]) ? "" : os::read_all(STDIN_FILENO, largest_input, "the input of " + words[0]);
  if (words[0] == "http") return run_http(words, input);
  if (words[0] == "lookup" && words.size() == 3) {
    os::write_all(STDOUT_FILENO, lookup(words[1], words[2]), "stdout");
    return 0;
  }
  const auto code = script_code(words, input);
  if (!code) throw Error(Exit::usage, "there is no helper '" + words[0] + "' for scripts");
  os::write_all(STDOUT_FILENO, *code, "stdout");
  return 0;
}

}  // namespace

int run_script_helper(const std::vector<std::string>& words) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace certo::provider
