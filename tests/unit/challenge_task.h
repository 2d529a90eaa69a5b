// Challenges to fulfil, for tests.
#pragma once

#include <string>

#include "acme/solver.h"

namespace certo::test {

inline acme::Task http_task(const std::string& token = "a-Token_1",
                            const std::string& content = "a-Token_1.thumb") {
  acme::Task task;
  task.identifier = {"dns", "example.com"};
  task.type = "http-01";
  task.token = token;
  task.key_authorization = content;
  return task;
}

inline acme::Task dns_task(const std::string& value,
                           const std::string& name = "_acme-challenge.example.com") {
  acme::Task task;
  task.identifier = {"dns", "example.com"};
  task.type = "dns-01";
  task.token = "token";
  task.record_name = name;
  task.record_value = value;
  return task;
}

}  // namespace certo::test
