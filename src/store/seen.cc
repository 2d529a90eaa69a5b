#include "store/seen.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {
namespace {

constexpr const char* format = "seen/1";
constexpr size_t most_types = 32, longest_type = 64;

std::string path_of(const Home& home, const std::string& directory_url) {
  return home.ca(directory_url) + "/seen.json";
}

/// "http-01": the types of the RFCs look like this, and a CA may send anything.
bool is_type(const std::string& text) {
  return !text.empty() && text.size() <= longest_type && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::vector<std::string> seen_challenge_types(const Home& home, const std::string& directory_url) {
  const std::string path = path_of(home, directory_url);
  try {
    const auto text = os::read_trusted_if(path, os::of_state);
    if (!text) return {};
    const Json json = parse_json(*text, path, Exit::bad_input);
    require_format(json, format, path);
    return Fields(json, path, Exit::bad_input).strings("challenge_types");
  } catch (const Error& error) {
    log::verbose(error.message);
    return {};
  }
}

void note_challenge_types(const Home& home, const std::string& directory_url,
                          const std::vector<std::string>& types) {
  const std::vector<std::string> before = seen_challenge_types(home, directory_url);
  std::set<std::string> all(before.begin(), before.end());
  for (const std::string& type : types)
    if (is_type(type) && all.size() < most_types) all.insert(type);
  if (all.size() == before.size()) return;
  Json list = Json::array();
  for (const std::string& type : all) list.push(type);
  Json json = new_file(format);
  json.set("challenge_types", std::move(list));
  try {
    os::make_folder(home.ca(directory_url), 0700);
    os::write_file(path_of(home, directory_url), to_pretty_json(json), 0600);
  } catch (const Error& error) {
    log::verbose(error.message);
  }
}

}  // namespace certo::store
