// certo providers NAME and certo providers guide: what to set, and the same in the words of acme.sh and lego.
#include "commands/providers_guide.h"

#include <algorithm>

#include "base/text.h"
#include "commands/lego_words.h"
#include "fixtures/support.h"
#include "provider/builtins.h"

using namespace certo;
using commands::lego_line;

namespace {

provider::Caged provider_of(const char* name) { return provider::find_caged(name, {}).value(); }

}  // namespace

TEST_CASE("the guide of a provider ends with a line of acme.sh and one of lego") {
  const std::string text = commands::guide(provider_of("cloudflare"));
  CHECK(text.find("in acme.sh      acme.sh --issue -d example.com --dns dns_cf\n") != text.npos);
  CHECK(text.ends_with(
      "in lego         CLOUDFLARE_DNS_API_TOKEN=… lego --dns cloudflare -d example.com run\n"));
  const std::string markdown = commands::markdown_guide(provider_of("desec"));
  CHECK(
      markdown.ends_with("# in acme.sh: acme.sh --issue -d example.com --dns dns_desec\n"
                         "# in lego: DESEC_TOKEN=… lego --dns desec -d example.com run\n```\n\n"));
}

TEST_CASE("the lines to paste have one label") {
  const std::string text = commands::guide(provider_of("netcup"));
  CHECK(text.find("use it") == text.rfind("use it"));
}

TEST_CASE("a line of lego has all variables that are needed, by lego's names") {
  CHECK(
      lego_line(provider_of("netcup")) ==
      "NETCUP_CUSTOMER_NUMBER=… NETCUP_API_KEY=… NETCUP_API_PASSWORD=… lego --dns netcup -d example.com run");
  CHECK(lego_line(provider_of("namecheap")) ==
        "NAMECHEAP_API_USER=… NAMECHEAP_API_KEY=… lego --dns namecheap -d example.com run");
  CHECK(lego_line(provider_of("acmedns")) ==
        "ACME_DNS_API_BASE=… ACME_DNS_STORAGE_PATH=… lego --dns acmedns -d example.com run");
}

TEST_CASE("a provider that lego does not have, or that is not part of certo, has no line of lego") {
  CHECK_FALSE(lego_line(provider_of("hexonet")));
  CHECK(commands::guide(provider_of("hexonet")).find("in lego") == std::string::npos);
  provider::Caged own = provider_of("desec");
  own.found_by = provider::FoundBy::file_name;
  CHECK_FALSE(lego_line(own));
}

TEST_CASE("certo reads every variable of lego's lines, but for two services that are set up otherwise") {
  size_t lines = 0;
  for (const std::string& name : provider::builtin_names()) {
    const provider::Caged caged = provider_of(name.c_str());
    const auto line = lego_line(caged);
    if (!line || name == "acmedns" || name == "yandexcloud") continue;
    ++lines;
    for (const std::string& word : split(*line, ' ')) {
      if (!word.ends_with("=…")) continue;
      const std::string variable = word.substr(0, word.find('='));
      CAPTURE(name);
      CAPTURE(variable);
      CHECK(std::ranges::any_of(caged.descriptor.settings, [&](const provider::Setting& one) {
        return one.name == variable || std::ranges::count(one.aliases, variable) > 0;
      }));
    }
  }
  CHECK(lines >= 150);
}
