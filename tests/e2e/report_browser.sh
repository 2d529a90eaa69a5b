#!/usr/bin/env bash
# certo report in a real browser: on a screen, on a phone, in the dark and on paper.
TESTBED=chromium
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

browser() {
  LD_LIBRARY_PATH=$CHROMIUM_LIBRARIES timeout 120 "$CHROMIUM" --no-sandbox --disable-gpu --allow-file-access-from-files "$@"
}
# look WIDTH SCHEME: what the browser says of the page; SCHEME 0 is dark, 1 light.
look() {
  browser --blink-settings=preferredColorScheme="$2" --virtual-time-budget=60000 --dump-dom \
    "file://$SOURCE/tests/e2e/report-look.html#file://$TMP/page.html,$1"
}
# sees ROWS PAPER WIDTH SCHEME
sees() {
  look "$3" "$4" >"$TMP/seen" && grep -q "width fits wide 0 requests 0 contrast readable paper $2 rows $1" "$TMP/seen"
}
printed() {
  browser --no-pdf-header-footer --print-to-pdf="$TMP/page.pdf" "file://$TMP/page.html" &&
    grep -qa '^%PDF' "$TMP/page.pdf" && test "$(grep -ac '/Type */Page$' "$TMP/page.pdf")" -ge "$1"
}

for count in 1 100 2000; do
  python3 "$SOURCE/tests/bench/store.py" "$TMP/store-$count" $count
  check "a report of $count" "$CERTO" report --no-probe --home "$TMP/store-$count" -o "$TMP/page.html"
  check "... fits a screen, fetches nothing and is readable" sees $count 'rgb(255,255,255)' 1200 1
  check "... in the dark, too" sees $count 'rgb(20,24,28)' 1200 0
  check "... fits a phone" sees $count 'rgb(255,255,255)' 360 1
  check "... in the dark, too" sees $count 'rgb(20,24,28)' 360 0
done
"$CERTO" report --no-probe --home "$TMP/store-100" -o "$TMP/page.html"
check "a report of 100 on paper" printed 3
