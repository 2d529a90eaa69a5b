// What a service of systemd can reach, by the settings in its unit and its drop-ins (systemd.exec(5),
// "Sandboxing"). Settings that certo does not know hide nothing here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certo::schedule {

enum class Access { read, write };

struct Obstacle {
  std::string why;   // "certo.service cannot write to /usr (ProtectSystem=yes)"
  std::string hint;  // what to do
};

class Sandbox {
 public:
  /// `units`: the unit, then its drop-ins, in the order in which systemd reads them.
  explicit Sandbox(const std::vector<std::string>& units);

  /// What keeps the service from using the absolute `path`; nothing if it can. Links on the way are followed,
  /// unless the path is below another root.
  std::optional<Obstacle> obstacle(const std::string& path, Access access) const;
  std::optional<Obstacle> obstacle_without_links(const std::string& path, Access access) const;

 private:
  enum class Effect { hidden, read_only, writable, bound };
  struct Rule {
    std::string path;
    Effect effect;
    std::string setting;  // "PrivateTmp=yes"
  };

  void add(std::string_view paths, Effect effect, std::string setting);
  const Rule* nearest(const std::string& path, Effect one, Effect other) const;

  std::vector<Rule> rules_;
};

/// That of certo.service with this text and the drop-ins of the administrator, below `root` instead of "/".
Sandbox sandbox_of_service(std::string_view unit, const std::string& root);

}  // namespace certo::schedule
