#include "commands/providers_forget.h"

#include <algorithm>
#include <set>
#include <variant>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/context.h"
#include "console/ask.h"
#include "os/file.h"
#include "os/path.h"
#include "provider/catalog.h"
#include "provider/reference.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

/// The name by which certo knows what --dns `text` names; `text` itself if it knows none.
std::string known_as(const std::string& text, const std::vector<std::string>& folders) {
  const provider::Reference reference = provider::parse_reference(text);
  const auto* const named = std::get_if<provider::Name>(&reference);
  if (!named) return text;
  try {
    const auto caged = provider::find_caged(named->name, folders);
    if (caged) return caged->id + (named->account ? "." + *named->account : "");
  } catch (const Error&) {  // its file is damaged, and its settings are there all the same
  }
  return text;
}

/// The stored files that --dns `text` may use: those of programs and of acme.sh's scripts have names of their
/// own, and a script has one for each record, too.
std::set<std::string> files_for(const std::string& text, const std::vector<std::string>& stored,
                                const std::vector<std::string>& folders) {
  std::string script = text.starts_with("acmesh:") ? text.substr(7) : text;
  if (script.ends_with(".sh")) script = os::name_of(script.substr(0, script.size() - 3));
  std::set<std::string> files;
  for (const std::string& own : {known_as(text, folders), "certo-dns-" + text, "acmesh-" + script}) {
    const std::string name = provider::file_name_of(own);
    const std::string of_records = provider::file_name_of(own + "@");
    for (const std::string& file : stored)
      if (file == name || (own.starts_with("acmesh-") && file.starts_with(of_records))) files.insert(file);
  }
  return files;
}

/// The certificates that a renewal would prove by one of these files.
std::vector<std::string> users(const store::Home& state, const std::set<std::string>& files,
                               const std::vector<std::string>& stored,
                               const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  store::find_entry(state, [&](const std::string& name, const store::Request& request) {
    const bool uses_one = std::ranges::any_of(request.ways.all(), [&](const store::Way* way) {
      const auto* const dns = std::get_if<store::Dns>(way);
      if (!dns || !dns->credentials.empty()) return false;
      return std::ranges::any_of(files_for(dns->provider, stored, folders),
                                 [&](const std::string& file) { return files.contains(file); });
    });
    if (uses_one) names.push_back(name);
    return false;
  });
  return names;
}

}  // namespace

Exit forget_settings(const Args& args) {
  const store::Home state = home_to_read(args);
  const std::vector<std::string> folders = provider::provider_folders(state.providers());
  const std::vector<std::string> stored = os::list_folder(state.credentials());
  const std::string& name = args.words().front();
  const std::set<std::string> files = files_for(name, stored, folders);
  if (files.empty())
    throw Error(Exit::unknown_name, "no settings of " + printable(name, 100) + " are stored",
                "'certo providers' shows which providers have settings; those of --dns-credentials and of "
                "the environment are not certo's");
  const std::vector<std::string> certificates = users(state, files, stored, folders);
  const std::string count = std::to_string(certificates.size());
  const std::string in_use = certificates.size() == 1 ? certificates.front() + " is renewed with them"
                                                      : count + " certificates are renewed with them";
  if (!certificates.empty() && !confirm(args, "remove the settings of " + name + "? " + in_use))
    throw Error(Exit::usage, "the settings of " + name + " were not removed: " + in_use,
                "--yes removes them all the same");
  for (const std::string& file : files) {
    const std::string path = os::path_in(state.credentials(), file);
    os::remove_file(path);
    log::say("removed " + path);
  }
  return Exit::ok;
}

}  // namespace certo::commands
