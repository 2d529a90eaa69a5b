#include "webserver/apache_tls_host.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "webserver/apache_body.h"
#include "webserver/apache_edit.h"
#include "webserver/apache_pair.h"
#include "webserver/apache_proof.h"
#include "webserver/apache_targets.h"

namespace certo::webserver {
namespace {

// Mozilla's intermediate configuration, version 5.7
// (https://wiki.mozilla.org/Security/Server_Side_TLS), without the ciphers that need a file of Diffie-Hellman
// parameters.
constexpr std::string_view intermediate_for_apache =
    R"(# Written by certo: Mozilla's intermediate settings for TLS. certo keeps what you change here.
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
SSLHonorCipherOrder off
SSLSessionTickets off
)";

constexpr size_t name_limit = 100;

/// The first name of the host, as part of a file's name.
std::string base_name(const ApacheHost& host) {
  std::string name = lower(host.names.empty() ? "" : host.names.front()).substr(0, name_limit);
  for (char& c : name)
    if (std::string_view("abcdefghijklmnopqrstuvwxyz0123456789.-_").find(c) == std::string_view::npos)
      c = '_';
  const size_t begin = name.find_first_not_of('.');
  return begin == name.npos ? "site" : name.substr(begin);
}

/// A path in certo's folder to which both endings can be added.
std::string free_path(const ApacheConfig& config, const ApacheHost& host, std::set<std::string>& taken) {
  const std::string first = os::path_in(own_folder(config), base_name(host));
  for (int number = 1;; ++number) {
    std::string path = number == 1 ? first : first + "-" + std::to_string(number);
    const bool is_free = !os::exists(path + ".body.conf") && !os::exists(path + ".tls.conf");
    if (is_free && taken.insert(path).second) return path;
  }
}

/// The proof's files for as long as they are there: a CA may follow a redirect to https. They would switch on
/// rules of the host that are off.
bool takes_proof(const ApacheHost& host) { return !host.has_rewrite_rules || host.is_rewrite_on; }

std::string proof_line(const std::string& file) {
  constexpr std::string_view ending = ".conf";
  const std::string start = file.substr(0, file.size() - ending.size());
  (void)quoted_path(start);
  return "    IncludeOptional \"" + start + "*" + std::string(ending) + "\"\n";
}

/// "ServerName a.example:80" would lead clients of the other host to port 80.
std::string name_with_port(const ApacheHost& host) {
  const auto all = host.file->directives();
  const size_t at = static_cast<size_t>(host.section - all.data());
  for (size_t i = at + 1; i < host.section->next; ++i)
    if (all[i].name == "servername" && all[i].value.find(':') != std::string::npos && host.has_own_name)
      return host.names.front() + ":443";
  return {};
}

std::string text_of_host(const ApacheConfig& config, const NewTlsHost& host, const LivePair& pair,
                         const std::string& body) {
  const std::vector<std::string> proof = apache_proof_files(config);
  const bool has_proof = takes_proof(*host.plain);
  std::string text = "# Written by certo: https for the virtual host of port 80 in " +
                     printable(host.plain->file->path(), name_limit * 5) +
                     ".\n# Both have the directives of " + os::name_of(body) +
                     ": edit them there. 'certo undo' moves them back.\n<VirtualHost " +
                     join(host.addresses, " ") + ">\n";
  if (has_proof) text += proof_line(proof[0]);
  text += "    Define CERTO_TLS\n    Include " + quoted_path(body) +
          "\n    UnDefine CERTO_TLS\n    SSLEngine on\n";
  if (const std::string name = name_with_port(*host.plain); !name.empty())
    text += "    ServerName " + name + "\n";
  for (const std::string& line : pair_lines(pair)) text += "    " + line + "\n";
  if (!host.settings.empty()) text += "    Include " + quoted_path(host.settings) + "\n";
  if (has_proof) text += proof_line(proof[1]);
  return text + "</VirtualHost>\n";
}

const ApacheAddress* find_address(const ApacheConfig& config, const std::string& text) {
  const auto& all = config.apache().dump.addresses;
  const auto found = std::ranges::find(all, text, &ApacheAddress::text);
  return found == all.end() || found->sites.empty() ? nullptr : &*found;
}

const ApacheHost* default_of(const ApacheConfig& config, const ApacheAddress& address) {
  for (const ApacheHost& host : config.hosts())
    for (const ApacheHost::At& at : host.addresses)
      if (at.address == address.text && at.is_default) return &host;
  return nullptr;
}

}  // namespace

std::vector<std::string> new_defaults(const ApacheConfig& config, const ApacheHost& host,
                                      const std::vector<std::string>& addresses) {
  std::vector<std::string> notes;
  for (const std::string& one : addresses) {
    const ApacheAddress* const known = find_address(config, one);
    const ApacheHost* const first = known ? default_of(config, *known) : nullptr;
    if (first && host.position < first->position)
      notes.push_back("the new host becomes the default one of " + one + ", because Apache reads it before " +
                      text(first->place));
  }
  return notes;
}

std::string own_folder(const ApacheConfig& config) {
  return os::path_in(os::folder_of(config.apache().config()), "certo");
}

OwnFile apache_tls_settings(const ApacheConfig& config) {
  return {.part = EditPart::certificate,
          .path = os::path_in(own_folder(config), "tls.conf"),
          .content = std::string(intermediate_for_apache)};
}

std::vector<std::string> secure_addresses(const ApacheHost& host) {
  std::vector<std::string> all;
  for (const ApacheHost::At& at : host.addresses) {
    if (!is_on_port_80(at.address)) continue;
    std::string secure = at.address.substr(0, at.address.rfind(':')) + ":443";
    if (std::ranges::find(all, secure) == all.end()) all.push_back(std::move(secure));
  }
  return all;
}

void refuse_conflicts(const ApacheConfig& config, const ApacheHost& host,
                      const std::vector<std::string>& addresses) {
  for (const std::string& one : addresses) {
    if (const ApacheAddress* const known = find_address(config, one)) {
      const ApacheHost* const first = default_of(config, *known);
      if (first && !first->has_tls)
        throw Error(Exit::config,
                    text(first->place) + ": answers on " + one +
                        " without TLS, and Apache would speak no TLS there for other hosts",
                    "write 'SSLEngine on' and a certificate there, or give that host another port");
      continue;
    }
    const ApacheAddress* const wider = one.starts_with("*:") ? nullptr : find_address(config, "*:443");
    const ApacheHost* const other = wider ? default_of(config, *wider) : nullptr;
    if (other && other != &host)
      throw Error(Exit::config,
                  text(host.place) + ": a host on " + one +
                      " would take the connections to this address away from " + text(other->place) +
                      ", which is on *:443",
                  "write '<VirtualHost " + one + ">' for the hosts that shall answer there");
  }
}

Edits add_tls_host(const ApacheConfig& config, const NewTlsHost& host, const LivePair& pair,
                   std::set<std::string>& taken) {
  const ApacheHost& plain = *host.plain;
  const ApacheFile& file = *plain.file;
  const std::string& text = file.text();
  MovedBody moved = moved_body(config, plain);
  const std::string path = free_path(config, plain, taken);
  const std::string body = path + ".body.conf", tls = path + ".tls.conf";
  Edits edits;
  Change change = lines_before(EditPart::certificate, file, moved.range.begin, indentation_in(plain),
                               {"Include " + quoted_path(body)});
  change.removed = text.substr(moved.range.begin, moved.range.end - moved.range.begin);
  change.moved_to = body;
  edits.changes.push_back(std::move(change));
  const size_t begin = begin_of_line(text, plain.section->whole.begin);
  edits.changes.push_back(line_below(EditPart::certificate, file, end_of_lines(text, plain.section->body.end),
                                     text.substr(begin, plain.section->whole.begin - begin),
                                     "Include " + quoted_path(tls)));
  edits.files.push_back({.part = EditPart::certificate,
                         .path = body,
                         .content = std::move(moved.content),
                         .target = {},
                         .is_shared = false});
  edits.files.push_back({.part = EditPart::certificate,
                         .path = tls,
                         .content = text_of_host(config, host, pair, body),
                         .target = {},
                         .is_shared = false});
  return edits;
}

}  // namespace certo::webserver
