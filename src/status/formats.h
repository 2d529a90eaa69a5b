// An overview for other programs. What comes from outside is escaped.
#pragma once

#include <string>

#include "base/json.h"
#include "status/model.h"

namespace certo::status {

/// "overview/1"
Json to_json(const Overview& overview);

/// The output of a plug-in for Nagios, Icinga, Checkmk and others: one line with performance data, then one
/// line for each finding.
std::string nagios_text(const Overview& overview);

/// Prometheus' text format, as node_exporter reads it from a file. Without endpoints that were not asked.
std::string prometheus_text(const Overview& overview);

}  // namespace certo::status
