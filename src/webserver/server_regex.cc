// A pattern becomes a program for a machine that is in many states at once (Thompson, 1968): no pattern makes
// it slow, and nothing recurses while it runs. Which of several matches it is does not count here.
#include "webserver/server_regex.h"

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace certo::webserver {
namespace {

using Set = std::bitset<256>;

constexpr size_t pattern_limit = 2000;  // bytes
constexpr size_t program_limit = 4000;  // steps of the machine
constexpr size_t atoms_limit = 20'000;  // with those of repetitions
constexpr size_t nesting_limit = 40;
constexpr int no_limit = -1;

/// The pattern has something that certo does not know.
struct Unknown {};

enum class Does { consume, fork, start, end, boundary, no_boundary, done };

struct Step {
  Does does = Does::done;
  Set set{};          // of consume
  size_t to[2] = {};  // of fork
};

uint8_t byte_of(char c) { return static_cast<uint8_t>(c); }

Set range(char first, char last) {
  Set set;
  for (int c = byte_of(first); c <= byte_of(last); ++c) set.set(static_cast<size_t>(c));
  return set;
}

Set digits() { return range('0', '9'); }
Set letters() { return range('a', 'z') | range('A', 'Z'); }
Set word_characters() { return digits() | letters() | range('_', '_'); }
Set blanks() { return range('\t', '\r') | range(' ', ' '); }

Set without_case(Set set) {
  for (size_t c = 'a'; c <= 'z'; ++c) {
    const size_t capital = c - 'a' + 'A';
    if (set[c] || set[capital]) set.set(c).set(capital);
  }
  return set;
}

/// What a backslash and `c` mean: a class, or the character itself.
Set escaped(char c) {
  switch (c) {
    case 'd': return digits();
    case 'D': return ~digits();
    case 'w': return word_characters();
    case 'W': return ~word_characters();
    case 's': return blanks();
    case 'S': return ~blanks();
    default: break;
  }
  if (word_characters()[byte_of(c)]) throw Unknown{};  // a back reference, \x, \p, …
  return range(c, c);
}

Set named_class(std::string_view name) {
  if (name == "alpha") return letters();
  if (name == "digit") return digits();
  if (name == "alnum") return letters() | digits();
  if (name == "lower" || name == "upper") return letters();
  if (name == "word") return word_characters();
  if (name == "xdigit") return digits() | range('a', 'f') | range('A', 'F');
  throw Unknown{};
}

class Compiler {
 public:
  explicit Compiler(std::string_view pattern) : pattern_(pattern) {
    if (pattern.size() > pattern_limit) throw Unknown{};
    if (pattern.starts_with("(?i)")) at_ = 4;
  }

  std::vector<Step> compile() {
    alternatives();
    if (has_more()) throw Unknown{};
    emit({Does::done});
    return std::move(program_);
  }

 private:
  bool has_more() const { return at_ < pattern_.size(); }
  char peek() const { return pattern_[at_]; }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  char take_any() {
    if (!has_more()) throw Unknown{};
    return pattern_[at_++];
  }
  size_t emit(Step step) {
    if (program_.size() >= program_limit) throw Unknown{};
    program_.push_back(step);
    return program_.size() - 1;
  }
  size_t fork() {
    const size_t at = emit({Does::fork});
    program_[at].to[0] = program_[at].to[1] = at + 1;
    return at;
  }

  void alternatives() {
    std::vector<size_t> ends;
    for (;;) {
      const size_t choice = fork();
      while (has_more() && peek() != '|' && peek() != ')') repeated();
      if (!take("|")) break;
      ends.push_back(fork());
      program_[choice].to[1] = program_.size();
    }
    for (const size_t end : ends) program_[end].to[0] = program_[end].to[1] = program_.size();
  }

  /// An atom and what may follow it: "*", "+", "?", "{2,3}".
  void repeated() {
    const size_t pattern_start = at_, program_start = program_.size();
    atom();
    const size_t atom_end = at_;
    const auto times = quantifier();
    if (!times) return;
    const size_t after = at_;
    if (take("+")) throw Unknown{};  // possessive
    program_.resize(program_start);
    const auto again = [&] {
      at_ = pattern_start;
      atom();
      if (at_ != atom_end) throw Unknown{};
    };
    for (int i = 0; i < times->least; ++i) again();
    std::vector<size_t> exits;
    if (times->most == no_limit) {
      exits.push_back(fork());
      again();
      const size_t back = fork();
      program_[back].to[0] = program_[back].to[1] = exits.back();
    }
    for (int i = times->least; i < times->most; ++i) {
      exits.push_back(fork());
      again();
    }
    for (const size_t exit : exits) program_[exit].to[1] = program_.size();
    at_ = after;
    take("?");  // the shortest match is a match as well
  }

  struct Times {
    int least, most;
  };

  std::optional<Times> quantifier() {
    if (take("*")) return Times{0, no_limit};
    if (take("+")) return Times{1, no_limit};
    if (take("?")) return Times{0, 1};
    const size_t close = pattern_.find('}', at_);
    if (!has_more() || peek() != '{' || close == pattern_.npos) return {};
    const std::string_view inner = pattern_.substr(at_ + 1, close - at_ - 1);
    const size_t comma = inner.find(',');
    const auto least = number(inner.substr(0, comma), 0, 999);
    if (!least) return {};  // then the brace is itself
    std::optional<int64_t> most = least;
    if (comma != inner.npos)
      most = comma + 1 == inner.size() ? no_limit : number(inner.substr(comma + 1), 0, 999);
    if (!most || (*most != no_limit && *most < *least)) throw Unknown{};
    at_ = close + 1;
    return Times{static_cast<int>(*least), static_cast<int>(*most)};
  }

  void atom() {
    if (++atoms_ > atoms_limit) throw Unknown{};
    const char c = take_any();
    switch (c) {
      case '(': return group();
      case '[': emit({Does::consume, without_case(bracket())}); return;
      case '.': emit({Does::consume, ~range('\n', '\n')}); return;
      case '^': emit({Does::start}); return;
      case '$': emit({Does::end}); return;
      case '\\': return after_backslash(take_any());
      case '*':
      case '+':
      case '?': throw Unknown{};
      default: emit({Does::consume, without_case(range(c, c))});
    }
  }

  void after_backslash(char c) {
    switch (c) {
      case 'b': emit({Does::boundary}); return;
      case 'B': emit({Does::no_boundary}); return;
      case 'A': emit({Does::start}); return;
      case 'z':
      case 'Z': emit({Does::end}); return;
      default: emit({Does::consume, escaped(c)});
    }
  }

  void group() {
    if (take("?")) {
      const bool is_named = take("P<") || take("<");
      if (is_named && has_more() && (peek() == '=' || peek() == '!')) throw Unknown{};
      if (is_named || take("'"))
        while (word_characters()[byte_of(take_any())]) {
        }
      else if (!take(":"))
        throw Unknown{};
    }
    if (++nesting_ > nesting_limit) throw Unknown{};
    alternatives();
    --nesting_;
    if (!take(")")) throw Unknown{};
  }

  /// The rest of "[a-z]".
  Set bracket() {
    const bool is_negated = take("^");
    Set set;
    for (bool is_first = true; is_first || !take("]"); is_first = false) {
      if (take("[:")) {
        const size_t end = pattern_.find(":]", at_);
        if (end == pattern_.npos) throw Unknown{};
        set |= named_class(pattern_.substr(at_, end - at_));
        at_ = end + 2;
        continue;
      }
      const char c = take_any();
      if (c == '\\') {
        set |= escaped(take_any());
        if (has_more() && peek() == '-' && !pattern_.substr(at_).starts_with("-]")) throw Unknown{};
      } else if (pattern_.substr(at_).starts_with('-') && at_ + 1 < pattern_.size() &&
                 pattern_[at_ + 1] != ']') {
        ++at_;
        const char last = take_any();
        if (last == '\\' || last == '[' || byte_of(last) < byte_of(c)) throw Unknown{};
        set |= range(c, last);
      } else {
        set |= range(c, c);
      }
    }
    return is_negated ? ~without_case(set) : set;
  }

  const std::string_view pattern_;
  size_t at_ = 0;
  size_t atoms_ = 0, nesting_ = 0;
  std::vector<Step> program_;
};

class Machine {
 public:
  Machine(const std::vector<Step>& program, std::string_view name) : program_(program), name_(name) {}

  bool finds() {
    std::vector<size_t> states;
    for (size_t at = 0;; ++at) {
      states.push_back(0);
      if (spread(states, at)) return true;
      if (at == name_.size()) return false;
      std::vector<size_t> after;
      for (const size_t state : states)
        if (program_[state].set[byte_of(name_[at])]) after.push_back(state + 1);
      states = std::move(after);
    }
  }

 private:
  bool is_word(size_t at) const { return at < name_.size() && word_characters()[byte_of(name_[at])]; }

  bool holds(Does does, size_t at) const {
    const bool is_boundary = is_word(at) != (at > 0 && is_word(at - 1));
    switch (does) {
      case Does::start: return at == 0;
      case Does::end: return at == name_.size();
      case Does::boundary: return is_boundary;
      case Does::no_boundary: return !is_boundary;
      case Does::consume:
      case Does::fork:
      case Does::done: break;
    }
    return false;
  }

  /// Follows everything that consumes nothing; leaves the states that do. True if the end is among them.
  bool spread(std::vector<size_t>& states, size_t at) const {
    std::vector<bool> seen(program_.size());
    std::vector<size_t> open = std::move(states);
    states.clear();
    while (!open.empty()) {
      const size_t state = open.back();
      open.pop_back();
      if (seen[state]) continue;
      seen[state] = true;
      const Step& step = program_[state];
      if (step.does == Does::done) return true;
      if (step.does == Does::consume)
        states.push_back(state);
      else if (step.does == Does::fork)
        open.insert(open.end(), {step.to[0], step.to[1]});
      else if (holds(step.does, at))
        open.push_back(state + 1);
    }
    return false;
  }

  const std::vector<Step>& program_;
  const std::string_view name_;
};

}  // namespace

Matches matches_regex(std::string_view pattern, std::string_view name) {
  try {
    const std::vector<Step> program = Compiler(pattern).compile();
    return Machine(program, name).finds() ? Matches::yes : Matches::no;
  } catch (const Unknown&) {
    return Matches::unknown;
  }
}

}  // namespace certo::webserver
