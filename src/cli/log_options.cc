#include "cli/log_options.h"

#include "base/error.h"
#include "base/text.h"
#include "console/option_sets.h"

namespace certo::cli {

using namespace certo::console;

namespace {

constexpr uint64_t usual_limit = 10ULL << 20;

log::Format format(const std::string& text) {
  if (text == "text") return log::Format::text;
  if (text == "json") return log::Format::json;
  throw Error(Exit::usage, "--log-format: '" + text + "' is not a format", "one of: text, json");
}

/// "512K", "10M", "1G", or a number of bytes.
uint64_t bytes_in(std::string_view text) {
  constexpr std::string_view units = "KMG";
  const std::string_view given = text;
  unsigned shift = 0;
  if (const size_t unit = text.empty() ? units.npos : units.find(text.back()); unit != units.npos) {
    shift = 10 * (static_cast<unsigned>(unit) + 1);
    text.remove_suffix(1);
  }
  constexpr int64_t most = 1 << 20;
  if (const auto count = number(text, 0, shift == 0 ? most << 20 : most))
    return static_cast<uint64_t>(*count) << shift;
  throw Error(Exit::usage, "--log-size: '" + std::string(given) + "' is not a size", "for example: 10M");
}

}  // namespace

log::Level log_level(const Args& args) {
  const size_t louder = args.all(flag::verbose).size();
  if (args.has(flag::quiet) && louder > 0)
    throw Error(Exit::usage, "--quiet and --verbose exclude each other");
  if (args.has(flag::quiet)) return log::Level::quiet;
  if (louder == 0) return log::Level::normal;
  return louder == 1 ? log::Level::verbose : log::Level::debug;
}

log::Sinks log_sinks(const Args& args) {
  if (args.says(flag::log_size) && !args.has(flag::log))
    throw Error(Exit::usage, "--log-size belongs to --log", "name the file with --log FILE");
  log::Sinks sinks;
  sinks.file = args.get(flag::log);
  sinks.file_limit = args.has(flag::log_size) ? bytes_in(args.get(flag::log_size)) : usual_limit;
  sinks.format = format(args.get(flag::log_format, "text"));
  sinks.is_for_syslog = args.has(flag::syslog);
  return sinks;
}

}  // namespace certo::cli
