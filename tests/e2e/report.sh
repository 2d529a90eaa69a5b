#!/usr/bin/env bash
# certo report: one page of HTML that fetches nothing, for no, a few and many certificates.
TESTBED=""
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C.UTF-8

page=$TMP/page.html
report() { "$CERTO" report --no-probe --home "$1" -o "$page"; }
# What a browser makes of the page: each element is closed, and no text is outside of the known elements.
parses() {
  python3 - "$page" <<'PYTHON'
import sys
from html.parser import HTMLParser
free = {"html", "meta", "th", "td", "br"}  # may stay open
class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.kinds = [], set()
    def handle_starttag(self, tag, attributes):
        self.kinds.add(tag)
        for name, value in attributes:
            if name in ("src", "href", "srcset", "action") or name.startswith("on"): sys.exit(f"{tag} has {name}")
        if tag not in free: self.open.append(tag)
    def handle_endtag(self, tag):
        if tag in free: return
        if not self.open or self.open.pop() != tag: sys.exit(f"{tag} is closed out of turn")
page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
page.close()
if page.open: sys.exit(f"still open: {page.open}")
if page.kinds & {"script", "link", "img", "iframe", "object"}: sys.exit("it fetches or runs something")
PYTHON
}
has() { grep -qF -- "$1" "$page"; }

mkdir "$TMP/empty"
check "a report of nothing" report "$TMP/empty"
check "... parses" parses
check "... says how to begin" has "certo issue -d NAME"

python3 "$SOURCE/tests/bench/store.py" "$TMP/store" 13
check "a report of 13" report "$TMP/store"
check "... parses" parses
check "... counts them" has "<b>13</b>certificates"
check "... names each" has "c12.bench.example"
check "... says what to do about the one that fails" has "c2.bench.example</b>"
check "... has 13 weeks" is "$(grep -o '<td' <(sed -n '/class=cal/,/<.table>/p' "$page") | wc -l)" 91
"$CERTO" report --no-probe --home "$TMP/store" >"$TMP/piped.html"
check "without -o it goes to standard output" is "$(grep -c '<td' "$TMP/piped.html")" "$(grep -c '<td' "$page")"

# A store that another program damaged.
printf '{"certo": "request/1", "x": "<script>alert(1)</script>"' >"$TMP/store/certs/c3.bench.example/request.json"
check "a damaged certificate does not stop it" report "$TMP/store"
check "... and is in it" has "c3.bench.example"
check "... escaped" parses
refused 64 "a word" "argument too many" "$CERTO" report --home "$TMP/store" page.html
expect_exit 73 "a folder that is not there" "$CERTO" report --no-probe --home "$TMP/store" -o "$TMP/nowhere/page.html"

python3 "$SOURCE/tests/bench/store.py" "$TMP/many" 2000
check "a report of 2000" report "$TMP/many"
check "... parses" parses
check "... is smaller than 2 MB" test "$(stat -c %s "$page")" -lt 2000000
