// --domains-file: a list of certificates, one in each line, as dehydrated's domains.txt has it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "import/domains_txt.h"

namespace certo::console::flag {

inline constexpr Option domains_file{
    "--domains-file", Value::file, "FILE",
    "many certificates: each line has the names of one, as in dehydrated's domains.txt", rare};
}  // namespace certo::console::flag

namespace certo::commands {

using imports::DomainsLine;

/// `args` with the names of `line`, for one certificate.
Args args_of(const Args& args, const DomainsLine& line);

/// The work on the arguments of each line, which are those of one certificate.
struct EachLine {
  std::function<std::string(const Args&)> check;  // returns the certificate's name; throws
  std::function<Exit(const Args&)> run;
};
/// Of --domains-file. Checks all lines before the first order. One failure does not stop the others.
Exit issue_lines(const Args& args, const EachLine& each);
/// The same for lines from elsewhere, which `subject` names.
Exit issue_lines(const Args& args, const std::vector<DomainsLine>& lines, const std::string& subject,
                 const EachLine& each);

}  // namespace certo::commands
