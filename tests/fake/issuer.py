"""The keys and certificates of the fake CA. They are written in DER here, because the openssl command cannot be
told every wrong thing that the scenarios need; openssl makes the keys and the signatures."""
import datetime
import hashlib
import os
import random
import subprocess

import der
import jose

ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
RSA_SHA256 = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null())
SERVER_AUTH, CLIENT_AUTH = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"


def openssl(*words, data=None):
    run = subprocess.run(("openssl",) + words, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        raise RuntimeError("openssl %s: %s" % (words[0], run.stderr.decode(errors="replace")))
    return run.stdout


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def hours(count):
    return datetime.timedelta(hours=count)


class Key:
    """A key in a file: on P-256, or RSA of `rsa` bits."""

    def __init__(self, path, rsa=0):
        self.path, self.algorithm = path, RSA_SHA256 if rsa else ECDSA_SHA256
        if not os.path.exists(path):
            kind = ("RSA", "rsa_keygen_bits:%d" % rsa) if rsa else ("EC", "ec_paramgen_curve:P-256")
            openssl("genpkey", "-algorithm", kind[0], "-pkeyopt", kind[1], "-out", path)
        self.public = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")

    def sign(self, data):
        return openssl("dgst", "-sha256", "-sign", self.path, data=data)

    def pem(self):
        with open(self.path) as file:
            return file.read()


def key_id(public):
    return hashlib.sha1(der.parts(der.read(public)[1])[1][1][1:]).digest()


class Name:
    """Who signs: a subject and its key."""

    def __init__(self, subject, key):
        self.subject, self.key = subject, key


def certificate(signer, subject, public, not_before, not_after, identifiers=None, serial=None,
                purposes=(SERVER_AUTH,), is_ca=False, crl=""):
    """A certificate in DER. Without identifiers it is one of a CA."""
    serial = serial or random.getrandbits(120) | 1 << 119
    extensions = [der.extension("2.5.29.35", der.sequence(der.value(0x80, key_id(signer.key.public)))),
                  der.extension("2.5.29.14", der.octets(key_id(public)))]
    if identifiers is None:
        extensions += [der.extension("2.5.29.19", der.sequence(der.boolean(True)), critical=True),
                       der.extension("2.5.29.15", der.bits(b"\6", 1), critical=True)]
    else:
        constraints = der.sequence(der.boolean(True)) if is_ca else der.sequence()
        extensions += [der.extension("2.5.29.19", constraints, critical=True),
                       der.extension("2.5.29.15", der.bits(b"\x80", 7), critical=True)]
        if purposes:
            extensions.append(der.extension("2.5.29.37", der.sequence(*(der.oid(one) for one in purposes))))
        if identifiers:
            extensions.append(der.extension("2.5.29.17", der.names(identifiers)))
        if crl:
            name = der.value(0xA0, der.value(0xA0, der.value(0x86, crl.encode())))
            extensions.append(der.extension("2.5.29.31", der.sequence(der.sequence(name))))
    tbs = der.sequence(der.value(0xA0, der.integer(2)), der.integer(serial), signer.key.algorithm,
                       der.common_name(signer.subject), der.sequence(der.time(not_before), der.time(not_after)),
                       der.common_name(subject), public, der.value(0xA3, der.sequence(*extensions)))
    return der.sequence(tbs, signer.key.algorithm, der.bits(signer.key.sign(tbs)))


class Issuer:
    """A root, an intermediate and what they issue, with their files in one folder."""

    def __init__(self, folder, crl=""):
        self.folder, self.crl = folder, crl
        os.makedirs(folder, exist_ok=True)
        self.root = Name("certo fake root", self.key("root"))
        self.intermediate = Name("certo fake intermediate", self.key("intermediate"))
        start, end = now() - hours(24), now() + hours(24 * 3650)
        self.root_der = certificate(self.root, self.root.subject, self.root.key.public, start, end)
        self.intermediate_der = self.below(self.root, self.intermediate)

    def key(self, name, rsa=0):
        return Key(os.path.join(self.folder, name + ".key"), rsa)

    def below(self, signer, name, not_before=None, not_after=None):
        """The certificate of the CA `name`, signed by `signer`."""
        return certificate(signer, name.subject, name.key.public, not_before or now() - hours(24),
                           not_after or now() + hours(24 * 3000))

    def chain_of(self, count, public, identifiers):
        """A correct chain of `count` certificates; all CAs in it share one key, each with a name of its own."""
        shared = self.intermediate.key
        names = [Name("certo fake CA %d" % number, shared) for number in range(1, count)]
        chain = [self.leaf(public, identifiers, names[0])]
        for at, name in enumerate(names):
            chain.append(self.below(names[at + 1] if at + 1 < len(names) else self.root, name))
        return chain

    def leaf(self, public, identifiers, signer=None, not_before=None, not_after=None, san=True, **how):
        not_before = not_before or now() - hours(1)
        not_after = not_after or not_before + hours(24 * 90)
        first = next((text for kind, text in identifiers if len(text) <= 64), "")
        return certificate(signer or self.intermediate, first, public, not_before, not_after,
                           identifiers if san else [], crl=self.crl, **how)

    def server(self, kind="good"):
        """The HTTPS certificate of this server, as files: (certificate, key, CA)."""
        key = self.key("server")
        signer = Name("certo fake transport CA", self.key("transport"))
        names = [("dns", "localhost"), ("ip", "127.0.0.1")]
        start, end = now() - hours(24), now() + hours(24 * 30)
        if kind == "other-name":
            names = [("dns", "other.example")]
        elif kind == "expired":
            start, end = now() - hours(48), now() - hours(24)
        trusted = certificate(signer, signer.subject, signer.key.public, now() - hours(24), now() + hours(24 * 30))
        if kind == "untrusted":
            signer = Name(signer.subject, self.key("other-transport"))
        paths = [os.path.join(self.folder, name) for name in ("server.pem", "server.key", "ca.pem")]
        for path, data in ((paths[0], certificate(signer, "", key.public, start, end, names)), (paths[2], trusted)):
            with open(path, "w") as file:
                file.write(der.pem("CERTIFICATE", data))
        return paths


def pem_chain(chain):
    return "".join(der.pem("CERTIFICATE", one) for one in chain)


def renewal_id(certificate_der):
    """The identifier of RFC 9773 section 4.1: key identifier and serial number."""
    tbs = der.parts(der.parts(der.read(certificate_der)[1])[0][1])
    for _, one, _ in der.parts(der.read(tbs[-1][1])[1]):
        fields = der.parts(one)
        if fields[0][2] == der.oid("2.5.29.35"):
            authority = der.parts(der.read(fields[-1][1])[1])[0][1]
            return jose.encode(authority) + "." + jose.encode(tbs[1][1])
    raise ValueError("no authority key identifier")
