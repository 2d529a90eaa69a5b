// certo completion. Defines completion_command, which cli/table.cc declares.
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
    .word = {Value::shell, "bash|zsh|fish", 1, 1},
    .output = "shell script",
    .examples = {"source <(certo completion bash)",
                 "certo completion zsh > /usr/local/share/zsh/site-functions/_certo",
                 "certo completion fish > ~/.config/fish/completions/certo.fish"},
    .run = run,
    .store = false,
};

}  // namespace certo::cli
