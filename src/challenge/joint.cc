#include "challenge/joint.h"

#include <algorithm>
#include <utility>

namespace certo::challenge {
namespace {

using Tasks = std::vector<acme::Task>;

acme::Identifier with_star(acme::Identifier identifier, bool wildcard) {
  if (wildcard) identifier.value.insert(0, "*.");
  return identifier;
}

class Joint : public acme::Solver {
 public:
  explicit Joint(std::vector<Part> parts) : parts_(std::move(parts)) {}

  std::vector<std::string> types(const acme::Authorization& authorization) const override {
    return part_of(with_star(authorization.identifier, authorization.wildcard)).solver->types(authorization);
  }

  std::string advice(const acme::Authorization& authorization) const override {
    return part_of(with_star(authorization.identifier, authorization.wildcard)).solver->advice(authorization);
  }

  /// The first rounds of all parts together, then the second ones.
  std::vector<Tasks> rounds(Tasks tasks) const override {
    std::vector<Tasks> joined;
    for (const Part& part : parts_) {
      Tasks share = share_of(part, tasks);
      if (share.empty()) continue;
      const std::vector<Tasks> own = part.solver->rounds(std::move(share));
      if (joined.size() < own.size()) joined.resize(own.size());
      for (size_t i = 0; i < own.size(); ++i) joined[i].insert(joined[i].end(), own[i].begin(), own[i].end());
    }
    return joined;
  }

  void prepare() override {
    for (const Part& part : parts_) part.solver->prepare();
  }

  void check(const acme::Applicant& applicant) override {
    for (const Part& part : parts_) {
      acme::Applicant share{{}, applicant.persist};
      for (const acme::Identifier& one : applicant.identifiers)
        if (&part_of(one) == &part) share.identifiers.push_back(one);
      if (!share.identifiers.empty()) part.solver->check(share);
    }
  }

  void present(const Tasks& tasks) override {
    for (const Part& part : parts_) {
      if (const Tasks share = share_of(part, tasks); !share.empty()) part.solver->present(share);
    }
  }

  void wait() override {
    for (const Part& part : parts_) part.solver->wait();
  }

  void validated() override {
    for (const Part& part : parts_) part.solver->validated();
  }

  std::string published() const override {
    for (const Part& part : parts_)
      if (std::string what = part.solver->published(); !what.empty()) return what;
    return {};
  }

  void cleanup() noexcept override {
    for (const Part& part : parts_) part.solver->cleanup();
  }

 private:
  const Part& part_of(const acme::Identifier& identifier) const {
    const auto names_it = [&](const Part& part) {
      return std::ranges::find(part.identifiers, identifier) != part.identifiers.end();
    };
    const auto found = std::ranges::find_if(parts_, names_it);
    return found == parts_.end() ? parts_.back() : *found;
  }

  Tasks share_of(const Part& part, const Tasks& tasks) const {
    Tasks share;
    for (const acme::Task& task : tasks) {
      if (&part_of(with_star(task.identifier, task.wildcard)) == &part) share.push_back(task);
    }
    return share;
  }

  const std::vector<Part> parts_;  // the last is the usual one
};

}  // namespace

std::unique_ptr<acme::Solver> make_joint_solver(std::vector<Part> others,
                                                std::unique_ptr<acme::Solver> usual) {
  others.push_back({{}, std::move(usual)});
  return std::make_unique<Joint>(std::move(others));
}

}  // namespace certo::challenge
