// http-01 (RFC 8555 section 8.3) by a file in the folder of a web server that is running.
#include "challenge/webroot.h"

#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "challenge/http01.h"
#include "challenge/methods.h"
#include "os/file.h"
#include "os/path.h"
#include "os/random.h"

namespace certo::challenge {
namespace {

// In the journal a folder that we make ends with a slash.
constexpr const char* folders[] = {".well-known/", ".well-known/acme-challenge/"};

bool is_folder(const store::PresentedFile& file) { return file.name.ends_with('/'); }

/// Files in a folder below the root, or in the root itself. No folder in between is made in the second case.
class Files : public MethodSolver {
 public:
  /// `below`: one of `folders`, or "".
  Files(store::Way way, const std::string& root, std::string below, const store::Home& home,
        Millis lock_timeout)
      : MethodSolver(way),
        way_(std::move(way)),
        root_path_(root),
        below_(std::move(below)),
        home_(home),
        lock_timeout_(lock_timeout),
        root_(root) {}

  void prepare() override {
    const std::string probe = "certo-probe-" + os::random_name(6);
    try {
      publish(probe, "");
    } catch (const Error& error) {
      cleanup();
      const std::string path = root_path_ + "/" + below_ + probe;
      throw os::about_folder(error, path, os::folder_of(path));
    }
    cleanup();
  }

  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) require_token(task);
    for (const acme::Task& task : tasks) publish(task.token, task.key_authorization);
    last_ = tasks;
  }

  std::string published() const override {
    if (last_.empty()) return {};
    const bool is_one = last_.size() == 1;
    acme::Task shown = last_.front();
    if (!is_one) shown.token.clear();
    return "certo wrote " + std::string(is_one ? "" : "the files into ") + root_path_ + "/" + below_ +
           shown.token + ": does the server answer " + token_url(shown).text +
           (is_one ? " with this file?" : " from there?");
  }

  void cleanup() noexcept override { clean_up(home_, journal_, lock_timeout_); }

 private:
  void publish(const std::string& token, const std::string& content) {
    if (!journal_) journal_.emplace(home_, way_);
    if (!below_.empty()) note_new_folders();
    put(below_ + token, content);
  }

  void note_new_folders() {
    for (const char* folder : folders)
      if (!os::exists(root_path_ + "/" + folder)) journal_->add(store::PresentedFile{root_path_, folder});
  }

  void put(const std::string& name, const std::string& content) {
    store::PresentedFile file{root_path_, name};
    journal_->add(file);
    file.inode = root_.create(name, content, 0644);
    journal_->made(file);
  }

  const store::Way way_;
  const std::string root_path_;
  const std::string below_;
  const store::Home& home_;
  const Millis lock_timeout_;
  os::Beneath root_;
  std::optional<store::Presented> journal_;
  std::vector<acme::Task> last_;
};

/// Another run, from another folder, may have to remove the files, so the path becomes absolute.
template <typename Way>
std::unique_ptr<acme::Solver> files(Way way, const char* below, const store::Home& home,
                                    const SolverSettings& settings, const char* hint) {
  way.folder = os::absolute_path(way.folder);
  try {
    return std::make_unique<Files>(way, way.folder, below, home, settings.lock_timeout);
  } catch (const Error& error) {
    throw Error(Exit::config, error.message, hint);
  }
}

void remove_file(os::Beneath& root, store::PresentedFile file, Author author) {
  if (file.inode == 0 && author == Author::this_run) return;
  if (file.inode == 0) {
    // The run died before it noted the inode. The name is a token that nobody else has.
    const auto found = os::fingerprint(file.root + "/" + file.name);
    if (!found) return;
    file.inode = found->inode;
  }
  root.remove(file.name, file.inode);
}

/// An empty folder does no harm, so the journal is not kept for it.
void remove_folder(os::Beneath& root, const std::string& name) {
  try {
    root.remove_folder_if_empty(name.substr(0, name.size() - 1));
  } catch (const Error& error) {
    log::verbose(error.message);
  }
}

}  // namespace

std::unique_ptr<acme::Solver> method_solver(const store::Webroot& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return files(way, folders[1], home, settings, "--webroot is the folder that the web server serves as /");
}

std::unique_ptr<acme::Solver> method_solver(const store::ChallengeDir& way, const store::Home& home,
                                            const SolverSettings& settings) {
  return files(way, "", home, settings,
               "--challenge-dir is the folder that the web server serves as /.well-known/acme-challenge");
}

void remove_files(const std::vector<store::PresentedFile>& files, Author author) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (!os::exists(file->root)) continue;
    os::Beneath root(file->root);
    if (is_folder(*file)) {
      remove_folder(root, file->name);
    } else {
      remove_file(root, *file, author);
    }
  }
}

}  // namespace certo::challenge
