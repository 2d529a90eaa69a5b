#include "net/roots.h"

#include <algorithm>
#include <optional>

#include "net/der.h"

namespace certo::net {
namespace {

constexpr std::string_view begin_line = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_line = "-----END CERTIFICATE-----";

constexpr uint8_t version = 0xa0;  // [0], constructed

std::optional<Element> only_sequence(std::optional<Element> element) {
  if (!element || element->whole[0] != der_sequence) return {};
  return element;
}

/// A Name among the fields of the certificate, after so many others without the version.
std::optional<View> name_after(int fields, View der) {
  const auto certificate = only_sequence(first_element(der));
  if (!certificate || certificate->whole.size() != der.size()) return {};
  const auto to_be_signed = only_sequence(first_element(certificate->content));
  if (!to_be_signed) return {};

  View rest = to_be_signed->content;
  if (!rest.empty() && rest[0] == version)
    rest = rest.subspan(first_element(rest).value_or(Element{}).whole.size());
  for (int i = 0; i < fields; ++i) {
    const auto skipped = first_element(rest);
    if (!skipped) return {};
    rest = rest.subspan(skipped->whole.size());
  }
  const auto name = only_sequence(first_element(rest));
  if (!name) return {};
  return name->whole;
}

constexpr int before_issuer = 2;   // serial number, signature algorithm
constexpr int before_subject = 4;  // and issuer, validity

}  // namespace

Roots::Roots(std::string_view pem) {
  for (;;) {
    const size_t begin = pem.find(begin_line);
    if (begin == pem.npos) return;
    pem.remove_prefix(begin + begin_line.size());
    const size_t end = pem.find(end_line);
    if (end == pem.npos) return;
    std::optional<Bytes> der = from_base64(pem.substr(0, end));
    pem.remove_prefix(end + end_line.size());
    if (!der) continue;
    // A move of the vector does not move its bytes, so the view stays valid.
    if (const auto subject = name_after(before_subject, *der)) roots_.push_back({std::move(*der), *subject});
  }
}

std::vector<View> Roots::named(View name) const {
  std::vector<View> found;
  for (const Root& root : roots_) {
    if (std::ranges::equal(root.subject, name)) found.emplace_back(root.der);
  }
  return found;
}

std::vector<View> Roots::issuers_of(View der) const {
  const auto issuer = name_after(before_issuer, der);
  return issuer ? named(*issuer) : std::vector<View>{};
}

bool Roots::contains(View der) const {
  return std::ranges::any_of(roots_, [&](const Root& root) { return std::ranges::equal(root.der, der); });
}

}  // namespace certo::net
