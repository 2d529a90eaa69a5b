// The commands, one file each; their rows are the command table (cli/table.cc).
#pragma once

#include "console/command.h"

namespace certo::commands {

// Commands are made of parts of the console.
using namespace console;

extern const Command check_command, issue_command, apply_command, renew_command, cron_command, list_command,
    info_command, remove_command, install_cert_command, revoke_command, rollback_command, deploy_command,
    hooks_command, import_command, convert_command, persist_command, rekey_command;
extern const Command keygen_command, csr_command, account_command, thumbprint_command, order_command,
    present_command, cleanup_command, solve_command, fetch_command, inspect_command, ari_command,
    providers_command;
extern const Command ca_command, limits_command, report_command, schedule_command, status_command,
    undo_command, upgrade_command, version_command, webserver_command;

}  // namespace certo::commands
