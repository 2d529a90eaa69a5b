// Metrics in Prometheus' text format 0.0.4. Names and units follow its conventions: times are seconds since
// 1970. Implements a part of status/formats.h.
#include <functional>

#include "status/formats.h"

namespace certo::status {
namespace {

/// The value of a label.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

using Sample = std::pair<std::string, int64_t>;  // labels in braces, or "", and the value

class Metrics {
 public:
  /// Nothing if there is no sample.
  void add(const std::string& name, const std::string& about, const std::vector<Sample>& samples) {
    if (samples.empty()) return;
    text_ += "# HELP certo_" + name + " " + about + "\n# TYPE certo_" + name + " gauge\n";
    for (const auto& [labels, value] : samples)
      text_ += "certo_" + name + labels + " " + std::to_string(value) + "\n";
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

int64_t seconds(Time time) { return time.time_since_epoch().count(); }

std::vector<Sample> samples(const Overview& overview,
                            const std::function<std::optional<int64_t>(const Row&)>& value) {
  std::vector<Sample> list;
  for (const Row& row : overview.rows)
    if (const auto one = value(row)) list.emplace_back("{certificate=" + quoted(row.name) + "}", *one);
  return list;
}

std::optional<int64_t> known(Time time) {
  if (time == Time{}) return {};
  return seconds(time);
}

void add_rows(Metrics& metrics, const Overview& overview) {
  metrics.add("certificate_level", "How bad the state of the certificate is: 0 is ok, 1 warning, 2 critical.",
              samples(overview, [](const Row& row) { return static_cast<int64_t>(row.level); }));
  metrics.add("certificate_not_before_timestamp_seconds", "When the live certificate begins.",
              samples(overview, [](const Row& row) { return known(row.not_before); }));
  metrics.add("certificate_not_after_timestamp_seconds", "When the live certificate ends.",
              samples(overview, [](const Row& row) { return known(row.not_after); }));
  metrics.add("certificate_renewal_timestamp_seconds", "When the certificate is due for renewal.",
              samples(overview, [](const Row& row) { return known(row.renew_at); }));
  metrics.add("certificate_failures", "How many renewals in a row have failed.",
              samples(overview, [](const Row& row) { return static_cast<int64_t>(row.failures); }));
  metrics.add("certificate_installed", "Whether the live certificate is installed where it should be.",
              samples(overview, [](const Row& row) -> std::optional<int64_t> {
                if (row.files.empty() && row.installation.empty()) return {};  // it has no targets
                for (const InstalledFile& file : row.files)
                  if (file.state != FileState::current) return 0;
                return static_cast<int64_t>(row.installation.empty());
              }));
}

void add_endpoints(Metrics& metrics, const Overview& overview) {
  std::vector<Sample> levels, ends;
  const auto take = [&](const Endpoint& endpoint) {
    if (endpoint.served.empty() && endpoint.findings.empty()) return;
    const std::string labels =
        "certificate=" + quoted(endpoint.certificate) + ",endpoint=" + quoted(endpoint.server);
    levels.emplace_back("{" + labels + "}", static_cast<int64_t>(endpoint.level));
    for (const Served& one : endpoint.served)
      if (!one.serial.empty())
        ends.emplace_back("{" + labels + ",family=\"" + std::to_string(one.family) + "\"}",
                          seconds(one.not_after));
  };
  for (const Row& row : overview.rows)
    for (const Endpoint& one : row.endpoints) take(one);
  for (const Endpoint& one : overview.endpoints) take(one);
  metrics.add("endpoint_level", "How bad the state of the server is: 0 is ok, 1 warning, 2 critical.",
              levels);
  metrics.add("endpoint_not_after_timestamp_seconds", "When the certificate that the server presents ends.",
              ends);
}

}  // namespace

std::string prometheus_text(const Overview& overview) {
  Metrics metrics;
  add_rows(metrics, overview);
  add_endpoints(metrics, overview);
  metrics.add("level",
              "The worst of all findings, also of those that are about no certificate and no server.",
              {{"", static_cast<int64_t>(overview.level)}});
  metrics.add("certificates", "How many certificates are in the store.",
              {{"", static_cast<int64_t>(overview.rows.size())}});
  if (overview.schedule.ended) {
    metrics.add("last_run_timestamp_seconds", "When the last run of certo cron ended.",
                {{"", seconds(*overview.schedule.ended)}});
    metrics.add("last_run_exit_code", "The exit code of the last run of certo cron.",
                {{"", overview.schedule.code}});
  }
  return std::move(metrics).text();
}

}  // namespace certo::status
