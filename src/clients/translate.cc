#include "clients/translate.h"

#include <algorithm>

#include "base/shell_word.h"
#include "base/text.h"
#include "clients/read.h"
#include "provider/certbot.h"

namespace certo::clients {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view plugin_start = "--dns-", credentials_end = "-credentials",
                           propagation_end = "-propagation-seconds";

/// "ecdsa", "secp384r1", "secp521r1", "EC384", "P-256", "RSA4096", "rsa" as certo writes it.
std::string key_type_of(const std::string& text) {
  std::string word = lower(text);
  std::erase_if(word, [](char c) { return c == '-' || c == '_'; });
  if (word == "ec384" || word == "secp384r1" || word == "p384" || word == "384") return "ec-384";
  if (word == "ec521" || word == "secp521r1" || word == "p521" || word == "521") return "ec-521";
  if (word.starts_with("rsa")) return "rsa-" + (word.size() > 3 ? word.substr(3) : "2048");
  return "ec-256";
}

class Composer {
 public:
  Composer(Reading reading, std::string adapters)
      : reading_(std::move(reading)), verb_(*reading_.verb), adapters_(std::move(adapters)) {
    const auto is_name = [](const Given& given) {
      return given.term->sense == Sense::name || given.term->sense == Sense::domains_file;
    };
    const bool has_names = std::ranges::any_of(reading_.given, is_name);
    // --cron -d NAME gets a certificate that is not in domains.txt, too. One that names another domains.txt
    // means the certificates in it.
    task_ = reading_.client == &dehydrated() && verb_.task == renew && has_names ? issue : verb_.task;
  }

  Translation compose() {
    result_.client = reading_.client->name;
    for (const Given& given : reading_.given) take(given);
    if (verb_.remark) note("", verb_.remark);
    take_words();
    if (verb_.command && verb_.task == hand_over)
      hand_over_line();
    else if (verb_.command)
      result_.line = line();
    return std::move(result_);
  }

 private:
  void note(const std::string& subject, const std::string& what) {
    const std::string text = subject.empty() ? what : subject + ": " + what;
    if (std::ranges::count(result_.notes, text) == 0) result_.notes.push_back(text);
  }
  void add(Texts more) { options_.insert(options_.end(), more.begin(), more.end()); }
  bool issues() const { return task_ == issue; }

  void take(const Given& given) {
    const Term& term = *given.term;
    if ((term.taken_by & task_) == 0) {
      const bool is_of_certificate = (term.taken_by & (issue | account)) == issue;
      if (task_ == renew && is_of_certificate && term.sense != Sense::met && !is_way(term))
        note(given.flag, "a renewal repeats what the certificate was issued with");
      return;
    }
    if (term.remark) note(given.flag, term.remark);
    const std::string target = term.target ? term.target : "";
    switch (term.sense) {
      case Sense::met:
      case Sense::remark: return;
      case Sense::option: return add({target, given.value});
      case Sense::toggle: return add({target});
      case Sense::name: return take_names(given.value);
      case Sense::cert_name: cert_name_ = given.value; return;
      case Sense::word: words_.push_back(given.value); return;
      case Sense::way: way_ = target; return;
      case Sense::way_value: way_ = target + " " + typed_word(given.value); return;
      case Sense::webroot: webroots_.push_back({names_.size(), given.value}); return;
      case Sense::named_way: return take_named_way(given.value);
      case Sense::server: proving_server_ = server_ = target; return;
      case Sense::installer: server_ = given.value; return;
      case Sense::redirect: wants_redirect_ = true; return;
      case Sense::dns_plugin: return take_plugin(given);
      case Sense::program: return take_program(target, given.value);
      case Sense::variable: return set(target, given.value);
      case Sense::eab: return take_eab(given.value);
      case Sense::seconds: return add({target, "wait=" + digits(given.value)});
      case Sense::no_wait: return add({target, "none"});
      case Sense::days: return add({target, digits(given.value) + "d"});
      case Sense::domains_file: return add({target, given.value});
      case Sense::chain:
        if (given.value.find(':') != given.value.npos) return add({target, given.value});
        return note(given.flag, target + " names a chain by its issuer or fingerprint, not by a number");
      case Sense::port: port_ = given.value; return;
      case Sense::address: address_ = given.value; return;
      case Sense::key_type: key_type_ = key_type_of(given.value); return;
      case Sense::key_bits:
        key_type_ = key_type_of(given.value.size() > 3 ? "rsa" + given.value : given.value);
        return;
    }
  }

  static bool is_way(const Term& term) {
    return term.sense == Sense::way || term.sense == Sense::way_value || term.sense == Sense::webroot ||
           term.sense == Sense::server || term.sense == Sense::dns_plugin;
  }

  static std::string digits(const std::string& text) {
    return text.substr(0, text.find_first_not_of("0123456789"));
  }

  void set(const std::string& variable, const std::string& value) {
    variables_ += variable + "=" + typed_word(value) + " ";
  }

  void take_names(std::string value) {
    std::ranges::replace(value, ' ', ',');
    for (std::string& name : split(value, ','))
      if (!name.empty()) names_.push_back(std::move(name));
  }

  void take_named_way(const std::string& given) {
    const std::string plugin = provider::certbot_plugin_name(given);
    const std::string name = plugin.empty() ? given : "dns-" + plugin;
    if (name == "standalone") way_ = "--standalone";
    if (name == "manual") way_ = "--dns manual";
    if (name == "nginx" || name == "apache") proving_server_ = name;
    if (name.starts_with("dns-") && name != "dns-01") way_ = "--dns " + provider_of(name.substr(4));
    if (name == "tls-alpn-01") way_ = "--alpn";
  }

  static std::string provider_of(const std::string& plugin) {
    const provider::CertbotPlugin* const known = provider::find_certbot_plugin(plugin);
    return known ? known->provider : plugin;
  }

  void take_plugin(const Given& given) {
    std::string name = given.flag.substr(plugin_start.size());
    if (name.ends_with(propagation_end)) return add({"--propagation", "wait=" + digits(given.value)});
    const bool is_file = name.ends_with(credentials_end);
    if (is_file) name.resize(name.size() - credentials_end.size());
    way_ = "--dns " + provider_of(name);
    if (!is_file) return;
    const provider::CertbotPlugin* const known = provider::find_certbot_plugin(name);
    if (known && known->file_setting) return set(known->file_setting, given.value);
    add({"--dns-credentials", given.value});
  }

  /// "VARIABLE adapter"
  void take_program(const std::string& target, const std::string& value) {
    const size_t space = target.find(' ');
    set(target.substr(0, space), value);
    way_ = "--dns exec:" + adapters_ + "/" + target.substr(space + 1) + ".sh";
  }

  void take_eab(const std::string& value) {
    const size_t colon = value.find(':');
    add({"--eab-kid", value.substr(0, colon)});
    if (colon != value.npos) set("CERTO_EAB_HMAC", value.substr(colon + 1));
  }

  void take_words() {
    for (const std::string& word : reading_.words) {
      const bool is_file = word.find('/') != word.npos || word.ends_with(".pem") || word.ends_with(".csr");
      if (verb_.names == Names::csr || (issues() && is_file)) {
        add({"--csr", word});
      } else if (verb_.names == Names::email) {
        add({"--email", word});
      } else if (verb_.names == Names::as_options) {
        names_.push_back(word);
      } else {
        words_.push_back(word);
      }
    }
  }

  /// certbot's -w counts for the names after it, and the first one for those before it, too.
  std::string webroot_of(size_t name) const {
    std::string folder = webroots_.front().folder;
    for (const Webroot& one : webroots_)
      if (one.from <= name) folder = one.folder;
    return "--webroot " + typed_word(folder);
  }

  std::string names_and_ways() {
    std::string text;
    if (way_.empty() && webroots_.empty() && !proving_server_.empty()) way_ = "--" + proving_server_;
    if (way_.empty() && webroots_.empty() && reading_.client->default_way)
      way_ = reading_.client->default_way;
    for (size_t i = 0; i < names_.size(); ++i) {
      text += " -d " + typed_word(names_[i]);
      if (webroots_.empty() || !way_.empty()) continue;
      if (i + 1 == names_.size() || webroot_of(i) != webroot_of(i + 1)) text += " " + webroot_of(i);
    }
    if (!way_.empty()) text += " " + way_;
    text += server_words();
    const bool has_file =
        std::ranges::count(options_, "--csr") + std::ranges::count(options_, "--domains-file") > 0;
    if (names_.empty() && !has_file) text = " -d NAME";
    if (names_.empty() && way_.empty() && !webroots_.empty()) text += " " + webroot_of(0);
    const bool has_way = !way_.empty() || !webroots_.empty();
    if (!has_way) note("", "a new certificate also needs --webroot DIR, --standalone or --dns PROVIDER");
    if (!port_.empty() || !address_.empty()) text += " --listen " + typed_word(listen());
    return text;
  }

  /// The server gets the certificate, unless it is only to prove the names.
  std::string server_words() const {
    const bool installs =
        (server_ == "nginx" || server_ == "apache") && std::string_view(verb_.words) != "certonly";
    const bool proves = way_ == "--nginx" || way_ == "--apache";
    if (proves && !installs) return " --no-install";
    if (!installs) return "";
    return (way_ == "--" + server_ ? "" : " --install " + server_) + (wants_redirect_ ? " --redirect" : "");
  }

  std::string listen() const {
    const std::string usual = way_ == "--alpn" ? "443" : "80";
    const bool has_port = address_.find(':') != address_.npos;
    return has_port ? address_ : address_ + ":" + (port_.empty() ? usual : port_);
  }

  std::string line() {
    std::string text = variables_ + "certo " + (issues() ? "issue" : verb_.command);
    if (issues()) {
      text += names_and_ways();
      if (!cert_name_.empty()) text += " --cert-name " + typed_word(cert_name_);
      if (!key_type_.empty()) text += " --key-type " + key_type_;
    } else {
      text += stored_names();
    }
    for (const std::string& word : words_) text += " " + typed_word(word);
    for (const std::string& word : options_) text += " " + typed_word(word);
    // Without an address certo would remove the one that the CA has.
    if (text.ends_with("account update")) text += " --email ADDR";
    return text;
  }

  std::string stored_names() const {
    const std::string name = !cert_name_.empty() ? cert_name_ : names_.empty() ? "" : names_.front();
    switch (verb_.names) {
      case Names::as_options: return name.empty() ? "" : " -d " + typed_word(name);
      case Names::as_word:
        if (!words_.empty()) return "";
        return name.empty() ? " NAME" : " " + typed_word(name);
      case Names::as_word_or_all:
        if (!words_.empty()) return "";
        return name.empty() ? " --all" : " " + typed_word(name);
      case Names::none:
      case Names::csr:
      case Names::email: return "";
    }
    return "";
  }

  /// certbot install: the server reads the files of the store, and is reloaded.
  void hand_over_line() {
    const std::string name = !cert_name_.empty() ? cert_name_ : names_.empty() ? "NAME" : names_.front();
    result_.line = "certo deploy -d " + typed_word(name) + " --hook " + (server_.empty() ? "nginx" : server_);
    note("install",
         "point the server at certs/" + name + "/live/ in certo's state folder once; the hook reloads it");
  }

  struct Webroot {
    size_t from;  // the index of the first name that it is for
    std::string folder;
  };

  Reading reading_;
  const Verb& verb_;
  Task task_;
  std::string adapters_;
  Translation result_;
  Texts names_, words_, options_;
  std::vector<Webroot> webroots_;
  std::string way_, proving_server_, server_, cert_name_, key_type_, port_, address_;
  bool wants_redirect_ = false;
  std::string variables_;  // "NAME=value " in front of the line
};

/// A line that certo could run itself is not another client's.
bool is_theirs(const Reading& reading, const IsOurs& is_ours) {
  const bool has_names =
      std::ranges::any_of(reading.given, [](const Given& one) { return one.term->sense == Sense::name; });
  if (reading.verb_word.empty() && !has_names) return false;
  const bool is_own_verb = !reading.verb_word.empty() && is_ours(reading.verb_word);
  return !is_own_verb ||
         std::ranges::any_of(reading.given, [&](const Given& one) { return !is_ours(one.flag); });
}

}  // namespace

std::optional<Translation> translate(const std::vector<std::string>& arguments, const IsOurs& is_ours,
                                     const std::string& adapters) {
  if (arguments.empty()) return {};
  for (const Client* client : clients()) {
    const bool is_named = arguments.front() == client->name;
    const Texts line(arguments.begin() + (is_named ? 1 : 0), arguments.end());
    std::optional<Reading> reading = read_as(*client, line);
    if (!reading || !(is_named || is_theirs(*reading, is_ours))) continue;
    return Composer(*std::move(reading), adapters).compose();
  }
  return {};
}

Error answer(const Translation& translation) {
  if (translation.line.empty()) {
    return Error(Exit::usage, "this is a command of " + translation.client + ", which certo does not have",
                 join(translation.notes, "; "));
  }
  return Error(Exit::usage, "this is a command line of " + translation.client + ", so certo did nothing",
               "in certo's words: " + translation.line);
}

}  // namespace certo::clients
