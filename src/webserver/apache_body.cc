#include "webserver/apache_body.h"

#include <algorithm>
#include <set>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "webserver/apache_edit.h"
#include "webserver/apache_walk.h"

namespace certo::webserver {
namespace {

// Those of a certificate are the plain host's own, and Apache would add them to certo's.
constexpr std::string_view once_only[] = {
    "wsgidaemonprocess",      "scriptsock",         "fastcgiserver",      "fastcgiexternalserver",
    "authnprovideralias",     "authzprovideralias", "sslcertificatefile", "sslcertificatekeyfile",
    "sslcertificatechainfile"};
constexpr int include_depth = 20;
// They have no effect without a rule.
constexpr std::string_view neutral[] = {"rewriteengine", "rewritecond", "ifmodule",
                                        "ifdefine",      "ifversion",   "undefmacro"};

bool is_in(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Whether other rules count or not because of this one.
bool has_followers(const ApacheDirective& one) {
  if (one.name != "rewriterule") return false;
  const std::vector<std::string> words = apache_words(one.value);
  if (words.size() < 3 || words[2].size() < 2) return false;
  const std::vector<std::string> flags = split(lower(words[2]).substr(1, words[2].size() - 2), ',');
  return std::ranges::any_of(flags, [](const std::string& given) {
    const std::string_view flag = trim(given);
    return flag == "c" || flag == "chain" || flag.starts_with("s=") || flag.starts_with("skip=");
  });
}

class BodyMover {
 public:
  BodyMover(const ApacheConfig& config, const ApacheHost& host)
      : config_(config), host_(host), file_(*host.file), text_(file_.text()) {}

  MovedBody move() {
    const Span range = own_body(host_);
    if (range.end - range.begin > moved_body_limit)
      throw Error(Exit::config,
                  text(host_.place) + ": has more than " + std::to_string(moved_body_limit >> 20) +
                      " MiB, and certo does not move so much to share it with a host with TLS",
                  "write a <VirtualHost> with 'SSLEngine on' for this name; certo completes it");
    const auto all = file_.directives();
    const size_t section = static_cast<size_t>(host_.section - all.data());
    const auto inside = all.subspan(section, host_.section->next - section);
    undefines_macros_ = std::ranges::find(inside, "undefmacro", &ApacheDirective::name) != inside.end();
    has_followers_ = std::ranges::any_of(inside, has_followers);
    for (size_t i = section + 1; i < host_.section->next; ++i)
      if (all[i].whole.begin >= range.begin && is_plain_only(all[i])) add(i);
    return {range, with_wraps(range)};
  }

 private:
  struct Wrap {
    Span span;
    std::string blanks;
    bool is_condition;  // in front of the span, and nothing after it
  };

  bool is_redirect(const ApacheDirective& one) const {
    const bool is_rule = one.name == "rewriterule";
    if (!is_rule && !one.name.starts_with("redirect")) return false;
    const std::vector<std::string> words = apache_words(one.value);
    if (words.empty() || (is_rule && words.size() < 2)) return false;
    return leads_to(host_, lower(is_rule ? words[1] : words.back()));
  }

  bool is_special(const ApacheDirective& one) const {
    return is_in(once_only, one.name) || (one.name == "macro" && !undefines_macros_) || is_redirect(one);
  }

  bool is_plain_only(const ApacheDirective& one) const {
    if (one.name != "include" && one.name != "includeoptional") return is_special(one);
    Seen seen;
    look_into(file_, one, seen);
    if (seen.special.empty()) return false;
    if (!seen.has_others) return true;
    throw Error(Exit::config,
                seen.special + ": must count for plain http only, and stands in a file that " +
                    text(host_.place) + " includes",
                "write this line into the <VirtualHost> itself, or give it a file of its own");
  }

  struct Seen {
    std::string special;  // the place of the first
    bool has_others = false;
    int depth = 0;  // a file may include itself under a condition
  };

  /// Apache's dump gives some lines of sections wrong, so the path decides if it can.
  bool includes(const ApacheDirective& include, const ApacheInclude& one) const {
    const std::vector<std::string> all = apache_words(include.value);
    if (all.empty() || all[0].find("${") != std::string::npos) return one.line == include.line;
    return webserver::includes(all[0], config_.apache().dump.server_root, one.path);
  }

  void look_into(const ApacheFile& file, const ApacheDirective& include, Seen& seen) const {
    const auto& nodes = config_.apache().dump.includes;
    std::set<std::string> paths;
    for (const ApacheInclude& one : nodes)
      if (one.parent >= 0 && nodes[static_cast<size_t>(one.parent)].path == file.path() &&
          includes(include, one))
        paths.insert(one.path);
    if (++seen.depth <= include_depth)
      for (const std::string& path : paths) look_at(config_.file(path), seen);
    --seen.depth;
  }

  void look_at(const ApacheFile& file, Seen& seen) const {
    const auto all = file.directives();
    for (size_t i = 0; i < all.size(); ++i) {
      const ApacheDirective& one = all[i];
      if (is_special(one)) {
        if (seen.special.empty()) seen.special = file.path() + ":" + std::to_string(one.line);
        i = one.next - 1;
      } else if (one.name == "include" || one.name == "includeoptional") {
        look_into(file, one, seen);
      } else if (!is_in(neutral, one.name)) {
        seen.has_others = true;
      }
    }
  }

  /// A rule with the conditions in front of it.
  void add(size_t at) {
    const auto all = file_.directives();
    size_t first = at;
    if (all[at].name == "rewriterule")
      while (first > 0 && all[first - 1].name == "rewritecond") --first;
    Span span = lines_of(file_, all[at]);
    span.begin = lines_of(file_, all[first]).begin;
    if (!wraps_.empty() && span.begin < wraps_.back().span.end) return;  // in a section that is wrapped
    const bool is_condition = has_followers_ && all[at].name == "rewriterule";
    if (!wraps_.empty() && span.begin == wraps_.back().span.end && !is_condition &&
        !wraps_.back().is_condition) {
      wraps_.back().span.end = span.end;
      return;
    }
    wraps_.push_back({span, text_.substr(span.begin, all[first].whole.begin - span.begin), is_condition});
  }

  std::string with_wraps(Span range) const {
    std::string content;
    size_t at = range.begin;
    for (const Wrap& one : wraps_) {
      const std::string newline = newline_at(text_, one.span.begin);
      content += text_.substr(at, one.span.begin - at);
      content += with_mark_above(
          one.blanks, std::string(one.is_condition ? plain_only_condition : plain_only_begin), newline);
      content += text_.substr(one.span.begin, one.span.end - one.span.begin);
      if (!one.is_condition) content += with_mark_above(one.blanks, std::string(plain_only_end), newline);
      at = one.span.end;
    }
    return content + text_.substr(at, range.end - at);
  }

  const ApacheConfig& config_;
  const ApacheHost& host_;
  const ApacheFile& file_;
  const std::string& text_;
  bool undefines_macros_ = false, has_followers_ = false;
  std::vector<Wrap> wraps_;
};

}  // namespace

bool leads_to(const ApacheHost& host, std::string_view target, std::string_view scheme) {
  if (!target.starts_with(scheme)) return false;
  target.remove_prefix(scheme.size());
  const std::string_view authority = target.substr(0, target.find_first_of("/?#"));
  if (authority.find_first_of("%$") != authority.npos) return true;
  const size_t colon = authority.starts_with('[') ? authority.find("]:") : authority.find(':');
  const std::string_view name =
      authority.substr(0, colon == authority.npos ? colon : colon + (authority[colon] == ']' ? 1 : 0));
  const std::string_view port = colon == authority.npos ? "" : authority.substr(authority.rfind(':') + 1);
  if (!port.empty() && port != (scheme == "https://" ? "443" : "80")) return false;
  return std::ranges::any_of(host.names, [&](const std::string& one) { return is_name_for(one, name); });
}

MovedBody moved_body(const ApacheConfig& config, const ApacheHost& host) {
  return BodyMover(config, host).move();
}

}  // namespace certo::webserver
