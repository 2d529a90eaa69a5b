#include "install/over_real.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "crypto/pem.h"
#include "os/file.h"
#include "store/test_certificate.h"

namespace certo::install {
namespace {

constexpr size_t largest_target = 1 << 20;

/// nullopt for a file that does not exist. Throws Error for one that cannot be read.
std::optional<std::string> content_of(const std::string& path) {
  return os::read_file_if(path, largest_target);
}

bool is_key(const std::string& label) { return label.ends_with("PRIVATE KEY"); }

bool is_real_key(const store::TestPairs& tests, const crypto::PemBlock& block) {
  try {
    const auto key = crypto::PrivateKey::from_pem(crypto::write_pem(block.label, block.der), "a target");
    return !tests.has_key(key.public_key().spki);
  } catch (const Error&) {
    return true;  // encrypted, or of a kind that certo does not make
  }
}

/// Does this PEM text hold a certificate or a key that is not a test CA's?
bool holds_real_pem(const store::TestPairs& tests, const std::string& text) {
  const crypto::PemText pem = crypto::read_pem(text);
  if (pem.damaged) return true;
  return std::ranges::any_of(pem.blocks, [&](const crypto::PemBlock& block) {
    if (block.label == "CERTIFICATE") return !tests.has_certificate(block.der);
    return is_key(block.label) && is_real_key(tests, block);
  });
}

/// A PFX cannot be read without its password, so the last installation there decides.
bool holds_test_pfx(const store::Home& home, const store::Entry* entry, const Target& target) {
  if (!entry) return false;
  return std::ranges::any_of(installations(*entry), [&](const Installation& one) {
    const bool is_there = std::ranges::find(one.targets, target.path, &Target::path) != one.targets.end();
    return is_there && !one.version.empty() && store::is_test(home, *entry, one.version);
  });
}

bool holds_real(const store::Home& home, const store::Entry* entry, const store::TestPairs& tests,
                const Target& target) {
  if (target.part == Part::folder) {
    return std::ranges::any_of(std::array{"/fullchain.pem", "/cert.pem", "/key.pem"}, [&](const char* name) {
      const std::optional<std::string> text = content_of(target.path + name);
      return text && holds_real_pem(tests, *text);
    });
  }
  const std::optional<std::string> text = content_of(target.path);
  if (!text || text->empty()) return false;
  if (target.part == Part::pfx) return !holds_test_pfx(home, entry, target);
  return holds_real_pem(tests, *text);
}

void require(const store::Home& home, const store::Entry* entry, const Installation& wanted) {
  const store::TestPairs tests(home);
  for (const Target& target : wanted.targets) {
    if (!holds_real(home, entry, tests, target)) continue;
    throw Error(
        Exit::usage,
        target.path +
            ": it holds a certificate or key that is not from a test CA, and a test certificate must not replace it",
        "choose another file, or install it all the same with 'certo install-cert --force'");
  }
}

}  // namespace

void require_no_real(const store::Home& home, const store::Entry& entry, const Installation& wanted) {
  require(home, &entry, wanted);
}

void require_no_real(const store::Home& home, const crypto::Certificate& leaf, const Installation& wanted) {
  if (wanted.targets.empty() || !store::TestPairs(home).has_certificate(leaf.der)) return;
  require(home, nullptr, wanted);
}

}  // namespace certo::install
