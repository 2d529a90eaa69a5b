#include "install/reload.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "install/material.h"
#include "net/probe.h"
#include "os/child.h"
#include "os/program.h"
#include "os/signals.h"

namespace certo::install {
namespace {

std::string last_line(const std::string& text) {
  const std::string_view trimmed = trim(text);
  return printable(trim(trimmed.substr(trimmed.rfind('\n') + 1)), 300);
}

/// The fault of the certificate that `server` presents; nothing if it is `leaf`.
std::optional<std::string> difference(const net::TlsServer& server, const std::string& spoken,
                                      const std::string& name, const crypto::Certificate& leaf,
                                      Millis limit) {
  try {
    const std::string pem = net::presented_certificate(server, name, limit);
    const auto shown = crypto::parse_chain(pem, spoken, Exit::unreachable);
    if (shown.front().der == leaf.der) return {};
    return spoken + " still presents the certificate with serial " + shown.front().serial_hex() +
           " instead of " + leaf.serial_hex();
  } catch (const Error& error) {
    return error.message;
  }
}

}  // namespace

std::optional<std::string> reload(const std::string& command, Seconds limit) {
  log::verbose("reload: " + command);
  const log::Waiting live("waiting for the reload command");
  os::Command shell;
  shell.argv = {"/bin/sh", "-c", command};
  shell.environment = os::clean_environment();
  shell.deadline = limit;
  const std::string subject = "the reload command '" + printable(command, 200) + "' ";
  try {
    os::require_trusted_command(command);
    const os::Finished finished = os::run(shell);
    if (finished.timed_out) return subject + "did not end within " + std::to_string(limit.count()) + " s";
    if (finished.status == 0) return {};
    const std::string last = last_line(finished.errors);
    return subject + "ended with " + std::to_string(finished.status) + (last.empty() ? "" : ": " + last);
  } catch (const Error& error) {
    return subject + "cannot be run: " + error.message;
  }
}

std::optional<std::string> unproven_at(const std::string& server_text, const std::string& name,
                                       const crypto::Certificate& leaf, const Deadline& until) {
  const net::TlsServer server = net::parse_tls_server(server_text);
  constexpr Millis one_try = Seconds(5);
  Millis pause(50);
  for (;;) {
    auto wrong = difference(server, server_text, name, leaf, one_try);
    if (!wrong || until.left() < pause) return wrong;
    os::sleep_for(pause);
    pause = std::min<Millis>(2 * pause, Seconds(2));
  }
}

std::optional<std::string> unproven(const Installation& installation, const crypto::Certificate& leaf,
                                    Millis limit) {
  if (installation.verify.empty()) return {};
  const log::Waiting live("looking whether the server presents the new certificate");
  const Deadline until(limit);
  for (const std::string& server : installation.verify) {
    log::verbose("asking " + server + " for its certificate");
    if (auto wrong = unproven_at(server, name_to_ask_for(leaf), leaf, until)) return wrong;
  }
  return {};
}

}  // namespace certo::install
