#include "webserver/apache_tls.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "os/file.h"
#include "webserver/apache_edit.h"
#include "webserver/apache_listen.h"
#include "webserver/apache_pair.h"
#include "webserver/apache_redirect.h"
#include "webserver/apache_ssl.h"
#include "webserver/apache_targets.h"
#include "webserver/apache_tls_host.h"
#include "webserver/owner.h"

namespace certo::webserver {
namespace {

class ApacheTlsPlanner {
 public:
  ApacheTlsPlanner(const ApacheConfig& config, const TlsWish& wish)
      : config_(config),
        wish_(wish),
        pair_{wish.certificate, wish.key, wish.key_type, crypto::identifiers(wish.names)},
        questions_(questions_of(config, wish.names)),
        targets_(targets_of(config, questions_)),
        edited_(targets_.hosts()) {}

  TlsPlan plan() {
    for (const ApacheHost* host : edited_) require_section(*host);
    ssl_.emplace(config_);
    ssl_->refuse_waiting(wish_.names);
    for (const ApacheTarget& one : targets_.with_tls) present(*one.host);
    for (const ApacheTarget& one : targets_.without_tls) add_host(*one.host);
    note_presented();
    if (wish_.redirect)
      for (const ApacheTarget& one : targets_.on_port_80) redirect(one);
    note_ignored();
    finish();
    return std::move(plan_);
  }

 private:
  void note(std::string sentence) {
    if (std::ranges::find(plan_.notes, sentence) == plan_.notes.end())
      plan_.notes.push_back(std::move(sentence));
  }

  /// A file that is included twice, or by two names, holds one section for two hosts.
  void add(Change change) {
    const bool is_known = std::ranges::any_of(plan_.edits.changes, [&](const Change& one) {
      return one.part == change.part && one.file == change.file && one.at == change.at &&
             one.removed == change.removed;
    });
    if (!is_known) plan_.edits.changes.push_back(std::move(change));
  }

  void require_section(const ApacheHost& host) const {
    if (host.section) return;
    throw Error(Exit::usage,
                text(host.place) + ": certo does not edit what a macro or a module of Apache writes",
                "write 'SSLEngine on', '" + join(pair_lines(pair_), "' and '") +
                    "' into a <VirtualHost> of port 443 there, and use --no-install and a reload command");
  }

  void require_editable_by_us(const ApacheHost& host) {
    const Owner owner = owner_of(host);
    const std::string place = text(host.place);
    switch (owner.kind) {
      case OwnerKind::mod_md:
        throw Error(Exit::config, place + ": mod_md orders the certificate of this host",
                    "leave it to mod_md, or remove its lines");
      case OwnerKind::panel:
        throw Error(Exit::config, place + ": " + owner.name + " writes this file",
                    "install the certificate with " + owner.name + ": 'certo deploy' knows some panels");
      case OwnerKind::certbot:
        if (!wish_.takes_over)
          throw Error(Exit::config, place + ": certbot looks after this host",
                      "--take-over replaces certbot's lines; then 'certbot delete' ends its renewals");
        break;
      case OwnerKind::generator:
        note(place + ": " + owner.name + " writes this file, and may remove the lines again");
        break;
      case OwnerKind::nginx_acme:
      case OwnerKind::lua:
      case OwnerKind::nobody: break;
    }
  }

  void note_foreign_names(const ApacheHost& host) {
    const std::vector<std::string> names = foreign_names(host);
    if (!names.empty())
      note(text(host.place) + " also answers for " + join(names, ", ") +
           ", which the certificate does not have");
  }

  /// The name of a host without ServerName is the machine's.
  std::vector<std::string> foreign_names(const ApacheHost& host) const {
    std::vector<std::string> names = host.names;
    if (!host.has_own_name && !names.empty()) names.erase(names.begin());
    return names_without(names, pair_.names);
  }

  void present(const ApacheHost& host) {
    note_foreign_names(host);
    if (presents(host, pair_)) {
      for (const auto* lines : {&host.certificate_lines, &host.key_lines})
        for (const ApacheLine& one : *lines)
          if (std::string mark = mark_above(one.file->text(), one.directive->whole.begin); !mark.empty())
            plan_.marks.push_back(std::move(mark));
      return;
    }
    require_editable_by_us(host);
    ApachePairPlan pair = plan_apache_pair(config_, host, edited_, pair_);
    for (Change& one : pair.changes) add(std::move(one));
    for (std::string& one : pair.notes) note(std::move(one));
    plan_.marks.insert(plan_.marks.end(), pair.marks.begin(), pair.marks.end());
  }

  void add_host(const ApacheHost& host) {
    note_foreign_names(host);
    const std::string place = without_links(host.file->path()) + ":" + std::to_string(host.section->line);
    NewTlsHost added{.plain = &host, .addresses = secure_addresses(host), .settings = {}};
    for (const std::string& one : added.addresses) ssl_->listen(one, one.substr(0, one.rfind(':')) + ":80");
    added_[&host] = added.addresses;
    if (!moved_.insert(place).second) return;
    require_editable_by_us(host);
    refuse_conflicts(config_, host, added.addresses);
    for (std::string& one : new_defaults(config_, host, added.addresses)) note(std::move(one));
    if (!ssl_->has_settings()) {
      const OwnFile settings = apache_tls_settings(config_);
      added.settings = settings.path;
      if (!is_settings_used_) plan_.edits.files.push_back(settings);
      is_settings_used_ = true;
    }
    webserver::add(plan_.edits, add_tls_host(config_, added, pair_, taken_));
    note(text(host.place) + ": a host with TLS on " + join(added.addresses, ", ") +
         " shares its directives, which move to " + plan_.edits.files.end()[-2].path);
  }

  std::vector<std::string> all_addresses() const {
    std::vector<std::string> all;
    for (const ApacheAddress& one : config_.apache().dump.addresses) all.push_back(one.text);
    for (const auto& [host, addresses] : added_) all.insert(all.end(), addresses.begin(), addresses.end());
    return all;
  }

  void note_presented() {
    const std::vector<std::string> all = all_addresses();
    for (const Question& question : questions_) {
      bool has_tls = false;
      for (const ApacheAnswer& one : answers_to(config_, question)) {
        if (one.host->has_tls && edited_.contains(one.host)) {
          has_tls = true;
          present_at(one.address, question, all);
        }
        if (const auto added = added_.find(one.host); added != added_.end() && is_on_port_80(one.address)) {
          has_tls = true;
          present_at(one.address.substr(0, one.address.rfind(':')) + ":443", question, all);
        }
      }
      if (!has_tls) note("no virtual host answers for " + question.name + " by TLS");
    }
  }

  void present_at(const std::string& address, const Question& question, const std::vector<std::string>& all) {
    const std::vector<Address> sockets = sockets_of(address, ssl_->listens(), all);
    if (sockets.empty())
      note(question.name + " on " + address +
           ": certo cannot look there whether Apache presents the certificate");
    for (const Address& one : sockets) {
      Presented presented{one.text, question.name};
      if (std::ranges::find(plan_.presented, presented) == plan_.presented.end())
        plan_.presented.push_back(std::move(presented));
    }
  }

  void redirect(const ApacheTarget& target) {
    const ApacheHost& host = *target.host;
    require_section(host);
    if (const auto marks = own_redirect_marks(host); !marks.empty()) {
      plan_.marks.insert(plan_.marks.end(), marks.begin(), marks.end());
      return;
    }
    if (const std::string known = redirect_of(host); !known.empty())
      return note(known + " redirects to https already");
    if (const std::string why = reason_against_redirect(target); !why.empty())
      return note(text(host.place) + ": no redirect is added, because " + why);
    require_editable_by_us(host);
    if (auto change = apache_redirect(config_, host))
      add(std::move(*change));
    else
      note(text(host.place) +
           ": no redirect is added, because neither mod_rewrite nor mod_alias can do it there");
  }

  std::string reason_against_redirect(const ApacheTarget& target) const {
    const ApacheHost& host = *target.host;
    if (host.is_behind_tls_proxy)
      return "the host expects a proxy that speaks https for it, and a redirect could go in a circle";
    if (const auto foreign = foreign_names(host); !foreign.empty())
      return "it would also lead " + join(foreign, ", ") + " to https";
    for (const std::string& name : target.names) {
      bool has_tls = added_.contains(&host);
      for (const ApacheAnswer& one : config_.answers(name)) {
        if (!one.host->has_tls || !one.address.ends_with(":443") || !edited_.contains(one.host)) continue;
        has_tls = true;
        if (const std::string back = way_back_of(*one.host); !back.empty())
          return back + " leads back to http";
      }
      if (!has_tls) return "no virtual host answers for " + name + " on port 443";
    }
    // The host with TLS shares its lines.
    if (const std::string back = added_.contains(&host) ? way_back_of(host) : ""; !back.empty())
      return back + " leads back to http";
    return {};
  }

  void note_ignored() {
    for (const ApacheIgnored& one : config_.ignored()) {
      const bool is_asked = std::ranges::any_of(
          questions_, [&](const Question& question) { return lower(one.name) == question.name; });
      if (is_asked)
        note(text(one.host->place) + ": Apache ignores the name '" + one.name + "' on " + one.address +
             " there, because " + text(one.winner->place) + " has it; this host stays as it is");
    }
  }

  void finish() {
    const bool is_edited = !plan_.edits.changes.empty();
    for (const std::string& one : ssl_->marks()) plan_.marks.push_back(one);
    if (!is_edited) return;
    const Edits ours = std::move(plan_.edits);
    plan_.edits = ssl_->take_edits();
    webserver::add(plan_.edits, ours);
    for (const std::string& one : ssl_->notes()) note(one);
    for (const Address& one : ssl_->listens())
      if (std::ranges::find(config_.listens(), one) == config_.listens().end()) {
        plan_.new_addresses.push_back(one);
        note("Apache listens on " + one.text + " from now on");
      }
  }

  const ApacheConfig& config_;
  const TlsWish& wish_;
  const LivePair pair_;
  const std::vector<Question> questions_;
  const ApacheTargets targets_;
  const std::set<const ApacheHost*> edited_;
  std::optional<ApacheSsl> ssl_;
  std::map<const ApacheHost*, std::vector<std::string>> added_;  // with the addresses for TLS
  std::set<std::string> moved_, taken_;                          // places; paths
  TlsPlan plan_;
  bool is_settings_used_ = false;
};

}  // namespace

TlsPlan plan_apache_tls(const ApacheConfig& config, const TlsWish& wish) {
  return ApacheTlsPlanner(config, wish).plan();
}

}  // namespace certo::webserver
