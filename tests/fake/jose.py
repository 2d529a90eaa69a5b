"""JSON Web Signatures as RFC 8555 section 6.2 uses them: parsed and checked with the openssl command."""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import tempfile

import der


class Refused(Exception):
    """A request that the CA answers with a problem document."""

    def __init__(self, status, kind, detail):
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise Refused(400, "malformed", "not base64url: %r" % (text,))
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Refused(400, "malformed", "not base64url: %r" % (text,)) from None


def thumbprint(jwk):
    members = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in members}, separators=(",", ":"), sort_keys=True)
    return encode(hashlib.sha256(text.encode()).digest())


def parse(text):
    """The parts of a flattened JWS: (protected header, payload bytes, signing input, signature)."""
    try:
        jws = json.loads(text)
        if not isinstance(jws, dict) or set(jws) != {"protected", "payload", "signature"}:
            raise ValueError
        protected = json.loads(decode(jws["protected"]))
        if not isinstance(protected, dict):
            raise ValueError
    except ValueError:
        raise Refused(400, "malformed", "the body is not a flattened JWS") from None
    signed = (jws["protected"] + "." + jws["payload"]).encode()
    return protected, decode(jws["payload"]), signed, decode(jws["signature"])


CURVES = {"ES256": ("P-256", "sha256", 32), "ES384": ("P-384", "sha384", 48),
          "ES512": ("P-521", "sha512", 66)}
OIDS = {"P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34", "P-521": "1.3.132.0.35"}


def public_key(jwk):
    """The SubjectPublicKeyInfo, in DER."""
    if jwk.get("kty") == "EC" and jwk.get("crv") in OIDS:
        curve = der.oid(OIDS[jwk["crv"]])
        point = b"\4" + decode(jwk["x"]) + decode(jwk["y"])
        return der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), curve), der.bits(point))
    if jwk.get("kty") == "RSA":
        numbers = (int.from_bytes(decode(jwk[name]), "big") for name in ("n", "e"))
        key = der.sequence(*(der.integer(number) for number in numbers))
        return der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()), der.bits(key))
    raise Refused(400, "badPublicKey", "only P-256, P-384, P-521 and RSA keys are known here")


def verify(jwk, algorithm, signed, signature):
    """Raises Refused unless the signature is the key's."""
    if algorithm in CURVES:
        curve, digest, size = CURVES[algorithm]
        if jwk.get("crv") != curve or len(signature) != 2 * size:
            raise Refused(400, "malformed", "the signature or the key is not one of %s" % algorithm)
        halves = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
        signature = der.sequence(*(der.integer(half) for half in halves))
    elif algorithm == "RS256" and jwk.get("kty") == "RSA":
        digest = "sha256"
    else:
        raise Refused(400, "badSignatureAlgorithm", "ES256, ES384, ES512 and RS256 are known here")
    with tempfile.TemporaryDirectory() as folder:
        key, proof = os.path.join(folder, "key.pem"), os.path.join(folder, "signature")
        with open(key, "w") as file:
            file.write(der.pem("PUBLIC KEY", public_key(jwk)))
        with open(proof, "wb") as file:
            file.write(signature)
        run = subprocess.run(["openssl", "dgst", "-" + digest, "-verify", key, "-signature", proof],
                             input=signed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if run.returncode != 0:
        raise Refused(400, "malformed", "the JWS's signature is wrong")


def check_binding(binding, jwk, url, kid, key):
    """An external account binding (RFC 8555 section 7.3.4)."""
    protected, payload, signed, signature = parse(json.dumps(binding))
    mac = hmac.new(decode(key), signed, hashlib.sha256).digest()
    if protected.get("alg") != "HS256" or protected.get("kid") != kid or protected.get("url") != url \
            or json.loads(payload) != jwk or not hmac.compare_digest(mac, signature):
        raise Refused(403, "unauthorized", "the external account binding is wrong")
