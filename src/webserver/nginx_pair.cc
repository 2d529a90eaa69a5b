#include "webserver/nginx_pair.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "os/path.h"
#include "webserver/nginx_block.h"
#include "webserver/presented.h"

namespace certo::webserver {
namespace {

using crypto::Identifier;

constexpr std::string_view certificate_word = "ssl_certificate", key_word = "ssl_certificate_key";

/// Both lines of the block itself, by their numbers as nginx pairs them.
struct OwnLines {
  std::vector<Found> certificates, keys;
};

std::string path_in_config(const Found& line, const std::string& folder) {
  const std::string path = line.word(1);
  return os::plain_path(path.starts_with('/') ? path : os::path_in(folder, path));
}

void refuse_unless_paths(const std::vector<Found>& lines) {
  for (const Found& line : lines) {
    const std::string value = line.words() == 2 ? line.word(1) : "";
    const bool is_path = !value.empty() && value.find('$') == value.npos && !value.starts_with("data:") &&
                         !value.starts_with("engine:") && !value.starts_with("store:");
    if (!is_path)
      throw Error(Exit::config, line.place() + ": '" + line.word(0) + "' is not the path of a file",
                  "replace this line by hand, or give the name a block of its own");
  }
}

bool is_valid_for(const crypto::Certificate& leaf, const Identifier& name) {
  const bool is_self_signed = leaf.subject == leaf.issuer;
  return !is_self_signed && leaf.not_after > now() &&
         std::ranges::any_of(leaf.identifiers,
                             [&](const Identifier& held) { return crypto::covers(held, name); });
}

/// As certificates have them: ".x" is x and *.x. Empty for what no certificate can have.
std::vector<Identifier> identifiers_of(const std::string& name) {
  if (name.find('.') == name.npos || name.starts_with('~') || name.ends_with('*')) return {};
  try {
    if (name.starts_with('.')) return {crypto::identifier(name.substr(1)), crypto::identifier("*" + name)};
    return {crypto::identifier(name)};
  } catch (const Error&) {
    return {};
  }
}

std::vector<Identifier> identifiers_without(const std::vector<std::string>& names,
                                            const std::vector<Identifier>& held) {
  std::vector<Identifier> all;
  for (const std::string& name : names)
    for (const Identifier& one : identifiers_of(name)) {
      const bool is_held =
          std::ranges::any_of(held, [&](const Identifier& some) { return crypto::covers(some, one); });
      if (!is_held && std::ranges::find(all, one) == all.end()) all.push_back(one);
    }
  return all;
}

bool is_same_line(const Found& a, const Found& b) {
  if (a.directive == b.directive) return true;
  return a.file && b.file && a.directive->whole == b.directive->whole &&
         os::name_of(a.file->path()) == os::name_of(b.file->path()) &&
         without_links(a.file->path()) == without_links(b.file->path());
}

/// A line of an included file is one of all blocks that include it.
void refuse_shared(const Found& line, const VirtualHost& host, const std::vector<VirtualHost>& hosts,
                   const std::set<const NginxDirective*>& edited) {
  if (is_own(host.block, line)) return;
  std::vector<std::string> others;
  for (const VirtualHost& other : hosts) {
    const bool has_line = std::ranges::any_of(other.certificates, [&](const CertificateLines& lines) {
      return is_same_line(lines.certificate, line) || (lines.key.file && is_same_line(lines.key, line));
    });
    if (has_line && other.has_tls && !edited.contains(other.block.directive))
      others.push_back(other.place() + " (" + join(other.names, " ") + ")");
  }
  if (others.empty()) return;
  throw Error(
      Exit::config,
      line.place() + ": this line is for other blocks, too, which include the file: " + join(others, ", "),
      "request one certificate for all their names, or write the lines of the file into " + host.place() +
          " instead of including it");
}

/// Puts the path into the line, unless it has it.
void put(PairPlan& plan, const Found& line, std::string_view name, const std::string& path,
         const std::string& folder) {
  if (path_in_config(line, folder) != path)
    plan.changes.push_back(in_place_of(EditPart::certificate, *line.file, *line.directive,
                                       std::string(name) + " " + written_path(path) + ";"));
  else if (std::string mark = mark_after(line.file->text(), line.directive->whole.end); !mark.empty())
    plan.marks.push_back(std::move(mark));
}

std::vector<NamedCertificate> read_pairs(const std::vector<CertificateLines>& pairs,
                                         const std::string& folder) {
  std::vector<NamedCertificate> all;
  for (const CertificateLines& one : pairs) all.push_back(read_certificate(one, folder));
  return all;
}

}  // namespace

std::vector<std::string> names_without(const std::vector<std::string>& names,
                                       const std::vector<Identifier>& held) {
  std::vector<std::string> all;
  for (const Identifier& one : identifiers_without(names, held)) all.push_back(one.value);
  return all;
}

std::vector<std::string> names_without(const VirtualHost& host, const std::vector<Identifier>& held) {
  return names_without(host.names, held);
}

size_t pair_to_replace(const std::vector<NamedCertificate>& pairs, const std::string& place,
                       const LivePair& pair) {
  if (pairs.size() == 1) return 0;
  // nginx presents the last of two with the same type.
  for (size_t i = pairs.size(); i-- > 0;) {
    if (!pairs[i].leaf)
      throw Error(Exit::config,
                  place +
                      ": has several certificates, and certo cannot tell which one "
                      "to replace: " +
                      pairs[i].fault,
                  "remove the lines that nothing uses any more");
    if (pairs[i].leaf->key_description.starts_with(pair.key_type + "-")) return i;
  }
  throw Error(Exit::config,
              place + ": has several certificates, and none with a key of the type " + pair.key_type,
              "request one with a key as theirs (--key-type), or remove a pair of lines");
}

void refuse_loss(const std::string& place, const std::vector<std::string>& names,
                 const std::vector<NamedCertificate>& old, const LivePair& pair) {
  for (const Identifier& name : identifiers_without(names, pair.names))
    for (const NamedCertificate& one : old)
      if (one.leaf && is_valid_for(*one.leaf, name))
        throw Error(Exit::config,
                    place + ": " + name.value + " would lose its certificate " + one.file +
                        ", because the new one does not have this name",
                    "request it as well (-d " + name.value + "), or give it a server block of its own");
}

std::vector<CertificateLines> pairs_named(const NginxConfig& config, const VirtualHost& host,
                                          const LivePair& pair) {
  const std::string folder = os::folder_of(config.path());
  std::vector<CertificateLines> named = host.certificates;
  std::erase_if(named, [&](const CertificateLines& one) {
    return !one.key.file || path_in_config(one.certificate, folder) != pair.certificate ||
           path_in_config(one.key, folder) != pair.key;
  });
  return named;
}

PairPlan plan_pair(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const VirtualHost& host,
                   const std::set<const NginxDirective*>& edited, const LivePair& pair) {
  PairPlan plan;
  const std::string folder = os::folder_of(config.path());
  if (const auto known = pairs_named(config, host, pair); !known.empty()) {
    put(plan, known.front().certificate, certificate_word, pair.certificate, folder);
    put(plan, known.front().key, key_word, pair.key, folder);
    return plan;
  }
  const OwnLines own{lines_in(config, host.block, certificate_word), lines_in(config, host.block, key_word)};
  const std::string key_line = std::string(key_word) + " " + written_path(pair.key) + ";";
  if (own.certificates.empty()) {
    refuse_loss(host.place(), host.names, read_pairs(host.certificates, folder), pair);
    plan.lines = {std::string(certificate_word) + " " + written_path(pair.certificate) + ";", key_line};
    return plan;
  }
  refuse_unless_paths(own.certificates);
  refuse_unless_paths(own.keys);
  const bool inherits_key = own.keys.empty() && own.certificates.size() == 1;
  if (own.certificates.size() != own.keys.size() && !inherits_key)
    throw Error(Exit::config,
                host.place() + ": has not as many lines 'ssl_certificate_key' as 'ssl_certificate'",
                "make them pairs");
  const std::vector<NamedCertificate> old = read_pairs(host.certificates, folder);
  const size_t at = pair_to_replace(old, host.place(), pair);
  refuse_loss(host.place(), host.names, {old[at]}, pair);
  refuse_shared(own.certificates[at], host, hosts, edited);
  put(plan, own.certificates[at], certificate_word, pair.certificate, folder);
  if (inherits_key) {
    plan.lines = {key_line};
    return plan;
  }
  refuse_shared(own.keys[at], host, hosts, edited);
  put(plan, own.keys[at], key_word, pair.key, folder);
  return plan;
}

}  // namespace certo::webserver
