// certo csr: a certificate signing request (RFC 2986) for a key.
// Defines csr_command of commands/commands.h.
#include "crypto/csr.h"
#include "base/error.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "crypto/key.h"

namespace certo::commands {
namespace {

constexpr size_t key_limit = 64 * 1024;

Exit run(const Args& args) {
  const std::vector<crypto::Identifier> wanted = names(args);
  if (wanted.empty()) throw Error(Exit::usage, "csr: -d NAME is missing");
  const std::string path = args.get(flag::key, "-");
  const std::string text = read_input(path, key_limit, "a private key");
  const auto key = crypto::PrivateKey::from_pem(text, path == "-" ? "standard input" : path);
  const auto staple = args.has(flag::must_staple) ? crypto::Staple::must : crypto::Staple::may;
  write_output(args, crypto::csr_pem(crypto::make_csr(key, wanted, staple)));
  return Exit::ok;
}

}  // namespace

const Command csr_command{
    .name = "csr",
    .group = Group::plumbing,
    .summary = "make a certificate signing request",
    .input = "private key PEM",
    .output = "CSR PEM",
    .options = {flag::domain, flag::key.with_help("the private key (default: standard input)"),
                flag::must_staple, flag::output.with_help("write to FILE")},
    .examples = {"certo csr --key www.key -d example.com -d '*.example.com' > www.csr",
                 "certo keygen | tee www.key | certo csr -d example.com | certo order > order.json"},
    .run = run,
    .store = false,
};

}  // namespace certo::commands
