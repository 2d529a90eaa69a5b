// INI as certbot writes it: KEY = VALUE lines, [sections], [[sections in them]], quotes of three kinds, and
// lists with commas.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace certo {

class Ini {
 public:
  /// Lines of another form are skipped, so that one odd line does not hide the others.
  static Ini parse(std::string_view text);

  /// The values of `key`, several if it is a list; empty if there is no value, or it is None. `section` is
  /// the name of the innermost section, "" before the first one.
  std::vector<std::string> list(const std::string& section, const std::string& key) const;
  /// The same on one line: "a, b" for a list.
  std::string value(const std::string& section, const std::string& key) const;
  const std::map<std::string, std::vector<std::string>>& section(const std::string& name) const;

 private:
  std::map<std::string, std::map<std::string, std::vector<std::string>>> sections_;
};

}  // namespace certo
