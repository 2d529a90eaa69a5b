// INI as certbot writes it: KEY = VALUE lines, [sections], [[sections in them]], quotes of three kinds, and
// lists with commas.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace certo::imports {

class Ini {
 public:
  /// What is no line of that kind is skipped, so that one odd line does not hide the others.
  static Ini parse(std::string_view text);

  /// The values of `key`, several where it is a list; empty where there is none, or it says None. `section`
  /// is its innermost name, "" in front of the first.
  std::vector<std::string> list(const std::string& section, const std::string& key) const;
  /// The same on one line, as it was meant: "a, b" for a list.
  std::string value(const std::string& section, const std::string& key) const;
  const std::map<std::string, std::vector<std::string>>& section(const std::string& name) const;

 private:
  std::map<std::string, std::map<std::string, std::vector<std::string>>> sections_;
};

}  // namespace certo::imports
