#include "commands/context.h"

#include <algorithm>

#include "acme/jws.h"
#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "console/ask.h"
#include "net/idn.h"
#include "net/url.h"
#include "os/file.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "provider/catalog.h"
#include "store/entry.h"
#include "store/find.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

constexpr const char* default_server = "letsencrypt";

[[noreturn]] void throw_unknown_server(const std::vector<store::Server>& all, const std::string& name) {
  std::vector<std::string> names, current;
  for (const store::Server& server : all) {
    if (server.ended.empty()) current.push_back(server.name);
    names.push_back(server.name);
    names.insert(names.end(), server.aliases.begin(), server.aliases.end());
  }
  throw Error(Exit::usage, "--server: there is no CA '" + name + "'",
              did_you_mean(lower(name), names)
                  .value_or("give the https URL of its directory, or one of: " + join(current, ", ")));
}

const store::Server& known_server(const std::vector<store::Server>& all, const std::string& name) {
  const store::Server* server = store::find_server(all, name);
  if (!server) throw_unknown_server(all, name);
  if (!server->ended.empty()) {
    throw Error(Exit::usage, "--server: " + server->title + " is no longer a public CA: " + server->ended,
                "omit --server for Let's Encrypt");
  }
  return *server;
}

std::string contact(const std::string& email) {
  const std::string address = email.starts_with("mailto:") ? email.substr(7) : email;
  const size_t at = address.find('@');
  // RFC 8555 section 7.3 forbids header fields and more than one address.
  const bool fits = at != 0 && at != address.npos && at + 1 < address.size() &&
                    address.find_first_of(" ,?<>\t\r\n") == address.npos;
  if (!fits) throw Error(Exit::usage, "--email: '" + email + "' is not an e-mail address");
  return "mailto:" + address;
}

/// Why `text` cannot be decoded.
std::string fault_of_base64url(std::string_view text) {
  if (text.empty()) return "it is empty";
  const auto wrong = std::ranges::find_if(text, [](char c) { return !is_base64url({&c, 1}); });
  if (wrong != text.end())
    return "character " + std::to_string(wrong - text.begin() + 1) + " is '" +
           printable(std::string_view(&*wrong, 1)) + "'";
  return "its last characters are missing or wrong";
}

/// CAs print the key in base64url without padding; people also paste other forms of base64.
std::string decoded_hmac(std::string text, const std::string& source) {
  text = std::string(trim(text));
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  const std::optional<Bytes> key = from_base64url(text);
  if (!key || key->empty())
    throw Error(Exit::config, source + ": the HMAC key is not base64url: " + fault_of_base64url(text),
                "the file or variable holds the key alone, on one line, as the CA shows it");
  // A key of random bytes is never all letters and digits, and its text never all hexadecimal digits.
  const bool is_hex = text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
  if (key->size() >= 20 && is_hex)
    log::warn(source + ": the key looks hexadecimal; if the CA refuses it, give the same bytes in base64url");
  else if (key->size() >= 20 && is_base64url(as_text(*key)))
    log::warn(
        source +
        ": the key looks as if it was encoded twice; if the CA refuses it, give the key as the CA shows it");
  return std::string(as_text(*key));
}

std::string mac_algorithm(const Args& args) {
  std::string name = args.get(flag::eab_hmac_alg, "HS256");
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
  if (acme::is_mac_algorithm(name)) return name;
  throw Error(Exit::usage, "--eab-hmac-alg: '" + args.get(flag::eab_hmac_alg) + "' is not an algorithm",
              "HS256, HS384 or HS512");
}

std::optional<acme::ExternalBinding> external_binding(const Args& args) {
  const std::string kid = args.get(flag::eab_kid);
  const std::string file = args.get(flag::eab_hmac_file);
  const std::string variable = os::environment("CERTO_EAB_HMAC");
  if (kid.empty() && file.empty()) return std::nullopt;
  if (kid.empty()) throw Error(Exit::usage, "--eab-hmac-file needs --eab-kid");
  if (file.empty() && variable.empty()) {
    throw Error(Exit::usage, "--eab-kid needs the HMAC key",
                "give the key in a file with --eab-hmac-file, or in CERTO_EAB_HMAC");
  }
  const std::string key =
      file.empty() ? decoded_hmac(variable, "CERTO_EAB_HMAC") : decoded_hmac(os::read_private(file), file);
  const std::string algorithm = mac_algorithm(args);
  const size_t least = *number(algorithm.substr(2), 0, 512) / 8;
  if (key.size() < least)
    log::warn("the HMAC key has " + std::to_string(key.size()) + " bytes, and " + algorithm + " needs " +
              std::to_string(least) + " (RFC 7518 section 3.2): the CA may refuse it");
  return acme::ExternalBinding{kid, key, algorithm};
}

/// "" if none is given.
std::string eab_api_key(const Args& args) {
  const std::string file = args.get(flag::eab_api_key_file);
  const std::string text = file.empty() ? os::environment("CERTO_EAB_API_KEY") : os::read_private(file);
  const std::string key(trim(text));
  if (key.empty() && !file.empty()) throw Error(Exit::config, file + ": it holds no API key");
  return key;
}

int ip_version(const Args& args) {
  if (args.has(flag::ipv4) && args.has(flag::ipv6))
    throw Error(Exit::usage, "--ipv4 and --ipv6 exclude each other");
  if (args.has(flag::ipv4)) return 4;
  return args.has(flag::ipv6) ? 6 : 0;
}

Millis time_limit(const Args& args) { return seconds_or(args, flag::deadline, 600, 1); }

void refuse_redundant(const std::vector<crypto::Identifier>& names) {
  for (const crypto::Identifier& wildcard : names) {
    for (const crypto::Identifier& name : names) {
      if (wildcard == name || !crypto::covers(wildcard, name)) continue;
      throw Error(Exit::usage, "'" + name.value + "' is already covered by '" + wildcard.value + "'",
                  "omit one of them: CAs refuse a name together with a wildcard for it");
    }
  }
}

std::string directory_of(const Args& args, const std::string& text) {
  const bool is_typed = args.says(flag::staging);
  if (text.find("://") != text.npos) {
    if (args.has(flag::staging)) {
      throw Error(Exit::usage,
                  std::string(is_typed ? "--staging" : "staging in certo.conf or CERTO_STAGING") +
                      " needs a short name of a CA, not the URL of a directory",
                  "give the URL of the test server's directory");
    }
    return net::parse_url(text, "--server", Exit::usage).text;
  }
  const store::Home state = home(args);
  const std::vector<store::Server> all = store::servers(state);
  const store::Server& server = known_server(all, text);
  if (!args.has(flag::staging)) return server.directory;
  if (!server.staging.empty()) return known_server(all, server.staging).directory;
  if (store::is_test_directory(state, server.directory)) return server.directory;
  throw Error(Exit::usage, "--staging: " + server.title + " has no test server");
}

}  // namespace

std::vector<std::string> directory_urls(const Args& args) {
  std::vector<std::string> urls;
  for (const std::string& text : split(args.get(flag::server, default_server), ',')) {
    std::string url = directory_of(args, std::string(trim(text)));
    if (std::ranges::find(urls, url) == urls.end()) urls.push_back(std::move(url));
  }
  return urls;
}

std::string directory_url(const Args& args) {
  const std::vector<std::string> urls = directory_urls(args);
  if (urls.size() > 1 && args.says(flag::server))
    throw Error(Exit::usage,
                "--server: this command asks one CA, and '" + args.get(flag::server) + "' names several",
                "name one; 'certo issue' and 'certo account default' take several");
  return urls.front();
}

renew::SessionSettings session_settings(const Args& args, const std::string& directory) {
  renew::SessionSettings settings;
  settings.directory = directory;
  settings.account = args.get(flag::account, "default");
  settings.user_agent = std::string("certo/") + version();
  settings.account_key = absolute(args.get(flag::account_key));
  settings.ca_bundle = absolute(args.get(flag::ca_bundle));
  settings.is_ca_bundle_for_all = args.says(flag::ca_bundle);
  settings.ip_version = ip_version(args);
  for (const std::string& email : args.all(flag::email)) settings.contact.push_back(contact(email));
  Args asking = args;
  asking.remove(flag::yes);  // it answers other questions
  settings.agrees_to = [asking](const std::string& terms) {
    return asking.has(flag::agree_tos) ||
           confirm(asking, "do you agree to the CA's terms of service, " + terms + " ?");
  };
  settings.account_key_type = crypto::key_type(args.get(flag::account_key_type, "ec-256"));
  settings.binding = external_binding(args);
  settings.eab_api_key = eab_api_key(args);
  settings.time_limit = time_limit(args);
  settings.lock_timeout = lock_timeout(args);
  if (args.has(flag::force)) settings.if_short = renew::IfShort::send;
  return settings;
}

std::vector<crypto::Identifier> names_in(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const std::string& value : values) {
    for (const std::string& text : split(value, ',')) texts.push_back(net::to_ascii(trim(text)));
  }
  return crypto::identifiers(texts);
}

std::vector<crypto::Identifier> names(const Args& args) {
  std::vector<crypto::Identifier> asked = names_in(args.all(flag::domain));
  refuse_redundant(asked);
  return asked;
}

challenge::SolverSettings solver_settings(const Args& args) {
  challenge::SolverSettings settings;
  settings.deadline = Deadline(time_limit(args));
  settings.lock_timeout = lock_timeout(args);
  settings.ip_version = ip_version(args);
  settings.is_attended = is_attended(args);
  return settings;
}

Error unknown_certificate(const store::Home& home, const std::string& name) {
  const std::string what = "there is no certificate '" + name + "' in " + home.path();
  const auto is_it = [&](const crypto::Identifier& one) { return one.value == name; };
  const auto other = store::find_entry(home, store::mentioning(home, {name}),
                                       [&](const std::string&, const store::Request& request) {
                                         return std::ranges::any_of(request.identifiers, is_it);
                                       });
  if (other) return Error(Exit::unknown_name, what, name + " is in the certificate " + *other);
  return Error(Exit::unknown_name, what,
               did_you_mean(name, store::entries(home)).value_or("'certo list' shows all certificates"));
}

}  // namespace certo::commands
