"""Wrong and odd certificate chains: hooks for the scenarios, as in misbehave.py."""
import issuer
from misbehave import after, at_start, good


def issue(function):
    """The chain is function(ca, order, public)."""
    def start(ca):
        ca.issue = lambda order, public: function(ca, order, public)
    return at_start(start)


def leaf(**how):
    """A leaf with what `how` says; `names` is a function of the order's identifiers."""
    def make(ca, order, public):
        values = {key: value() if callable(value) else value for key, value in how.items() if key != "names"}
        names = how["names"](order.identifiers) if "names" in how else order.identifiers
        return [ca.issuing.leaf(public, names, **values), ca.issuing.intermediate_der]
    return issue(make)


def wrong_key(ca, order, public):
    return [ca.issuing.leaf(ca.issuing.key("other").public, order.identifiers), ca.issuing.intermediate_der]


def broken_chain(ca, order, public):
    """The intermediate has the right name and another key."""
    other = issuer.Name(ca.issuing.intermediate.subject, ca.issuing.key("other"))
    return [ca.issuing.leaf(public, order.identifiers), ca.issuing.below(ca.issuing.root, other)]


def intermediate(**how):
    """The intermediate is valid as `how` says."""
    def make(ca, order, public):
        values = {key: value() for key, value in how.items()}
        return [ca.issuing.leaf(public, order.identifiers),
                ca.issuing.below(ca.issuing.root, ca.issuing.intermediate, **values)]
    return issue(make)


def weak_issuer(ca, order, public):
    """The intermediate has an RSA key of 1024 bits."""
    weak = issuer.Name("certo fake weak CA", ca.issuing.key("weak", rsa=1024))
    return [ca.issuing.leaf(public, order.identifiers, weak), ca.issuing.below(ca.issuing.root, weak)]


def leaf_last(ca, order, public):
    return [ca.issuing.intermediate_der, ca.issuing.leaf(public, order.identifiers)]


def counterpart(identifiers):
    """What some CAs add without being asked: www.NAME to NAME, NAME to www.NAME and *.NAME."""
    first_name = identifiers[0][1]
    for prefix in ("www.", "*."):
        if first_name.startswith(prefix):
            return identifiers + [("dns", first_name[len(prefix):])]
    return identifiers + [("dns", "www." + first_name)]


def chain_text(function):
    """The chain's text is function(ca, text)."""
    def hook(ca, request, reply):
        if good(reply):
            reply.body = function(ca, reply.body.decode()).encode("utf-8", "surrogateescape")
    return after("certificate", hook)


def alternates(count):
    """Each chain links to `count` others, each of which links to as many again, without end."""
    def hook(ca, request, reply):
        if good(reply):
            at = int(request.words[2]) if len(request.words) > 2 else 0
            for more in range(1, count + 1):
                url = ca.url("certificate", request.number, "alternate", at * count + more)
                reply.headers.append(["Link", '<%s>;rel="alternate"' % url])
    return after("certificate", hook)
