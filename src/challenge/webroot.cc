// http-01 (RFC 8555 section 8.3) by a file in the folder of a web server that is running.
#include "challenge/webroot.h"

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "challenge/http01.h"
#include "challenge/methods.h"
#include "os/file.h"

namespace certo::challenge {
namespace {

// In the journal a folder that we make ends with a slash.
constexpr const char* folders[] = {".well-known/", ".well-known/acme-challenge/"};

bool is_folder(const store::PresentedFile& file) { return file.name.ends_with('/'); }

class Webroot : public MethodSolver {
 public:
  Webroot(store::Webroot way, const store::Home& home, Millis lock_timeout)
      : MethodSolver(way),
        way_(std::move(way)),
        home_(home),
        lock_timeout_(lock_timeout),
        root_(way_.folder) {}

  void present(const std::vector<acme::Task>& tasks) override {
    for (const acme::Task& task : tasks) require_token(task);
    if (!journal_) journal_.emplace(home_, way_);
    for (const acme::Task& task : tasks) {
      note_new_folders();
      put(folders[1] + task.token, task.key_authorization);
    }
  }

  void cleanup() noexcept override { clean_up(home_, journal_, lock_timeout_); }

 private:
  void note_new_folders() {
    for (const char* folder : folders) {
      if (!os::exists(way_.folder + "/" + folder)) journal_->add({way_.folder, folder});
    }
  }

  void put(const std::string& name, const std::string& content) {
    store::PresentedFile file{way_.folder, name};
    journal_->add(file);
    file.inode = root_.create(name, content, 0644);
    journal_->made(file);
  }

  const store::Webroot way_;
  const store::Home& home_;
  const Millis lock_timeout_;
  os::Beneath root_;
  std::optional<store::Presented> journal_;
};

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
  // Another run, from another folder, may have to remove the files.
  const store::Webroot absolute{std::filesystem::absolute(way.folder).string()};
  try {
    return std::make_unique<Webroot>(absolute, home, settings.lock_timeout);
  } catch (const Error& error) {
    throw Error(Exit::config, error.message, "--webroot is the folder that the web server serves as /");
  }
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
