#include "webserver/apache_proof.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "webserver/apache_edit.h"
#include "webserver/apache_listen.h"
#include "webserver/apache_modules.h"

namespace certo::webserver {
namespace {

constexpr std::string_view challenge_path = "/.well-known/acme-challenge/";

std::string rule_for(const std::string& folder) {
  return R"(RewriteRule "^/\.well-known/acme-challenge/([A-Za-z0-9_-]+)$" ")" + folder +
         std::string(challenge_path) + "$1\" [END]";
}

std::string text_of_begin(const std::string& folder) {
  return "# Written by certo: Apache answers http-01 challenges from this folder.\n"
         "RewriteEngine on\n"
         "RewriteCond \"" +
         folder + std::string(challenge_path) + "$1\" -f\n" + rule_for(folder) + "\n";
}

/// The directives of mod_access_compat are older than "Require", and count in addition.
std::string text_of_end(const std::string& folder) {
  return R"(# Written by certo: no later setting keeps Apache from the challenges.
RewriteEngine on
<Directory ")" +
         folder + R"(/.well-known/acme-challenge">
    Options FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
<Location "/.well-known/acme-challenge/">
    SetHandler none
    ForceType text/plain
    <IfModule authn_core_module>
        AuthType None
    </IfModule>
    Require all granted
    <IfModule access_compat_module>
        Order allow,deny
        Allow from all
        Satisfy any
    </IfModule>
</Location>
)";
}

/// "$" and "%" are variables of a rule, "?" begins a query, and a section takes "*" and "[" as a pattern.
void require_nameable_in_apache(const std::string& folder) {
  const bool is_nameable = std::ranges::all_of(folder, [](unsigned char c) {
    return c >= ' ' && c != 0x7f &&
           std::string_view("\"\\$%?*[").find(static_cast<char>(c)) == std::string_view::npos;
  });
  if (!is_nameable)
    throw Error(
        Exit::usage,
        folder +
            ": Apache cannot name a folder with quotes, '$', '%', '?', '*', '[', '\\' or control characters",
        "choose another folder");
}

void require_section(const ApacheHost& host, const std::string& folder) {
  if (host.section) return;
  throw Error(Exit::usage,
              text(host.place) + ": certo does not edit what a macro or a module of Apache writes",
              "write 'RewriteEngine on' and '" + rule_for(folder) +
                  "' right after its <VirtualHost>, and prove names with --webroot " + folder);
}

/// The lines would switch these rules on.
void refuse_idle_rules(const ApacheHost& host) {
  if (!host.has_rewrite_rules || host.is_rewrite_on) return;
  throw Error(Exit::config,
              text(host.place) + ": has rewrite rules that are off, and certo's lines would switch them on",
              "remove the rules, or write 'RewriteEngine on' if they should be on");
}

void check_redirects(const ApacheHost& host, std::vector<std::string>& notes) {
  for (const ApacheHost::Redirecting& one : host.redirecting) {
    if (one.section != "location") {
      notes.push_back(one.place + ": if this section redirects a challenge, Apache does not answer it");
    } else if (challenge_path.starts_with(one.path)) {
      throw Error(Exit::config,
                  one.place + ": this section redirects the challenges, whatever else is configured",
                  "move the 'Redirect' out of <Location>, into the <VirtualHost>");
    }
  }
}

/// The "Include" of `file` in the section itself.
const ApacheDirective* include_in(const ApacheHost& host, const std::string& file) {
  const auto all = host.file->directives();
  const size_t at = static_cast<size_t>(host.section - all.data());
  for (size_t i = at + 1; i < host.section->next; i = all[i].next) {
    if (all[i].name != "include") continue;
    const std::vector<std::string> words = apache_words(all[i].value);
    if (words.size() == 1 && words[0] == file) return &all[i];
  }
  return nullptr;
}

void add_lines(ApacheProof& proof, const ApacheHost& host, const std::vector<std::string>& files) {
  const size_t places[] = {host.section->body.begin, host.section->body.end};
  for (size_t i = 0; i < files.size(); ++i) {
    if (const ApacheDirective* const line = include_in(host, files[i])) {
      proof.marks.push_back(mark_above(host.file->text(), line->whole.begin));
      continue;
    }
    Change change = lines_before(EditPart::proof, *host.file, places[i], indentation_in(host),
                                 {"Include \"" + files[i] + "\""});
    // A file that is enabled by two links holds one section for two hosts.
    const bool is_known = std::ranges::any_of(proof.edits.changes, [&](const Change& one) {
      return one.file == change.file && one.at == change.at && one.added.find(files[i]) != std::string::npos;
    });
    if (!is_known) proof.edits.changes.push_back(std::move(change));
  }
}

bool is_own(const ApacheConfig& config, const ApacheHost& host) {
  return os::folder_of(host.file->path()) == os::folder_of(apache_proof_files(config)[0]);
}

/// A CA asks on port 80 only.
bool is_on_http_port(const ApacheAnswer& one) {
  return one.address.ends_with(":80") || one.address.ends_with(":*");
}

/// Without any on port 80, another program may pass port 80 on to any address.
std::vector<ApacheAnswer> apache_answers_to_prove(const ApacheConfig& config, const std::string& name) {
  std::vector<ApacheAnswer> answers = config.answers(name);
  const auto is_likely = [](const ApacheAnswer& one) {
    return one.by != By::is_default || is_on_http_port(one);
  };
  if (std::ranges::any_of(answers, is_likely))
    std::erase_if(answers, [&](const ApacheAnswer& one) { return !is_likely(one); });
  return answers;
}

}  // namespace

std::vector<const ApacheHost*> hosts_to_prove(const ApacheConfig& config,
                                              const std::vector<std::string>& names) {
  if (config.hosts().empty())
    throw Error(Exit::usage, config.apache().config() + ": Apache has no virtual host",
                "prove names with --webroot and the DocumentRoot");
  std::vector<const ApacheHost*> hosts;
  for (const std::string& name : names)
    for (const ApacheAnswer& one : apache_answers_to_prove(config, name))
      if (std::ranges::find(hosts, one.host) == hosts.end()) hosts.push_back(one.host);
  return hosts;
}

std::vector<Spot> spots_to_prove(const ApacheConfig& config, const std::vector<std::string>& names) {
  std::vector<std::string> addresses;
  for (const ApacheAddress& one : config.apache().dump.addresses) addresses.push_back(one.text);
  std::vector<Spot> spots;
  for (const std::string& name : names)
    for (const ApacheAnswer& answer : apache_answers_to_prove(config, name)) {
      const std::vector<Address> sockets = sockets_of(answer.address, config.listens(), addresses);
      if (sockets.empty()) log::verbose(name + " on " + answer.address + ": cannot be asked from here");
      for (const Address& one : sockets) spots.push_back({name, one, answer.host->has_tls});
    }
  return spots;
}

ApacheProof plan_apache_proof(const ApacheConfig& config, std::vector<const ApacheHost*> hosts,
                              const std::string& folder) {
  require_nameable_in_apache(folder);
  ApacheModules modules(config, EditPart::proof);
  modules.need("rewrite");
  ApacheProof proof{
      .edits = modules.take_edits(), .marks = modules.marks(), .hosts = {}, .notes = modules.notes()};
  const std::vector<std::string> files = apache_proof_files(config);
  proof.edits.files.push_back({EditPart::proof, files[0], text_of_begin(folder)});
  proof.edits.files.push_back({EditPart::proof, files[1], text_of_end(folder)});
  for (const ApacheHost* host : hosts) {
    require_section(*host, folder);
    // One that certo made for a certificate includes the files as long as they are there.
    if (is_own(config, *host)) continue;
    // With the lines, it is certo's rule that is on.
    if (!include_in(*host, files[0])) refuse_idle_rules(*host);
    check_redirects(*host, proof.notes);
    add_lines(proof, *host, files);
  }
  proof.hosts = std::move(hosts);
  return proof;
}

std::vector<std::string> apache_proof_files(const ApacheConfig& config) {
  const std::string folder = os::folder_of(config.apache().config()) + "/certo";
  return {folder + "/challenge-begin.conf", folder + "/challenge-end.conf"};
}

}  // namespace certo::webserver
