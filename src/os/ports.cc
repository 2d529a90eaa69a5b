#include "os/ports.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>

#include "base/text.h"

namespace certo::os {
namespace {

constexpr size_t largest_table = 8 << 20;
constexpr const char* listening = "0A";  // of the column "st"

/// The address as the tables write it: 32-bit words in the order of this machine. An IPv6 socket may have an
/// IPv4 address.
std::set<std::string> in_tables(const std::string& address) {
  const auto word = [](const uint8_t* bytes) {
    uint32_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    char text[9] = "";
    snprintf(text, sizeof text, "%08X", value);
    return std::string(text);
  };
  std::set<std::string> texts = {std::string(8, '0'), std::string(32, '0')};
  uint8_t bytes[16] = {};
  if (::inet_pton(AF_INET, address.c_str(), bytes) == 1) {
    constexpr uint8_t mapped[4] = {0, 0, 0xff, 0xff};
    texts.insert(word(bytes));
    texts.insert(std::string(16, '0') + word(mapped) + word(bytes));
  } else if (::inet_pton(AF_INET6, address.c_str(), bytes) == 1) {
    texts.insert(word(bytes) + word(bytes + 4) + word(bytes + 8) + word(bytes + 12));
  }
  return texts;
}

/// The inodes of the sockets that listen there, as "socket:[123]".
std::set<std::string> listening_sockets(const std::string& address, int port) {
  const std::set<std::string> addresses = in_tables(address);
  std::set<std::string> sockets;
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    // Such a file does not tell its size.
    const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(table, "re"), fclose);
    std::string text;
    char part[512];
    while (file && text.size() < largest_table && fgets(part, sizeof part, file.get())) text += part;
    for (const std::string& line : split(text, '\n')) {
      std::vector<std::string> cells;
      for (const std::string& cell : split(line, ' '))
        if (!cell.empty()) cells.push_back(cell);
      constexpr size_t local = 1, state = 3, inode = 9;
      if (cells.size() <= inode || cells[state] != listening) continue;
      const size_t colon = cells[local].rfind(':');
      if (colon == std::string::npos) continue;
      if (number(lower(cells[local].substr(colon + 1)), 0, 65535, 16) == port &&
          (address.empty() || addresses.contains(cells[local].substr(0, colon))))
        sockets.insert("socket:[" + cells[inode] + "]");
    }
  }
  return sockets;
}

std::string program_of(const std::string& process) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(("/proc/" + process + "/comm").c_str(), "re"),
                                                   fclose);
  char name[64] = "";
  if (!file || !fgets(name, sizeof name, file.get())) return "process " + process;
  return printable(trim(name)) + " (process " + process + ")";
}

bool has_socket(const std::string& process, const std::set<std::string>& sockets) {
  const std::string folder = "/proc/" + process + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> files(opendir(folder.c_str()), closedir);
  if (!files) return false;
  while (const dirent* const entry = readdir(files.get())) {
    char target[64];
    const ssize_t length = ::readlinkat(dirfd(files.get()), entry->d_name, target, sizeof target);
    if (length > 0 && sockets.contains(std::string(target, static_cast<size_t>(length)))) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> own_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  std::vector<std::string> found;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
    char text[INET6_ADDRSTRLEN] = "";
    if (one->ifa_addr->sa_family == AF_INET)
      ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text, sizeof text);
    if (one->ifa_addr->sa_family == AF_INET6)
      ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr, text,
                  sizeof text);
    if (text[0] != '\0') found.emplace_back(text);
  }
  return found;
}

bool listens(pid_t process, const std::string& address, int port) {
  const std::set<std::string> sockets = listening_sockets(address, port);
  return !sockets.empty() && has_socket(std::to_string(process), sockets);
}

std::vector<std::string> who_listens(const std::string& address, int port) {
  constexpr size_t most_named = 3;
  const std::set<std::string> sockets = listening_sockets(address, port);
  std::vector<std::string> programs;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(opendir("/proc"), closedir);
  if (sockets.empty() || !processes) return programs;
  while (const dirent* const entry = readdir(processes.get())) {
    const std::string process = entry->d_name;
    if (!number(process, 1, 1 << 30) || !has_socket(process, sockets)) continue;
    programs.push_back(program_of(process));
    if (programs.size() == most_named) break;
  }
  return programs;
}

}  // namespace certo::os
