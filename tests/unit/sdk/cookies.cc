#include "sdk/cookies.h"

#include <doctest/doctest.h>

using namespace certo::sdk;

namespace {

Reply sets(std::vector<std::string> headers) {
  Reply reply;
  reply.headers = std::move(headers);
  return reply;
}

}  // namespace

TEST_CASE("cookies: the last of each name counts, without what is said of it") {
  Cookies cookies;
  CHECK(cookies.text() == "");
  cookies.take(
      sets({"content-type: text/html", "set-cookie: session=a=b; Path=/; HttpOnly", "set-cookie: lang=en"}));
  CHECK(cookies.text() == "session=a=b; lang=en");
  CHECK(cookies.value("session") == "a=b");
  CHECK(cookies.value("sess") == "");
  cookies.take(sets({"set-cookie: session=c", "set-cookie: =nameless", "set-cookie: no pair"}));
  CHECK(cookies.text() == "lang=en; session=c");
}
