"""What the scenarios are made of. Hooks are ("before" or "after", steps, function): a function of before gets
(ca, request) and may return a Reply; one of after gets (ca, request, reply) and edits the reply."""
import email.utils
import json
import os
import re
import secrets
import time

from acme import Reply, problem


def before(steps, function):
    return ("before", steps.split(), function)


def after(steps, function):
    return ("after", steps.split(), function)


def at_start(function):
    """function(ca), once, before the first request."""
    return ("start", [], function)


def good(reply):
    return reply.status < 300


def edit(steps, function):
    """function(doc) changes the JSON of successful replies."""
    def hook(ca, request, reply):
        if good(reply) and isinstance(reply.doc, dict):
            function(reply.doc)
    return after(steps, hook)


def member(steps, **members):
    """Members of the JSON are set; None takes one away."""
    def change(doc):
        for name, value in members.items():
            doc[name] = value
            if value is None:
                del doc[name]
    return edit(steps, change)


def raw(steps, body):
    """The body becomes `body`, or what body(doc) gives, in bytes."""
    def hook(ca, request, reply):
        if good(reply):
            reply.body = body(reply.doc) if callable(body) else body
    return after(steps, hook)


def on_wire(steps, behaviour, methods=("GET", "POST", "HEAD")):
    def hook(ca, request, reply):
        if request.method in methods:
            reply.wire = behaviour
    return after(steps, hook)


def first(count, hook):
    """The hook, for the first `count` requests of each step only."""
    when, steps, function = hook

    def limited(ca, request, *reply):
        if ca.counts.get(request.step, 0) <= count:
            return function(ca, request, *reply)
        return None
    return (when, steps, limited)


def header(steps, name, value=None):
    """A header is set; without a value it is dropped."""
    def hook(ca, request, reply):
        if value is None:
            reply.drop(name)
        else:
            reply.set(name, value(ca) if callable(value) else value)
    return after(steps, hook)


def refuse(steps, status, kind, detail, headers=(), **members):
    """The step is refused with this problem. The request's nonce is spent, as it would be."""
    def hook(ca, request):
        ca.check(request)
        reply = problem(status, kind, detail, **members)
        for name, value in headers:
            reply.headers.append([name, value(ca) if callable(value) else value])
        return reply
    return before(steps, hook)


def wants_algorithm(*names):
    """newAccount: signatures of other kinds are refused, and the problem lists these."""
    def hook(ca, request):
        if request.protected.get("alg") in names:
            return None
        ca.check(request)
        return problem(400, "badSignatureAlgorithm", "this kind of signature is not accepted here",
                       algorithms=list(names))
    return before("new-account", hook)


def http_date(seconds):
    return lambda ca: email.utils.formatdate(time.time() + seconds, usegmt=True)


# ---------------------------------------------------------------- nonces

def bad_nonces(count):
    """newOrder: the first `count` requests are refused with badNonce and a fresh nonce each."""
    return first(count, refuse("new-order", 400, "badNonce", "this nonce is not liked"))


# ---------------------------------------------------------------- JSON

def escaped(doc):
    """Every string, names too, in \\uXXXX escapes."""
    def text(match):
        value = json.loads(match.group(0))
        units = value.encode("utf-16-be")
        return '"' + "".join("\\u%02X%02x" % pair for pair in zip(units[::2], units[1::2])) + '"'
    return re.sub(r'"(?:[^"\\]|\\.)*"', text, json.dumps(doc)).encode()


def replaced(old, new):
    return lambda doc: json.dumps(doc).encode().replace(old, new)


def deep(doc):
    return b'{"filler":' + b"[" * 100000 + b"]" * 100000 + b"," + json.dumps(doc).encode()[1:]


def nested(levels):
    """A member nested just as deep as `levels`, in otherwise good JSON."""
    return lambda doc: b'{"filler":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"," + json.dumps(doc).encode()[1:]


def digits(doc):
    """Legal members that take long to read if the work grows with the square."""
    return b'{"long":123456789012345678901234567890,"digits":"' + b"7" * 900000 + b'",' + json.dumps(doc).encode()[1:]


def doubled(name, value):
    """The member `name` comes twice, first with another value."""
    return lambda doc: ("{%s:%s," % (json.dumps(name), json.dumps(value))).encode() + json.dumps(doc).encode()[1:]


def padded(size):
    return lambda doc: json.dumps(doc).encode() + b" " * size


# ---------------------------------------------------------------- tokens and identifiers

def token(text):
    def change(doc):
        for challenge in doc["challenges"]:
            challenge["token"] = text
    return edit("authorization", change)


def challenges(function):
    return edit("authorization", lambda doc: doc.update(challenges=function(doc["challenges"])))


def odd_base64(ca, request, reply):
    """22 characters carry 132 bits for 128: the last four are not zero here."""
    if good(reply):
        for at, challenge in enumerate(reply.doc["challenges"]):
            challenge["token"] = ("%d-%d-" % (request.number, at)).ljust(21, "x") + "B"


def upper(doc):
    for one in doc.get("identifiers", []) + [doc.get("identifier", {})]:
        if "value" in one:
            one["value"] = one["value"].upper()


def more_authorizations(count):
    def hook(ca, request, reply):
        if good(reply):
            reply.doc["authorizations"] += [ca.url("authorization", "9%d" % at) for at in range(count)]
    return after("new-order order", hook)


def second_authorization(ca, request, reply):
    """One more authorization, real and pending, for a name that nobody asked for."""
    if not good(reply):
        return
    from acme import Authorization
    if "extra" not in ca.memory:
        ca.memory["extra"] = Authorization(len(ca.authorizations), request.account, "dns", "victim.example", False)
        ca.authorizations.append(ca.memory["extra"])
    reply.doc["authorizations"].append(ca.url("authorization", ca.memory["extra"].number))


def parent(doc):
    doc["identifier"]["value"] = doc["identifier"]["value"].split(".", 1)[1]


# ---------------------------------------------------------------- URLs

def plain_url(*names):
    """Members become http:// URLs of the second, unencrypted listener."""
    def change_in(ca, doc):
        for name in names:
            value = doc.get(name)
            if isinstance(value, str):
                doc[name] = value.replace(ca.base, ca.plain)
            for at, one in enumerate(value if isinstance(value, list) else []):
                if isinstance(one, str):
                    value[at] = one.replace(ca.base, ca.plain)
                else:
                    one["url"] = one["url"].replace(ca.base, ca.plain)

    def hook(ca, request, reply):
        if good(reply) and isinstance(reply.doc, dict):
            change_in(ca, reply.doc)
    return after("directory new-order order authorization finalize", hook)


def plain_location(ca, request, reply):
    if reply.get("Location"):
        reply.set("Location", reply.get("Location").replace(ca.base, ca.plain))


def relative_location(ca, request, reply):
    if reply.get("Location"):
        reply.set("Location", reply.get("Location").replace(ca.base, ""))


def only_get(ca, request):
    """newNonce knows no HEAD."""
    return Reply(405) if request.method == "HEAD" else None


def no_challenges(doc):
    """Valid authorizations have none."""
    if doc.get("status") == "valid":
        del doc["challenges"]


def null_challenges(doc):
    if doc.get("status") == "valid":
        doc["challenges"] = None


def redirect(status, target):
    """target(ca, request) tells where to."""
    return lambda ca, request: Reply(status, headers=[["Location", target(ca, request)]])


def hops(count):
    """The directory is `count` redirects away."""
    def hook(ca, request):
        at = request.number if request.step == "hop" else 0
        if request.step == "directory" and request.words == ["real"]:
            return None
        if at < count - 1:
            return Reply(302, headers=[["Location", ca.url("hop", at + 1)]])
        return Reply(302, headers=[["Location", ca.url("directory", "real")]])
    return before("directory hop", hook)


def moving_nonces(ca, request, reply):
    """Each reading of the directory tells another newNonce, and only the last one works."""
    if request.step == "directory" and good(reply):
        ca.memory["nonces"] = ca.counts["directory"]
        reply.doc["newNonce"] = ca.url("new-nonce", ca.memory["nonces"])
    elif request.step == "new-nonce" and request.number != ca.memory.get("nonces"):
        reply.status = 404
        reply.drop("Replay-Nonce")


# ---------------------------------------------------------------- orders

def stuck(ca):
    ca.processing_reads = 1 << 30


def slow(reads):
    def start(ca):
        ca.processing_reads = reads
    return at_start(start)


def quick(ca):
    ca.processing_reads = -1


def never_validated(ca, request):
    """Challenges are taken and nothing follows."""
    if request.step == "challenge" and request.payload:
        request.payload = b""
    return None


def failed_but_pending(ca, request, reply):
    """As Caddy and step-ca do: the answered challenge stays pending and has an error in it."""
    if request.step == "challenge" and good(reply):
        ca.memory.setdefault("answered", set()).add(reply.doc["url"])
    for one in reply.doc.get("challenges", [reply.doc]) if good(reply) else []:
        if one.get("url") in ca.memory.get("answered", ()):
            one["error"] = {"type": "urn:ietf:params:acme:error:connection",
                            "detail": "The server could not connect to validation target", "status": 400}


def invalid_order(ca, request, reply):
    """After a challenge was answered the order is invalid, with a subproblem for each name."""
    for order in ca.orders:
        if order.status in ("pending", "ready") and any(one.status == "valid" for one in order.authorizations):
            order.status = "invalid"
            order.error = {
                "type": "urn:ietf:params:acme:error:compound", "detail": "Errors during validation", "status": 403,
                "subproblems": [{"type": "urn:ietf:params:acme:error:caa", "detail": "CAA forbids issuance",
                                 "identifier": {"type": kind, "value": name}} for kind, name in order.identifiers]}
            for one in order.authorizations:
                one.status = "invalid"
                one.challenges[0].update(status="invalid", error=order.error["subproblems"][0])


def valid_at_once(ca, request):
    """Authorizations of a new order are valid, as when an earlier order proved them."""
    if request.step == "new-order":
        ca.check(request)
        reply = ca.do_new_order(request)
        for one in ca.orders[-1].authorizations:
            one.status = "valid"
            one.challenges[0]["status"] = "valid"
        return reply
    return None


def order_ready(ca, request):
    reply = valid_at_once(ca, request)
    return reply and ca.order_reply(ca.orders[-1], 201)


def order_valid(ca, request):
    """A new order is valid and has a certificate, for a key that only the CA has."""
    ca.check(request)
    ca.do_new_order(request)
    order = ca.orders[-1]
    order.status, order.certificate = "valid", len(ca.chains)
    for one in order.authorizations:
        one.status = "valid"
    other = ca.issuing.key("other").public
    ca.chains.append((order, [ca.issuing.leaf(other, order.identifiers), ca.issuing.intermediate_der]))
    return ca.order_reply(order, 201)


def reused_order(ca, request):
    """As Let's Encrypt does: the same names again give the same order while it is pending or ready."""
    ca.check(request)
    wanted = sorted((one["type"], one["value"]) for one in json.loads(request.payload)["identifiers"])
    for order in ca.orders:
        if sorted(order.identifiers) == wanted and order.account is request.account \
                and order.status in ("pending", "ready"):
            return ca.order_reply(order, 201)
    return ca.do_new_order(request)


def deaf_after_finalize(ca, request, reply):
    """Finalize is acted on, then every connection is reset until the file `resume` is there."""
    import wire
    if request.step == "finalize":
        ca.memory["deaf"] = True
    if ca.memory.get("deaf") and not os.path.exists(os.path.join(ca.issuing.folder, "..", "resume")):
        reply.wire = wire.lost


def random_nonce(ca, request, reply):
    """41 random characters: no bytes have such an encoding."""
    if reply.get("Replay-Nonce"):
        ca.nonces.discard(reply.get("Replay-Nonce"))
        nonce = secrets.token_urlsafe(64)[:40] + "x"
        ca.nonces.add(nonce)
        reply.set("Replay-Nonce", nonce)


def eab_required(ca):
    ca.eab_required = True


def no_renewal_info(ca, request, reply):
    reply.doc.pop("renewalInfo", None)


def persist_challenge(found):
    """dns-persist-01 (draft-ietf-acme-dns-persist) has no token."""
    one = {"type": "dns-persist-01", "status": "pending", "url": found[0]["url"] + "9",
           "issuer-domain-names": ["ca.example"], "accounturi": "https://ca.example/account/1"}
    return [one] + found


def header_case(ca, request, reply):
    for pair in reply.headers:
        pair[0] = "".join(one.upper() if at % 2 else one.lower() for at, one in enumerate(pair[0]))


def header_space(ca, request, reply):
    for pair in reply.headers:
        pair[1] = " \t" + pair[1] + " \t "


def unknown_members(ca, request, reply):
    """Members and objects from the future, some with values that look like something else."""
    if isinstance(reply.doc, dict) and good(reply):
        reply.doc.update({"x-future": {"status": "invalid", "list": [1, 2.5e300, None, True]}, "": "",
                          "\u00e9": "\u2028",
                          "meta2": [], "expires2": 12345678901234567890})
        for one in reply.doc.get("challenges", []):
            one["x-future"] = [{"token": "../../etc/passwd"}]
