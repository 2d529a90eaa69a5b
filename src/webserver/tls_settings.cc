#include "webserver/tls_settings.h"

#include <algorithm>

#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

// Mozilla's intermediate configuration, version 5.7 (https://wiki.mozilla.org/Security/Server_Side_TLS),
// without the ciphers that need a file of Diffie-Hellman parameters.
constexpr std::string_view intermediate =
    R"(# Written by certo: Mozilla's intermediate settings for TLS. certo keeps what you change here.
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_prefer_server_ciphers off;
ssl_session_cache shared:certo:10m;
ssl_session_timeout 1d;
ssl_session_tickets off;
)";

}  // namespace

TlsSettings::TlsSettings(const NginxConfig& config, const HttpLines& http)
    : config_(config), path_(os::folder_of(config.path()) + "/certo/tls.conf") {
  std::string text = os::read_file_if(path_).value_or(std::string(intermediate));
  if (!http.find("ssl_protocols") && !http.find("ssl_ciphers")) settings_.emplace(path_, std::move(text));
}

OwnFile TlsSettings::file() const { return {EditPart::certificate, path_, std::string(intermediate)}; }

Found TlsSettings::known_line(const Found& block) const {
  return own_line(
      block, [&](const Found& one) { return one.is("include") && one.words() == 2 && one.word(1) == path_; });
}

std::string TlsSettings::line_for(const Found& block) const {
  if (!settings_) return {};
  bool has_own = false;
  // nginx refuses a second line of a setting in one block, whichever it is.
  config_.each_in(block, [&](const Found& found) {
    has_own = has_own || found.is("ssl_protocols") || found.is("ssl_ciphers") ||
              std::ranges::any_of(settings_->directives(), [&](const NginxDirective& one) {
                return found.is(settings_->word(one, 0));
              });
  });
  return has_own ? "" : "include " + written_path(path_) + ";";
}

}  // namespace certo::webserver
