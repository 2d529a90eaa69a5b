#include "crypto/crl.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/mbed.h"

namespace certo::crypto {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view crl_number = "\x55\x1d\x14"sv;
constexpr std::string_view reason_code = "\x55\x1d\x15"sv;
constexpr std::string_view invalidity_date = "\x55\x1d\x18"sv;
constexpr std::string_view delta_indicator = "\x55\x1d\x1b"sv;
constexpr std::string_view issuing_point = "\x55\x1d\x1c"sv;
constexpr std::string_view distribution_points = "\x55\x1d\x1f"sv;
constexpr std::string_view authority_key = "\x55\x1d\x23"sv;

constexpr uint8_t utc_time = 0x17, enumerated = 0x0a;
constexpr uint8_t uri = der::context(6, false);  // of GeneralName
constexpr auto clock_skew = std::chrono::hours(1);

/// RFC 5280 section 5.3.1.
constexpr const char* reasons[] = {
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
constexpr size_t not_revoked = 8;  // removeFromCRL

[[noreturn]] void refuse(const std::string& why) { throw Error(Exit::protocol, "the CRL " + why); }

struct Extension {
  std::string_view oid;
  bool is_critical = false;
  der::View value{};
};

Extension next_extension(der::Reader& list) {
  der::Reader fields = list.inside(der::sequence_tag);
  Extension one{.oid = as_text(fields.content(der::oid_tag))};
  if (fields.next_is(der::boolean)) one.is_critical = !std::ranges::equal(fields.any(), Bytes{0});
  one.value = fields.content(der::octet_string_tag);
  fields.expect_end();
  return one;
}

/// The URIs of a DistributionPointName, if it is a fullName.
std::vector<std::string> uris_of(der::Reader name) {
  std::vector<std::string> found;
  if (!name.next_is(der::context(0, true))) return found;
  der::Reader names = name.inside(der::context(0, true));
  while (!names.at_end()) {
    const bool is_uri = names.next_is(uri);
    const der::View content = names.any();
    if (is_uri) found.emplace_back(as_text(content));
  }
  return found;
}

bool is_true(der::View boolean) { return boolean.size() == 1 && boolean[0] != 0; }

/// An issuingDistributionPoint (section 5.2.5).
void check_issuing_point(der::View value, const std::string& url) {
  der::Reader fields = der::Reader(value).inside(der::sequence_tag);
  if (fields.next_is(der::context(0, true))) {
    const auto urls = uris_of(fields.inside(der::context(0, true)));
    if (!urls.empty() && std::ranges::find(urls, url) == urls.end()) refuse("is for other URLs");
  }
  while (!fields.at_end()) {
    const bool is_of_users = fields.next_is(der::context(1, false));
    const bool is_of_reasons = fields.next_is(der::context(3, false));
    // It is for certificates of CAs, of attributes, or of other issuers.
    if (is_true(fields.any()) && !is_of_users && !is_of_reasons) refuse("is for other certificates");
  }
}

void check_extensions(der::Reader& rest, const std::string& url) {
  if (!rest.next_is(der::context(0, true))) return;
  der::Reader list = rest.inside(der::context(0, true)).inside(der::sequence_tag);
  while (!list.at_end()) {
    const Extension one = next_extension(list);
    if (one.oid == delta_indicator) refuse("is a delta CRL");
    if (one.oid == issuing_point)
      check_issuing_point(one.value, url);
    else if (one.is_critical && one.oid != crl_number && one.oid != authority_key)
      refuse("has a critical extension that certo does not know");
  }
}

/// UTCTime or GeneralizedTime, as section 5.1.2.4 wants them.
Time time(der::Reader& fields) {
  const bool is_short = fields.next_is(utc_time);
  std::string text(as_text(fields.content(is_short ? utc_time : +der::generalized_time)));
  if (is_short) text.insert(0, text < "50" ? "20" : "19");
  if (text.size() != 15) refuse("has a time that cannot be read");
  const auto part = [&](size_t at, size_t length) { return text.substr(at, length); };
  const auto read = from_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                                 part(10, 2) + ":" + part(12, 3));
  if (!read) refuse("has a time that cannot be read");
  return *read;
}

/// Nothing if the entry takes back a revocation.
std::optional<Revocation> read_entry(der::Reader entry) {
  Revocation found{.at = time(entry)};
  if (entry.at_end()) return found;
  der::Reader list = entry.inside(der::sequence_tag);
  while (!list.at_end()) {
    const Extension one = next_extension(list);
    if (one.oid == reason_code) {
      const der::View number = der::Reader(one.value).content(enumerated);
      if (number.size() != 1 || number[0] >= std::size(reasons)) continue;
      if (number[0] == not_revoked) return {};
      found.reason = reasons[number[0]];
    } else if (one.is_critical && one.oid != invalidity_date) {
      refuse("has a critical extension that certo does not know");
    }
  }
  return found;
}

std::optional<Revocation> find(der::Reader& rest, const Bytes& serial) {
  std::optional<Revocation> found;
  if (!rest.next_is(der::sequence_tag)) return found;
  der::Reader list = rest.inside(der::sequence_tag);
  while (!list.at_end()) {
    der::Reader entry = list.inside(der::sequence_tag);
    if (std::ranges::equal(entry.content(der::integer_tag), serial)) found = read_entry(entry);
  }
  return found;
}

Crl read(der::View bytes, const CrlQuestion& question) {
  mbed::Crt issuer;
  if (mbed::parse(*issuer.get(), question.issuer.der) != 0) refuse("has an issuer that cannot be read");
  der::Reader file(bytes);
  der::Reader parts = file.inside(der::sequence_tag);
  file.expect_end();
  const der::View body = parts.whole();
  const der::View algorithm = parts.content(der::sequence_tag);
  const der::View signature = parts.content(der::bit_string_tag);
  parts.expect_end();

  der::Reader outer(body);
  der::Reader fields = outer.inside(der::sequence_tag);
  if (fields.next_is(der::integer_tag)) fields.any();  // the version
  const bool is_one_algorithm = std::ranges::equal(fields.content(der::sequence_tag), algorithm);
  const mbedtls_x509_buf& subject = issuer->subject_raw;
  if (!std::ranges::equal(fields.whole(), std::span(subject.p, subject.len))) refuse("is of another issuer");
  // Before anything else of it is believed.
  const bool may_sign = mbedtls_x509_crt_check_key_usage(issuer.get(), MBEDTLS_X509_KU_CRL_SIGN) == 0;
  if (!is_one_algorithm || !may_sign ||
      !mbed::is_signed(issuer->pk, body, algorithm, signature).value_or(false))
    refuse("is not signed by the issuer of the certificate");

  Crl crl{.this_update = time(fields)};
  if (!fields.next_is(utc_time) && !fields.next_is(der::generalized_time))
    refuse("does not say until when it counts");
  crl.next_update = time(fields);
  if (crl.this_update > question.now + clock_skew) refuse("counts only from " + rfc3339(crl.this_update));
  if (crl.next_update <= question.now) refuse("has counted only until " + rfc3339(crl.next_update));
  crl.revocation = find(fields, question.leaf.serial);
  check_extensions(fields, question.url);
  return crl;
}

}  // namespace

std::vector<std::string> crl_urls(const Certificate& certificate) try {
  std::vector<std::string> urls;
  mbed::Crt parsed;
  if (mbed::parse(*parsed.get(), certificate.der) != 0 || parsed->v3_ext.len == 0) return urls;
  der::Reader list = der::Reader({parsed->v3_ext.p, parsed->v3_ext.len}).inside(der::sequence_tag);
  while (!list.at_end()) {
    const Extension one = next_extension(list);
    if (one.oid != distribution_points) continue;
    der::Reader points = der::Reader(one.value).inside(der::sequence_tag);
    while (!points.at_end()) {
      der::Reader point = points.inside(der::sequence_tag);
      if (!point.next_is(der::context(0, true))) continue;
      for (std::string& url : uris_of(point.inside(der::context(0, true))))
        if (constexpr size_t most = 3; url.starts_with("http://") && urls.size() < most)
          urls.push_back(std::move(url));
    }
  }
  return urls;
} catch (const Error&) {
  return {};
}

Crl read_crl(std::span<const uint8_t> der, const CrlQuestion& question) {
  try {
    return read(der, question);
  } catch (const Error& error) {
    if (error.code == Exit::protocol) throw;
    refuse("cannot be read: " + error.message);
  }
}

}  // namespace certo::crypto
