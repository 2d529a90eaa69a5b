// Keys, certificates and requests, as PEM and DER: what is read is written as it was.
#include <algorithm>

#include "crypto/pem.h"

#include "crypto/certificate.h"
#include "crypto/csr.h"
#include "crypto/der.h"
#include "crypto/jwk.h"
#include "crypto/signature.h"
#include "target.h"

using namespace certo;

namespace {

void walk(crypto::der::Reader reader, int depth) {
  while (!reader.at_end()) {
    const bool is_list = reader.next_is(crypto::der::sequence_tag) || reader.next_is(crypto::der::set_tag);
    const auto content = reader.any();
    if (is_list && depth > 0) walk(crypto::der::Reader(content), depth - 1);
  }
}

void read_der(const Bytes& der) {
  fuzz::accepts([&] { walk(crypto::der::Reader(der), 32); });
  fuzz::accepts([&] { crypto::is_signed("text", der, Bytes(91, 3)); });
  fuzz::accepts([&] { crypto::is_signed("text", Bytes(70, 3), der); });
  fuzz::accepts([&] {
    const crypto::Csr csr = crypto::parse_csr_der(der, "input");
    fuzz::promise(csr.der == der && !csr.identifiers.empty(), "a request is for names");
    fuzz::promise(crypto::parse_csr_pem(crypto::csr_pem(csr.der), "again").der == der, "csr_pem");
  });
  fuzz::accepts([&] {
    const crypto::Certificate certificate = crypto::parse_certificate(der, "input", Exit::protocol);
    const auto again = crypto::parse_chain(crypto::pem(certificate), "again", Exit::protocol);
    fuzz::promise(again.size() == 1 && again.front().der == certificate.der, "pem(certificate)");
    crypto::is_signed_by(certificate, certificate);
    crypto::check_chain({certificate}, {certificate.spki, certificate.identifiers, true},
                        certificate.not_before);
  });
}

void run(std::string_view input) {
  const crypto::PemText pem = crypto::read_pem(input);
  for (const crypto::PemBlock& block : pem.blocks) {
    const crypto::PemText again = crypto::read_pem(crypto::write_pem(block.label, block.der));
    fuzz::promise(again.blocks.size() == 1 && again.blocks.front().der == block.der && !again.damaged,
                  "read_pem(write_pem(x)) == x");
    read_der(block.der);
  }
  if (pem.blocks.empty()) read_der(Bytes(input.begin(), input.end()));
  fuzz::accepts([&] { crypto::parse_chain(input, "input", Exit::protocol); });
  fuzz::accepts([&] { crypto::parse_csr_pem(input, "input"); });
  fuzz::accepts([&] {
    const auto key = crypto::PrivateKey::from_pem(input, "input");
    const auto again = crypto::PrivateKey::from_pem(key.pkcs8_pem(), "again");
    fuzz::promise(again.public_key() == key.public_key(), "from_pem(pkcs8_pem(x)) == x");
  });
  fuzz::accepts([&] { crypto::private_key_of_jwk(input, "input"); });
}

const fuzz::Registered registered("pem", run);

}  // namespace
