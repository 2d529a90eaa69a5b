#include "schedule/schedule.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "os/path.h"
#include "os/program.h"

namespace certo::schedule {
namespace {

/// Marks our line in a crontab; for the shell it is a comment.
constexpr std::string_view mark = "# certo schedule";

// certo must be able to reload any server, and to write wherever certificates are used, so /etc, /var, /srv
// and home folders stay writable. It does not need devices, kernel settings and the programs below /usr.
constexpr std::string_view hardening = R"(NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=yes
ReadWritePaths=-/usr/local
KeyringMode=private
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=~@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot @swap

# Stricter settings, if you know which files certo and its hooks write. Add them with 'systemctl edit
# certo.service'. The capabilities are those to write files of other users, to give files away, and to signal
# a server; add CAP_NET_BIND_SERVICE for --standalone. MemoryDenyWriteExecute= stops hooks in languages that
# compile at run time.
#ProtectSystem=strict
#ReadWritePaths=@HOME@ /etc/nginx/tls /var/www
#ProtectHome=yes
#CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_KILL
#MemoryDenyWriteExecute=yes
#
# Settings of a DNS provider from an encrypted credential. systemd-creds also works when you run certo yourself,
# so the first issue and the renewals do the same:
#   systemd-creds encrypt --with-key=host --name=cloudflare - /etc/credstore.encrypted/cloudflare
#   certo issue -d NAME --dns cloudflare --dns-credentials
#     'exec:/usr/bin/systemd-creds decrypt /etc/credstore.encrypted/cloudflare'
# Hooks and programs find a credential of the service in $CREDENTIALS_DIRECTORY, during the hourly runs only:
#LoadCredentialEncrypted=NAME:/etc/credstore.encrypted/NAME
#LoadCredential=NAME:/etc/credstore/NAME
)";

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const bool is_here = text.substr(at).starts_with(what);
    out += is_here ? with : text.substr(at, 1);
    at += is_here ? what.size() : 1;
  }
  return out;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._-+,:@=").find(c) != std::string_view::npos;
}

void refuse_control_characters(const std::string& path) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(path, is_control)) {
    throw Error(Exit::config,
                "'" + path + "' holds a control character, which neither systemd nor cron takes",
                "give the folder another name");
  }
}

/// A word of ExecStart= (systemd.service(5), "Command lines").
std::string unit_word(const std::string& word) {
  refuse_control_characters(word);
  std::string text = replaced(replaced(word, "%", "%%"), "$", "$$");
  if (std::ranges::all_of(word, is_plain)) return text;
  return "\"" + replaced(replaced(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
}

/// A word for sh in a crontab, where cron itself takes every bare '%' as the end of the line (crontab(5)).
std::string cron_word(const std::string& word) {
  refuse_control_characters(word);
  if (std::ranges::all_of(word, is_plain)) return word;
  return "'" + replaced(replaced(word, "'", "'\\''"), "%", "\\%") + "'";
}

std::string command(const Plan& plan, std::string (*quoted)(const std::string&)) {
  std::string text = quoted(plan.program) + " cron";
  if (!plan.home.empty()) text += " --home " + quoted(plan.home);
  return text;
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// The folders of certo's programs; 'certo upgrade --auto on' opens them by a drop-in. A folder with another
/// name than bin may hold anything else, too.
std::string closed_folders(const std::string& program) {
  const std::string folder = os::folder_of(program);
  if (os::name_of(folder) != "bin" || !std::ranges::all_of(folder, is_plain)) return {};
  return "ReadOnlyPaths=-" + folder + " -" + os::folder_of(folder) + "/libexec/certo\n";
}

bool is_ours(std::string_view line) { return trim(line).ends_with(mark); }

}  // namespace

int stable_minute(std::string_view machine, unsigned user) {
  const crypto::Sha256 hash =
      crypto::sha256("certo schedule\n" + std::to_string(user) + "\n" + std::string(trim(machine)));
  return (hash[0] * 256 + hash[1]) % 60;
}

std::string service_unit(const Plan& plan) {
  std::string text =
      "# Written by 'certo schedule install', which overwrites it; changes belong into a drop-in.\n"
      "[Unit]\n"
      "Description=Renew the certificates that are due\n"
      "Documentation=man:certo(1)\n";
  // A user's systemd does not know the target.
  if (plan.for_root) text += "Wants=network-online.target\nAfter=network-online.target\n";
  text += "\n[Service]\nType=oneshot\nExecStart=" + command(plan, unit_word) + "\n";
  // 75: the CA asks for patience, and the next hour is soon enough. 143: the machine is shut down during a
  // pass.
  text += "SuccessExitStatus=75 143\n";
  const std::string home = plan.home.empty() ? "/var/lib/certo" : plan.home;
  // In the service of a user, each of these options stops sudo, and reload commands of users begin with
  // sudo.
  return plan.for_root ? text + closed_folders(plan.program) + replaced(hardening, "@HOME@", home) : text;
}

std::string timer_unit(const Plan& plan) {
  return "# Written by 'certo schedule install', which overwrites it; changes belong into a drop-in.\n"
         "[Unit]\n"
         "Description=Renew the certificates that are due, every hour\n"
         "Documentation=man:certo(1)\n"
         "\n[Timer]\n"
         "OnCalendar=*-*-* *:" +
         two_digits(plan.minute) + ":00\n" +
         (plan.for_many ? "RandomizedDelaySec=1h\nFixedRandomDelay=yes\n" : "RandomizedDelaySec=5min\n") +
         "Persistent=yes\n"
         "\n[Install]\n"
         "WantedBy=timers.target\n";
}

/// A person's crontab has no PATH, or one that is meant for other lines; reload commands need the usual one.
std::string cron_line(const Plan& plan) {
  return std::to_string(plan.minute) + " * * * * PATH=" + os::standard_path + " " + command(plan, cron_word);
}

std::string cron_file(const Plan& plan) {
  return "# Written by 'certo schedule install', which overwrites it.\n"
         "PATH=" +
         std::string(os::standard_path) + "\n" + std::to_string(plan.minute) + " * * * * root " +
         command(plan, cron_word) + " " + std::string(mark) + "\n";
}

std::string with_line(std::string_view crontab, const Plan& plan) {
  std::string text = without_line(crontab);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text + cron_line(plan) + " " + std::string(mark) + "\n";
}

std::string without_line(std::string_view crontab) {
  std::string kept;
  while (!crontab.empty()) {
    const size_t end = std::min(crontab.find('\n'), crontab.size() - 1) + 1;
    if (const std::string_view line = crontab.substr(0, end); !is_ours(line)) kept += line;
    crontab.remove_prefix(end);
  }
  return kept;
}

std::string our_line(std::string_view crontab) {
  for (const std::string& line : split(crontab, '\n'))
    if (is_ours(line)) return std::string(trim(line));
  return {};
}

bool has_line(std::string_view crontab) { return without_line(crontab).size() != crontab.size(); }

int minute_in(std::string_view crontab) {
  const std::string line = our_line(crontab);
  const size_t end = std::min(line.find(' '), line.size());
  const auto minute = number(std::string_view(line).substr(0, end), 0, 59);
  return minute && line.substr(end).starts_with(" * * * * ") ? static_cast<int>(*minute) : -1;
}

bool is_edited(std::string_view crontab, bool for_root) {
  std::optional<Plan> plan = plan_in_crontab(crontab);
  if (!plan || plan->minute < 0) return true;
  return our_line(crontab) != our_line(for_root ? cron_file(*plan) : with_line("", *plan));
}

std::optional<Time> systemd_time(std::string_view shown) {
  const std::vector<std::string> words = split(trim(shown), ' ');
  if (words.size() != 4 || words[3] != "UTC") return std::nullopt;
  return from_rfc3339(words[1] + "T" + words[2] + "Z");
}

Time next_run(int minute, int shown, Time now) {
  const int minutes = (minute - shown + 59) % 60 + 1;
  return std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes(minutes);
}

}  // namespace certo::schedule
