#include "webserver/nginx_tls.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "os/path.h"
#include "webserver/nginx_pair.h"
#include "webserver/nginx_proof.h"
#include "webserver/nginx_redirect.h"
#include "webserver/nginx_tls_listen.h"
#include "webserver/owner.h"
#include "webserver/tls_outcome.h"
#include "webserver/tls_settings.h"
#include "webserver/tls_targets.h"

namespace certo::webserver {
namespace {

class TlsPlanner {
 public:
  TlsPlanner(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const Selection& selection,
             const NginxBuild& build, const TlsWish& wish)
      : config_(config),
        hosts_(hosts),
        selection_(selection),
        build_(build),
        wish_(wish),
        http_(config),
        settings_(config, http_),
        listen_(config, hosts, build),
        pair_{wish.certificate, wish.key, wish.key_type, crypto::identifiers(wish.names)} {}

  TlsPlan plan() {
    require_tls();
    const std::vector<Question> questions = questions_of(hosts_, wish_.names);
    const TlsTargets targets = targets_of(config_, hosts_, selection_, questions);
    const auto blocks = targets.blocks();
    TlsOutcome outcome(hosts_, selection_, questions, blocks);
    for (const TlsTarget& one : targets.with_tls) present(*one.host, blocks, NewListeners{});
    for (const TlsTarget& one : targets.without_tls) {
      NewListeners listeners;
      // With TLS on some of its addresses, the others are meant to be without.
      if (!speaks_tls(*one.host)) listeners = listen_.plan(*one.host);
      outcome.add(*one.host, listeners.addresses);
      note_opened(listeners);
      present(*one.host, blocks, listeners);
    }
    outcome.judge();
    plan_.presented = outcome.presented();
    for (std::string& note : outcome.notes()) this->note(std::move(note));
    if (wish_.redirect)
      for (const TlsTarget& one : targets.on_port_80) redirect(one, outcome);
    if (is_settings_used_) plan_.edits.files.push_back(settings_.file());
    return std::move(plan_);
  }

 private:
  void require_tls() const {
    if (!build_.has_tls)
      throw Error(Exit::config, "this nginx (" + build_.version + ") is compiled without TLS",
                  "install a build with ngx_http_ssl_module");
    if (const Found* const line = http_.find("ssl"); line && line->words() == 2 && line->word(1) == "on")
      throw Error(Exit::config, line->place() + ": 'ssl on;' is for every block, those of port 80 too",
                  "remove it, and write 'ssl' into the 'listen' lines of the blocks with TLS");
  }

  void note(std::string sentence) {
    if (std::ranges::find(plan_.notes, sentence) == plan_.notes.end())
      plan_.notes.push_back(std::move(sentence));
  }

  void note_opened(const NewListeners& listeners) {
    for (const Address& one : listeners.opened)
      if (std::ranges::find(plan_.new_addresses, one) == plan_.new_addresses.end())
        plan_.new_addresses.push_back(one);
  }

  /// A file that is included twice, or by two names, holds one block for two hosts.
  void add(Change change) {
    const bool is_known = std::ranges::any_of(plan_.edits.changes, [&](const Change& one) {
      return one.part == change.part && one.file == change.file && one.at == change.at &&
             one.removed == change.removed;
    });
    if (!is_known) plan_.edits.changes.push_back(std::move(change));
  }

  void add_mark(const Found& line) {
    if (!line.file) return;
    const std::string mark = mark_after(line.file->text(), line.directive->whole.end);
    if (!mark.empty() && std::ranges::find(plan_.marks, mark) == plan_.marks.end())
      plan_.marks.push_back(mark);
  }

  void require_editable_by_us(const VirtualHost& host) {
    const Owner owner = owner_of(host);
    switch (owner.kind) {
      case OwnerKind::nginx_acme:
      case OwnerKind::mod_md:
        throw Error(Exit::config, host.place() + ": nginx-acme orders the certificate of this block",
                    "leave it to nginx-acme, or remove its lines");
      case OwnerKind::lua:
        throw Error(Exit::config, host.place() + ": Lua code chooses the certificate of this block",
                    "leave it to the code, or remove 'ssl_certificate_by_lua…'");
      case OwnerKind::panel:
        throw Error(Exit::config, host.place() + ": " + owner.name + " writes this file",
                    "install the certificate with " + owner.name + ": 'certo deploy' knows some panels");
      case OwnerKind::certbot:
        if (!wish_.takes_over)
          throw Error(Exit::config, host.place() + ": certbot looks after this block",
                      "--take-over replaces certbot's lines; then 'certbot delete' ends its renewals");
        break;
      case OwnerKind::generator:
        note(host.place() + ": " + owner.name + " writes this file, and may remove the lines again");
        break;
      case OwnerKind::nobody: break;
    }
  }

  void present(const VirtualHost& host, const std::set<const NginxDirective*>& blocks,
               const NewListeners& listeners) {
    note_foreign_names(host);
    const Found& block = host.block;
    if (host.has_tls && listeners.lines.empty() && !pairs_named(config_, host, pair_).empty()) {
      add_known_marks(host);
      return;
    }
    require_editable_by_us(host);
    refuse_rejecting(block);
    PairPlan pair = plan_pair(config_, hosts_, host, blocks, pair_);
    std::vector<std::string> lines = listeners.lines;
    if (listeners.wants_http2_directive && lines_in(config_, block, "http2").empty() && !http_.find("http2"))
      lines.emplace_back("http2 on;");
    lines.insert(lines.end(), pair.lines.begin(), pair.lines.end());
    if (std::string line = settings_.line_for(block); !line.empty()) {
      lines.push_back(std::move(line));
      is_settings_used_ = true;
    }
    if (!lines.empty()) add(lines_at_begin(EditPart::certificate, *block.file, *block.directive, lines));
    for (Change& one : pair.changes) add(std::move(one));
    plan_.marks.insert(plan_.marks.end(), pair.marks.begin(), pair.marks.end());
    note_remains_of_certbot(block);
  }

  /// Those of an earlier plan.
  void add_known_marks(const VirtualHost& host) {
    for (const CertificateLines& one : pairs_named(config_, host, pair_)) {
      add_mark(one.certificate);
      add_mark(one.key);
    }
    for (const char* name : {"listen", "http2"})
      for (const Found& line : lines_in(config_, host.block, name)) add_mark(line);
    add_mark(settings_.known_line(host.block));
  }

  void refuse_rejecting(const Found& block) const {
    for (const Found& line : lines_in(config_, block, "ssl_reject_handshake"))
      if (line.words() == 2 && line.word(1) == "on")
        throw Error(Exit::config, line.place() + ": this block refuses every TLS connection",
                    "remove 'ssl_reject_handshake', or give the name a block of its own");
  }

  void note_foreign_names(const VirtualHost& host) {
    const std::vector<std::string> names = names_without(host, pair_.names);
    if (!names.empty())
      note(host.place() + " also answers for " + join(names, ", ") + ", which the certificate does not have");
  }

  void note_remains_of_certbot(const Found& block) {
    config_.each_in(block, [&](const Found& line) {
      if (line.words() != 2 || line.is("ssl_certificate") || line.is("ssl_certificate_key")) return;
      if (line.word(1).starts_with("/etc/letsencrypt/"))
        note(line.place() + " still needs " + line.word(1) + ", a file of certbot's");
    });
  }

  void redirect(const TlsTarget& target, const TlsOutcome& outcome) {
    const VirtualHost& host = *target.host;
    if (const Found own = own_redirect(host.block); own.file) return add_mark(own);
    std::string known;
    const bool has_all = std::ranges::all_of(target.names, [&](const std::string& name) {
      known = redirect_of(config_, host, name);
      return !known.empty();
    });
    if (has_all) return note(known + " redirects to https already");
    if (const std::string why = reason_against_redirect(target, outcome); !why.empty())
      return note(host.place() + ": no redirect is added, because " + why);
    require_editable_by_us(host);
    add(add_redirect(host, proof_files(config_)));
    for (const std::string& name : target.names)
      for (const std::string& address : outcome.without_https(host, name))
        note(host.place() + ": requests for " + name + " on " + address +
             " are redirected, too, but no block with the certificate answers there on port 443");
  }

  std::string reason_against_redirect(const TlsTarget& target, const TlsOutcome& outcome) const {
    if (is_behind_tls_proxy(*target.host))
      return "the block expects a proxy that speaks https for it, and a redirect could go in a circle";
    const std::vector<std::string> foreign = names_without(*target.host, pair_.names);
    if (!foreign.empty()) return "it would also lead " + join(foreign, ", ") + " to https";
    for (const std::string& name : target.names) {
      const std::vector<const VirtualHost*> secure = outcome.on_port_443(name);
      if (secure.empty()) return "no block answers for " + name + " on port 443";
      for (const VirtualHost* const one : secure)
        if (const std::string back = way_back_of(config_, *one, name); !back.empty())
          return back + " leads back to http";
    }
    return {};
  }

  const NginxConfig& config_;
  const std::vector<VirtualHost>& hosts_;
  const Selection& selection_;
  const NginxBuild& build_;
  const TlsWish& wish_;
  const HttpLines http_;
  const TlsSettings settings_;
  const ListenPlanner listen_;
  const LivePair pair_;
  TlsPlan plan_;
  bool is_settings_used_ = false;
};

}  // namespace

TlsPlan plan_tls(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const Selection& selection,
                 const NginxBuild& build, const TlsWish& wish) {
  return TlsPlanner(config, hosts, selection, build, wish).plan();
}

}  // namespace certo::webserver
