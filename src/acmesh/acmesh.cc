#include "acmesh/acmesh.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <string_view>
#include <utility>

#include "acmesh/line.h"
#include "acmesh/values.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "console/args.h"
#include "console/flags.h"
#include "net/host.h"
#include "os/memory.h"
#include "os/terminal.h"
#include "store/entry.h"

namespace certo::acmesh {
namespace {

using Texts = std::vector<std::string>;

/// Flags that certo also takes without a command. Of these, -v means something else to certo.
constexpr std::array<std::string_view, 4> shared = {"--version", "--help", "-v", "-h"};

/// The store of --home; "": the default.
store::Home home_named(const std::string& given) {
  return store::Home(given.empty() ? os::environment("CERTO_HOME") : given);
}

std::string base_name(const std::string& name) { return name.starts_with("*.") ? name.substr(2) : name; }

/// The i-th of a list in which the last one stands for all that follow.
const std::string& aligned(const Texts& list, size_t i) { return list[std::min(i, list.size() - 1)]; }

class Rewriter {
 public:
  Rewriter(Line line, const StoredKey& stored) : line_(std::move(line)), stored_(stored) {}

  Rewriting rewrite() {
    go_on_by_hand();
    for (const Given& given : line_.given) take(given);
    if (!line_.verb->command) {
      throw Error(Exit::usage, line_.flag + ": certo has no such command", line_.verb->hint);
    }
    if (line_.verb->hint) note(line_.flag, line_.verb->hint);
    compose();
    return std::move(result_);
  }

 private:
  void note(const std::string& flag, const std::string& what) { result_.notes.push_back(flag + ": " + what); }
  void ignore(const std::string& flag, const std::string& why) { note(flag, "ignored: " + why); }
  void add(Texts more) { options_.insert(options_.end(), more.begin(), more.end()); }
  bool is(unsigned kinds) const { return (line_.kinds() & kinds) != 0; }

  void take(const Given& given) {
    const Parameter* const row = given.parameter;
    if (!row) return given.has_value ? add({given.flag, given.value}) : add({given.flag});
    const std::string remark = row->remark ? row->remark : "";
    if (row->sense == Sense::refused)
      throw Error(Exit::usage, given.flag + ": certo does not support this option", remark);
    if (row->sense == Sense::ignored) return ignore(given.flag, remark);
    if (is(row->taken_by)) return take_known(given, *row);
    if (is(row->needed_by)) throw Error(Exit::usage, given.flag + " does not go with " + line_.flag, remark);
    ignore(given.flag, "it does not apply to " + line_.flag);
  }

  void take_known(const Given& given, const Parameter& row) {
    const std::string target = row.target ? row.target : "";
    switch (row.sense) {
      case Sense::option:
        if (given.has_value) return add({target, given.value});
        return ignore(given.flag, row.remark);
      case Sense::toggle: forced_ = forced_ || target == "--force"; return add({target});
      case Sense::unless_zero:
        if (given.value != "0") add({target});
        return;
      case Sense::key_length: return take_key_type(given, target);
      case Sense::reason: return add({target, reason_name(given)});
      case Sense::loudness: return take_loudness(given);
      case Sense::name: return take_names(given.value);
      case Sense::way: return take_way(given, target);
      case Sense::challenge_alias: return aliases_.push_back(given.value);
      case Sense::domain_alias: return aliases_.push_back("=" + given.value);
      case Sense::seconds: wait_ = number_of(given); return;
      case Sense::lasting: return add({target, std::to_string(number_of(given)) + "d"});
      case Sense::port: port_ = number_of(given); return;
      case Sense::tls_port: tls_port_ = number_of(given); return;
      case Sense::address: addresses_.push_back(given.has_value ? given.value : target); return;
      case Sense::home:
        if (home_.empty() || target.empty()) home_ = given.value;
        return;
      case Sense::variable:
      case Sense::secret_file: return hand_over(given, row);
      case Sense::csr: return is(issue) ? add({"--csr", given.value}) : words_.push_back(given.value);
      case Sense::ec_twin: wants_ec_ = true; return;
      case Sense::days: return take_days(given, target);
      case Sense::new_key_switch: return add({given.value == "0" ? "--reuse-key" : "--new-key"});
      case Sense::auto_upgrade: return add({target, given.value == "0" ? "off" : "on"});
      case Sense::skip_is_success: skip_is_success_ = true; return;
      case Sense::manual:
      case Sense::met:
      case Sense::ignored:
      case Sense::refused: return;
    }
  }

  void take_key_type(const Given& given, const std::string& target) {
    if (line_.verb->names == Names::in_csr) return ignore(given.flag, "the CSR has its key");
    key_type_ = key_type(given);
    add({target, key_type_});
  }

  void take_days(const Given& given, const std::string& target) {
    constexpr int usual_lifetime = 90;
    const int days = number_of(given);
    if (days < 1 || days >= usual_lifetime)
      return ignore(given.flag, "certo counts from the certificate's end: " + target + " 30d");
    const std::string left = std::to_string(usual_lifetime - days) + "d";
    note(given.flag, "certo counts from the certificate's end; of 90 days, this is " + target + " " + left);
    add({target, left});
  }

  void take_names(const std::string& value) {
    for (const std::string& name : split(value, ',')) names_.push_back(name);
  }

  /// A way is one text, "--webroot /srv" or "--standalone": DIR may hold spaces, the flag holds none.
  void take_way(const Given& given, const std::string& target) {
    if (target == "--dns") return ways_.push_back("--dns " + (given.has_value ? given.value : "manual"));
    const bool is_server = target == "--nginx" || target == "--apache";
    ways_.push_back(given.has_value && !is_server ? target + " " + given.value : target);
    if (is_server && given.has_value) add({target + "-conf", given.value});
    if (is_server) add({"--no-install"});  // acme.sh does not install the certificate
  }

  void take_loudness(const Given& given) {
    const int level = given.has_value ? number_of(given) : 1;
    if (level > 0) add({level > 1 ? "-vv" : "-v"});
  }

  void hand_over(const Given& given, const Parameter& row) {
    const bool by_file = row.sense == Sense::secret_file;
    result_.handovers.push_back({by_file, row.target, given.has_value ? given.value : "1"});
    if (given.has_value)
      note(given.flag, "other users can read a command line while it runs; " +
                           std::string(by_file ? "certo takes it from a file: " : "certo takes it from ") +
                           row.target);
  }

  /// acme.sh's second step for records that a person sets is --renew; here it is the same command again.
  void go_on_by_hand() {
    const auto is_consent = [](const Given& given) {
      return given.parameter && given.parameter->sense == Sense::manual;
    };
    const bool renews_one = line_.verb->kind == renew && line_.verb->names != Names::none;
    if (!renews_one || std::ranges::none_of(line_.given, is_consent)) return;
    line_.verb = find_verb("--issue");
    note(line_.flag,
         "if you add the records yourself, repeat all -d of the order, so that certo continues it");
    ways_ = {"--dns manual"};
  }

  bool has_way(std::string_view flag) const {
    return std::ranges::any_of(ways_, [&](const std::string& way) { return way.starts_with(flag); });
  }

  void compose() {
    const bool is_forced_cron = line_.verb->kind == renew && line_.flag == "--cron" && forced_;
    Texts& out = result_.arguments;
    out = split(is_forced_cron ? "renew --all" : line_.verb->command, ' ');
    add_names();
    if (is(issue)) add_refinements();
    if (is(issue | install)) join_certificate_and_chain();
    if (is(pkcs12)) add_pkcs12();
    if (is(new_key | new_csr)) add_files();
    require_email();
    if (!home_.empty()) add({"--home", home_});
    const bool can_skip = is(issue) || (is(renew) && line_.verb->names != Names::none);
    if (can_skip && !skip_is_success_) add({"--exit-2"});
    out.insert(out.end(), options_.begin(), options_.end());
    out.insert(out.end(), words_.begin(), words_.end());
  }

  void add_names() {
    Texts& out = result_.arguments;
    switch (line_.verb->names) {
      case Names::none:
        if (!names_.empty()) ignore("-d", "it does not apply to " + line_.flag);
        return;
      case Names::with_ways: add_ways(); return name_twin();
      case Names::in_csr:
        if (std::ranges::count(options_, "--csr") == 0)
          throw Error(Exit::usage, line_.flag + ": for which request?", "--csr FILE");
        if (!names_.empty()) ignore("-d", "the names are those of the CSR");
        names_.clear();
        if (!ways_.empty()) add_way(ways_[0]);
        return ignore_ways_from(1);
      case Names::as_options:
        for (const std::string& name : names_) out.insert(out.end(), {"-d", name});
        return;
      case Names::as_words:
        if (names_.empty()) throw Error(Exit::usage, line_.flag + ": which name?", "-d NAME");
        words_.insert(words_.end(), names_.begin(), names_.end());
        return;
      case Names::first_as_option:
      case Names::first_as_word: break;
    }
    if (names_.empty()) throw Error(Exit::usage, line_.flag + ": which certificate?", "-d NAME");
    if (names_.size() > 1) ignore("-d " + names_[1], "the first -d is the certificate's name");
    if (is(pkcs12)) return;
    if (line_.verb->names == Names::first_as_option) out.push_back("-d");
    out.push_back(stored_name(names_[0]));
  }

  static std::string twin_of(const std::string& name, std::string_view type) {
    return store::certificate_name(name) + (type == "ec" ? "-ecc" : "-rsa");
  }

  std::string type_of(const std::string& name) const { return stored_(home_, store::certificate_name(name)); }

  /// The name as given. If that certificate has a key of the other type and its twin exists, the twin's name.
  std::string stored_name(const std::string& name) const {
    const std::string type = wants_ec_ ? "ec" : "rsa";
    const bool is_other = !type_of(name).empty() && type_of(name) != type;
    return is_other && type_of(twin_of(name, type)) == type ? twin_of(name, type) : name;
  }

  /// A key of the other type does not replace the key in the store: it becomes a second certificate.
  void name_twin() {
    if (key_type_.empty() || names_.empty()) return;
    const std::string type = key_type_.substr(0, key_type_.find('-'));
    const std::string held = type_of(names_[0]);
    if (held.empty() || held == type) return;
    const std::string twin = twin_of(names_[0], type);
    note("-k",
         names_[0] + " has an " + (held == "ec" ? "EC" : "RSA") + " key and keeps it; this one is " + twin);
    add({"--cert-name", twin});
  }

  void add_way(const std::string& way) {
    const size_t space = way.find(' ');
    result_.arguments.push_back(way.substr(0, space));
    if (space != way.npos) result_.arguments.push_back(way.substr(space + 1));
  }

  void add_ways() {
    for (size_t i = 0; i < names_.size(); ++i) {
      result_.arguments.insert(result_.arguments.end(), {"-d", names_[i]});
      const bool is_last = i + 1 == names_.size();
      if (!ways_.empty() && (is_last || aligned(ways_, i) != aligned(ways_, i + 1)))
        add_way(aligned(ways_, i));
    }
    ignore_ways_from(std::max<size_t>(names_.size(), 1));
  }

  void ignore_ways_from(size_t first) {
    for (size_t i = first; i < ways_.size(); ++i) {
      if (ways_[i] != ways_[i - 1]) ignore(ways_[i], "there are more ways than names");
    }
  }

  void add_refinements() {
    add_aliases();
    Texts& out = result_.arguments;
    if (wait_ && has_way("--dns "))
      out.insert(out.end(), {"--propagation", *wait_ == 0 ? "none" : "wait=" + std::to_string(*wait_)});
    else if (wait_)
      ignore("--dnssleep", "it belongs to --dns");
    add_listen(has_way("--alpn"));
  }

  void add_listen(bool is_tls) {
    if (port_ != 0 && is_tls) ignore("--httpport", "it belongs to --standalone");
    if (tls_port_ != 0 && !is_tls) ignore("--tlsport", "it belongs to --alpn");
    const int port = is_tls ? tls_port_ : port_;
    if (port == 0 && addresses_.empty()) return;
    if (!is_tls && !has_way("--standalone"))
      return ignore("the address to listen on", "it belongs to --standalone or --alpn");
    const std::string address = net::bracketed(addresses_.size() == 1 ? addresses_[0] : "");
    const int usual_port = is_tls ? 443 : 80;
    result_.arguments.insert(result_.arguments.end(),
                             {"--listen", address + ":" + std::to_string(port == 0 ? usual_port : port)});
  }

  void add_aliases() {
    Texts& out = result_.arguments;
    if (aliases_.size() == 1 && aliases_[0] != "no") {
      out.insert(out.end(), {"--alias", aliases_[0]});
    } else if (aliases_.size() > 1) {
      Texts told;
      for (size_t i = 0; i < names_.size(); ++i) {
        const std::string text = base_name(names_[i]) + "=" + aligned(aliases_, i);
        const bool has_record = ways_.empty() || aligned(ways_, i).starts_with("--dns ");
        if (!has_record || aligned(aliases_, i) == "no" || std::ranges::count(told, text) > 0) continue;
        out.insert(out.end(), {"--alias", text});
        told.push_back(text);
      }
    }
  }

  /// acme.sh writes the certificate and then appends the chain if both are for one file.
  void join_certificate_and_chain() {
    const auto leaf = std::ranges::find(options_, "--cert-file");
    const auto chain = std::ranges::find(options_, "--ca-file");
    if (leaf == options_.end() || chain == options_.end() || leaf[1] != chain[1]) return;
    *leaf = "--fullchain-file";
    options_.erase(chain, chain + 2);
  }

  void add_pkcs12() {
    const store::Home home = home_named(home_);
    const std::string name = store::certificate_name(stored_name(names_[0]));
    const std::string live = store::Entry(home, name).folder() + "/live/";
    const std::string file = name + ".pfx";
    add({"--key", live + "key.pem", "-o", file, live + "fullchain.pem"});
    note(line_.flag, "it goes to " + file + " in the working folder");
  }

  void add_files() {
    if (names_.empty()) throw Error(Exit::usage, line_.flag + ": for which name?", "-d NAME");
    const std::string name = store::certificate_name(names_[0]);
    const std::string key = name + ".key", csr = name + ".csr";
    if (is(new_csr)) {
      add({"--key", key, "-o", csr});
      note(line_.flag, "with the key " + key + ", to " + csr + ", both in the working folder");
    } else {
      result_.arguments = {"keygen"};
      add({"-o", key});
      note(line_.flag, "it goes to " + key + " in the working folder");
    }
  }

  /// Without an address, certo would remove the one that the CA has.
  void require_email() const {
    const bool is_update = line_.verb == find_verb("--update-account");
    if (!is_update || std::ranges::count(options_, "--email") > 0) return;
    throw Error(Exit::usage, line_.flag + ": to which address?", "-m ADDR");
  }

  Line line_;
  const StoredKey& stored_;
  Rewriting result_;
  Texts options_, words_;
  Texts names_, ways_, aliases_, addresses_;
  std::string home_, key_type_;
  std::optional<int> wait_;
  int port_ = 0, tls_port_ = 0;
  bool forced_ = false, skip_is_success_ = false, wants_ec_ = false;
};

std::string key_in_store(const std::string& home, const std::string& name) {
  const store::Entry entry(home_named(home), name);
  if (!entry.exists()) return {};
  const store::Request request = entry.request();
  if (!request.csr.empty()) return {};
  return crypto::name(request.key_type).starts_with("ec") ? "ec" : "rsa";
}

}  // namespace

bool is_acmesh(const std::vector<std::string>& arguments, const IsCommand& is_command) {
  if (arguments.empty() || !arguments[0].starts_with('-')) return false;
  const auto is_verb = [](const std::string& word) {
    return find_verb(word) && std::ranges::find(shared, word) == shared.end();
  };
  if (is_verb(arguments[0])) return true;
  const Texts turned = console::command_first(arguments);
  const bool is_ours = !turned.empty() && is_command(turned[0]);
  return !is_ours && std::ranges::any_of(arguments, is_verb);
}

Rewriting rewrite_acmesh(const std::vector<std::string>& arguments, const StoredKey& stored) {
  if (std::ranges::find(arguments, "--help") != arguments.end()) return {{"help"}, {}, {}};
  return Rewriter(read_line(arguments), stored).rewrite();
}

Exit run_acmesh(const std::vector<std::string>& arguments, const Dispatch& dispatch) {
  Rewriting rewriting = rewrite_acmesh(arguments, key_in_store);
  for (const std::string& line : rewriting.notes) log::warn(line);
  std::deque<os::MemoryFile> files;
  for (const Handover& handover : rewriting.handovers) {
    if (handover.by_file) {
      const std::string path = files.emplace_back(handover.value).path();
      rewriting.arguments.insert(rewriting.arguments.end(), {handover.target, path});
    } else {
      ::setenv(handover.target.c_str(), handover.value.c_str(), 1);
    }
  }
  // acme.sh asks nothing if a certificate loses a name.
  if (rewriting.arguments.front() == "issue") rewriting.arguments.emplace_back(console::flag::yes.name());
  return dispatch(rewriting.arguments);
}

}  // namespace certo::acmesh
