#include "base/error.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "crypto/key.h"
#include "os/file.h"

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const crypto::KeyType type = crypto::key_type(args.get("--key-type", "ec-256"));
  const std::string path = args.get("--output", "-");
  if (path != "-" && os::exists(path) && !args.has("--force")) {
    throw Error(Exit::cannot_write, path + ": is there already, and a key that is overwritten is lost",
                "choose another name, or --force");
  }
  write_output(args, crypto::PrivateKey::generate(type).pkcs8_pem(), true);
  return Exit::ok;
}

}  // namespace

const Command keygen_command{
    .name = "keygen",
    .group = Group::plumbing,
    .summary = "make a private key",
    .usage = "",
    .input = "-",
    .output = "private key, PKCS#8 PEM",
    .options = {{"-k,--key-type", Value::key_type, "TYPE",
                 "ec-256 (default), ec-384, rsa-2048, rsa-3072, rsa-4096"},
                {"-o,--output", Value::file, "FILE", "write to FILE, which only you can read"},
                {"-f,--force", Value::none, nullptr, "overwrite FILE"}},
    .examples = {"certo keygen -o www.key", "certo keygen -k rsa-2048 -o www.key",
                 "certo keygen | tee www.key | certo csr -d example.com > www.csr"},
    .description = "",
    .run = run,
    .store = false,
};

}  // namespace certo::commands
