# For each recipe of the packed file (its name, a tab, its text in one line), what the list of DNS services shows, so
# that certo need not read all recipes for it: name, title, "table" or nothing, and aliases with blanks between them; then for
# each setting its names, the first with '?' before it if the setting is optional. Tabs are between these fields.
# src/provider/recipe_index.h reads it, and its test compares it with the recipes.

BEGIN { string = "^\"([^\"\\\\]|\\\\.)*\"" }

function fail(why) { print name ": " why > "/dev/stderr"; status = 1; exit 1 }

function unquoted(text) { return substr(text, 2, length(text) - 2) }

# No recipe needs escapes in what is listed.
function plain(text) {
  text = unquoted(text)
  if (text ~ /\\/) fail("write '" text "' without a backslash: it is in the list of services")
  return text
}

function begin_setting() { setting = ""; others = ""; optional = 0 }
function end_setting() { settings = settings "\t" (optional ? "?" : "") setting others }

# A text or a number at the path of keys path[1], path[2] … (an array has the key "").
function value(text) {
  if (depth == 1 && path[1] == "title") title = plain(text)
  if (depth == 1 && path[1] == "source") source = plain(text)
  if (depth == 2 && path[1] == "aliases") aliases = aliases (aliases == "" ? "" : " ") plain(text)
  if (path[1] != "settings") return
  if (depth == 3 && path[3] == "name") setting = plain(text)
  if (depth == 3 && path[3] == "group" && text == "0") optional = 1
  if (depth == 4 && path[3] == "aliases") others = others " " plain(text)
}

{
  name = substr($0, 1, index($0, "\t") - 1)
  rest = substr($0, length(name) + 2)
  depth = 0
  title = source = aliases = settings = ""
  while (rest != "") {
    c = substr(rest, 1, 1)
    if (c == "\"") {
      if (!match(rest, string)) fail("a text does not end")
      text = substr(rest, 1, RLENGTH)
      rest = substr(rest, RLENGTH + 1)
      if (match(rest, /^ *:/)) {
        path[depth] = unquoted(text)
        rest = substr(rest, RLENGTH + 1)
      } else {
        value(text)
      }
      continue
    }
    if (match(rest, /^[0-9a-z.+-]+/)) {
      value(substr(rest, 1, RLENGTH))
      rest = substr(rest, RLENGTH + 1)
      continue
    }
    if (c == "{" || c == "[") {
      path[++depth] = ""
      if (c == "{" && depth == 3 && path[1] == "settings") begin_setting()
    }
    if (c == "}" || c == "]") {
      if (c == "}" && depth == 3 && path[1] == "settings") end_setting()
      path[depth--] = ""
    }
    rest = substr(rest, 2)
  }
  print name "\t" title "\t" source "\t" aliases settings
}

END { exit status }
