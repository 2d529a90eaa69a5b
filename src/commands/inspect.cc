// certo inspect: shows the content of a file, and recognizes its format.
// Defines inspect_command of commands/commands.h.
#include "base/error.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "console/layout.h"
#include "crypto/key.h"
#include "crypto/pem.h"

namespace certo::commands {
namespace {

constexpr size_t input_limit = 1 << 20;

struct Finding {
  std::string title;
  Rows rows;
  Json json;
};

Error not_known(const std::string& subject, const std::string& why) {
  return Error(Exit::bad_input, subject + ": " + why,
               "certo inspects certificates, CSRs, private keys (PEM) and order documents");
}

Finding inspected(const crypto::Certificate& certificate) {
  return {certificate.is_ca ? "CA certificate" : "certificate", rows(certificate, now()),
          to_json(certificate)};
}

Finding inspected(const crypto::Csr& csr) { return {"certificate signing request", rows(csr), to_json(csr)}; }

/// The private half is neither shown nor hashed.
Finding inspected(const crypto::PublicKey& key) {
  const std::string type(crypto::name(key.type));
  const std::string fingerprint = key_fingerprint(key.spki);
  return {
      "private key",
      {{"key", type}, {"public key SHA-256", fingerprint}},
      Json(Json::Object{{"type", "private key"}, {"key_type", type}, {"public_key_sha256", fingerprint}})};
}

Finding inspected(const acme::Document& document, const std::string& text, const std::string& subject) {
  return {"order", rows(document),
          Json(Json::Object{{"type", "order"}, {"document", parse_json(text, subject, Exit::bad_input)}})};
}

Finding inspect_block(const crypto::PemBlock& block, const std::string& subject) {
  const std::string& label = block.label;
  if (label == "CERTIFICATE")
    return inspected(crypto::parse_certificate(block.der, subject, Exit::bad_input));
  if (label == "CERTIFICATE REQUEST" || label == "NEW CERTIFICATE REQUEST") {
    return inspected(crypto::parse_csr_der(block.der, subject));
  }
  if (label.ends_with("PRIVATE KEY")) {
    return inspected(crypto::PrivateKey::from_pem(crypto::write_pem(label, block.der), subject).public_key());
  }
  throw not_known(subject, "it contains a block '" + label + "'");
}

std::vector<Finding> inspect_pem(const std::string& text, const std::string& subject) {
  const crypto::PemText pem = crypto::read_pem(text);
  if (pem.damaged) throw not_known(subject, "the PEM text is cut off or damaged");
  std::vector<Finding> findings;
  for (const crypto::PemBlock& block : pem.blocks) {
    if (block.label == "EC PARAMETERS")
      continue;  // openssl writes them in front of a key that names its curve
    findings.push_back(inspect_block(block, subject));
  }
  if (findings.empty()) throw not_known(subject, "certo does not recognize its content");
  return findings;
}

Finding inspect_der(const std::string& bytes, const std::string& subject) {
  try {
    return inspected(crypto::parse_certificate(as_bytes(bytes), subject, Exit::bad_input));
  } catch (const Error&) {
    // A CSR begins with the same byte.
  }
  try {
    return inspected(crypto::parse_csr_der(as_bytes(bytes), subject));
  } catch (const Error&) {
    throw not_known(subject, "this DER is neither a certificate nor a CSR");
  }
}

std::vector<Finding> inspect(const std::string& text, const std::string& subject) {
  constexpr char der_sequence = 0x30;
  const std::string_view start = trim(text);
  if (start.empty()) throw not_known(subject, "it is empty");
  if (start[0] == '{') return {inspected(acme::parse_document(text, subject), text, subject)};
  if (text.find("-----BEGIN ") == text.npos && text[0] == der_sequence) return {inspect_der(text, subject)};
  return inspect_pem(text, subject);
}

void show(const std::vector<Finding>& findings) {
  for (size_t i = 0; i < findings.size(); ++i) {
    std::string title = findings[i].title;
    if (findings.size() > 1) title += ", " + std::to_string(i + 1) + " of " + std::to_string(findings.size());
    Rows indented = findings[i].rows;
    for (auto& row : indented) row[0] = "  " + row[0];
    print((i ? "\n" : "") + title + "\n" + columns(indented));
  }
}

Exit run(const Args& args) {
  const std::string path = args.words().empty() ? "-" : args.words()[0];
  const std::string text = read_input(path, input_limit, "a certificate, CSR, key or order");
  const std::vector<Finding> findings = inspect(text, path == "-" ? "standard input" : path);
  if (!args.has(flag::json)) {
    show(findings);
    return Exit::ok;
  }
  Json objects = Json::array();
  for (const Finding& finding : findings) objects.push(finding.json);
  print_json(Json(Json::Object{{"certo", "inspect/1"}, {"objects", objects}}));
  return Exit::ok;
}

}  // namespace

const Command inspect_command{
    .name = "inspect",
    .group = Group::plumbing,
    .summary = "show the content of a certificate, CSR, key or order",
    .word = {Value::file, "[FILE]", 0, 1},
    .input = "certificates, CSR, key or order document",
    .output = "text or JSON",
    .examples = {"certo inspect www.pem", "certo order < www.csr | certo inspect",
                 "certo inspect --json < chain.pem"},
    .description =
        R"(certo recognizes the format by the content: PEM, DER or JSON. It shows only the public half of a private
key; its SHA-256 is the same in the key, its CSR and its certificate.)",
    .run = run,
    .store = false,
};

}  // namespace certo::commands
