#include "check/tokens.h"

#include "base/text.h"
#include "os/random.h"

namespace certo::check {

std::string made_up_token() {
  Bytes bytes;
  for (int i = 0; i < 4; ++i) {
    const uint64_t number = os::random_number();
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<uint8_t>(number >> shift));
  }
  return base64url(bytes);
}

acme::Task made_up_task(const Scene& scene, const crypto::Identifier& identifier, std::string type) {
  acme::Task task;
  task.identifier = identifier;
  task.type = std::move(type);
  task.token = made_up_token();
  task.key_authorization =
      task.token + "." + (scene.ca.thumbprint.empty() ? made_up_token() : scene.ca.thumbprint);
  return task;
}

Published::Published(const Scene& scene, const store::Way& way,
                     const std::vector<crypto::Identifier>& identifiers)
    : solver_(challenge::make_solver(scene.home, way, scene.solving)) {
  std::vector<acme::Task> tasks;
  for (const crypto::Identifier& one : identifiers) {
    const auto added =
        tasks_.emplace(one, made_up_task(scene, one, std::string(store::types_of(way).front())));
    tasks.push_back(added.first->second);
  }
  try {
    solver_->prepare();
    solver_->present(tasks);
  } catch (...) {
    solver_->cleanup();
    throw;
  }
}

Published::~Published() { solver_->cleanup(); }

}  // namespace certo::check
