#include "commands/declared.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "store/entry.h"
#include "store/format.h"

namespace certo::commands {
namespace {

constexpr const char* file_format = "apply/1";
constexpr const char* request_format = "request/1";
constexpr size_t most = 10'000;

/// The line on which a member is, from 1; 0 if it is not found. The parser does not keep the places of
/// members.
size_t line_of(std::string_view text, const std::string& member) {
  const size_t at = text.find("\"" + member + "\"");
  if (at == text.npos) return 0;
  return 1 + static_cast<size_t>(std::ranges::count(text.substr(0, at), '\n'));
}

/// The last word in double quotes: the member that a message is about.
std::string member_in(const std::string& message) {
  const size_t end = message.rfind('"');
  const size_t begin = end == message.npos || end == 0 ? message.npos : message.rfind('"', end - 1);
  return begin == message.npos ? "" : message.substr(begin + 1, end - begin - 1);
}

/// The certificate as request.json would have it, with what may be left out in a file of a person.
Json as_request(const Fields& fields, const Json& item,
                const std::function<std::string(const std::string&)>& directory_of) {
  Json json = store::new_file(request_format);
  for (const auto& [key, value] : item.members())
    if (key != "name") json.set(key, value);
  json.set("directory", directory_of(fields.optional_string("directory").value_or("")));
  if (item.find("fallbacks")) {
    Json fallbacks = Json::array();
    for (const std::string& server : fields.strings("fallbacks")) fallbacks.push(directory_of(server));
    json.set("fallbacks", std::move(fallbacks));
  }
  if (!json.find("key_type") && !json.find("csr")) json.set("key_type", "ec-256");
  return json;
}

Declared read_one(const Json& item, const std::string& subject,
                  const std::function<std::string(const std::string&)>& directory_of) {
  const Fields fields(item, subject, Exit::bad_input);
  Declared one{.name = fields.optional_string("name").value_or(""),
               .request = store::parse_request(to_json(as_request(fields, item, directory_of)), subject)};
  try {
    one.name = store::certificate_name(one.name.empty() ? one.request.identifiers.front().value : one.name);
  } catch (const Error& error) {
    throw Error(Exit::bad_input, subject + ": " + error.message, error.hint);
  }
  return one;
}

/// "apply.json: certificates[2] (www.example.com)"
std::string subject_of(const std::string& file, size_t number, const Json& item) {
  std::string subject = file + ": certificates[" + std::to_string(number) + "]";
  const Json* const name = item.is_object() ? item.find("name") : nullptr;
  return name && name->is_string() ? subject + " (" + printable(name->string()) + ")" : subject;
}

}  // namespace

std::vector<Declared> read_declared(std::string_view text, const std::string& subject,
                                    const std::function<std::string(const std::string&)>& directory_of) {
  const Json json = parse_json(text, subject, Exit::bad_input, 16U << 20);
  store::require_format(json, file_format, subject);
  std::vector<Declared> all;
  try {
    store::require_known_members(json, {"certo", "certificates"}, subject);
    const Json::Array& items = Fields(json, subject, Exit::bad_input).array("certificates");
    if (items.size() > most) throw Error(Exit::bad_input, subject + ": more than 10,000 certificates");
    for (const Json& item : items) {
      const std::string about = subject_of(subject, all.size(), item);
      Declared one = read_one(item, about, directory_of);
      if (std::ranges::find(all, one.name, &Declared::name) != all.end())
        throw Error(Exit::bad_input, about + ": " + one.name + " is there twice",
                    "give one of them another \"name\"");
      all.push_back(std::move(one));
    }
  } catch (const Error& error) {
    const size_t line = line_of(text, member_in(error.message));
    if (line == 0 || !error.message.starts_with(subject + ": ")) throw;
    throw Error(error.code, subject + ": line " + std::to_string(line) + error.message.substr(subject.size()),
                error.hint);
  }
  return all;
}

}  // namespace certo::commands
