// A provider in C++ that uses what its language and libc offer: threads, memory, exceptions, names of hosts
// and services. All of it must work in the cage.
#include <arpa/inet.h>
#include <netdb.h>

#include <atomic>
#include <cstdio>
#include <future>
#include <random>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sdk/provider.h"

namespace {

constexpr int kThreads = 12;

/// Each thread allocates 4 MiB in small pieces, sleeps, and throws and catches something.
int work(int number) {
  std::vector<std::string> pieces;
  for (int i = 0; i < 1024; ++i) pieces.emplace_back(4096, static_cast<char>('a' + number));
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  try {
    throw std::runtime_error(pieces.back());
  } catch (const std::exception& error) {
    return error.what()[0] == 'a' + number ? 1 : 0;
  }
}

bool threads_work() {
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&done, i] { done += work(i); });
  for (std::thread& one : threads) one.join();
  std::future<int> later = std::async(std::launch::async, work, 0);
  return done == kThreads && later.get() == 1 && std::thread::hardware_concurrency() > 0;
}

/// "" or what getaddrinfo said.
std::string resolve(const char* host, const char* service) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(host, service, &wanted, &found);
  if (failure != 0) return std::string(host) + ": " + ::gai_strerror(failure);
  ::freeaddrinfo(found);
  return "";
}

int change(const certo_host* host, const certo_record*, size_t) {
  const auto fail = [&](const std::string& line) {
    host->explain(host->self, line.c_str());
    return static_cast<int>(CERTO_FAILED);
  };
  try {
    if (!threads_work()) return fail("threads do not work");
    std::random_device random;
    if (random() == random()) return fail("there are no random numbers");
    if (!std::regex_match("a1", std::regex("[a-z][0-9]"))) return fail("expressions do not match");
    for (const char* name : {"localhost", "127.0.0.1", "::1"})
      if (const std::string failure = resolve(name, "443"); !failure.empty()) return fail(failure);
    // From a thread too, as asynchronous libraries do.
    if (const auto failure = std::async(std::launch::async, resolve, "localhost", "443").get();
        !failure.empty())
      return fail(failure);
    // No server needs to answer: libc must only be able to ask.
    ::setenv("RES_OPTIONS", "timeout:1 attempts:1", 1);
    const std::string unknown = resolve("certo-test.invalid", "443");
    if (unknown.empty()) return fail("a host that cannot exist has an address");
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  return CERTO_OK;
}

const certo_provider provider = {
    .abi = CERTO_PROVIDER_ABI,
    .size = sizeof(certo_provider),
    .name = "threads",
    .aliases = "",
    .title = "Threads",
    .base_url = "",
    .settings = nullptr,
    .setting_count = 0,
    .propagation = 1,
    .traits = CERTO_NEEDS_NO_SETTING,
    .present = change,
    .cleanup = change,
    .types = nullptr,
    .name_servers = nullptr,
    .rights = nullptr,
    .source = nullptr,
};

}  // namespace

extern "C" const certo_provider* certo_provider_v1() { return &provider; }
