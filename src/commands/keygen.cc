// certo keygen: makes a private key.
// Defines keygen_command of commands/commands.h.
#include "base/error.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "crypto/key.h"
#include "os/file.h"

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const crypto::KeyType type = crypto::key_type(args.get(flag::key_type, "ec-256"));
  const std::string path = args.get(flag::output, "-");
  if (path != "-" && os::exists(path) && !args.has(flag::force)) {
    throw Error(Exit::cannot_write, path + ": the file exists, and an overwritten key is lost",
                "choose another name, or give --force");
  }
  write_output(args, crypto::PrivateKey::generate(type).pkcs8_pem(), Content::secret);
  return Exit::ok;
}

}  // namespace

const Command keygen_command{
    .name = "keygen",
    .group = Group::plumbing,
    .summary = "make a private key",
    .output = "private key, PKCS#8 PEM",
    .options = {flag::key_type, flag::output.with_help("write to FILE, with mode 600"),
                flag::force.with_help("overwrite FILE")},
    .examples = {"certo keygen -o www.key", "certo keygen -k rsa-2048 -o www.key",
                 "certo keygen | tee www.key | certo csr -d example.com > www.csr"},
    .run = run,
    .store = false,
};

}  // namespace certo::commands
