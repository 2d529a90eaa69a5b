"""As much DER as certificates need (X.690), written and read. Values are bytes, complete with tag and length."""
import base64
import ipaddress
import textwrap


def value(tag, content):
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts):
    return value(0x30, b"".join(parts))


def set_of(*parts):
    return value(0x31, b"".join(parts))


def integer(number):
    return value(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def boolean(flag):
    return value(1, b"\xff" if flag else b"\0")


def null():
    return value(5, b"")


def octets(content):
    return value(4, content)


def bits(content, unused=0):
    return value(3, bytes([unused]) + content)


def oid(text):
    numbers = [int(part) for part in text.split(".")]
    content = b""
    for number in [numbers[0] * 40 + numbers[1]] + numbers[2:]:
        group = bytes([number & 127])
        while number > 127:
            number >>= 7
            group = bytes([128 | number & 127]) + group
        content += group
    return value(6, content)


def time(moment):
    """Of a datetime in UTC: UTCTime until 2049, GeneralizedTime from then on."""
    if moment.year < 2050:
        return value(23, moment.strftime("%y%m%d%H%M%SZ").encode())
    return value(24, moment.strftime("%Y%m%d%H%M%SZ").encode())


def common_name(text):
    return sequence(set_of(sequence(oid("2.5.4.3"), value(12, text.encode())))) if text else sequence()


def names(identifiers):
    """The content of a subjectAltName extension, from ("dns" or "ip", text) pairs."""
    return sequence(*(value(0x82, text.encode()) if kind == "dns" else value(0x87, ipaddress.ip_address(text).packed)
                      for kind, text in identifiers))


def extension(number, content, critical=False):
    return sequence(oid(number), *([boolean(True)] if critical else []), octets(content))


def read(data, at=0):
    """One value at `at`: (tag, content, where the next begins)."""
    tag, size = data[at], data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[at:at + count], "big")
        at += count
    if at + size > len(data):
        raise ValueError("a value is longer than the data")
    return tag, data[at:at + size], at + size


def parts(content):
    """The values inside a constructed value: [(tag, content, the complete value)]."""
    found, at = [], 0
    while at < len(content):
        tag, inner, end = read(content, at)
        found.append((tag, inner, content[at:end]))
        at = end
    return found


def request_key_and_names(request):
    """(SubjectPublicKeyInfo, [(kind, name)]) of a certificate request (RFC 2986)."""
    info = parts(parts(read(request)[1])[0][1])
    found = []
    for _, attribute, _ in parts(info[3][1]):
        kind, values = parts(attribute)
        if kind[2] != oid("1.2.840.113549.1.9.14"):
            continue
        for _, one, _ in parts(parts(values[1])[0][1]):
            fields = parts(one)
            if fields[0][2] != oid("2.5.29.17"):
                continue
            for tag, name, _ in parts(read(fields[-1][1])[1]):
                if tag == 0x82:
                    found.append(("dns", name.decode()))
                elif tag == 0x87:
                    found.append(("ip", str(ipaddress.ip_address(name))))
    return info[2][2], found


def pem(label, data):
    body = "\n".join(textwrap.wrap(base64.b64encode(data).decode(), 64))
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, body, label)
