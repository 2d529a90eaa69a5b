// Gname, from the table and the behaviour of two other clients (https://www.gname.com/domain/api)
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string signature(const std::string& form) {
  std::string text = hex(crypto::digest("md5", form + "secret"));
  for (char& c : text)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string ask(const std::string& command, const std::string& form, const std::string& answer) {
  return "> POST https://api.gname.com/api/resolution" + command +
         "\n> Content-Type: application/x-www-form-urlencoded\n> \n> " + form +
         "&gntoken=" + signature(form) + "\n< 200\n< " + answer + "\n";
}

const std::string head = "appid=app123&gntime=1767225600&";
const std::string done = R"({"code":1,"msg":"ok","data":1277})";

std::string page(const std::string& zone, const std::string& answer, const std::string& number = "1") {
  return ask("/list", head + "lang=us&limit=1000&lx=TXT&page=" + number + "&ym=" + zone, answer);
}

std::string records(const std::vector<std::string>& values) {
  std::string text = R"({"id":"9","zjt":"www","lx":"TXT","jxz":"new"})";
  for (size_t i = 0; i < values.size(); ++i)
    text += R"(,{"id":")" + std::to_string(i + 1) + R"(","zjt":"_acme-challenge","lx":"TXT","jxz":")" +
            values[i] + R"("})";
  return R"({"code":1,"msg":"ok","data":[)" + text + R"(],"count":1})";
}

const std::string no_zone =
    page("_acme-challenge.example.com", R"({"code":-1,"msg":"Sorry, there is no such domain"})");

ValueService service() {
  return {
      .name = "gname",
      .settings = {{"GNAME_APP_ID", "app123"}, {"GNAME_APP_KEY", "secret"}},
      .now = 1767225600,
      .start = no_zone + page("example.com", records({})),
      .list = [](const auto& values) { return page("example.com", records(values)); },
      .add = ask("/add", head + "jlz=new&lang=us&lx=TXT&mx=0&ttl=60&ym=example.com&zj=_acme-challenge", done),
      .remove = ask("/delete", head + "jxid=2&lang=us&ym=example.com", R"({"code":1,"msg":"ok"})"),
      .gone = "",
      .publish = "",
      .end = "",
      .write = {}};
}

}  // namespace

TEST_CASE("gname: each value is a record of its own") { check_records(service()); }

TEST_CASE("gname: the signature is that of the service's other clients") {
  CHECK(hex(crypto::digest("md5", "appid=app123&gntime=1767225600&jxid=123&ym=example.comsecret")) ==
        "42c4572fc0aab891efe101cb675f31ae");
}

TEST_CASE("gname: a second page of records") {
  std::string full;
  for (int i = 0; i < 1000; ++i) full += R"({"id":"1","zjt":"x","lx":"TXT","jxz":"y"},)";
  full.pop_back();
  CHECK(play(service(), "cleanup",
             service().start + page("example.com", R"({"code":1,"data":[)" + full + "]}") +
                 page("example.com", records({"foreign", "new"}), "2") + service().remove)
            .status == CERTO_OK);
}

TEST_CASE("gname: failures have its own words") {
  const std::string wrong = R"({"code":-1,"msg":"Sorry,APPID  is invalid"})";
  const auto refused =
      play(service(), "present", page("_acme-challenge.example.com", wrong) + page("example.com", wrong));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Sorry,APPID  is invalid"));
  CHECK(play(service(), "present", answered(no_zone, "429")).status == CERTO_LATER);
  CHECK(play(service(), "present", answered(no_zone, "500")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present", answered(no_zone, "200\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present",
             service().start + page("example.com", records({})) +
                 ask("/add", head + "jlz=new&lang=us&lx=TXT&mx=0&ttl=60&ym=example.com&zj=_acme-challenge",
                     R"({"code":-1,"msg":"not permitted"})"))
            .status == CERTO_FAILED);
}
