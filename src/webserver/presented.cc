#include "webserver/presented.h"

#include <algorithm>

#include "crypto/pem.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::webserver {
namespace {

/// Nothing for what nginx does not read as a file when it starts.
std::string file_of(const Found& line, const std::string& folder) {
  if (!line.file || line.words() != 2) return {};
  const std::string path = line.word(1);
  if (path.empty() || path.find('$') != path.npos || path.starts_with("data:") || path.starts_with("engine:"))
    return {};
  return path.starts_with('/') ? path : os::path_in(folder, path);
}

/// The file may hold the key and parameters, too.
crypto::Certificate first_certificate(const std::string& file) {
  const crypto::PemText pem = crypto::read_pem(os::read_file(file));
  const auto found = std::ranges::find(pem.blocks, "CERTIFICATE", &crypto::PemBlock::label);
  if (found == pem.blocks.end()) throw Error(Exit::bad_input, file + ": there is no certificate in it");
  return crypto::parse_certificate(found->der, file, Exit::bad_input);
}

}  // namespace

NamedCertificate read_certificate(const CertificateLines& lines, const std::string& folder) {
  return read_certificate(file_of(lines.certificate, folder), file_of(lines.key, folder));
}

NamedCertificate read_certificate(const std::string& file, const std::string& key_file) {
  NamedCertificate named{.file = file, .key_file = key_file, .leaf = {}, .fault = {}};
  if (named.file.empty()) {
    named.fault = "not the path of a file";
    return named;
  }
  try {
    named.leaf = first_certificate(named.file);
  } catch (const Error& error) {
    named.fault = error.message;
  }
  return named;
}

}  // namespace certo::webserver
