#include "webserver/apache_pair.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "os/path.h"
#include "webserver/apache_edit.h"

namespace certo::webserver {
namespace {

constexpr const char *certificate_directive = "SSLCertificateFile", *key_directive = "SSLCertificateKeyFile";
// Instead of SSLCertificateChainFile: the file of the certificate holds the chain.
constexpr const char* chain_remark =
    "# SSLCertificateChainFile is left out: the chain is in SSLCertificateFile";

bool is_same(const ApacheLine& a, const ApacheLine& b) {
  if (a.directive == b.directive) return true;
  return a.directive->whole == b.directive->whole &&
         os::name_of(a.file->path()) == os::name_of(b.file->path()) &&
         without_links(a.file->path()) == without_links(b.file->path());
}

class PairPlanner {
 public:
  PairPlanner(const ApacheConfig& config, const ApacheHost& host, const std::set<const ApacheHost*>& edited,
              const LivePair& pair)
      : config_(config), host_(host), edited_(edited), pair_(pair) {}

  ApachePairPlan plan() {
    const auto& certificates = host_.certificate_lines;
    const auto& keys = host_.key_lines;
    if (certificates.empty()) {
      require_pairs(config_.count_in_main("sslcertificatefile"),
                    config_.count_in_main("sslcertificatekeyfile"), "the main server");
      refuse_loss(text(host_.place), host_.names, named(), pair_);
      add_own_lines();
      return std::move(plan_);
    }
    for (const auto* lines : {&certificates, &keys})
      for (const ApacheLine& one : *lines)
        if (one.value.empty())
          throw Error(Exit::config, one.place() + ": '" + one.directive->name + "' is not the path of a file",
                      "replace this line by hand, or give the name a host of its own");
    // One file may hold both.
    const bool is_joint = certificates.size() == 1 && keys.empty();
    if (!is_joint) require_pairs(certificates.size(), keys.size(), text(host_.place));
    const std::vector<NamedCertificate> old = named();
    const size_t at = pair_to_replace(old, text(host_.place), pair_);
    refuse_loss(text(host_.place), host_.names, {old[at]}, pair_);
    if (is_shared(certificates[at], old[at]) || (!is_joint && is_shared(keys[at], old[at]))) {
      add_own_lines();
      plan_.notes.push_back(certificates[at].place() + ": other hosts include this file, so " +
                            text(host_.place) + " gets lines of its own");
      return std::move(plan_);
    }
    put(certificates[at], certificate_directive, pair_.certificate);
    if (is_joint)
      plan_.changes.push_back(
          line_below(EditPart::certificate, *certificates[at].file,
                     end_of_lines(certificates[at].file->text(), certificates[at].directive->whole.begin),
                     blanks_of(certificates[at]), std::string(key_directive) + " " + quoted_path(pair_.key)));
    else
      put(keys[at], key_directive, pair_.key);
    leave_out_chains();
    return std::move(plan_);
  }

 private:
  static void require_pairs(size_t certificates, size_t keys, const std::string& place) {
    if (certificates != keys)
      throw Error(Exit::config,
                  place + ": has not as many lines 'SSLCertificateKeyFile' as 'SSLCertificateFile'",
                  "make them pairs: Apache takes the first of one with the first of the other");
  }

  std::vector<NamedCertificate> named() const {
    std::vector<NamedCertificate> all;
    for (const ApachePair& one : host_.certificates)
      all.push_back(read_certificate(one.certificate, one.key));
    return all;
  }

  static std::string blanks_of(const ApacheLine& line) {
    const std::string& text = line.file->text();
    const size_t begin = begin_of_line(text, line.directive->whole.begin);
    return text.substr(begin, line.directive->whole.begin - begin);
  }

  std::vector<std::string> others_with(const ApacheLine& line) const {
    std::vector<std::string> others;
    for (const ApacheHost& other : config_.hosts()) {
      if (&other == &host_ || edited_.contains(&other) || !other.has_tls) continue;
      for (const auto* lines : {&other.certificate_lines, &other.key_lines, &other.chain_lines})
        if (std::ranges::any_of(*lines, [&](const ApacheLine& one) { return is_same(one, line); })) {
          others.push_back(text(other.place) + " (" + join(other.names, " ") + ")");
          break;
        }
    }
    return others;
  }

  /// Apache presents the last of two pairs with keys of one type, so lines of its own help the host. Throws
  /// Error{config} if the types differ.
  bool is_shared(const ApacheLine& line, const NamedCertificate& old) const {
    const std::vector<std::string> others = others_with(line);
    if (others.empty()) return false;
    if (old.leaf && old.leaf->key_description.starts_with(pair_.key_type + "-")) return true;
    throw Error(
        Exit::config,
        line.place() + ": this line is for other hosts, too, which include the file: " + join(others, ", "),
        "request one certificate for all their names, or one with a key as theirs (--key-type)");
  }

  void add_own_lines() {
    plan_.changes.push_back(lines_before(EditPart::certificate, *host_.file, own_body(host_).end,
                                         indentation_in(host_), pair_lines(pair_)));
  }

  void put(const ApacheLine& line, const char* word, const std::string& path) {
    if (line.value != path) {
      plan_.changes.push_back(
          line_in_place(EditPart::certificate, line, std::string(word) + " " + quoted_path(path)));
    } else if (std::string mark = mark_above(line.file->text(), line.directive->whole.begin); !mark.empty()) {
      plan_.marks.push_back(std::move(mark));
    }
  }

  void leave_out_chains() {
    for (const ApacheLine& one : host_.chain_lines) {
      if (host_.certificate_lines.size() > 1)
        plan_.notes.push_back(one.place() + ": stays, because another certificate of the host may need it");
      else if (const auto others = others_with(one); !others.empty())
        plan_.notes.push_back(one.place() +
                              ": stays, because other hosts include this file: " + join(others, ", "));
      else
        plan_.changes.push_back(line_in_place(EditPart::certificate, one, chain_remark));
    }
  }

  const ApacheConfig& config_;
  const ApacheHost& host_;
  const std::set<const ApacheHost*>& edited_;
  const LivePair& pair_;
  ApachePairPlan plan_;
};

}  // namespace

bool presents(const ApacheHost& host, const LivePair& pair) {
  return std::ranges::any_of(host.certificates, [&](const ApachePair& one) {
    return os::plain_path(one.certificate) == pair.certificate && os::plain_path(one.key) == pair.key;
  });
}

std::vector<std::string> pair_lines(const LivePair& pair) {
  return {std::string(certificate_directive) + " " + quoted_path(pair.certificate),
          std::string(key_directive) + " " + quoted_path(pair.key)};
}

ApachePairPlan plan_apache_pair(const ApacheConfig& config, const ApacheHost& host,
                                const std::set<const ApacheHost*>& edited, const LivePair& pair) {
  return PairPlanner(config, host, edited, pair).plan();
}

}  // namespace certo::webserver
