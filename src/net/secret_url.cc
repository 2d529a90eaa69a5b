#include "net/secret_url.h"

#include <mutex>
#include <set>

namespace certo::net {
namespace {

struct SecretUrls {
  std::mutex mutex;
  std::set<std::string> urls;
};

SecretUrls& secret_urls() {
  static SecretUrls all;
  return all;
}

}  // namespace

void keep_url_secret(const std::string& url) {
  const std::lock_guard guard(secret_urls().mutex);
  secret_urls().urls.insert(url);
}

bool is_url_secret(const std::string& url) {
  const std::lock_guard guard(secret_urls().mutex);
  return secret_urls().urls.contains(url);
}

}  // namespace certo::net
