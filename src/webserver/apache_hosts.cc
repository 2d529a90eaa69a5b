#include "webserver/apache_hosts.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "webserver/apache_listen.h"
#include "webserver/apache_walk.h"

namespace certo::webserver {

/// What the text says of the main server or of one host.
struct ApacheSaid {
  std::vector<ApacheLine> certificates, keys, chains;
  std::vector<std::string> aliases;
  std::optional<bool> has_tls;
  bool has_name = false;
};

namespace {

constexpr size_t total_limit = size_t{256} << 20;  // bytes of all files

void take(ApacheSaid& said, const ApacheFile& file, const ApacheDirective& directive,
          const std::vector<std::string>& words) {
  if (words.empty()) return;
  const std::string& name = directive.name;
  if (name == "sslengine") said.has_tls = lower(words[0]) != "off";
  if (name == "sslcertificatefile") said.certificates.push_back({&file, &directive, words[0]});
  if (name == "sslcertificatekeyfile") said.keys.push_back({&file, &directive, words[0]});
  if (name == "sslcertificatechainfile") said.chains.push_back({&file, &directive, words[0]});
  if (name == "servername") said.has_name = true;
  if (name == "serveralias") said.aliases.insert(said.aliases.end(), words.begin(), words.end());
}

/// As ap_strcasecmp_match: "*" is any text, "?" any character. Goes back to the last "*" only.
bool is_like(std::string_view text, std::string_view pattern) {
  size_t at = 0, in = 0, star = pattern.npos, star_at = 0;
  while (at < text.size()) {
    if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      star_at = at;
    } else if (in < pattern.size() && (pattern[in] == '?' || pattern[in] == text[at])) {
      ++in;
      ++at;
    } else if (star != pattern.npos) {
      in = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '*') ++in;
  return in == pattern.size();
}

/// "" if the directive does not redirect to a URL with a scheme.
std::string target_of(const ApacheDirective& one, const std::vector<std::string>& words) {
  const bool is_rule = one.name == "rewriterule";
  if (words.empty() || (is_rule && words.size() < 2) || (!is_rule && !one.name.starts_with("redirect")))
    return {};
  std::string target = lower(is_rule ? words[1] : words.back());
  return target.starts_with("http://") || target.starts_with("https://") ? target : "";
}

/// Its path or regular expression is every path.
bool takes_all(const ApacheDirective& one, const std::vector<std::string>& words) {
  constexpr std::string_view whole[] = {"^",        "^/",        ".*",    "^.*",    "/",      ".?",
                                        "^.*$",     "^/.*$",     "(.*)",  "^(.*)$", "^(.*)",  "^/(.*)$",
                                        "^/(.*)",   "^/?(.*)",   "/(.*)", "^/.*",   "(/.*)$", "^(/.*)$",
                                        "^/?(.*)$", "^/?(.+)?$", "^/.*?$"};
  if (one.name == "rewriterule") return std::ranges::find(whole, words[0]) != std::end(whole);
  if (words.size() < 2) return true;  // of a section
  const std::string& path = words[words.size() - 2];
  if (one.name == "redirectmatch") return std::ranges::find(whole, path) != std::end(whole);
  return path == "/";
}

/// A condition for the scheme, the port or the name, or one that leaves out a few paths.
bool is_plain_condition(const std::vector<std::string>& words) {
  constexpr std::string_view names[] = {"%{https}", "%{server_port}", "%{request_scheme}", "%{server_name}",
                                        "%{http_host}"};
  if (words.size() > 1 && lower(words[0]) == "%{request_uri}") return words[1].starts_with('!');
  return !words.empty() && std::ranges::find(names, lower(words[0])) != std::end(names);
}

void add_redirect(ApacheHost& host, ApacheLine line, const std::vector<std::string>& words,
                  bool is_unconditional) {
  std::string target = target_of(*line.directive, words);
  if (target.empty()) return;
  const bool is_for_all = is_unconditional && takes_all(*line.directive, words);
  host.redirects.push_back({.line = std::move(line), .target = std::move(target), .is_for_all = is_for_all});
}

bool is_pattern(std::string_view name) { return name.find_first_of("*?") != name.npos; }

/// A name of a host that fits; `asked` in lower case.
const std::string* fitting(const std::vector<std::string>& names, std::string_view asked) {
  for (const std::string& one : names)
    if (lower(one) == asked) return &one;
  for (const std::string& one : names)
    if (is_pattern(one) && is_like(asked, lower(one))) return &one;
  return nullptr;
}

void add_names(ApacheHost& host, const std::vector<std::string>& more) {
  for (const std::string& one : more)
    if (std::ranges::find(host.names, one) == host.names.end()) host.names.push_back(one);
}

}  // namespace

/// Completes the hosts with what the text says of them.
class ApacheWalk {
 public:
  explicit ApacheWalk(ApacheConfig& config)
      : config_(config), walker_(config.apache_, [&](const std::string& path) -> const ApacheFile& {
          return *config.files_.at(path);
        }) {}

  void run() {
    walker_.each([&](const ApacheFile& file, const ApacheDirective& one) {
      if (one.is_section && one.name == "virtualhost")
        read_host(file, one);
      else if (one.name == "mdomain" || one.name == "mdomainset")
        take_domains(one);
      else if (one.name == "listen")
        take_listen(file, one);
      else if (!one.is_section)
        take_main(file, one);
    });
    for (ApacheHost& host : config_.hosts_) finish(host);
  }

 private:
  void read_host(const ApacheFile& file, const ApacheDirective& section) {
    const auto known = config_.by_place_.find(file.path() + ":" + std::to_string(section.line));
    if (known == config_.by_place_.end()) {
      config_.unlisted_.push_back({&file, &section, {}});
      return;
    }
    ApacheHost& host = config_.hosts_[known->second];
    host.file = &file;
    host.section = &section;
    ++sections_;
    if (host.position == 0) host.position = sections_;
    ApacheSaid& said = said_[known->second];
    walker_.each_in(section, [&](const ApacheFile& in, const ApacheDirective& one) {
      if (one.is_section)
        note_redirects(host, in, one);
      else
        take_of_host(host, said, in, one);
      if (one.name == "rewriterule") host.has_rewrite_rules = true;
      if (one.name == "rewriteengine") host.is_rewrite_on = lower(one.value) == "on";
    });
  }

  void note_redirects(ApacheHost& host, const ApacheFile& file, const ApacheDirective& section) {
    is_condition_plain_ = true;
    constexpr std::string_view names[] = {"location", "locationmatch", "if", "elseif", "else"};
    if (std::ranges::find(names, section.name) == std::end(names)) return;
    bool has_redirect = false;
    const std::vector<std::string> words = walker_.words(section);
    const bool is_root = section.name == "location" && words == std::vector<std::string>{"/"};
    walker_.each_in(section, [&](const ApacheFile& in, const ApacheDirective& one) {
      has_redirect = has_redirect || one.name.starts_with("redirect");
      if (!one.is_section) add_redirect(host, {&in, &one, {}}, walker_.words(one), is_root);
    });
    if (!has_redirect) return;
    host.redirecting.push_back({.place = file.path() + ":" + std::to_string(section.line),
                                .section = section.name,
                                .path = words.empty() ? "" : words.back()});
  }

  void take_domains(const ApacheDirective& directive) {
    std::vector<std::string> words = walker_.words(directive);
    if (directive.is_section)
      walker_.each_in(directive, [&](const ApacheFile&, const ApacheDirective& one) {
        if (one.name != "mdmember" && one.name != "mdmembers") return;
        const std::vector<std::string> more = walker_.words(one);
        words.insert(words.end(), more.begin(), more.end());
      });
    for (const std::string& one : words) domains_.insert(lower(one));
  }

  void take_listen(const ApacheFile& file, const ApacheDirective& directive) {
    const std::vector<std::string> words = walker_.words(directive);
    if (words.empty()) return;
    auto address = parse_apache_listen(words[0]);
    if (!address) return;
    config_.listens_.push_back(std::move(*address));
    config_.listen_lines_.push_back({&file, &directive, words[0]});
  }

  void take_main(const ApacheFile& file, const ApacheDirective& one) {
    const std::vector<std::string> words = walker_.words(one);
    take(main_, file, one, words);
    ++config_.main_names_[one.name];
    if (one.name == "loadmodule" && words.size() == 2)
      config_.module_lines_.push_back({&file, &one, words[0]});
  }

  void take_of_host(ApacheHost& host, ApacheSaid& said, const ApacheFile& file, const ApacheDirective& one) {
    const std::vector<std::string> words = walker_.words(one);
    take(said, file, one, words);
    add_redirect(host, {&file, &one, {}}, words, is_condition_plain_ || one.name != "rewriterule");
    if (one.name == "rewritecond")
      is_condition_plain_ = is_condition_plain_ && is_plain_condition(words);
    else
      is_condition_plain_ = true;
    const std::string value = lower(one.value);
    for (const char* header : {"x-forwarded-proto", "x-forwarded-ssl", "x-forwarded-scheme", "cf-visitor"})
      host.is_behind_tls_proxy = host.is_behind_tls_proxy || value.find(header) != std::string::npos;
  }

  void finish(ApacheHost& host) {
    const ApacheSaid& said = said_[static_cast<size_t>(&host - config_.hosts_.data())];
    // Those that the dump does not say, because the host is alone on its addresses.
    add_names(host, said.aliases);
    host.has_own_name = host.section == nullptr || said.has_name;
    host.has_tls = said.has_tls.value_or(main_.has_tls.value_or(false));
    host.is_of_md = std::ranges::any_of(
        host.names, [&](const std::string& one) { return domains_.contains(lower(one)); });
    if (!host.has_tls) return;
    const ApacheSaid& source = said.certificates.empty() ? main_ : said;
    for (size_t i = 0; i < source.certificates.size(); ++i)
      host.certificates.push_back({path_of(source.certificates[i].value),
                                   i < source.keys.size() ? path_of(source.keys[i].value) : ""});
    host.certificate_lines = with_paths(said.certificates);
    host.key_lines = with_paths(said.keys);
    host.chain_lines = said.chains;
  }

  std::vector<ApacheLine> with_paths(std::vector<ApacheLine> lines) const {
    for (ApacheLine& one : lines) one.value = path_of(one.value);
    return lines;
  }

  /// A key can be in a token (pkcs11:).
  std::string path_of(const std::string& written) const {
    if (written.starts_with('/')) return written;
    const bool is_file = written.find("${") == written.npos && !written.starts_with("pkcs11:");
    return is_file ? os::path_in(config_.apache_.dump.server_root, written) : "";
  }

  ApacheConfig& config_;
  ApacheWalker walker_;
  ApacheSaid main_;
  std::map<size_t, ApacheSaid> said_;
  size_t sections_ = 0;
  std::set<std::string, std::less<>> domains_;  // of mod_md
  bool is_condition_plain_ = true;              // of the "RewriteCond" lines before a rule
};

ApacheConfig::ApacheConfig(const Apache& apache) : apache_(apache) {
  size_t bytes = 0;
  for (const ApacheInclude& one : apache.dump.includes) {
    if (files_.contains(one.path)) continue;
    std::string text = one.path == "/dev/null" ? "" : os::read_file(one.path, apache_file_limit);
    bytes += text.size();
    if (bytes > total_limit)
      throw Error(Exit::bad_input, one.path + ": all files together have more than " +
                                       std::to_string(total_limit >> 20) + " MiB");
    files_.emplace(one.path, std::make_unique<ApacheFile>(one.path, std::move(text)));
    paths_.push_back(one.path);
  }
  add_hosts();
  ApacheWalk(*this).run();
  for (const ApacheAddress& address : apache.dump.addresses) note_ignored(address);
}

void ApacheConfig::add_hosts() {
  for (const ApacheAddress& address : apache_.dump.addresses)
    for (const ApacheSite& site : address.sites) {
      const std::string key = text(site.place);
      const auto [known, is_new] = by_place_.try_emplace(key, hosts_.size());
      if (is_new) {
        hosts_.emplace_back();
        hosts_.back().place = site.place;
      }
      ApacheHost& host = hosts_[known->second];
      // A file with variables in it may be included for several names.
      add_names(host, {site.name});
      add_names(host, site.exact);
      add_names(host, site.wild);
      const bool is_default = &site == &address.sites.front();
      // A file that is included twice makes two hosts of one place.
      const bool is_known =
          std::ranges::any_of(host.addresses, [&](const auto& one) { return one.address == address.text; });
      if (!is_known) host.addresses.push_back({address.text, is_default});
    }
}

/// Apache takes the first host with a name or a pattern that fits.
void ApacheConfig::note_ignored(const ApacheAddress& address) {
  std::map<std::string, const ApacheHost*> exact;
  std::vector<std::pair<std::string, const ApacheHost*>> patterns;
  for (const ApacheSite& site : address.sites) {
    const ApacheHost* const host = host_at(site.place);
    for (const std::string& name : host->names) {
      if (&name == &host->names.front() && !host->has_own_name) continue;
      const std::string known = lower(name);
      const auto same = exact.find(known);
      const auto like = std::ranges::find_if(
          patterns, [&](const auto& one) { return !is_pattern(known) && is_like(known, one.first); });
      const ApacheHost* const winner = same != exact.end()      ? same->second
                                       : like != patterns.end() ? like->second
                                                                : nullptr;
      if (winner && winner != host) ignored_.push_back({host, winner, name, address.text});
    }
    for (const std::string& name : host->names) {
      exact.emplace(lower(name), host);
      if (is_pattern(name)) patterns.emplace_back(lower(name), host);
    }
  }
}

size_t ApacheConfig::count_in_main(std::string_view name) const {
  const auto found = main_names_.find(name);
  return found == main_names_.end() ? 0 : found->second;
}

bool is_name_for(const std::string& name, std::string_view asked) {
  return is_pattern(name) ? is_like(asked, lower(name)) : lower(name) == asked;
}

const ApacheHost* ApacheConfig::host_at(const ApachePlace& place) const {
  return &hosts_[by_place_.find(text(place))->second];
}

std::vector<ApacheAnswer> ApacheConfig::answers(std::string_view name) const {
  const std::string asked = lower(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
  std::vector<ApacheAnswer> all;
  for (const ApacheAddress& address : apache_.dump.addresses) {
    if (address.sites.empty()) continue;
    ApacheAnswer answer{address.text, host_at(address.sites.front().place), By::is_default, {}};
    for (const ApacheSite& site : address.sites) {
      const ApacheHost* const host = host_at(site.place);
      const std::string* const fits = fitting(host->names, asked);
      if (!fits) continue;
      answer = {address.text, host, is_pattern(*fits) ? By::leading_wildcard : By::exact, *fits};
      break;
    }
    all.push_back(std::move(answer));
  }
  return all;
}

}  // namespace certo::webserver
