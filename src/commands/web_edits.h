// The certificate in the configuration of a web server: 'certo issue --nginx' and '--apache' put it there,
// 'certo undo' removes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "store/entry.h"
#include "webserver/edits.h"
#include "webserver/server_way.h"

namespace certo::console::flag {

inline constexpr Option install_into{
    "--install", Value::text, "nginx|apache",
    "put the certificate into the server's configuration, whatever proves the names", rare};
inline constexpr Option no_install{"--no-install", Value::none, nullptr,
                                   "with --nginx or --apache: only prove the names", rare};
inline constexpr Option redirect{"--redirect", Value::none, nullptr,
                                 "redirect http to https in the virtual hosts of the names", rare};
inline constexpr Option take_over{"--take-over", Value::none, nullptr,
                                  "replace the certificate lines of certbot", rare};

inline constexpr Option web_server_rows[] = {install_into, no_install, redirect, take_over};
inline constexpr OptionSet web_server_options{.title = "Web server", .options = web_server_rows};

}  // namespace certo::console::flag

namespace certo::commands {

/// What a line of 'certo issue' says of the web server.
struct WebInstall {
  webserver::ServerChoice server;
  bool wants_redirect = false, takes_over = false, is_forced = false;
};
/// Nothing if the certificate is not for the configuration of a web server: neither --nginx, --apache
/// nor --install is given, or --no-install is. Throws Error{usage} for options that do not fit together.
std::optional<WebInstall> web_install(const Args& args, const store::Request& request);

/// Throws what `install_in_web_server` would, as far as it is known before there is a certificate.
void require_installable(const store::Home& state, const store::Entry& entry, const store::Request& request,
                         const WebInstall& wish);

/// Puts the live certificate into the configuration, reloads the server, and looks whether it presents the
/// certificate. Renewals only reload. The caller does not hold the lock of the entry. Throws
/// Error{not_installed} after it took its lines out again.
void install_in_web_server(const Args& args, const store::Home& state, const store::Entry& entry,
                           const store::Request& request, const WebInstall& wish);

/// For a rehearsal: prints what 'certo issue' would change in the configuration of the web server, as a
/// patch.
void show_web_edits(const Args& args, const store::Entry& entry, const store::Request& request);

/// A patch is bytes, but a terminal gets no control characters of a file.
void print_patch(const std::string& patch);
/// The patch of edits to the files as they are now.
std::string patch_of(const webserver::Edits& edits);

/// Removes what certo has added for this certificate. False if there is nothing of these parts. The caller
/// holds the lock of the entry. Throws Error{usage} if lines of another certificate stand in the place of
/// these; {not_installed} if the server still names the live files of the certificate.
bool take_out_edits(const Args& args, const store::Home& state, const store::Entry& entry,
                    const std::vector<webserver::EditPart>& parts);

/// A line in the configuration of a web server of this machine.
struct NamingPlace {
  std::string place;   // "FILE:LINE"
  std::string server;  // "nginx"
};
/// Those that name files of the certificate.
std::vector<NamingPlace> places_naming(const store::Entry& entry);
/// Throws Error{usage} if there is one, or if lines of certo's stand: without the certificate's files the
/// server does not start. `verb`: what the caller wants to do, "remove".
void require_removable(const store::Entry& entry, const std::string& verb);

}  // namespace certo::commands
