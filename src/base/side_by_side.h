// The same work for many things, on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace certo {

/// Calls `act` with each number below `count`, on several threads. After an exception nothing new is begun,
/// and it is thrown when all threads have ended.
template <typename Act>
void side_by_side(size_t count, size_t threads, Act act) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> is_broken = false;
  std::exception_ptr broken;  // read when all threads have ended
  const auto work = [&] {
    try {
      for (size_t at = next++; at < count && !is_broken; at = next++) act(at);
    } catch (...) {
      if (!is_broken.exchange(true)) broken = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(work);
    } catch (const std::system_error&) {  // no more threads are allowed: fewer do the work
    }
    work();
  }
  if (broken) std::rethrow_exception(broken);
}

/// Makes a Result of each number below `count`, several at a time, and hands them to `act` one by one, in
/// order. Only a few hundred exist at the same time.
template <typename Result, typename Make, typename Act>
void each_in_order(size_t count, Make make, Act act) {
  constexpr size_t batch = 512, most_threads = 4;
  const size_t threads = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, most_threads);
  for (size_t start = 0; start < count; start += batch) {
    std::vector<Result> made(std::min(batch, count - start));
    side_by_side(made.size(), threads, [&](size_t at) { made[at] = make(start + at); });
    for (Result& one : made) act(std::move(one));
  }
}

}  // namespace certo
