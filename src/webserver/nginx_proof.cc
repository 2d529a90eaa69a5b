#include "webserver/nginx_proof.h"

#include <algorithm>
#include <cerrno>

#include "os/failure.h"
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

/// Looks at the directives of the block itself. True if it has the line already.
bool has_line(const NginxConfig& config, const VirtualHost& host, const std::string& include_file) {
  bool has = false;
  const NginxFile& file = *host.block.file;
  const auto all = file.directives();
  const size_t at = static_cast<size_t>(host.block.directive - all.data());
  for (size_t i = at + 1; i < host.block.directive->next; i = all[i].next)
    if (file.is(all[i], "include") && all[i].word_count == 2 && file.word(all[i], 1) == include_file)
      has = true;
  if (has) return true;
  config.each_in(host.block, [&](const Found& found) {
    if (is_challenge_location(found))
      throw Error(Exit::config,
                  found.place() + ": there is a location for the path of the challenges already",
                  "use its folder: --challenge-dir DIR for an 'alias', --webroot DIR for a 'root'");
  });
  return false;
}

/// The blanks in front of the first directive of the block, if it has a line of its own; otherwise one step
/// more than the block.
std::string indentation(const NginxFile& file, const NginxDirective& block) {
  const std::string_view text = file.text();
  const auto blanks_before = [&](size_t at) -> std::string_view {
    const size_t begin = text.find_last_of('\n', at == 0 ? 0 : at - 1) + 1;
    const std::string_view blanks = text.substr(std::min(begin, at), at - std::min(begin, at));
    return blanks.find_first_not_of(" \t") == blanks.npos ? blanks : std::string_view();
  };
  const auto all = file.directives();
  const size_t first = static_cast<size_t>(&block - all.data()) + 1;
  if (first < block.next) {
    const size_t at = all[first].whole.begin;
    const bool is_on_own_line =
        text.substr(block.body_span.begin, at - block.body_span.begin).find('\n') != text.npos;
    if (is_on_own_line) return std::string(blanks_before(at));
  }
  return std::string(blanks_before(block.whole.begin)) + "    ";
}

/// Right after the brace. If nothing but a comment follows on the line, the new line comes after it.
Insertion insertion_for(const NginxFile& file, const NginxDirective& block, const std::string& include_file) {
  const std::string_view text = file.text();
  const std::string directive = "include \"" + include_file + "\";";
  const size_t brace = block.body_span.begin;
  const size_t end = text.find('\n', brace);
  const size_t word = text.find_first_not_of(" \t\r", brace);
  const bool is_rest_free = end != text.npos && (word == text.npos || word >= end || text[word] == '#');
  if (!is_rest_free) return {brace, " " + directive};
  const std::string newline = text[end - 1] == '\r' ? "\r\n" : "\n";
  return {end + 1, indentation(file, block) + directive + newline};
}

/// A file can be included by several links, and the edit is one of the file that they lead to.
std::string without_links(const std::string& path) {
  const auto real = os::real_path(path);
  if (!real) throw Error(Exit::bad_input, path + ": " + os::reason(errno));
  return *real;
}

}  // namespace

std::vector<const VirtualHost*> blocks_to_prove(const Selection& selection,
                                                const std::vector<std::string>& names) {
  std::vector<const VirtualHost*> blocks;
  const auto add = [&](const VirtualHost* host) {
    if (std::ranges::find(blocks, host) == blocks.end()) blocks.push_back(host);
  };
  for (const std::string& name : names) {
    const std::vector<Answer> answers = selection.answers(name);
    const bool has_any = std::ranges::any_of(
        answers, [](const Answer& one) { return one.by != By::is_default || one.address.port == http_port; });
    // Without both, another program may pass port 80 on to any address.
    for (const Answer& one : answers)
      if (!has_any || one.by != By::is_default || one.address.port == http_port) add(one.host);
  }
  return blocks;
}

Proof plan_proof(const NginxConfig& config, std::vector<const VirtualHost*> blocks,
                 const std::string& folder) {
  require_nameable(folder);
  Proof proof;
  proof.include_file = os::folder_of(config.path()) + "/certo/challenge.conf";
  proof.include_text = text_of_include(folder, uses_auth_request(config));
  for (const VirtualHost* host : blocks) {
    if (has_line(config, *host, proof.include_file)) continue;
    const NginxFile& file = *host->block.file;
    const std::string path = without_links(file.path());
    Insertion insertion = insertion_for(file, *host->block.directive, proof.include_file);
    std::vector<Insertion>& edits = proof.edits[path];
    if (std::ranges::find(edits, insertion.at, &Insertion::at) == edits.end())
      edits.push_back(std::move(insertion));
    proof.files[path] = &file;
  }
  for (auto& [path, edits] : proof.edits) std::ranges::sort(edits, {}, &Insertion::at);
  proof.blocks = std::move(blocks);
  return proof;
}

}  // namespace certo::webserver
