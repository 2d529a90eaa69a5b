#include "clients/read.h"
#include "console/layout.h"

#include <algorithm>

namespace certo::clients {
namespace {

bool looks_like_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

constexpr std::string_view no_plugin = "--dns-persist";  // and lego's options that begin so

bool is_spelling(const char* flags, std::string_view flag) {
  return std::ranges::any_of(console::spellings(flags), [&](std::string_view one) {
    if (!one.ends_with('*')) return one == flag;
    return flag.starts_with(one.substr(0, one.size() - 1)) && !flag.starts_with(no_plugin);
  });
}

const Term* find_term(const Client& client, std::string_view flag) {
  const auto found =
      std::ranges::find_if(client.terms, [&](const Term& one) { return is_spelling(one.flags, flag); });
  return found == client.terms.end() ? nullptr : &*found;
}

/// certbot's --dns-X takes no value, the options of the plugin do.
Arity arity_of(const Term& term, std::string_view flag) {
  if (term.sense != Sense::dns_plugin) return term.arity;
  return flag.ends_with("-credentials") || flag.ends_with("-propagation-seconds") ? Arity::one : Arity::none;
}

/// uacme's -d is a number of days: a line with -d example.com is not uacme's.
bool fits(const Term& term, const std::string& value) {
  if (term.sense != Sense::days && term.sense != Sense::key_bits) return true;
  const size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
  return digits > 0 && digits + 1 >= value.size();  // "30" and "30d"
}

class Reader {
 public:
  Reader(const Client& client, const std::vector<std::string>& words) : words_(words) {
    reading_.client = &client;
    reading_.verb = nullptr;
  }

  std::optional<Reading> read() {
    while (at_ < words_.size())
      if (!read_word(words_[at_++])) return {};
    if (!reading_.verb && !take_verb("", "")) return {};
    return std::move(reading_);
  }

 private:
  bool read_word(const std::string& word) {
    if (!reading_.verb && take_verb(word, at_ < words_.size() ? word + " " + words_[at_] : word)) return true;
    if (looks_like_flag(word)) return read_flag(word);
    const bool has_words = reading_.verb && reading_.verb->names != Names::none;
    if (has_words) reading_.words.push_back(word);
    return has_words;
  }

  bool take_verb(const std::string& word, const std::string& two_words) {
    for (const Verb& verb : reading_.client->verbs) {
      const bool is_two = two_words != word && two_words == verb.words;
      const bool is_it = looks_like_flag(word) ? is_spelling(verb.words, word) : word == verb.words;
      if (!is_it && !is_two) continue;
      reading_.verb = &verb;
      reading_.verb_word = is_two ? two_words : word;
      if (is_two) ++at_;
      return true;
    }
    return false;
  }

  bool read_flag(const std::string& word) {
    const size_t equals = word.find('=');
    Given given{nullptr, word.substr(0, equals), ""};
    given.term = find_term(*reading_.client, given.flag);
    if (!given.term) return false;
    if (equals != word.npos) {
      given.value = word.substr(equals + 1);
    } else if (arity_of(*given.term, given.flag) == Arity::one) {
      if (at_ == words_.size() || looks_like_flag(words_[at_])) return false;
      given.value = words_[at_++];
    }
    if (!fits(*given.term, given.value)) return false;
    reading_.given.push_back(std::move(given));
    return true;
  }

  const std::vector<std::string>& words_;
  size_t at_ = 0;
  Reading reading_;
};

}  // namespace

std::optional<Reading> read_as(const Client& client, const std::vector<std::string>& arguments) {
  return Reader(client, arguments).read();
}

}  // namespace certo::clients
