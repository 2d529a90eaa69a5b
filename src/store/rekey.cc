#include "store/rekey.h"

#include "base/json.h"
#include "crypto/hash.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {
namespace {

constexpr const char* format = "rekey/1";

std::string path_of(const Entry& entry) { return entry.folder() + "/rekey.json"; }

}  // namespace

std::string key_digest(const Bytes& spki) { return hex(crypto::sha256(std::span<const uint8_t>(spki))); }

bool is_rekey_owed(const Entry& entry) { return os::exists(path_of(entry)); }

std::optional<Rekey> rekey_of(const Entry& entry) {
  const std::string path = path_of(entry);
  const std::optional<std::string> text = os::read_trusted_if(path, os::of_state);
  if (!text) return {};
  const Json json = parse_json(*text, path, Exit::bad_input);
  require_format(json, format, path);
  const Fields fields(json, path, Exit::bad_input);
  Rekey rekey;
  rekey.key = fields.string("key");
  rekey.since = optional_time(fields, "since").value_or(Time{});
  for (const std::string& pem : fields.strings("owed"))
    rekey.owed.push_back(crypto::parse_chain(pem, path + ": \"owed\"", Exit::bad_input, 1).front());
  return rekey;
}

void save(const Entry& entry, const Rekey& rekey) {
  Json owed = Json::array();
  for (const crypto::Certificate& one : rekey.owed) owed.push(crypto::pem(one));
  Json json = new_file(format);
  json.set("key", rekey.key).set("since", rfc3339(rekey.since)).set("owed", std::move(owed));
  os::write_file(path_of(entry), to_pretty_json(json), 0600);
}

void drop_rekey(const Entry& entry) { os::remove_file(path_of(entry)); }

bool is_compromised(const Entry& entry, const Bytes& spki) {
  const std::optional<Rekey> rekey = rekey_of(entry);
  return rekey && rekey->key == key_digest(spki);
}

}  // namespace certo::store
