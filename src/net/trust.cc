#include "net/trust.h"

#include <curl/curl.h>
#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <span>

#include "base/algorithm.h"
#include "base/error.h"
#include "net/der.h"
#include "net/roots.h"
#include "os/file.h"
#include "os/terminal.h"

namespace certo::net {
namespace {

constexpr size_t largest_bundle = 16 << 20;

const char* const known_places[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora
    "/etc/pki/tls/certs/ca-bundle.crt",                   // RHEL
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/ssl/cert.pem",                                  // Alpine, OpenBSD
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE
    "/usr/local/share/certs/ca-root-nss.crt",             // FreeBSD's package, found in some chroots
};

std::string find_bundle(const std::string& given) {
  if (!given.empty()) return given;
  if (std::string bundle = system_bundle(); !bundle.empty()) return bundle;
  throw Error(Exit::config, "no CA certificates are found on this system, so no TLS server can be verified",
              "install the package ca-certificates, or give a PEM file with --ca-bundle FILE");
}

std::string read_bundle(const std::string& path) {
  try {
    return os::read_file(path, largest_bundle);
  } catch (Error& error) {
    error.code = Exit::config;
    error.hint = "it should hold CA certificates as PEM: --ca-bundle FILE, or SSL_CERT_FILE";
    throw error.within("CA bundle");
  }
}

std::span<const uint8_t> bytes(const mbedtls_x509_buf& buffer) { return {buffer.p, buffer.len}; }

bool is_self_issued(const mbedtls_x509_crt& certificate) {
  return std::ranges::equal(bytes(certificate.issuer_raw), bytes(certificate.subject_raw));
}

int allow_extension(void*, const mbedtls_x509_crt*, const mbedtls_x509_buf* oid, int /*critical*/,
                    const unsigned char*, const unsigned char*) {
  const std::string_view name(reinterpret_cast<const char*>(oid->p), oid->len);
  return PathRules::knows(name) ? 0 : MBEDTLS_ERR_X509_INVALID_EXTENSIONS;
}

/// Appends a certificate to `list`. mbedTLS alone would refuse one with critical name constraints.
int parse(mbedtls_x509_crt* list, const unsigned char* der, size_t length) {
  return mbedtls_x509_crt_parse_der_with_ext_cb(list, der, length, 1, allow_extension, nullptr);
}

/// What this thread could not read in the chain that it is parsing.
thread_local std::string unreadable;

/// The OID that begins an AlgorithmIdentifier, as its name; "" for one that is known.
std::string name_of(const Element& algorithm) {
  const auto oid = first_element(algorithm.content);
  return oid ? std::string(unsupported_algorithm(as_text(oid->content))) : "";
}

// mbedTLS asks for those who may have signed `child`, and frees the list.
int find_issuers(void* check, const mbedtls_x509_crt* child, mbedtls_x509_crt** issuers) {
  const Roots& roots = static_cast<const ServerCheck*>(check)->store().roots();
  auto* list = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
  if (list == nullptr) return MBEDTLS_ERR_X509_ALLOC_FAILED;
  mbedtls_x509_crt_init(list);
  // One that cannot be parsed is one that is not trusted.
  for (const auto der : roots.named(bytes(child->issuer_raw))) parse(list, der.data(), der.size());
  *issuers = list;
  return 0;
}

// Replaces curl's callback, which only turns the flags into log lines.
int note_faults(void* pointer, mbedtls_x509_crt* certificate, int depth, uint32_t* flags) {
  auto* check = static_cast<ServerCheck*>(pointer);
  check->note_limit(unreadable);
  // A server's own self-signed certificate, when it is the bundle's: mbedTLS accepts that from a list of
  // CAs (x509_crt_check_ee_locally_trusted) but does not ask a callback for it.
  if (depth == 0 && *flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED && is_self_issued(*certificate) &&
      check->store().roots().contains(bytes(certificate->raw))) {
    *flags &= ~static_cast<uint32_t>(MBEDTLS_X509_BADCERT_NOT_TRUSTED);
  }
  // Called from the root to the server's certificate.
  check->add(depth, {.issuer = bytes(certificate->issuer_raw),
                     .subject = bytes(certificate->subject_raw),
                     .extensions = bytes(certificate->v3_ext)});
  if (!check->rules().fault().empty()) *flags |= MBEDTLS_X509_BADCERT_OTHER;
  check->note(*flags);
  return 0;
}

CURLcode configure(CURL*, void* config, void* check) {
  auto* tls = static_cast<mbedtls_ssl_config*>(config);
  mbedtls_ssl_conf_authmode(tls, MBEDTLS_SSL_VERIFY_REQUIRED);
  // curl's choice still takes SHA-1 and RSA keys of 1,024 bits.
  mbedtls_ssl_conf_cert_profile(tls, &mbedtls_x509_crt_profile_default);
  mbedtls_ssl_conf_ca_cb(tls, find_issuers, check);
  mbedtls_ssl_conf_verify(tls, note_faults, check);
  return CURLE_OK;
}

}  // namespace

/// The Makefile's --wrap puts this into the place of the function that mbedTLS parses a server's chain with,
/// in which there is no room for a callback.
extern "C" int __wrap_mbedtls_x509_crt_parse_der(mbedtls_x509_crt* chain, const unsigned char* der,
                                                 size_t length);
extern "C" int __wrap_mbedtls_x509_crt_parse_der(mbedtls_x509_crt* chain, const unsigned char* der,
                                                 size_t length) {
  if (chain->version == 0) unreadable.clear();  // the first one of a chain
  const int code = parse(chain, der, length);
  if (code != 0 && unreadable.empty()) unreadable = limit_of({der, length});
  return code;
}

// RFC 5280 section 4.1.
std::string limit_of(View der) {
  const auto whole = first_element(der);
  const auto certificate = whole ? first_element(whole->content) : std::nullopt;
  if (!certificate) return {};
  std::vector<Element> fields = elements_in(certificate->content).list;
  constexpr uint8_t version = 0xa0;
  if (!fields.empty() && fields.front().tag() == version) fields.erase(fields.begin());
  constexpr size_t signature = 1, key = 5;
  if (fields.size() <= key) return {};
  if (const std::string name = name_of(fields[signature]); !name.empty() && name != pss)
    return "a signature of type " + name;
  const auto algorithm = first_element(fields[key].content);
  const std::string name = algorithm ? name_of(*algorithm) : "";
  return name.empty() ? name : "a key of type " + name;
}

std::string last_limit() { return unreadable; }
void forget_limit() { unreadable.clear(); }

std::string system_bundle() {
  if (std::string named = os::environment("SSL_CERT_FILE"); !named.empty()) return named;
  const auto place = std::ranges::find_if(known_places, [](const char* path) { return os::exists(path); });
  return place == std::end(known_places) ? "" : *place;
}

TrustStore::TrustStore(const std::string& path) {
  const std::string bundle = find_bundle(path);
  roots_ = std::make_unique<Roots>(read_bundle(bundle));
  if (roots_->count() > 0) return;
  throw Error(Exit::config, bundle + " holds no CA certificate",
              "give a PEM file with CA certificates: --ca-bundle FILE");
}

TrustStore::~TrustStore() = default;

void ServerCheck::apply(void* easy) {
  // curl would otherwise look for a bundle of its own; what it finds is replaced by the callback anyway.
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, configure);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

void ServerCheck::add(int depth, PathRules::Link link) {
  if (depth >= depth_) rules_ = {};  // another chain, of a second connection
  link.is_root = depth >= depth_ && depth > 0;
  link.is_server = depth == 0;
  depth_ = depth == 0 ? -1 : depth;
  rules_.add(link);
}

std::string ServerCheck::fault() const {
  if (flags_ == 0) return {};
  if (!rules_.fault().empty()) return rules_.fault();
  if (flags_ & MBEDTLS_X509_BADCERT_CN_MISMATCH) return "is for another name";
  if (flags_ & MBEDTLS_X509_BADCERT_EXPIRED) return "has expired, or one in its chain has";
  if (flags_ & MBEDTLS_X509_BADCERT_FUTURE) return "is not valid yet";
  if (flags_ & MBEDTLS_X509_BADCERT_NOT_TRUSTED) return "is not signed by a CA that is trusted here";
  return "is too weak or not meant for a TLS server";
}

std::string ServerCheck::hint() const {
  if (flags_ & MBEDTLS_X509_BADCERT_CN_MISMATCH) return "is this the right host name?";
  if (flags_ & (MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE))
    return "check this machine's clock";
  if (flags_ & MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
    return "for a private CA, give its root certificate with --ca-bundle FILE";
  }
  return {};
}

}  // namespace certo::net
