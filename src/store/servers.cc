// The table of CAs, from servers.json in this folder.
#include "store/servers.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "base/warn_once.h"
#include "net/url.h"
#include "os/file.h"
#include "os/packed.h"
#include "os/trust.h"
#include "store/lifetime.h"

CERTO_CARRY(servers);

namespace certo::store {
namespace {

constexpr const char* servers_format = "servers/1";

Profile parse_profile(const Json& json, const std::string& subject) {
  const Fields fields(json, subject + ": profile", Exit::bad_input);
  Profile profile;
  profile.name = fields.string("name");
  profile.names = static_cast<size_t>(std::max<int64_t>(0, fields.optional_integer("names").value_or(0)));
  profile.addresses = fields.boolean("addresses", false);
  const std::string lifetime = fields.optional_string("lifetime").value_or("");
  if (lifetime.empty()) return profile;
  const std::optional<Seconds> span = parse_span(lifetime);
  if (!span) throw Error(Exit::bad_input, fields.subject() + ": 'lifetime' is like 90d or 160h");
  profile.lifetime = *span;
  return profile;
}

Server parse_server(const Json& json, const std::string& subject) {
  const Fields fields(json, subject, Exit::bad_input);
  Server server;
  server.name = fields.string("name");
  server.aliases = fields.strings("aliases");
  server.title = fields.optional_string("title").value_or(server.name);
  server.directory = net::parse_url(fields.string("directory"), subject, Exit::bad_input).text;
  server.staging = fields.optional_string("staging").value_or("");
  server.test = fields.boolean("test", false);
  server.external_account = fields.boolean("external_account", false);
  const auto url = [&](const char* member) {
    const std::optional<std::string> text = fields.optional_string(member);
    return text ? net::parse_url(*text, subject + ": " + member, Exit::bad_input).text : "";
  };
  server.eab_by_email = url("eab_by_email");
  server.eab_by_api_key = url("eab_by_api_key");
  server.eab_hint = fields.optional_string("eab_hint").value_or("");
  server.weak_keys = fields.boolean("weak_keys", false);
  server.ended = fields.optional_string("ended").value_or("");
  server.refuses_must_staple = fields.boolean("refuses_must_staple", false);
  if (const Json::Array* const profiles = fields.optional_array("profiles"))
    for (const Json& profile : *profiles) server.profiles.push_back(parse_profile(profile, subject));
  if (const Json::Array* const limits = fields.optional_array("limits")) {
    server.limits.emplace();
    for (const Json& limit : *limits)
      if (const auto rule = parse_limit(limit, subject)) server.limits->push_back(*rule);
  }
  return server;
}

std::vector<Server> parse_servers(std::string_view text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  const Fields fields(json, subject, Exit::bad_input);
  if (fields.string("certo") != servers_format) {
    throw Error(Exit::bad_input, subject + ": \"certo\" is not \"" + servers_format + '"');
  }
  std::vector<Server> servers;
  for (const Json& entry : fields.array("servers")) servers.push_back(parse_server(entry, subject));
  return servers;
}

bool is_called(const Server& server, std::string_view name) {
  return lower(server.name) == name ||
         std::ranges::any_of(server.aliases, [&](const std::string& alias) { return lower(alias) == name; });
}

bool names_as_test(const std::vector<Server>& all, const std::string& directory) {
  return std::ranges::any_of(all, [&](const Server& one) {
    if (one.test && is_same_url(one.directory, directory)) return true;
    const Server* const staging = one.staging.empty() ? nullptr : find_server(all, one.staging);
    return staging && is_same_url(staging->directory, directory);
  });
}

bool find_out_test(const Home& home, const std::string& directory) {
  // Also the built-in table alone: an entry of the user with the same name hides a test CA, but does not make
  // it a real one.
  return names_as_test(readable_servers(home), directory) || names_as_test(built_in_servers(), directory);
}

}  // namespace

bool is_same_url(const std::string& a, const std::string& b) {
  const auto normal = [](const std::string& text) {
    try {
      return net::parse_url(text, "directory", Exit::bad_input).text;
    } catch (const Error&) {
      return text;
    }
  };
  return a == b || normal(a) == normal(b);
}

std::vector<Server> readable_servers(const Home& home) {
  try {
    return servers(home);
  } catch (const Error& error) {
    log::warn_once(error.message + "; only the built-in table of CAs is used");
    return built_in_servers();
  }
}

std::vector<Server> built_in_servers() { return parse_servers(CERTO_CARRIED(servers), "servers.json"); }

std::vector<Server> servers(const Home& home) {
  std::vector<Server> all = built_in_servers();
  const std::string path = home.path() + "/servers.json";
  const std::optional<std::string> text = os::read_trusted_if(path, os::of_state);
  if (!text) return all;
  // Inserted at the front, so that the user's own entry is found before a built-in one with the same name or
  // alias.
  std::vector<Server> own = parse_servers(*text, path);
  std::erase_if(all, [&](const Server& server) {
    return std::ranges::any_of(own, [&](const Server& mine) { return mine.name == server.name; });
  });
  all.insert(all.begin(), own.begin(), own.end());
  return all;
}

bool allows_weak_keys(const Home& home, const std::string& directory) {
  return std::ranges::any_of(
      servers(home), [&](const Server& server) { return server.weak_keys && server.directory == directory; });
}

bool is_public_directory(const std::string& directory) {
  return std::ranges::any_of(built_in_servers(),
                             [&](const Server& server) { return is_same_url(server.directory, directory); });
}

std::optional<Server> server_of(const Home& home, const std::string& directory) {
  for (Server& server : readable_servers(home))
    if (is_same_url(server.directory, directory)) return std::move(server);
  return {};
}

std::vector<LimitRule> limits_of(const Home& home, const std::string& directory) {
  std::vector<Server> all = readable_servers(home);
  std::ranges::move(built_in_servers(), std::back_inserter(all));
  for (Server& server : all)
    if (server.limits && is_same_url(server.directory, directory)) return std::move(*server.limits);
  return {};
}

const Server* find_server(const std::vector<Server>& all, std::string_view name) {
  const std::string wanted = lower(name);
  const auto found =
      std::ranges::find_if(all, [&](const Server& server) { return is_called(server, wanted); });
  return found == all.end() ? nullptr : &*found;
}

bool is_test_directory(const Home& home, const std::string& directory) {
  // A pass and `list` ask for each certificate.
  struct Known {
    std::optional<os::Fingerprint> own;  // the user's table
    std::map<std::string, bool> by_directory;
  };
  static std::mutex mutex;
  static std::map<std::string, Known> all;  // by state folder
  const std::lock_guard guard(mutex);
  Known& known = all[home.path()];
  const auto own = os::fingerprint(home.path() + "/servers.json");
  if (known.own != own) known = {.own = own, .by_directory = {}};
  if (const auto found = known.by_directory.find(directory); found != known.by_directory.end())
    return found->second;
  return known.by_directory[directory] = find_out_test(home, directory);
}

}  // namespace certo::store
