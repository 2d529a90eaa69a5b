#include "webserver/apache_redirect.h"

#include <algorithm>

#include "webserver/apache_body.h"
#include "webserver/apache_edit.h"

namespace certo::webserver {
namespace {

// The name is that of the request. The path is escaped again by Apache, and the query is kept.
constexpr std::string_view redirect_rule =
    R"(RewriteRule "^" "https://%{SERVER_NAME}%{REQUEST_URI}" [R=301,L])";

/// certo's lines would switch on rules that are off; or a later line switches them off.
bool is_rewrite_free(const ApacheHost& host) {
  if (host.is_rewrite_on) return true;
  const auto all = host.file->directives();
  const size_t at = static_cast<size_t>(host.section - all.data());
  return !host.has_rewrite_rules &&
         std::none_of(all.begin() + static_cast<ptrdiff_t>(at), all.begin() + host.section->next,
                      [](const ApacheDirective& one) { return one.name == "rewriteengine"; });
}

}  // namespace

std::string redirect_of(const ApacheHost& host) {
  for (const ApacheRedirect& one : host.redirects)
    if (one.is_for_all && leads_to(host, one.target)) return one.line.place();
  return {};
}

std::string way_back_of(const ApacheHost& host) {
  for (const ApacheRedirect& one : host.redirects)
    if (one.is_for_all && leads_to(host, one.target, "http://")) return one.line.place();
  return {};
}

std::vector<std::string> own_redirect_marks(const ApacheHost& host) {
  std::vector<std::string> marks;
  const auto all = host.file->directives();
  const size_t at = static_cast<size_t>(host.section - all.data());
  for (size_t i = at + 1; i < host.section->next; i = all[i].next) {
    const ApacheDirective& one = all[i];
    if (one.name != "rewriteengine" && one.name != "rewriterule" && one.name != "redirect") continue;
    if (std::string mark = mark_above(host.file->text(), one.whole.begin); !mark.empty())
      marks.push_back(std::move(mark));
  }
  return marks;
}

std::optional<Change> apache_redirect(const ApacheConfig& config, const ApacheHost& host) {
  const auto& modules = config.apache().dump.modules;
  std::vector<std::string> lines;
  if (modules.contains("rewrite_module") && is_rewrite_free(host))
    lines = {"RewriteEngine on", std::string(redirect_rule)};
  else if (modules.contains("alias_module") && host.has_own_name)
    lines = {"Redirect permanent / \"https://" + host.names.front() + "/\""};
  else
    return {};
  return lines_before(EditPart::redirect, *host.file, own_body(host).begin, indentation_in(host), lines);
}

}  // namespace certo::webserver
