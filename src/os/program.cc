#include "os/program.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "os/fd.h"
#include "os/path.h"
#include "os/terminal.h"
#include "os/trust.h"

namespace certo::os {
namespace {

bool is_regular(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

bool is_socket(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISSOCK(facts.st_mode);
}

bool is_executable(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

bool is_script(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  char start[2] = {};
  return fd && ::read(fd.get(), start, sizeof start) == sizeof start && start[0] == '#' && start[1] == '!';
}

// ---- the words of a shell command ----

constexpr std::string_view between_words = " \t\n;&|()<>`";

/// Quotes and backslashes are resolved; a substitution inside double quotes begins a word.
std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    const bool ends_word = quote == 0 && between_words.find(c) != between_words.npos;
    const bool substitutes = quote == '"' && (c == '`' || (c == '(' && i > 0 && command[i - 1] == '$'));
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      words.back() += command[++i];
    } else if (c == quote || (quote == 0 && (c == '"' || c == '\''))) {
      quote = quote == 0 ? c : '\0';
    } else if (ends_word || substitutes) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::erase(words, "");
  return words;
}

/// "~/x" and "$HOME/x" as the shell reads them.
std::string expanded(const std::string& word) {
  for (const std::string_view home : {"~/", "$HOME/", "${HOME}/"})
    if (word.starts_with(home)) return path_in(home_folder(), word.substr(home.size()));
  return word;
}

/// Whether `word` is a command that executes the file that its first argument names.
bool executes_its_argument(const std::string& word) {
  constexpr std::string_view interpreters[] = {".",   "source", "sh",   "ash",    "bash", "dash",
                                               "ksh", "zsh",    "perl", "python", "ruby", "php"};
  const std::string name = name_of(word);
  return std::ranges::find(interpreters, name) != std::end(interpreters) || name.starts_with("python3");
}

enum class Word { argument, executed };

struct File {
  std::string path;  // absolute
  Word kind;
};

std::vector<File> files_of(const std::string& command);

void add_files(std::vector<File>& files, const std::string& word, Word kind) {
  const std::string path = expanded(word);
  if (is_regular(path) || is_socket(path)) {
    if (path.starts_with('/')) files.push_back({path, kind});
  } else if (word.find_first_of(between_words) != word.npos) {
    for (File& file : files_of(word)) files.push_back(std::move(file));  // sh -c 'command'
  } else if (const size_t path_at = word.find(":/");
             path_at != word.npos && is_socket(word.substr(path_at + 1))) {
    files.push_back({word.substr(path_at + 1), kind});  // UNIX-CONNECT:/path
  }
}

/// The regular files and sockets that a command for /bin/sh names by an absolute path.
std::vector<File> files_of(const std::string& command) {
  std::vector<File> files;
  Word kind = Word::argument;
  for (const std::string& word : words_of(command)) {
    if (word.starts_with('-') && word.find('=') == word.npos) continue;
    add_files(files, word, kind);
    // NAME=/path, --option=/path
    if (const size_t equals = word.find('='); equals != word.npos)
      add_files(files, word.substr(equals + 1), Word::argument);
    kind = executes_its_argument(word) ? Word::executed : Word::argument;
  }
  return files;
}

bool is_program(const File& file) {
  return is_regular(file.path) &&
         (file.kind == Word::executed || is_executable(file.path) || is_script(file.path));
}

}  // namespace

std::string trusted_program(const std::string& path) {
  if (!path.starts_with('/')) {
    throw Error(Exit::config, path + ": not an absolute path", "write it with all folders, from / on");
  }
  const std::string real = trusted_path(path);
  if (!is_executable(real)) throw Error(Exit::config, path + ": not executable", "chmod +x " + path);
  return is_script(real) ? path : real;
}

void require_trusted_command(const std::string& command) {
  for (const File& file : files_of(command))
    if (is_program(file)) trusted_path(file.path);
}

std::vector<std::string> files_used(const std::string& command) {
  std::vector<std::string> paths;
  for (const File& file : files_of(command))
    if (is_program(file) || is_socket(file.path)) paths.push_back(file.path);
  return paths;
}

std::string search_path() {
  std::string path = environment("PATH");
  const std::vector<std::string> known = split(path, ':');
  for (const std::string& folder : split(standard_path, ':')) {
    if (std::ranges::find(known, folder) == known.end()) path += (path.empty() ? "" : ":") + folder;
  }
  return path;
}

std::optional<std::string> find_program(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  for (const std::string& folder : split(search_path(), ':')) {
    if (!folder.starts_with('/')) continue;
    const std::string path = path_in(folder, name);
    if (is_regular(path) && is_executable(path)) return path;
  }
  return std::nullopt;
}

}  // namespace certo::os
