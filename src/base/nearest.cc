// "Did you mean …?": the candidate with the fewest typing mistakes. A mistake is a letter that was
// left out, added, replaced, or swapped with its neighbour (optimal string alignment distance).
// Implements a part of base/text.h.
#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace certo {
namespace {

size_t slips(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

/// The shortest candidate that begins with the word: a person has not typed it to its end.
const std::string* begun_by(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::ptrdiff_t least_letters = 4;
  if (std::ranges::count_if(word, [](char c) { return c != '-'; }) < least_letters) return nullptr;
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates)
    if (lower(candidate).starts_with(lower(word)) && (!best || candidate.size() < best->size()))
      best = &candidate;
  return best;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t longest = 64;  // nobody mistypes more, and the time grows with the square
  if (word.empty() || word.size() > longest) return std::nullopt;

  // One mistake for every three letters, rounded up; with more, any word is near any other.
  size_t fewest = (word.size() + 2) / 3 + 1;
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    const size_t count = slips(lower(word), lower(candidate));
    if (count >= fewest || count >= candidate.size()) continue;
    fewest = count;
    best = candidate;
  }
  if (fewest <= 1) return best;
  const std::string* begun = begun_by(word, candidates);
  return begun ? std::optional(*begun) : best;
}

std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                                        std::string_view before, std::string_view after) {
  const std::optional<std::string> near = nearest(word, candidates);
  if (!near) return std::nullopt;
  return "did you mean " + std::string(before) + *near + std::string(after) + "?";
}

}  // namespace certo
