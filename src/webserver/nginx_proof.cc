#include "webserver/nginx_proof.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"
#include "os/path.h"
#include "os/place.h"

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

std::string text_of_include(const std::string& folder, bool has_auth_request) {
  // The rewrite stands first, because "return", "if" and "rewrite" of the block would run before a location
  // is chosen.
  std::string text = R"(# Written by certo: nginx answers http-01 challenges from this folder.
rewrite ^(/\.well-known/acme-challenge/.*) $1 break;
location ^~ /.well-known/acme-challenge/ {
    root ")" + folder +
                     R"(";
    default_type text/plain;
    allow all;
    auth_basic off;
)";
  if (has_auth_request) text += "    auth_request off;\n";
  return text + "}\n";
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

void refuse_location(const NginxConfig& config, const VirtualHost& host) {
  config.each_in(host.block, [&](const Found& found) {
    if (is_challenge_location(found))
      throw Error(Exit::config,
                  found.place() + ": there is a location for the path of the challenges already",
                  "use its folder: --challenge-dir DIR for an 'alias', --webroot DIR for a 'root'");
  });
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

/// The "root" of a file that certo wrote; "" if it has none.
std::string folder_in(const std::string& path, const std::string& content) {
  const NginxFile file(path, content);
  for (const NginxDirective& one : file.directives())
    if (file.is(one, "root") && one.word_count == 2) return file.word(one, 1);
  return {};
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
  const std::string include_file = proof_file(config);
  proof.edits.files.push_back(
      {EditPart::proof, include_file, text_of_include(folder, uses_auth_request(config))});
  std::vector<Change>& changes = proof.edits.changes;
  for (const VirtualHost* host : blocks) {
    const NginxFile& file = *host->block.file;
    if (const NginxDirective* const line = line_of(*host, include_file)) {
      proof.marks.push_back(mark_after(file.text(), line->whole.end));
      continue;
    }
    refuse_location(config, *host);
    Change change =
        lines_at_begin(EditPart::proof, file, *host->block.directive, {"include \"" + include_file + "\";"});
    // A file that is included twice holds one block for two hosts.
    const bool is_known = std::ranges::any_of(
        changes, [&](const Change& one) { return one.file == change.file && one.at == change.at; });
    if (!is_known) changes.push_back(std::move(change));
  }
  proof.blocks = std::move(blocks);
  return proof;
}

std::string proof_folder(const NginxConfig& config, bool is_root) {
  const std::string file = proof_file(config);
  if (const auto content = os::read_file_if(file))
    if (std::string known = folder_in(file, *content); known.starts_with('/')) return known;
  const std::string beside = without_links(os::folder_of(config.path()));
  // Workers of a master that is not root's are the same user.
  if (!is_root || os::closed_folders(beside).empty()) return os::folder_of(file) + "/challenges";
  return "/var/lib/certo-challenges";
}

std::string folder_named_in(const OwnFile& included) {
  std::string folder = folder_in(included.path, included.content);
  return folder.starts_with('/') ? folder : "";
}

void remove_folders(const OwnFile& included) {
  const std::string served = folder_named_in(included);
  if (served.empty()) return;
  std::string folder = served + std::string(challenge_path.substr(0, challenge_path.size() - 1));
  const auto is_gone = [](const std::string& path) { return ::rmdir(path.c_str()) == 0 || errno == ENOENT; };
  while (folder.size() >= served.size() && is_gone(folder)) folder = os::folder_of(folder);
  ::rmdir(os::folder_of(included.path).c_str());
}

std::string proof_file(const NginxConfig& config) {
  return os::folder_of(config.path()) + "/certo/challenge.conf";
}

}  // namespace certo::webserver
