// acme.sh's command line, a word on each line: what certo makes of it begins with a command and holds no
// secret.
#include "acmesh/acmesh.h"

#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  std::vector<std::string> words;
  while (!input.empty()) words.push_back(fuzz::take_line(input));
  acmesh::is_acmesh(words, [](const std::string& word) { return word == "issue"; });
  fuzz::accepts([&] {
    const acmesh::Rewriting rewriting =
        acmesh::rewrite_acmesh(words, [](const std::string&, const std::string&) { return "ec"; });
    fuzz::promise(!rewriting.arguments.empty(), "a line of certo has words");
    fuzz::promise(!rewriting.arguments.front().starts_with('-'), "a line of certo begins with a command");
    for (const acmesh::Handover& handover : rewriting.handovers)
      fuzz::promise(!handover.target.empty(), "a secret goes somewhere");
  });
}

const fuzz::Registered registered("acmesh", run);

}  // namespace
