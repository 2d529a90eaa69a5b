// certo convert: writes the same key and certificates in another format.
// Defines convert_command of commands/commands.h.
#include <algorithm>
#include <span>

#include "base/text.h"
#include "commands/choices.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "crypto/pkcs12.h"
#include "install/material.h"
#include "os/file.h"

namespace certo::console::flag {

constexpr Option to{"--to", Value::format, "FORMAT", "pkcs12 (.pfx), der or pem"};
constexpr Option password_file{"--password-file", Value::file, "FILE",
                               "for pkcs12: the first line of FILE is the password (default: empty)"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

constexpr size_t most_bytes = 256 * 1024;

bool is_pem(std::string_view text) { return text.find("-----BEGIN ") != text.npos; }

std::vector<crypto::PemBlock> blocks(const std::string& text, const std::string& subject) {
  crypto::PemText pem = crypto::read_pem(text);
  if (pem.damaged || pem.blocks.empty()) throw Error(Exit::bad_input, subject + " is damaged PEM");
  return std::move(pem.blocks);
}

/// True if `read` accepts it.
template <typename Read>
bool fits(Read read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    if (error.code != Exit::bad_input) throw;
    return false;
  }
}

/// Finds out what the DER is by reading it.
std::string label_of(const std::string& der, const std::string& subject) {
  const auto bytes = as_bytes(der);
  if (fits([&] { crypto::parse_certificate(bytes, subject, Exit::bad_input); })) return "CERTIFICATE";
  if (fits([&] { crypto::parse_csr_der(Bytes(bytes.begin(), bytes.end()), subject); }))
    return "CERTIFICATE REQUEST";
  if (fits([&] { crypto::PrivateKey::from_pem(crypto::write_pem("PRIVATE KEY", bytes), subject); }))
    return "PRIVATE KEY";
  throw Error(Exit::bad_input, subject + " is neither PEM nor the DER of a certificate, a CSR or a key");
}

Content content_of(std::string_view label) {
  return label.ends_with("PRIVATE KEY") ? Content::secret : Content::open;
}

void to_pem(const Args& args, const std::string& text, const std::string& subject) {
  std::string result;
  Content content = Content::open;
  const auto add = [&](const std::string& label, std::span<const uint8_t> der) {
    const std::string one = crypto::write_pem(label, der);
    const bool is_key = label.ends_with("PRIVATE KEY");
    if (is_key) content = Content::secret;
    result += is_key ? crypto::PrivateKey::from_pem(one, subject).pkcs8_pem() : one;
  };
  if (is_pem(text)) {
    for (const crypto::PemBlock& block : blocks(text, subject)) add(block.label, block.der);
  } else {
    add(label_of(text, subject), as_bytes(text));
  }
  write_output(args, result, content);
}

void to_der(const Args& args, const std::string& text, const std::string& subject) {
  if (!is_pem(text)) return write_output(args, text, content_of(label_of(text, subject)));
  const std::vector<crypto::PemBlock> all = blocks(text, subject);
  const crypto::PemBlock& first = all.front();
  const bool is_chain =
      std::ranges::all_of(all, [](const auto& block) { return block.label == "CERTIFICATE"; });
  if (all.size() > 1 && !is_chain)
    throw Error(Exit::bad_input, subject + " contains several objects, but DER holds only one",
                "give a file with one of them");
  write_output(args, as_text(first.der), content_of(first.label));
}

/// Key and chain may come in one file, as --pem-file writes it.
void to_pkcs12(const Args& args, const std::string& text, const std::string& subject) {
  std::string chain, key = args.has(flag::key) ? os::read_file(args.get(flag::key)) : "";
  const std::string key_subject = args.has(flag::key) ? args.get(flag::key) : subject;
  for (const crypto::PemBlock& block : blocks(text, subject)) {
    const bool is_key = block.label.ends_with("PRIVATE KEY");
    if (is_key && key.empty()) key = crypto::write_pem(block.label, block.der);
    if (!is_key) chain += crypto::write_pem(block.label, block.der);
  }
  if (key.empty()) throw Error(Exit::usage, "PKCS#12 needs the private key", "give it with --key FILE");
  const install::Material material{"", crypto::PrivateKey::from_pem(key, key_subject),
                                   crypto::parse_chain(chain, subject, Exit::bad_input)};
  install::require_sound(material, Time{});  // a user may want an expired one in an archive
  const std::string password = install::read_password(args.get(flag::password_file));
  write_output(args, install::content(material, install::Part::pfx, password), Content::secret);
}

Exit run(const Args& args) {
  const std::string path = args.words().empty() ? "-" : args.words().front();
  const std::string subject = path == "-" ? "stdin" : path;
  const std::string to = lower(args.get(flag::to));
  if (to != "pkcs12" && (args.has(flag::key) || args.has(flag::password_file)))
    throw Error(Exit::usage, "--key and --password-file belong to --to pkcs12");
  if (const auto known = formats(); std::ranges::find(known, to) == known.end())
    throw Error(Exit::usage,
                to.empty() ? "convert: --to is missing" : "certo cannot write the format '" + to + "'",
                "give --to pkcs12, --to der or --to pem");
  const std::string text = read_input(path, most_bytes, "a certificate, a CSR or a key");
  if (to == "pkcs12")
    to_pkcs12(args, text, subject);
  else if (to == "der")
    to_der(args, text, subject);
  else
    to_pem(args, text, subject);
  return Exit::ok;
}

}  // namespace

std::vector<std::string> formats() { return {"pkcs12", "der", "pem"}; }

const Command convert_command{
    .name = "convert",
    .group = Group::plumbing,
    .summary = "write certificates and keys as PKCS#12, DER or PEM",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "certificates, CSR or key, PEM or DER",
    .output = "PKCS#12, DER or PEM",
    .options = {flag::to, flag::key.with_help("for pkcs12: the private key, if it is not in the input"),
                flag::password_file, flag::output},
    .examples = {"certo convert --to pkcs12 --key www.key --password-file pw -o www.pfx < www.pem",
                 "certo convert --to der www.pem > www.der", "certo convert --to pem < www.der"},
    .description =
        R"(With --to der only the first certificate of a chain is written. A key becomes PKCS#8. PKCS#12 is
encrypted with AES-256 and has a SHA-256 MAC, which recent versions of OpenSSL, Java and Windows read.)",
    .run = run,
    .store = false,
};

}  // namespace certo::commands
