#include "cli/completion.h"
#include "cli/table.h"
#include "console/output.h"

namespace certo::cli {

using namespace console;

namespace {

Exit run(const Args& args) {
  print(completion(args.words()[0]));
  return Exit::ok;
}

}  // namespace

extern const Command completion_command{
    .name = "completion",
    .group = Group::other,
    .summary = "write the completion script of a shell",
    .usage = "bash|zsh|fish",
    .input = "-",
    .output = "shell script",
    .options = {},
    .examples = {"source <(certo completion bash)",
                 "certo completion zsh > /usr/local/share/zsh/site-functions/_certo",
                 "certo completion fish > ~/.config/fish/completions/certo.fish"},
    .description = "",
    .run = run,
    .words_least = 1,
    .words_most = 1,
    .store = false,
};

}  // namespace certo::cli
