"""A well-behaved ACME server (RFC 8555, RFC 9773) that validates nothing: a challenge is valid once it was answered.
Scenarios change it through hooks: before a step (the hook may answer itself) and after it (the hook edits the
reply)."""
import datetime
import email.utils
import json
import secrets
import threading
import time

import issuer
import jose
from jose import Refused

TOS = "data:text/plain,be%20kind"
EAB_KID = "certo-test"
EAB_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
# The first part of a path names the step, which is what hooks are bound to.
STEPS = ("directory", "new-nonce", "new-account", "account", "orders", "new-order", "order", "authorization",
         "challenge", "finalize", "certificate", "renewal-info", "revoke-cert", "key-change", "hop")


class Request:
    def __init__(self, method, path, headers, body, scheme):
        self.method, self.path, self.headers, self.body, self.scheme = method, path, headers, body, scheme
        words = path.strip("/").split("/")
        self.step = words[0] if words[0] in STEPS else "unknown"
        self.words = words[1:]
        self.protected = self.payload = self.account = self.jwk = None

    @property
    def number(self):
        return int(self.words[0]) if self.words and self.words[0].isdigit() else -1


class Reply:
    """doc is sent as JSON unless body is set. wire, when set, is called with the connection instead of sending."""

    def __init__(self, status=200, doc=None, headers=(), body=None, kind=None):
        self.status, self.doc, self.body, self.wire = status, doc, body, None
        self.headers = [list(pair) for pair in headers]
        if kind or doc is not None:
            self.headers.insert(0, ["Content-Type", kind or "application/json"])

    def set(self, name, value):
        self.drop(name)
        self.headers.append([name, value])

    def drop(self, name):
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]

    def get(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def content(self):
        if self.body is not None:
            return self.body
        return b"" if self.doc is None else json.dumps(self.doc).encode()


def problem(status, kind, detail, **members):
    doc = {"type": "urn:ietf:params:acme:error:" + kind, "detail": detail, "status": status}
    doc.update(members)
    return Reply(status, doc, kind="application/problem+json")


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Order:
    def __init__(self, number, account, identifiers, authorizations, payload):
        self.number, self.account, self.identifiers = number, account, identifiers
        self.authorizations, self.payload = authorizations, payload
        self.status, self.error, self.certificate, self.reads = "pending", None, None, 0


class Authorization:
    def __init__(self, number, account, kind, name, wildcard):
        self.number, self.account, self.kind, self.name, self.wildcard = number, account, kind, name, wildcard
        self.status = "pending"
        kinds = ["dns-01"] if wildcard else ["http-01", "dns-01", "tls-alpn-01"]
        if kind == "ip":
            kinds.remove("dns-01")
        self.challenges = [{"type": one, "token": secrets.token_urlsafe(32), "status": "pending"} for one in kinds]


class CA:
    def __init__(self, base, plain, issuing, hooks, log):
        self.base, self.plain, self.issuing, self.log = base, plain, issuing, log
        self.hooks = hooks
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.nonces, self.accounts, self.orders, self.authorizations = set(), {}, [], []
        self.chains, self.replaced, self.revoked = [], set(), set()
        self.counts = {}    # how often each step was asked; for hooks
        self.memory = {}    # whatever a hook wants to remember
        self.eab_required = False
        self.key_cache = 0  # how many seconds the old key is remembered after a key change
        self.processing_reads = 0   # how many readings of a finalized order still say "processing"

    def url(self, *words):
        return "/".join([self.base] + [str(word) for word in words])

    def new_nonce(self):
        nonce = secrets.token_urlsafe(16)
        self.nonces.add(nonce)
        return nonce

    # ------------------------------------------------------------ one request

    def handle(self, request):
        reply = None
        with self.lock:
            try:
                try:
                    if request.method == "POST":
                        self.open(request)
                finally:
                    self.log(request)
                    self.counts[request.step] = self.counts.get(request.step, 0) + 1
                for when, steps, hook in self.hooks:
                    if when == "before" and reply is None and (request.step in steps or "*" in steps):
                        reply = hook(self, request)
                if reply is None:
                    self.check(request)
                    reply = self.step(request)
            except Refused as refused:
                reply = problem(refused.status, refused.kind, str(refused))
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                reply = problem(400, "malformed", "%s: %s" % (type(error).__name__, error))
            if request.method == "POST" or request.step == "new-nonce":
                reply.set("Replay-Nonce", self.new_nonce())
            reply.set("Cache-Control", "no-store")
            reply.set("Date", email.utils.formatdate(usegmt=True))
            if request.step != "directory":
                reply.headers.append(["Link", '<%s>;rel="index"' % self.url("directory")])
            for when, steps, hook in self.hooks:
                if when == "after" and (request.step in steps or "*" in steps):
                    hook(self, request, reply)
        return reply

    def open(self, request):
        """Reads the JWS; whether it is right is seen in check()."""
        if request.headers.get("Content-Type", "").lower() != "application/jose+json":
            raise Refused(415, "malformed", "the content type is not application/jose+json")
        request.protected, request.payload, request.signed, request.signature = jose.parse(request.body)

    def check(self, request):
        if request.method != "POST":
            return
        protected = request.protected
        if protected.get("url") != self.base + request.path:
            raise Refused(403, "unauthorized", "the JWS is meant for another URL: %s" % protected.get("url"))
        if protected.get("nonce") not in self.nonces:
            raise Refused(400, "badNonce", "the nonce is unknown or was used")
        self.nonces.remove(protected["nonce"])
        if ("jwk" in protected) == ("kid" in protected):
            raise Refused(400, "malformed", "either jwk or kid must be there")
        if "jwk" in protected:
            if request.step not in ("new-account", "revoke-cert"):
                raise Refused(400, "malformed", "jwk is not allowed here")
            request.jwk = protected["jwk"]
        else:
            request.account = next((one for one in self.accounts.values() if one["url"] == protected["kid"]), None)
            if not request.account:
                raise Refused(400, "accountDoesNotExist", "no such account: %s" % protected["kid"])
            if request.account["status"] != "valid":
                raise Refused(403, "unauthorized", "the account is deactivated")
            request.jwk = self.known_key(request.account)
        jose.verify(request.jwk, protected.get("alg"), request.signed, request.signature)

    def known_key(self, account):
        """The account's key, as far as this CA has heard of it."""
        if time.monotonic() < account.get("old_until", 0):
            return account["old_jwk"]
        return account["jwk"]

    def step(self, request):
        reads = ("directory", "new-nonce", "renewal-info", "hop")
        if request.step == "unknown":
            raise Refused(404, "malformed", "there is nothing here")
        if (request.method == "POST") == (request.step in reads):
            raise Refused(405, "malformed", "this method is not for this resource")
        return getattr(self, "do_" + request.step.replace("-", "_"))(request)

    def found(self, table, request):
        """The object that the URL names, when it belongs to the account."""
        if 0 <= request.number < len(table) and table[request.number].account is request.account:
            return table[request.number]
        raise Refused(404, "malformed", "no such resource")

    # ------------------------------------------------------------ steps

    def do_directory(self, request):
        names = {"newNonce": "new-nonce", "newAccount": "new-account", "newOrder": "new-order",
                 "revokeCert": "revoke-cert", "keyChange": "key-change", "renewalInfo": "renewal-info"}
        doc = {name: self.url(path) for name, path in names.items()}
        doc["meta"] = {"termsOfService": TOS, "website": "https://ca.example/", "caaIdentities": ["ca.example"],
                       "externalAccountRequired": self.eab_required,
                       "profiles": {"default": "ninety days", "shortlived": "six days"}}
        return Reply(200, doc)

    def do_new_nonce(self, request):
        return Reply(200 if request.method == "HEAD" else 204)

    def do_new_account(self, request):
        payload = json.loads(request.payload)
        thumb = jose.thumbprint(request.jwk)
        account = self.accounts.get(thumb)
        status = 200
        if not account:
            if payload.get("onlyReturnExisting"):
                raise Refused(400, "accountDoesNotExist", "no account has this key")
            if payload.get("termsOfServiceAgreed") is not True:
                raise Refused(403, "userActionRequired", "the terms of service must be agreed to")
            if "externalAccountBinding" in payload:
                jose.check_binding(payload["externalAccountBinding"], request.jwk, self.url("new-account"),
                                   EAB_KID, EAB_KEY)
            elif self.eab_required:
                raise Refused(403, "externalAccountRequired", "an external account binding is required")
            url = self.url("account", len(self.accounts))
            account = {"url": url, "jwk": request.jwk, "status": "valid", "contact": payload.get("contact", [])}
            self.accounts[thumb] = account
            status = 201
        return self.account_reply(account, status)

    def account_reply(self, account, status=200):
        doc = {"status": account["status"], "contact": account["contact"],
               "orders": self.url("orders", account["url"].rsplit("/", 1)[1])}
        return Reply(status, doc, [["Location", account["url"]]])

    def do_account(self, request):
        if self.base + request.path != request.account["url"]:
            raise Refused(403, "unauthorized", "this is another account")
        payload = json.loads(request.payload or b"{}")
        if payload.get("status") == "deactivated":
            request.account["status"] = "deactivated"
        request.account["contact"] = payload.get("contact", request.account["contact"])
        return self.account_reply(request.account)

    def do_orders(self, request):
        return Reply(200, {"orders": [self.url("order", order.number) for order in self.orders
                                      if order.account is request.account]})

    def do_new_order(self, request):
        payload = json.loads(request.payload)
        identifiers = [(one["type"], one["value"]) for one in payload["identifiers"]]
        if not identifiers or any(kind not in ("dns", "ip") for kind, _ in identifiers):
            raise Refused(400, "unsupportedIdentifier", "dns and ip identifiers only")
        if payload.get("profile", "default") not in ("default", "shortlived"):
            raise Refused(400, "invalidProfile", "no such profile")
        if "replaces" in payload:
            known = {issuer.renewal_id(chain[0]) for _, chain in self.chains}
            if payload["replaces"] not in known:
                raise Refused(400, "malformed", "the replaced certificate is unknown")
            if payload["replaces"] in self.replaced:
                raise Refused(409, "alreadyReplaced", "the certificate has a successor")
            self.replaced.add(payload["replaces"])
        authorizations = []
        for kind, name in identifiers:
            wildcard = name.startswith("*.")
            authorization = Authorization(len(self.authorizations), request.account, kind,
                                          name[2:] if wildcard else name, wildcard)
            self.authorizations.append(authorization)
            authorizations.append(authorization)
        order = Order(len(self.orders), request.account, identifiers, authorizations, payload)
        self.orders.append(order)
        return self.order_reply(order, 201)

    def order_reply(self, order, status=200):
        if order.status == "pending" and all(one.status == "valid" for one in order.authorizations):
            order.status = "ready"
        shown = order.status
        if order.certificate is not None and order.reads > 0:
            order.reads -= 1
            shown = "processing"
        doc = {"status": shown, "expires": stamp(issuer.now() + issuer.hours(24)),
               "identifiers": [{"type": kind, "value": name} for kind, name in order.identifiers],
               "authorizations": [self.url("authorization", one.number) for one in order.authorizations],
               "finalize": self.url("finalize", order.number)}
        for member in ("profile", "replaces"):
            if member in order.payload:
                doc[member] = order.payload[member]
        if order.error:
            doc["error"] = order.error
        if shown == "valid":
            doc["certificate"] = self.url("certificate", order.certificate)
        return Reply(status, doc, [["Location", self.url("order", order.number)]])

    def do_order(self, request):
        return self.order_reply(self.found(self.orders, request))

    def do_authorization(self, request):
        authorization = self.found(self.authorizations, request)
        if request.payload and json.loads(request.payload).get("status") == "deactivated":
            authorization.status = "deactivated"
        doc = {"status": authorization.status, "expires": stamp(issuer.now() + issuer.hours(24)),
               "identifier": {"type": authorization.kind, "value": authorization.name},
               "challenges": [self.challenge(authorization, at) for at in range(len(authorization.challenges))]}
        if authorization.wildcard:
            doc["wildcard"] = True
        return Reply(200, doc)

    def challenge(self, authorization, at):
        return dict(authorization.challenges[at], url=self.url("challenge", authorization.number, at))

    def do_challenge(self, request):
        authorization, at = self.found(self.authorizations, request), int(request.words[1])
        if request.payload:
            if json.loads(request.payload) != {}:
                raise Refused(400, "malformed", "the answer to a challenge is {}")
            if authorization.status == "pending":
                authorization.status = "valid"
                authorization.challenges[at].update(status="valid", validated=stamp(issuer.now()))
        up = '<%s>;rel="up"' % self.url("authorization", authorization.number)
        return Reply(200, self.challenge(authorization, at), [["Link", up]])

    def do_finalize(self, request):
        order = self.found(self.orders, request)
        self.order_reply(order)
        if order.status != "ready":
            raise Refused(403, "orderNotReady", "the order is %s" % order.status)
        csr = jose.decode(json.loads(request.payload)["csr"])
        public = self.csr_key(csr, order)
        chain = self.issue(order, public)
        order.certificate = len(self.chains)
        self.chains.append((order, chain))
        order.status, order.reads = "valid", 1 + self.processing_reads
        return self.order_reply(order)

    def csr_key(self, csr, order):
        try:
            issuer.openssl("req", "-inform", "DER", "-verify", "-noout", data=csr)
            public, names = issuer.der.request_key_and_names(csr)
        except (RuntimeError, ValueError, IndexError, UnicodeDecodeError):
            raise Refused(400, "badCSR", "the request cannot be read or its signature is wrong") from None
        if sorted(name.lower() for _, name in names) != sorted(name.lower() for _, name in order.identifiers):
            raise Refused(400, "badCSR", "the request's names are not the order's: %s" % names)
        if any(public == jose.public_key(account["jwk"]) for account in self.accounts.values()):
            raise Refused(400, "badCSR", "the key of the request is an account's key")
        return public

    def issue(self, order, public):
        """The chain, leaf first, in DER. Scenarios replace this."""
        return [self.issuing.leaf(public, order.identifiers), self.issuing.intermediate_der]

    def do_certificate(self, request):
        if not 0 <= request.number < len(self.chains) or self.chains[request.number][0].account is not request.account:
            raise Refused(404, "malformed", "no such certificate")
        body = issuer.pem_chain(self.chains[request.number][1]).encode()
        return Reply(200, body=body, kind="application/pem-certificate-chain")

    def do_renewal_info(self, request):
        for _, chain in self.chains:
            if request.words and issuer.renewal_id(chain[0]) == request.words[0]:
                fields = issuer.der.parts(issuer.der.read(chain[0])[1])
                validity = issuer.der.parts(issuer.der.parts(fields[0][1])[4][1])
                start, end = (datetime.datetime.strptime(one[1].decode(), "%y%m%d%H%M%SZ") for one in validity)
                window = start + (end - start) * 2 / 3
                doc = {"suggestedWindow": {"start": stamp(window), "end": stamp(window + issuer.hours(48))}}
                return Reply(200, doc, [["Retry-After", "21600"]])
        raise Refused(404, "malformed", "no such certificate")

    def do_revoke_cert(self, request):
        wanted = jose.decode(json.loads(request.payload)["certificate"])
        for order, chain in self.chains:
            if chain[0] != wanted:
                continue
            if request.account is None:
                tbs = issuer.der.parts(issuer.der.parts(issuer.der.read(wanted)[1])[0][1])
                if tbs[6][2] != jose.public_key(request.jwk):
                    raise Refused(403, "unauthorized", "this is not the certificate's key")
            elif order.account is not request.account:
                raise Refused(403, "unauthorized", "this is another account's certificate")
            if wanted in self.revoked:
                raise Refused(400, "alreadyRevoked", "the certificate is revoked already")
            self.revoked.add(wanted)
            return Reply(200)
        raise Refused(404, "malformed", "no such certificate")

    def do_key_change(self, request):
        protected, payload, signed, signature = jose.parse(request.payload)
        jwk = protected["jwk"]
        jose.verify(jwk, protected.get("alg"), signed, signature)
        inner = json.loads(payload)
        old = jose.thumbprint(request.account["jwk"])
        if protected.get("url") != request.protected["url"] or "nonce" in protected \
                or inner.get("account") != request.account["url"] or jose.thumbprint(inner["oldKey"]) != old:
            raise Refused(400, "malformed", "the inner JWS is wrong")
        if jose.thumbprint(jwk) in self.accounts:
            raise Refused(409, "malformed", "another account has this key")
        if self.key_cache:
            request.account.update(old_jwk=request.account["jwk"], old_until=time.monotonic() + self.key_cache)
        request.account["jwk"] = jwk
        self.accounts[jose.thumbprint(jwk)] = self.accounts.pop(old)
        return self.account_reply(request.account)

    def do_hop(self, request):
        raise Refused(404, "malformed", "only redirects lead here")
