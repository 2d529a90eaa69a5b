#include "webserver/nginx_proof.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

constexpr std::string_view challenge_path = "/.well-known/acme-challenge/";
constexpr int http_port = 80;

bool uses_auth_request(const NginxConfig& config) {
  for (const auto& file : config.files())
    for (const NginxDirective& one : file->directives())
      if (file->is(one, "auth_request")) return true;
  return false;
}

/// What a location of certo's says, whatever its block says.
std::string openness(bool has_auth_request) {
  return std::string("    default_type text/plain;\n    allow all;\n    auth_basic off;\n") +
         (has_auth_request ? "    auth_request off;\n" : "") + "}\n";
}

std::string text_of_include(const std::string& folder, bool has_auth_request) {
  // The rewrite stands first, because "return", "if" and "rewrite" of the block would run before a location
  // is chosen.
  return R"(# Written by certo: nginx answers http-01 challenges from this folder.
rewrite ^(/\.well-known/acme-challenge/.*) $1 break;
location ^~ /.well-known/acme-challenge/ {
    root ")" +
         folder + "\";\n" + openness(has_auth_request);
}

/// Two locations of one path would be an error. This one has a path of its own, which no client can ask for.
std::string text_of_include_beside(const std::string& folder, bool has_auth_request) {
  return R"(# Written by certo: nginx answers certo's own http-01 challenges from this folder.
if (-f ")" +
         folder +
         R"($uri") {
    rewrite ^/\.well-known/acme-challenge/(.*)$ /.well-known/certo-challenge/$1 last;
}
location ^~ /.well-known/certo-challenge/ {
    internal;
    alias ")" +
         folder + "/.well-known/acme-challenge/\";\n" + openness(has_auth_request);
}

/// A quoted word of nginx has no way to write some characters.
void require_nameable(const std::string& folder) {
  const bool is_nameable = std::ranges::all_of(
      folder, [](unsigned char c) { return c >= ' ' && c != 0x7f && c != '"' && c != '\\' && c != '$'; });
  if (!is_nameable)
    throw Error(Exit::usage,
                folder + ": nginx cannot name a folder with quotes, '$', '\\' or control characters",
                "choose another folder");
}

bool is_challenge_location(const Found& found) {
  if (!found.is("location") || found.words() < 2 || found.words() > 3) return false;
  const bool is_prefix = found.words() == 2 || found.word(1) == "^~";
  return is_prefix && found.word(found.words() - 1) == challenge_path;
}

/// The "include" of `file` in the block itself, not in what the block includes.
const NginxDirective* line_of(const VirtualHost& host, const std::string& include_file) {
  const NginxFile& file = *host.block.file;
  const auto all = file.directives();
  const size_t at = static_cast<size_t>(host.block.directive - all.data());
  for (size_t i = at + 1; i < host.block.directive->next; i = all[i].next)
    if (file.is(all[i], "include") && all[i].word_count == 2 && file.word(all[i], 1) == include_file)
      return &all[i];
  return nullptr;
}

/// "FILE:LINE" of the block's own location for the challenges; "" if it has none.
std::string own_location(const NginxConfig& config, const VirtualHost& host) {
  std::string place;
  config.each_in(host.block, [&](const Found& found) {
    if (place.empty() && is_challenge_location(found)) place = found.place();
  });
  return place;
}

/// Without a block of its name, and without port 80, another program may pass port 80 on to any address.
std::vector<Answer> answers_to_prove(const Selection& selection, const std::string& name) {
  std::vector<Answer> answers = selection.answers(name);
  const auto is_likely = [](const Answer& one) {
    return one.by != By::is_default || one.address.port == http_port;
  };
  if (std::ranges::any_of(answers, is_likely))
    std::erase_if(answers, [&](const Answer& one) { return !is_likely(one); });
  return answers;
}

/// Those that can be asked from here. A listener that expects the PROXY protocol cannot.
std::vector<Spot> spots_of(const std::string& name, const std::vector<Answer>& answers) {
  std::vector<Spot> spots;
  for (const Answer& one : answers) {
    if (!reachable(one.address) || one.protocols.takes_proxy_protocol || one.protocols.is_quic) {
      log::verbose(name + " on " + one.address.text + ": cannot be asked from here");
      continue;
    }
    spots.push_back({name, one.address, one.protocols.has_tls});
  }
  return spots;
}

}  // namespace

std::vector<const VirtualHost*> blocks_to_prove(const Selection& selection,
                                                const std::vector<std::string>& names) {
  std::vector<const VirtualHost*> blocks;
  for (const std::string& name : names)
    for (const Answer& one : answers_to_prove(selection, name))
      if (std::ranges::find(blocks, one.host) == blocks.end()) blocks.push_back(one.host);
  return blocks;
}

std::vector<Spot> spots_to_prove(const Selection& selection, const std::vector<std::string>& names) {
  std::vector<Spot> all;
  for (const std::string& name : names) {
    const std::vector<Spot> spots = spots_of(name, answers_to_prove(selection, name));
    all.insert(all.end(), spots.begin(), spots.end());
  }
  return all;
}

Proof plan_proof(const NginxConfig& config, std::vector<const VirtualHost*> blocks,
                 const std::string& folder) {
  require_nameable(folder);
  Proof proof;
  const std::vector<std::string> includes = proof_files(config);
  const bool has_auth_request = uses_auth_request(config);
  std::set<std::string> used;
  std::vector<Change>& changes = proof.edits.changes;
  for (const VirtualHost* host : blocks) {
    const NginxFile& file = *host->block.file;
    const auto known = std::ranges::find_if(
        includes, [&](const std::string& one) { return line_of(*host, one) != nullptr; });
    if (known != includes.end()) {
      proof.marks.push_back(mark_after(file.text(), line_of(*host, *known)->whole.end));
      used.insert(*known);
      continue;
    }
    const std::string location = own_location(config, *host);
    if (!location.empty())
      proof.notes.push_back(location + ": this location answers all challenges but certo's own");
    const std::string& include_file = location.empty() ? includes.front() : includes.back();
    used.insert(include_file);
    Change change =
        lines_at_begin(EditPart::proof, file, *host->block.directive, {"include \"" + include_file + "\";"});
    // A file that is included twice holds one block for two hosts.
    const bool is_known = std::ranges::any_of(
        changes, [&](const Change& one) { return one.file == change.file && one.at == change.at; });
    if (!is_known) changes.push_back(std::move(change));
  }
  if (used.contains(includes.front()))
    proof.edits.files.push_back(
        {EditPart::proof, includes.front(), text_of_include(folder, has_auth_request)});
  if (used.contains(includes.back()))
    proof.edits.files.push_back(
        {EditPart::proof, includes.back(), text_of_include_beside(folder, has_auth_request)});
  proof.blocks = std::move(blocks);
  return proof;
}

std::vector<std::string> proof_files(const NginxConfig& config) {
  const std::string folder = os::folder_of(config.path()) + "/certo";
  return {folder + "/challenge.conf", folder + "/challenge-beside.conf"};
}

}  // namespace certo::webserver
