// The reply of a search service for Certificate Transparency: what is read from it is compared in one form.
#include "status/ct.h"

#include "target.h"

using namespace certo;

namespace {

void run(std::string_view input) {
  fuzz::accepts([&] {
    const auto logged = status::parse_ct_reply(input, "service");
    for (const status::LoggedCertificate& one : logged)
      fuzz::promise(!one.names.empty() && !status::plain_serial(one.serial).empty() &&
                        one.serial.find_first_not_of("0123456789abcdef") == std::string::npos,
                    "a serial and names");
    status::Overview overview;
    status::add_unknown(overview, logged, {"example.com"}, {"1"});
    fuzz::promise(overview.unknown.size() <= logged.size(), "no more than there were");
  });
}

const fuzz::Registered registered("ct", run);

}  // namespace
