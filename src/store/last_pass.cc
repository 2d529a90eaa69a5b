#include "store/last_pass.h"

#include "base/text.h"
#include "os/file.h"
#include "store/format.h"

namespace certo::store {
namespace {

constexpr const char* format = "last-pass/1";

std::string path_of(const Home& home) { return home.path() + "/last-pass.json"; }

LastPass parse(const std::string& text, const std::string& subject) {
  const Json json = parse_json(text, subject, Exit::bad_input);
  require_format(json, format, subject);
  const Fields fields(json, subject, Exit::bad_input);
  LastPass pass;
  pass.started = optional_time(fields, "started").value_or(Time{});
  pass.ended = optional_time(fields, "ended").value_or(Time{});
  pass.code = static_cast<int>(fields.integer("code"));
  pass.summary = printable(fields.string("summary"));
  return pass;
}

}  // namespace

std::optional<LastPass> last_pass(const Home& home) {
  const std::string path = path_of(home);
  try {
    const std::optional<std::string> text = os::read_file_if(path);
    if (text) return parse(*text, path);
  } catch (const Error&) {  // the next pass writes it again
  }
  return {};
}

void save(const Home& home, const LastPass& pass) {
  if (!os::exists(home.path())) return;
  Json json = new_file(format);
  json.set("started", rfc3339(pass.started)).set("ended", rfc3339(pass.ended)).set("code", pass.code);
  json.set("summary", printable(pass.summary));
  os::write_file(path_of(home), to_pretty_json(json), 0600);
}

}  // namespace certo::store
