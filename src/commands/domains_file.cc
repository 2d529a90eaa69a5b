#include "commands/domains_file.h"

#include <algorithm>

#include "base/error.h"
#include "base/failure.h"
#include "commands/found_names.h"
#include "console/outcome.h"

namespace certo::commands {
namespace {

void refuse_names(const Args& args) {
  for (const Option& option : {flag::domain, flag::csr, flag::cert_name})
    if (args.has(option))
      throw Error(Exit::usage, std::string(option.name()) + " does not go with --domains-file",
                  "the file has all names, and '> NAME' names a certificate");
}

void refuse_targets(const Args& args) {
  for (const Option& option : target_options.options)
    if (args.has(option))
      throw Error(Exit::usage, std::string(option.name()) + " does not go with a list of certificates",
                  "the certificates would replace each other; 'certo install-cert -d NAME' installs one");
}

/// With --json, a failed line has a document as the others have.
Exit run_line(const Args& args, const std::string& certificate, const EachLine& each) {
  const Outcome outcome("issue", certificate);
  Failure failure;
  try {
    failure.code = each.run(args);
  } catch (const Error& error) {
    failure = failure_of(error);
    report("", failure);
  }
  if (args.has(flag::json) && failure.code != Exit::nothing_due) outcome.end(failure.code, failure);
  return failure.code;
}

}  // namespace

Args args_of(const Args& args, const DomainsLine& line) {
  Args one = args;
  for (const Option& option : {flag::domains_file, flag::all_vhosts}) one.remove(option);
  // In front, so that a way comes after its names.
  Args with_names;
  for (const std::string& name : line.names) with_names.add(flag::domain, name);
  if (!line.alias.empty()) with_names.add(flag::cert_name, line.alias);
  for (const Given& given : one.given())
    given.is_default ? with_names.add_default(given.option, given.value)
                     : with_names.add(given.option, given.value);
  return with_names;
}

Exit issue_lines(const Args& args, const EachLine& each) {
  refuse_names(args);
  const std::string path = args.get(flag::domains_file);
  const std::string subject = path == "-" ? "standard input" : path;
  return issue_lines(args, imports::parse_domains(read_input(path, 1 << 20, "names"), subject), subject,
                     each);
}

Exit issue_lines(const Args& args, const std::vector<DomainsLine>& lines, const std::string& subject,
                 const EachLine& each) {
  refuse_targets(args);
  std::vector<Args> all;
  std::vector<std::string> taken;
  for (const DomainsLine& line : lines) {
    try {
      all.push_back(args_of(args, line));
      taken.push_back(each.check(all.back()));
      if (std::ranges::count(taken, taken.back()) > 1)
        throw Error(Exit::usage, taken.back() + " is there twice",
                    "'> NAME' at the end of a line gives its certificate another name");
    } catch (const Error& error) {
      throw error.within(subject + ": line " + std::to_string(line.number));
    }
  }
  Exit code = Exit::ok;
  bool was_any_due = false;
  for (size_t at = 0; at < all.size(); ++at) {
    const Exit ended = run_line(all[at], taken[at], each);
    if (ended == Exit::nothing_due) continue;
    code = worst(code, ended);
    was_any_due = true;
  }
  return was_any_due ? code : Exit::nothing_due;
}

}  // namespace certo::commands
