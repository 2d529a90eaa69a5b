// Implements a part of store/entry.h, too.
#include "store/find.h"

#include <algorithm>

#include "base/natural.h"
#include "base/side_by_side.h"
#include "base/text.h"
#include "os/file.h"

namespace certo::store {
namespace {

/// What the text of a request that names `value` contains, in lower case; "" if it may be written in other
/// ways. A person may have written the text.
std::string as_written(const std::string& value) { return value.find(':') == value.npos ? value : ""; }

bool may_mention(const std::string& path, const std::vector<std::string>& texts) {
  std::string content;
  try {
    content = os::read_file_if(path).value_or("");
  } catch (const Error&) {
    return true;
  }
  // An escape or a letter beyond ASCII may stand for one of the letters.
  if (std::ranges::any_of(content, [](unsigned char c) { return c == '\\' || c >= 0x80; })) return true;
  content = lower(content);
  return std::ranges::any_of(texts,
                             [&](const std::string& text) { return content.find(text) != content.npos; });
}

}  // namespace

std::vector<std::string> mentioning(const Home& home, const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(as_written(value));
  std::vector<std::string> names = os::list_folder(home.certs());
  constexpr size_t threads = 4;
  side_by_side(names.size(), threads, [&](size_t at) {
    std::string& name = names[at];
    if (name.starts_with('.') || !is_certificate_name(name) ||
        !may_mention(home.certs() + "/" + name + "/request.json", texts))
      name.clear();
  });
  std::erase(names, "");
  std::ranges::sort(names, is_naturally_before);
  return names;
}

std::optional<std::string> find_entry(
    const Home& home, const std::vector<std::string>& names,
    const std::function<bool(const std::string& name, const Request& request)>& wanted) {
  for (const std::string& name : names) {
    try {
      if (wanted(name, Entry(home, name).request())) return name;
    } catch (const Error&) {
      continue;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_entry(
    const Home& home, const std::function<bool(const std::string& name, const Request& request)>& wanted) {
  return find_entry(home, entries(home), wanted);
}

}  // namespace certo::store
