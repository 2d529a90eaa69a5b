// One call of a provider's code: the host functions of sdk/provider.h over a transport.
#pragma once

#include "net/http.h"
#include "provider/message.h"
#include "sdk/provider.h"

namespace certo::provider {

/// Runs task.action of `provider` on task.records. Never throws for what the provider does.
Outcome call(const certo_provider& provider, const Task& task, net::Transport& transport);

}  // namespace certo::provider
