#!/usr/bin/env bash
# Checks that includes point down only, and that each library is known to its own room: scripts/layers.sh
# Prints FILE:LINE for each breach, and fails if there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck disable=SC2016 # awk's dollars
find src providers -name '*.cc' -o -name '*.h' -o -name '*.hpp' | sort | xargs awk '
  # From the top. Rooms on one line do not know each other, but net and crypto may use os.
  BEGIN {
    layer("cli", 12)
    layer("acmesh clients commands", 11)
    layer("schedule console", 10)
    layer("renew import check status", 9)
    layer("install challenge webserver", 8)
    layer("provider store", 7)
    layer("recipe acme", 6)
    layer("net crypto os", 5)
    layer("base", 4)
    # A provider may be built without certo: it sees its SDK, and the parts of base that the SDK uses.
    layer("providers", 5)
    allowed["providers", "sdk"] = allowed["provider", "sdk"] = allowed["recipe", "sdk"] = 1
    layer("sdk", 13)
    allowed["challenge", "webserver"] = 1
    allowed["net", "os"] = allowed["crypto", "os"] = 1

    # Headers of libraries, and the one place for each. The TLS settings of curl are given by a callback that
    # speaks mbedTLS, hence src/net/trust.cc.
    place("^mbedtls/|^psa/", "^src/crypto/|^src/net/trust\\.cc$")
    place("^curl/", "^src/net/")
    place("^ares", "^src/net/")
    place("^idn2\\.h$", "^src/net/")
    place("^nghttp2/", "^$")
    place("^zlib\\.h$", "^src/os/packed\\.cc$")
    # What brings std::locale with it, which is a tenth of the static program.
    place("^(iostream|istream|ostream|fstream|sstream|iomanip|locale|regex|filesystem)$", "^$")
    place("^simdjson", "^src/base/json\\.cc$")
  }
  function layer(rooms, height,   list, n, i) {
    n = split(rooms, list, " ")
    for (i = 1; i <= n; i++) level[list[i]] = height
  }
  function place(header, files) { headers[++places] = header; where[places] = files }
  function breach(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; breaches++ }

  FNR == 1 {
    split(FILENAME, path, "/")
    room = path[1] == "providers" ? "providers" : path[2]
    if (!(room in level)) breach("src/" room " is not a room; scripts/layers.sh lists them")
  }
  match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/) {
    header = substr($0, RSTART, RLENGTH)
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"]$/, "", header)

    for (i = 1; i <= places; i++)
      if (header ~ headers[i] && FILENAME !~ where[i]) breach("<" header "> does not belong here")

    other = header
    if (!sub(/\/.*/, "", other)) other = ""
    if (index($0, "\"") && header ~ /(^|\/)\.\.\//) breach("\"" header "\": write the path from src")
    if (!(other in level) || other == room || !(room in level) || index($0, "<")) next
    if (level[other] < level[room] || ((room, other) in allowed)) next
    breach(room " may not include " header ": " (level[other] == level[room] ? "a neighbour" : "it lies above"))
  }
  END { exit breaches > 0 }
'
