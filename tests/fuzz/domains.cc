// dehydrated's domains.txt: each line that certo reads has a name, and is read again as it was written.
#include "import/domains_txt.h"

#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  fuzz::accepts([&] {
    const std::vector<imports::DomainsLine> lines = imports::parse_domains(input, "domains.txt");
    fuzz::promise(!lines.empty(), "a list without a certificate is refused");
    std::string text;
    size_t last = 0;
    for (const imports::DomainsLine& line : lines) {
      fuzz::promise(line.number > last, "lines are in their order");
      last = line.number;
      fuzz::promise(!line.names.empty(), "each line has a name");
      for (const std::string& name : line.names) {
        fuzz::promise(name.find_first_of(" \t\r\n>") == name.npos, "a name is one word");
        text += "ip:" + name + " ";
      }
      fuzz::promise(line.alias.find_first_of(" \t\r\n>") == line.alias.npos, "so is an alias");
      text += (line.alias.empty() ? "" : "> " + line.alias) + "\n";
    }
    const std::vector<imports::DomainsLine> again = imports::parse_domains(text, "again");
    fuzz::promise(again.size() == lines.size(), "lines are read as they were written");
    for (size_t at = 0; at < lines.size(); ++at)
      fuzz::promise(again[at].names == lines[at].names && again[at].alias == lines[at].alias,
                    "names are read as they were written");
  });
}

const fuzz::Registered registered("domains", run);

}  // namespace
