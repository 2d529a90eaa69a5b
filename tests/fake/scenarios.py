"""The scenarios of the fake CA: name, the exit code that `certo issue` should end with, meaning, hooks.

Codes are those of src/base/exit.h: 76 the CA broke the protocol, 69 unreachable or a deadline passed, 75 later,
78 a setting is missing, 1 the CA refused. 0 means that certo must not be disturbed. Scenarios that say "patience"
take up to certo's own deadline or as long as a poll may wait: give them a short --deadline."""
import datetime

import chains
import issuer
import limits
import misbehave as do
import wire

EVIL = "\x1b]0;owned\x07\x1b[2J\r\ncerto: all is well\x00\x7f\x9b31m\u202emoc.elpmaxe\u202c\u2028"
PAUSED = ("Your account is temporarily prevented from requesting certificates for www.example.com and possibly "
          "others. Please visit: https://ca.example/unpause/v1/abc")
LIMITED = ("too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, "
           "retry after 2031-01-01 00:00:00 UTC: see https://ca.example/rate-limits")
ED25519_ROOT = """-----BEGIN CERTIFICATE-----
MIIBTzCCAQGgAwIBAgIUbKDgCHaFP8vIF1+SayLz85ukkIUwBQYDK2VwMBIxEDAO
BgNVBAMMB2VkMjU1MTkwHhcNMjYxMTMwMDQyOTMxWhcNMjYxMjMwMDQyOTMxWjAS
MRAwDgYDVQQDDAdlZDI1NTE5MCowBQYDK2VwAyEAG4rhwovcDVW66s8pm/HgDv6I
sjBDUZJrAjfYKwYQlSejaTBnMB0GA1UdDgQWBBRawz8OqaL7ytnywrCk3w8fdQl8
KjAfBgNVHSMEGDAWgBRawz8OqaL7ytnywrCk3w8fdQl8KjAPBgNVHRMBAf8EBTAD
AQH/MBQGA1UdEQQNMAuCCWEuZXhhbXBsZTAFBgMrZXADQQD7Q6UR02AZhFJWIZgB
7Yu1qxOBFFSL/yD9RXImrfzhP5lqs0nHzEniL33oOYbiqJlwP9ATtlVfld0DLpbu
phMB
-----END CERTIFICATE-----
"""
PROPERTIES = "-----BEGIN CERTIFICATE PROPERTIES-----\nMTIzNA==\n-----END CERTIFICATE PROPERTIES-----\n"
REFUSED = (403, "rejectedIdentifier")
ALL = "*"
JSON_STEPS = "directory new-account new-order order authorization challenge finalize"

SCENARIOS = [
    # ---- as it should be
    ("good", 0, "a well-behaved CA that validates nothing"),

    # ---- legal but odd
    ("escaped-json", 0, "all JSON strings are written in \\uXXXX escapes", do.raw(JSON_STEPS, do.escaped)),
    ("unknown-members", 0, "objects carry members that nobody knows", do.after(ALL, do.unknown_members)),
    ("json-nested-20", 0, "an unknown member is nested 20 deep", do.raw(JSON_STEPS, do.nested(20))),
    ("header-case", 0, "header names are in mIxEd case", do.after(ALL, do.header_case)),
    ("header-space", 0, "header values have white space before and after them", do.after(ALL, do.header_space)),
    ("token-not-canonical", 0, "tokens whose last bits are not zero as base64 wants",
     do.after("authorization", do.odd_base64)),
    ("nonce-not-on-post", 0, "replies to POST carry no Replay-Nonce",
     do.header("new-account new-order order authorization challenge finalize certificate", "Replay-Nonce")),
    ("identifiers-upper", 0, "identifiers come back in upper case", do.edit("new-order order authorization", do.upper)),
    ("authorization-valid", 0, "authorizations are valid already, the order is pending until it is read again",
     do.before("new-order", do.valid_at_once)),
    ("location-relative", 0, "the URLs of account and order are relative to the request's",
     do.after("new-account new-order", do.relative_location)),
    ("nonce-by-get", 0, "newNonce refuses HEAD", do.before("new-nonce", do.only_get)),
    ("nonce-with-directory", 0, "the directory brings a nonce",
     do.header("directory", "Replay-Nonce", lambda ca: ca.new_nonce())),
    ("valid-without-challenges", 0, "valid authorizations have no challenges",
     do.before("new-order", do.valid_at_once), do.edit("authorization", do.no_challenges)),
    ("valid-with-null-challenges", 0, "the challenges of valid authorizations are null",
     do.before("new-order", do.valid_at_once), do.edit("authorization", do.null_challenges)),
    ("order-ready", 0, "newOrder answers with an order that is ready", do.before("new-order", do.order_ready)),
    ("order-valid", 76, "newOrder answers with an order that is valid, its certificate is not for our key",
     do.before("new-order", do.order_valid)),
    ("order-reused", 0, "the same names give the same order while it is pending or ready",
     do.before("new-order", do.reused_order)),
    ("challenge-without-token", 0, "the first challenge is dns-persist-01, without a token",
     do.challenges(do.persist_challenge)),
    ("challenge-unknown-first", 0, "the first challenge is of a type from the future",
     do.challenges(lambda found: [dict(found[0], type="quantum-01", token=7)] + found)),
    ("challenge-odd-first", 0, "the first challenge is of a type from the future, with neither URL nor status",
     do.challenges(lambda found: [{"type": "quantum-02", "ticket": 7}] + found)),
    ("challenge-unknown-only", 78, "no challenge of a known type is offered",
     do.challenges(lambda found: [{"type": "quantum-01", "status": "pending", "url": found[0]["url"], "token": "x"}])),
    ("retry-after-date", 0, "polls carry Retry-After as a date, 2 s ahead",
     do.slow(2), do.header("order authorization finalize", "Retry-After", do.http_date(2))),
    ("finalize-valid", 0, "finalize answers with a valid order", do.at_start(do.quick)),
    ("finalize-slow", 0, "the order says processing three times more", do.slow(3)),
    ("renewal-info-none", 0, "the directory has no renewalInfo", do.after("directory", do.no_renewal_info)),
    ("renewal-info-reversed", 0, "renewal windows end before they start (76 for `certo ari`)",
     do.member("renewal-info", suggestedWindow={"start": "2031-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"})),
    ("renewal-info-past", 0, "renewal windows lie in the past: renew now",
     do.member("renewal-info", suggestedWindow={"start": "2020-01-01T00:00:00Z", "end": "2020-01-02T00:00:00Z"})),
    ("renewal-info-junk", 0, "renewal information is not JSON (76 for `certo ari`)", do.raw("renewal-info", b"soon")),
    ("renewal-info-fails", 0, "renewal information answers 500",
     do.refuse("renewal-info", 500, "serverInternal", "broken")),
    ("replaces-refused", 0, "every order with `replaces` is refused as alreadyReplaced",
     do.before("new-order", lambda ca, request: do.problem(409, "alreadyReplaced", "the certificate has a successor")
               if b'"replaces"' in request.payload else None)),
    ("date-ahead", 0, "the CA's Date is 2 h ahead: a warning",
     do.after(ALL, lambda ca, request, reply: reply.set("Date", do.http_date(7200)(ca)))),
    ("date-behind", 0, "the CA's Date is 2 h behind: a warning",
     do.after(ALL, lambda ca, request, reply: reply.set("Date", do.http_date(-7200)(ca)))),
    ("new-nonce-moves", 0, "each reading of the directory tells another newNonce URL; the older ones are 404",
     do.after("directory new-nonce", do.moving_nonces)),
    ("redirect-3", 0, "the directory is three redirects away", do.hops(3)),
    ("certificate-counterpart", 0, "the certificate has www.NAME (or the base of a www. or *. name) too: a warning",
     chains.leaf(names=chains.counterpart)),
    ("certificate-ahead-30min", 0, "the certificate is valid from 30 min ahead",
     chains.leaf(not_before=lambda: issuer.now() + datetime.timedelta(minutes=30))),
    ("certificate-10", 0, "a correct chain of 10 certificates",
     chains.issue(lambda ca, order, public: ca.issuing.chain_of(10, public, order.identifiers))),
    ("certificate-crlf", 0, "the chain's lines end in CR LF",
     chains.chain_text(lambda ca, text: text.replace("\n", "\r\n"))),
    ("certificate-ed25519", 65, "the chain has a root that is signed with Ed25519: a limit of certo",
     chains.chain_text(lambda ca, text: text + ED25519_ROOT)),
    ("certificate-properties", 65, "the chain is of a form from the future: it has CERTIFICATE PROPERTIES",
     chains.chain_text(lambda ca, text: text + PROPERTIES)),
    ("alternates-endless", 0, "each chain links to two alternates, which link to two each, without end",
     chains.alternates(2)),
    ("alternates-200", 0, "a chain with 200 alternates: at most ten are fetched", chains.alternates(200)),

    # ---- tokens and identifiers
    ("token-path", 76, "tokens are ../../../../tmp/certo-was-here", do.token("../../../../tmp/certo-was-here")),
    ("token-absolute", 76, "tokens are /tmp/certo-was-here", do.token("/tmp/certo-was-here")),
    ("token-dots", 76, "tokens are ..", do.token("..")),
    ("token-shell", 76, "tokens are shell text", do.token("$(touch /tmp/certo-was-here)`id`;id|id")),
    ("token-newline", 76, "tokens hold a line feed", do.token("abcdefghijklmnopqrstuv\nHost: evil")),
    ("token-nul", 76, "tokens hold a NUL", do.token("abcdefghijklmnopqrstuv\0.html")),
    ("token-empty", 76, "tokens are empty", do.token("")),
    ("token-300", 76, "tokens have 300 characters", do.token("a" * 300)),
    ("token-number", 76, "tokens are numbers", do.token(12345)),
    ("token-shared", 0, "all authorizations have the same token (76 for more than one name)",
     do.token("abcdefghijklmnopqrstuv")),
    ("token-missing", 76, "http-01, dns-01 and tls-alpn-01 challenges have no token",
     do.challenges(lambda found: [{key: one[key] for key in one if key != "token"} for one in found])),
    ("order-other-identifiers", 76, "the order is for other names than asked",
     do.edit("new-order order", lambda doc: doc.update(identifiers=[{"type": "dns", "value": "victim.example"}]))),
    ("order-more-identifiers", 76, "the order is for one name more than asked",
     do.edit("new-order order", lambda doc: doc["identifiers"].append({"type": "dns", "value": "victim.example"}))),
    ("order-no-identifiers", 76, "the order has no identifiers",
     do.edit("new-order order", lambda doc: doc.update(identifiers=[]))),
    ("order-shell-identifier", 76, "the order is for shell text",
     do.edit("new-order order authorization", lambda doc: doc.update(
         **{"identifiers": [{"type": "dns", "value": "a;touch /tmp/certo-was-here"}]} if "identifiers" in doc
         else {"identifier": {"type": "dns", "value": "a;touch /tmp/certo-was-here"}}))),
    ("order-more-authorizations", 76, "one authorization more, for a name that was not asked for",
     do.after("new-order order", do.second_authorization)),
    ("order-1000-authorizations", 76, "a thousand authorizations more", do.more_authorizations(1000)),
    ("order-no-authorizations", 76, "the order is pending and has no authorizations",
     do.edit("new-order order", lambda doc: doc.update(authorizations=[]))),
    ("authorization-other-name", 76, "authorizations are for another name",
     do.edit("authorization", lambda doc: doc.update(identifier={"type": "dns", "value": "victim.example"}))),
    ("authorization-ancestor", 76, "authorizations are for the parent of the asked name (0 with --allow-ancestor)",
     do.edit("authorization", do.parent)),
    ("authorization-other-type", 76, "authorizations are for an identifier of another type",
     do.edit("authorization", lambda doc: doc["identifier"].update(type="email"))),

    # ---- size and shape
    ("directory-endless", 76, "the directory's body never ends", do.on_wire("directory", wire.endless_body)),
    ("directory-2m", 76, "the directory is followed by 2 MiB of spaces", do.raw("directory", do.padded(2 << 20))),
    ("order-endless", 76, "the new order's body never ends", do.on_wire("new-order", wire.endless_body)),
    ("headers-endless", 76, "header lines without end", do.on_wire("directory", wire.endless_headers)),
    ("headers-1m", 76, "one header of 1 MiB", do.on_wire("directory", wire.long_header)),
    ("compressed", 76, "the directory is gzipped, which was not requested", do.on_wire("directory", wire.gzipped)),
    ("compressed-bomb", 76, "100 MiB in 100 KiB of gzip", do.on_wire("directory", wire.gzip_bomb)),
    ("not-http", 76, "the directory's answer is not HTTP", do.on_wire("directory", wire.junk)),
    ("json-deep", 76, "the order is nested 100000 deep", do.raw("new-order", do.deep)),
    ("json-nested-40", 76, "the order is nested 40 deep", do.raw("new-order", do.nested(40))),
    ("json-type-status", 76, "the order's status is a number", do.member("new-order order", status=7)),
    ("json-type-finalize", 76, "the order's finalize is a list", do.member("new-order order", finalize=["x"])),
    ("json-type-authorizations", 76, "the order's authorizations are a string",
     do.member("new-order order", authorizations="x")),
    ("json-type-identifier", 76, "authorizations have a string as identifier",
     do.member("authorization", identifier="x")),
    ("json-type-challenges", 76, "authorizations have an object as challenges",
     do.member("authorization", challenges={})),
    ("json-unknown-status", 76, "the order's status is `perhaps`", do.member("new-order order", status="perhaps")),
    ("json-no-finalize", 76, "the order has no finalize", do.member("new-order order", finalize=None)),
    ("json-no-certificate", 76, "the valid order has no certificate",
     do.edit("order finalize", lambda doc: doc.pop("certificate", None))),
    ("json-doubled", 76, "the order has `status` twice", do.raw("new-order", do.doubled("status", "valid"))),
    ("json-doubled-directory", 76, "the directory has `newOrder` twice",
     do.raw("directory", do.doubled("newOrder", "https://evil.example/"))),
    ("json-nul", 76, "a raw NUL inside the order", do.raw("new-order", do.replaced(b'"pending"', b'"pen\0ding"'))),
    ("json-nul-after", 76, "a NUL and more JSON after the order",
     do.raw("new-order", lambda doc: do.padded(0)(doc) + b"\0{}")),
    ("json-utf8", 76, "bytes that are not UTF-8 inside the order",
     do.raw("new-order", do.replaced(b'"pending"', b'"pend\xc3\x28\xff"'))),
    ("json-surrogate", 76, "a lone surrogate escape as the order's status",
     do.raw("new-order", do.replaced(b'"pending"', b'"\\ud800"'))),
    ("json-digits", 0, "the order has a long integer and a string of digits, 900 KiB in all",
     do.raw("new-order order", do.digits)),
    ("json-array", 76, "the order is inside a list", do.raw("new-order", lambda doc: b"[" + do.padded(0)(doc) + b"]")),
    ("json-cut", 76, "the order's JSON stops in the middle", do.raw("new-order", lambda doc: do.padded(0)(doc)[:-20])),
    ("json-empty", 76, "the new order's body is empty", do.raw("new-order", b"")),
    ("directory-html", 76, "the directory is a web page", do.raw("directory", b"<html><body>Welcome</body></html>")),
    ("directory-no-new-order", 76, "the directory has no newOrder", do.member("directory", newOrder=None)),
    ("location-missing", 76, "newOrder tells no Location", do.header("new-order", "Location")),
    ("location-account-missing", 76, "newAccount tells no Location", do.header("new-account", "Location")),

    # ---- redirects and schemes; no request may arrive at the second, unencrypted listener (scheme "http" in the log)
    ("redirect-post", 76, "newOrder answers 307 to itself",
     do.before("new-order", do.redirect(307, lambda ca, request: ca.url("new-order")))),
    ("redirect-post-303", 76, "newOrder answers 303 to an order",
     do.before("new-order", do.redirect(303, lambda ca, request: ca.url("order", 0)))),
    ("redirect-loop", 76, "the directory redirects to itself",
     do.before("directory", do.redirect(302, lambda ca, request: ca.url("directory")))),
    ("redirect-4", 76, "the directory is four redirects away", do.hops(4)),
    ("redirect-http", 76, "the directory redirects to http://",
     do.before("directory", do.redirect(302, lambda ca, request: ca.plain + "/directory"))),
    ("redirect-file", 76, "the directory redirects to file:",
     do.before("directory", do.redirect(302, lambda ca, request: "file:///etc/passwd"))),
    ("http-new-nonce", 76, "the directory's newNonce is http://", do.plain_url("newNonce")),
    ("http-new-order", 76, "the directory's newOrder is http://", do.plain_url("newOrder")),
    ("http-authorization", 76, "authorizations are http://", do.plain_url("authorizations")),
    ("http-challenge", 76, "challenges are http://", do.plain_url("challenges")),
    ("http-finalize", 76, "finalize is http://", do.plain_url("finalize")),
    ("http-certificate", 76, "the certificate is http://", do.plain_url("certificate")),
    ("http-location", 76, "the order's Location is http://", do.after("new-order", do.plain_location)),
    ("scheme-file", 76, "the directory's newNonce is file:///etc/passwd",
     do.member("directory", newNonce="file:///etc/passwd")),
    ("scheme-ftp", 76, "the directory's newAccount is ftp:", do.member("directory", newAccount="ftp://127.0.0.1/")),
    ("scheme-script", 76, "the order's finalize is javascript:",
     do.member("new-order order", finalize="javascript:alert(1)")),
    ("url-newline", 76, "the directory's newOrder holds CR LF and a header",
     do.edit("directory", lambda doc: doc.update(newOrder=doc["newOrder"] + " HTTP/1.1\r\nX-Evil: 1\r\n\r\n"))),

    # ---- time
    ("stall", 69, "the directory is never answered; patience", do.on_wire("directory", wire.stall)),
    ("stall-order", 69, "newOrder is never answered; patience", do.on_wire("new-order", wire.stall)),
    ("stall-tls", 69, "the TLS handshake is never answered; patience", ("tls", [], "stall")),
    ("drip", 69, "the directory comes at one byte a second; patience", do.on_wire("directory", wire.drip)),
    ("drip-order", 69, "the new order comes at one byte a second; patience", do.on_wire("new-order", wire.drip)),
    ("reset", 69, "the directory's body breaks off with a TCP reset", do.on_wire("directory", wire.reset)),
    ("reset-order", 69, "the new order's body breaks off with a TCP reset", do.on_wire("new-order", wire.reset)),
    ("reset-once", 0, "the first reading of each resource breaks off",
     do.first(1, do.on_wire("order authorization certificate", wire.reset))),
    ("cut-certificate", 69, "the certificate's connection ends in the middle of the body",
     do.on_wire("certificate", wire.cut)),
    ("poll-retry-after-huge", 0, "processing once more, Retry-After: 4000000000 is taken as 60 s; patience",
     do.slow(1), do.header("order finalize", "Retry-After", "4000000000")),
    ("poll-retry-after-junk", 0, "polls carry Retry-After: soon",
     do.slow(2), do.header("order finalize", "Retry-After", "soon")),
    ("poll-retry-after-0", 0, "polls carry Retry-After: 0",
     do.slow(2), do.header("order finalize", "Retry-After", "0")),
    ("poll-retry-after-negative", 0, "polls carry Retry-After: -5",
     do.slow(2), do.header("order finalize", "Retry-After", "-5")),
    ("stuck-processing", 75, "the finalized order stays in processing; patience", do.at_start(do.stuck)),
    ("stuck-pending", 69, "answered challenges stay pending; patience", do.before("challenge", do.never_validated)),
    ("answer-lost", 0, "finalize is acted on and its answer lost once", do.first(1, do.on_wire("finalize", wire.lost))),
    ("answer-lost-deaf", 69, "finalize is acted on, then nothing is answered until the file `resume` is in the folder;"
     " the next run takes up the order (0) without a new one", do.after(ALL, do.deaf_after_finalize)),

    # ---- limits and refusals
    ("limited-far", 75, "newOrder: 429 rateLimited, Retry-After: 86400",
     do.refuse("new-order", 429, "rateLimited", LIMITED, [("Retry-After", "86400")])),
    ("limited-date", 75, "newOrder: 429, Retry-After as a date, a day ahead",
     do.refuse("new-order", 429, "rateLimited", LIMITED, [("Retry-After", do.http_date(86400))])),
    ("limited-huge", 75, "newOrder: 429, Retry-After: 99999999999999999999",
     do.refuse("new-order", 429, "rateLimited", LIMITED, [("Retry-After", "99999999999999999999")])),
    ("limited-junk", 75, "newOrder: 429, Retry-After: tomorrow",
     do.refuse("new-order", 429, "rateLimited", LIMITED, [("Retry-After", "tomorrow")])),
    ("limited-0", 75, "newOrder: 429, Retry-After: 0, always: it must not be repeated without end",
     do.refuse("new-order", 429, "rateLimited", LIMITED, [("Retry-After", "0")])),
    ("limited-text", 75, "newOrder: 429, the time only in the text, as Let's Encrypt writes it",
     do.refuse("new-order", 429, "rateLimited", LIMITED)),
    ("limited-nonce", 75, "newNonce: 429, Retry-After: 86400", do.before("new-nonce", lambda ca, request: limited()),
     do.header("new-nonce", "Replay-Nonce")),
    ("paused", 75, "newOrder: 429, the account is paused and a page is named",
     do.refuse("new-order", 429, "rateLimited", PAUSED)),
    ("limit-set", 0, "the limit of one exact set of names, set.example.com, once the file `limited` is in the folder",
     limits.new_order("set")),
    ("limit-set-text", 0, "the same without Retry-After", limits.new_order("set", has_header=False)),
    ("limit-domain", 0, "the limit of the domain domain.example, once `limited` is there", limits.new_order("domain")),
    ("limit-name", 0, "failed validations of name.example.com, once `limited` is there", limits.new_order("name")),
    ("limit-orders", 0, "new orders of the account, once `limited` is there", limits.new_order("orders")),
    ("limit-registrations", 0, "new accounts of the address, once `limited` is there",
     do.before("new-account", limits.new_account)),
    ("limit-unknown", 0, "a limit in words that nobody knows, once `limited` is there", limits.new_order("unknown")),
    ("limit-paused", 0, "the account is paused for paused.example.com, once `limited` is there",
     do.before("new-order", limits.paused)),
    ("window-open", 0, "renewal windows are open, and an order that replaces is exempt from limits",
     do.at_start(limits.open_window), limits.window()),
    ("busy-once", 0, "newOrder: 503 with Retry-After: 1, once",
     do.first(1, do.refuse("new-order", 503, "serverInternal", "busy", [("Retry-After", "1")]))),
    ("busy-far", 75, "newOrder: 503 with Retry-After: 86400",
     do.refuse("new-order", 503, "serverInternal", "busy", [("Retry-After", "86400")])),
    ("busy-always", 69, "everything but the directory and newNonce: 503; patience",
     do.refuse("new-account new-order order authorization challenge finalize certificate",
               503, "serverInternal", "busy")),
    ("busy-directory", 69, "the directory: 503, a web page", do.before("directory", lambda ca, request: page(503))),
    ("broken-directory", 69, "the directory: 500", do.before("directory", lambda ca, request: page(500))),
    ("refused-escapes", 1, "newOrder: refused with terminal escapes, line feeds, NUL and bidi controls in the text",
     do.refuse("new-order", *REFUSED, EVIL)),
    ("refused-escapes-type", 1, "newOrder: refused with the same in the problem's type",
     do.before("new-order", lambda ca, request: do.problem(403, EVIL, "x", instance="https://x/" + EVIL))),
    ("refused-long", 1, "newOrder: refused with 100 KiB of text", do.refuse("new-order", *REFUSED, "long " * 20000)),
    ("refused-page", 1, "newOrder: 403, a web page", do.before("new-order", lambda ca, request: page(403))),
    ("refused-types", 1, "newOrder: 403, a problem document whose members have wrong types",
     do.refuse("new-order", *REFUSED, ["x"], subproblems=7)),
    ("refused-name", 1, "newOrder: 403 rejectedIdentifier",
     do.refuse("new-order", *REFUSED, "policy forbids this name")),
    ("refused-csr", 1, "finalize: 400 badCSR", do.refuse("finalize", 400, "badCSR", "weak key")),
    ("refused-profile", 78, "newOrder: 400 invalidProfile",
     do.refuse("new-order", 400, "invalidProfile", "no such profile")),
    ("order-invalid", 1, "the order is invalid after the challenge, with subproblems",
     do.after("challenge", do.invalid_order)),
    ("authorization-failed-pending", 1, "a failed challenge stays pending with an error in it, as Caddy's does",
     do.before("challenge", do.never_validated), do.after("challenge authorization", do.failed_but_pending)),
    ("user-action-required", 78, "newOrder: 403 userActionRequired with a page to open",
     do.refuse("new-order", 403, "userActionRequired", "Terms of service have changed",
               [("Link", '<https://ca.example/terms/2>;rel="terms-of-service"')], instance="https://ca.example/agree")),
    ("eab-required", 78, "newAccount wants an external account; FAKE_EAB_KID and FAKE_EAB_KEY are right (0 with them)",
     do.at_start(do.eab_required)),
    ("algorithm-other", 0, "newAccount: 400 badSignatureAlgorithm for the key of type ec-256, with a list of two others",
     do.wants_algorithm("EdDSA", "ES384", "RS256")),
    ("algorithm-none", 78, "newAccount: 400 badSignatureAlgorithm with a list of kinds that certo does not have",
     do.wants_algorithm("EdDSA")),
    ("account-unknown", 78, "newOrder: 400 accountDoesNotExist",
     do.refuse("new-order", 400, "accountDoesNotExist", "no such account")),

    # ---- key changes
    ("key-cache", 0, "for 5 s after a key change the old key is accepted and the new one is not, as Boulder does",
     do.at_start(lambda ca: setattr(ca, "key_cache", 5))),
    ("key-change-lost", 0, "a key change is acted on and its answer lost", do.on_wire("key-change", wire.lost)),

    # ---- nonces
    ("nonce-refused-5", 0, "newOrder: badNonce exactly five times", do.bad_nonces(5)),
    ("nonce-refused-6", 69, "newOrder: badNonce exactly six times", do.bad_nonces(6)),
    ("nonce-refused-always", 69, "newOrder: badNonce for ever", do.bad_nonces(1 << 30)),
    ("nonce-random", 0, "nonces are random characters, not base64url of whole bytes", do.after(ALL, do.random_nonce)),
    ("nonce-none", 76, "no reply carries a Replay-Nonce, newNonce's neither", do.header(ALL, "Replay-Nonce")),
    ("nonce-malformed", 76, "all nonces are malformed", do.header(ALL, "Replay-Nonce", 'bad"nonce; x=1')),
    ("nonce-malformed-on-post", 0, "nonces of replies to POST are malformed, newNonce's are good",
     do.header("new-account new-order order authorization challenge finalize certificate", "Replay-Nonce", "a b+/=")),

    # ---- certificates
    ("certificate-wrong-key", 76, "for another key", chains.issue(chains.wrong_key)),
    ("certificate-wrong-names", 76, "for other names", chains.leaf(names=lambda names: [("dns", "victim.example")])),
    ("certificate-extra-name", 76, "for one name more",
     chains.leaf(names=lambda names: names + [("dns", "victim.example")])),
    ("certificate-missing-name", 76, "the last name is missing",
     chains.leaf(names=lambda names: names[:-1] or [("dns", "www." + names[0][1])])),
    ("certificate-no-san", 76, "the name is only in the subject", chains.leaf(san=False)),
    ("certificate-expired", 76, "expired yesterday",
     chains.leaf(not_before=lambda: issuer.now() - issuer.hours(240),
                 not_after=lambda: issuer.now() - issuer.hours(24))),
    ("certificate-ahead-2h", 76, "valid from 2 h ahead",
     chains.leaf(not_before=lambda: issuer.now() + issuer.hours(2))),
    ("certificate-garbage", 76, "random bytes",
     chains.chain_text(lambda ca, text: "".join(chr(byte % 95 + 32) for byte in range(5000)))),
    ("certificate-bad-der", 76, "PEM around something that is no certificate",
     chains.chain_text(lambda ca, text: issuer.der.pem("CERTIFICATE", b"\x30\x82\x01\x00" + b"x" * 200))),
    ("certificate-truncated", 76, "stops in the middle of a block",
     chains.chain_text(lambda ca, text: text[:len(text) * 3 // 4])),
    ("certificate-empty", 76, "an empty body", chains.chain_text(lambda ca, text: "")),
    ("certificate-11", 76, "a correct chain of 11 certificates",
     chains.issue(lambda ca, order, public: ca.issuing.chain_of(11, public, order.identifiers))),
    ("certificate-broken-chain", 76, "the intermediate did not sign the leaf", chains.issue(chains.broken_chain)),
    ("certificate-client", 76, "for TLS clients only", chains.leaf(purposes=(issuer.CLIENT_AUTH,))),
    ("certificate-no-purpose", 76, "without extended key usage", chains.leaf(purposes=())),
    ("certificate-ca", 76, "the leaf is one of a CA", chains.leaf(is_ca=True)),
    ("certificate-old-intermediate", 76, "the intermediate expired yesterday",
     chains.intermediate(not_after=lambda: issuer.now() - issuer.hours(24),
                         not_before=lambda: issuer.now() - issuer.hours(2400))),
    ("certificate-early-intermediate", 76, "the intermediate is valid from tomorrow",
     chains.intermediate(not_before=lambda: issuer.now() + issuer.hours(24))),
    ("certificate-weak-issuer", 76, "the intermediate has an RSA key of 1024 bits", chains.issue(chains.weak_issuer)),
    ("certificate-leaf-last", 76, "the intermediate comes first", chains.issue(chains.leaf_last)),
    ("certificate-private-key", 76, "a private key after the chain",
     chains.chain_text(lambda ca, text: text + ca.issuing.key("other").pem())),
    ("certificate-text", 76, "text between the blocks",
     chains.chain_text(lambda ca, text: "Bag Attributes: \x1b[31mhello\n" + text)),
    ("certificate-endless", 76, "certificates without end", do.on_wire("certificate", wire.endless_chain)),

    # ---- transport
    ("tls-untrusted", 69, "the server's certificate is signed by another CA", ("tls", [], "untrusted")),
    ("tls-other-name", 69, "the server's certificate is for another name", ("tls", [], "other-name")),
    ("tls-expired", 69, "the server's certificate has expired", ("tls", [], "expired")),
]


def page(status):
    return do.Reply(status, body=b"<html><body>\x1b[31mSorry</body></html>", kind="text/html")


def limited():
    reply = do.problem(429, "rateLimited", LIMITED)
    reply.set("Retry-After", "86400")
    return reply


def hooks_of(names):
    """The hooks of one scenario, or of several joined by +."""
    table = {row[0]: row[3:] for row in SCENARIOS}
    found = []
    for name in names.split("+"):
        if name not in table:
            raise SystemExit("fake CA: no such scenario: %s (see --list)" % name)
        found += table[name]
    return found
