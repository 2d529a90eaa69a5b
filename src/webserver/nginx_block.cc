#include "webserver/nginx_block.h"

#include <algorithm>

namespace certo::webserver {

std::vector<Found> lines_in(const NginxConfig& config, const Found& block, std::string_view name) {
  std::vector<Found> lines;
  config.each_in(block, [&](const Found& found) {
    if (found.is(name)) lines.push_back(found);
  });
  return lines;
}

Found own_line(const Found& block, const std::function<bool(const Found&)>& fits) {
  const auto all = block.file->directives();
  const size_t at = static_cast<size_t>(block.directive - all.data());
  for (size_t i = at + 1; i < block.directive->next; i = all[i].next)
    if (const Found found{block.file, &all[i]}; fits(found)) return found;
  return {};
}

bool is_own(const Found& block, const Found& line) {
  return line.file == block.file && line.directive > block.directive &&
         line.directive->whole.end <= block.directive->whole.end;
}

HttpLines::HttpLines(const NginxConfig& config) {
  config.each([&](const Found& top) {
    if (!top.is("http")) return;
    config.each_in(top, [&](const Found& found) {
      if (found.directive->body == Body::none) lines_.try_emplace(found.word(0), found);
    });
  });
}

const Found* HttpLines::find(std::string_view name) const {
  const auto found = lines_.find(name);
  return found == lines_.end() ? nullptr : &found->second;
}

std::vector<StreamListen> stream_listens(const NginxConfig& config) {
  std::vector<StreamListen> all;
  config.each([&](const Found& top) {
    if (!top.is("stream") || top.directive->body != Body::directives) return;
    const auto lines = top.file->directives();
    for (size_t at = static_cast<size_t>(top.directive - lines.data()) + 1; at < top.directive->next; ++at) {
      const Found line{top.file, &lines[at]};
      if (!line.is("listen") || line.words() < 2) continue;
      bool is_udp = false;
      for (size_t word = 2; word < line.words(); ++word) is_udp = is_udp || line.word(word) == "udp";
      if (!is_udp) all.push_back({line, parse_listen(line.word(1))});
    }
  });
  return all;
}

const Listen* listen_at(const VirtualHost& host, const Address& address) {
  for (const Listen& one : host.listens)
    if (!one.is_quic && std::ranges::find(one.addresses, address) != one.addresses.end()) return &one;
  return nullptr;
}

bool speaks_tls(const VirtualHost& host, const Listen& listen) {
  if (listen.is_quic) return false;
  // What makes TLS of a block without "ssl" on any address is "ssl on;", which counts for all of them.
  return listen.has_tls || (host.has_tls && std::ranges::none_of(host.listens, [](const Listen& one) {
                              return one.has_tls || one.is_quic;
                            }));
}

bool speaks_tls(const VirtualHost& host) {
  return std::ranges::any_of(host.listens, [&](const Listen& one) { return speaks_tls(host, one); });
}

std::string written_path(const std::string& path) {
  const auto is_plain = [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("/._-+@:,=~").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (std::ranges::all_of(path, is_plain)) return path;
  const bool is_nameable = std::ranges::all_of(
      path, [](unsigned char c) { return c >= ' ' && c != 0x7f && c != '"' && c != '\\' && c != '$'; });
  if (!is_nameable)
    throw Error(Exit::usage, path + ": nginx cannot name a path with quotes, '$', '\\' or control characters",
                "choose another path");
  return '"' + path + '"';
}

}  // namespace certo::webserver
