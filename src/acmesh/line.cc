#include "acmesh/line.h"

#include <span>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "console/flags.h"
#include "console/layout.h"
#include "console/option_sets.h"

namespace certo::acmesh {

using console::Option;
using console::Value;
namespace {

bool looks_like_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }
bool is_known(std::string_view word) { return find_verb(word) || find_parameter(word); }

constexpr Option own_of_issue[] = {console::flag::cert_name, console::flag::dry_run, console::flag::yes,
                                   console::flag::profile, console::flag::key_type};

/// An option of certo itself. If the command does not take it, certo says so.
const Option* own_option(std::string_view flag) {
  using namespace console;
  for (const std::span<const Option> options :
       {global_options.options, way_options.options, hook_options.options, target_options.options,
        server_options.options, connection_options.options, account_options.options,
        registration_options.options, notify_options.options, std::span<const Option>(own_of_issue)}) {
    for (const Option& option : options)
      if (flag == long_flag(option)) return &option;
  }
  return nullptr;
}

[[noreturn]] void throw_unknown(const std::string& word) {
  if (!looks_like_flag(word)) throw Error(Exit::usage, "'" + word + "' is one argument too many");
  std::vector<std::string> known;
  for (const Verb& verb : verbs()) {
    for (const std::string_view spelling : console::spellings(verb.flags)) known.emplace_back(spelling);
  }
  for (const Parameter& parameter : parameters()) {
    for (const std::string_view spelling : console::spellings(parameter.flags)) known.emplace_back(spelling);
  }
  throw Error(Exit::usage, "neither acme.sh nor certo has an option " + word,
              did_you_mean(word, known).value_or("'certo help' lists certo's own commands"));
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  Line read() {
    while (at_ < words_.size()) read_word(words_[at_++]);
    if (!line_.verb) throw Error(Exit::usage, "there is no command on this line", "for one: --issue");
    return std::move(line_);
  }

 private:
  void read_word(const std::string& word) {
    if (const Verb* verb = find_verb(word)) return take_verb(*verb, word);
    const size_t equals = word.starts_with("--") ? word.find('=') : word.npos;
    const std::string flag = word.substr(0, equals);
    const Parameter* parameter = find_parameter(flag);
    const Option* option = parameter ? nullptr : own_option(flag);
    if (!parameter && !option) throw_unknown(flag);
    const Arity arity = parameter                      ? parameter->arity
                        : option->value == Value::none ? Arity::none
                                                       : Arity::one;
    Given given{parameter, flag, "", equals != word.npos};
    if (given.has_value) given.value = word.substr(equals + 1);
    if (given.has_value && arity == Arity::none) throw Error(Exit::usage, flag + " takes no value");
    if (!given.has_value) take_value(given, arity);
    line_.given.push_back(std::move(given));
  }

  /// --issue and --install-cert on one line mean both, although acme.sh does the last one only.
  void take_verb(const Verb& verb, const std::string& word) {
    const Verb* const before = line_.verb;
    const bool both = before && (before->kind | verb.kind) == (issue | install);
    line_.installs = line_.installs || both;
    if (before && before != &verb && !both) {
      throw Error(Exit::usage, line_.flag + " and " + word + " are two commands",
                  "one at a time; only --issue and --install-cert go together");
    }
    if (both && verb.kind == install) return;
    line_.verb = &verb;
    line_.flag = word;
  }

  void take_value(Given& given, Arity arity) {
    const bool follows = at_ < words_.size();
    if (arity == Arity::none || (arity == Arity::optional && (!follows || looks_like_flag(words_[at_]))))
      return;
    if (!follows) throw Error(Exit::usage, given.flag + " needs a value");
    if (is_known(words_[at_]))
      throw Error(Exit::usage, given.flag + " needs a value, but " + words_[at_] + " follows");
    given.value = words_[at_++];
    given.has_value = true;
  }

  const std::vector<std::string>& words_;
  size_t at_ = 0;
  Line line_;
};

}  // namespace

Line read_line(const std::vector<std::string>& arguments) { return Reader(arguments).read(); }

}  // namespace certo::acmesh
