"""Rate limits as Let's Encrypt's server answers them, word for word: hooks for the scenarios, as in misbehave.py.

They begin when a file `limited` is in the CA's folder, so that a test can prepare what must go on meanwhile."""
import datetime
import json
import os

import issuer
import jose
from misbehave import before, member, problem

WAIT = 5517  # seconds; one that was seen
DOCS = "https://letsencrypt.org/docs/rate-limits"
PAUSED = ("Your account is temporarily prevented from requesting certificates for paused.example.com and possibly "
          "others. Please visit: https://ca.example/sfe/v1/unpause?jwt=abc")
TEXTS = {
    "set": ("too many certificates (2) already issued for this exact set of identifiers in the last 3h0m0s",
            "new-certificates-per-exact-set-of-identifiers"),
    "domain": ('too many certificates (50) already issued for "domain.example" in the last 168h0m0s',
               "new-certificates-per-registered-domain"),
    "name": ('too many failed authorizations (5) for "name.example.com" in the last 1h0m0s',
             "authorization-failures-per-identifier-per-account"),
    "orders": ("too many new orders (300) from this account in the last 3h0m0s", "new-orders-per-account"),
    "registrations": ("too many new registrations (10) from this IP address in the last 3h0m0s",
                      "new-registrations-per-ip-address"),
    "unknown": ("too many wishes (3) from this planet in the last 3h0m0s", "wishes-per-planet"),
}


def text_of(kind):
    what, anchor = TEXTS[kind]
    end = issuer.now() + datetime.timedelta(seconds=WAIT)
    return "%s, retry after %s UTC: see %s/#%s" % (what, end.strftime("%Y-%m-%d %H:%M:%S"), DOCS, anchor)


def refusal(kind, has_header=True):
    reply = problem(429, "rateLimited", text_of(kind))
    reply.set("Link", '<%s>;rel="help"' % DOCS)
    if has_header:
        reply.set("Retry-After", str(WAIT))
    return reply


def is_on(ca):
    return os.path.exists(os.path.join(ca.issuing.folder, "..", "limited"))


def is_exempt(ca, payload):
    """An order that replaces a certificate inside the suggested window; ca.window is set by `open_window`."""
    return "replaces" in payload and getattr(ca, "window", False)


def concerns(kind, names):
    return {"set": names == {"set.example.com"},
            "domain": any(("." + name).endswith(".domain.example") for name in names),
            "name": "name.example.com" in names}.get(kind, True)


def new_order(kind, has_header=True):
    def hook(ca, request):
        payload = json.loads(request.payload)
        names = {one["value"] for one in payload["identifiers"]}
        if not is_on(ca) or is_exempt(ca, payload) or not concerns(kind, names):
            return None
        ca.check(request)
        return refusal(kind, has_header)
    return before("new-order", hook)


def paused(ca, request):
    if not is_on(ca) or b'"paused.example.com"' not in request.payload:
        return None
    ca.check(request)
    return problem(429, "rateLimited", PAUSED)


def new_account(ca, request):
    payload = json.loads(request.payload)
    known = jose.thumbprint(request.protected["jwk"]) in ca.accounts
    if not is_on(ca) or known or payload.get("onlyReturnExisting"):
        return None
    ca.check(request)
    return refusal("registrations")


def open_window(ca):
    ca.window = True


def window():
    """The suggested window is open, for an hour back and two days ahead."""
    return member("renewal-info", suggestedWindow={
        "start": (issuer.now() - issuer.hours(1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": (issuer.now() + issuer.hours(47)).strftime("%Y-%m-%dT%H:%M:%SZ")})
