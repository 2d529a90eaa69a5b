"""What goes wrong below HTTP: replies that never come, never end or break off. Each is set as a Reply's `wire` and
called with the connection's handler, which has send(bytes), stopping (an Event) and abort()."""
import gzip
import os


def head(*lines):
    return ("\r\n".join(("HTTP/1.1 200 OK",) + lines) + "\r\n\r\n").encode()


def stall(handler, reply):
    """Not a byte, until the client or this server goes away."""
    handler.wait_for_end()


def drip(handler, reply):
    """The right reply at one byte a second."""
    data = handler.serialize(reply)
    for at in range(len(data)):
        handler.send(data[at:at + 1])
        if handler.stopping.wait(1):
            return


def reset(handler, reply):
    """Half of the body, then a TCP reset."""
    data = handler.serialize(reply)
    body = len(reply.content())
    handler.send(data[:len(data) - body + body // 2])
    handler.abort()


def lost(handler, reply):
    """The request was acted on, but no answer comes: the connection is reset."""
    handler.abort()


def cut(handler, reply):
    """Half of the body and an orderly end of the connection."""
    data = handler.serialize(reply)
    handler.send(data[:len(data) - len(reply.content()) // 2])
    handler.close_connection = True


def endless_body(handler, reply):
    """JSON whose one string never ends, as fast as it is read."""
    handler.send(head("Content-Type: application/json", "Transfer-Encoding: chunked"))
    handler.send(b'a\r\n{"filler":\r\n1\r\n"\r\n')
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while not handler.stopping.is_set():
        handler.send(chunk)


def endless_chain(handler, reply):
    """Certificates without end."""
    handler.send(head("Content-Type: application/pem-certificate-chain", "Transfer-Encoding: chunked"))
    body = reply.content()
    while not handler.stopping.is_set():
        handler.send(b"%x\r\n" % len(body) + body + b"\r\n")


def endless_headers(handler, reply):
    handler.send(b"HTTP/1.1 200 OK\r\n")
    at = 0
    while not handler.stopping.is_set():
        handler.send(b"X-Filler-%d: " % at + b"y" * 1000 + b"\r\n")
        at += 1


def long_header(handler, reply):
    """One header of 1 MiB in an otherwise good reply."""
    reply.headers.append(["X-Filler", "y" * (1 << 20)])
    handler.send(handler.serialize(reply))


def gzip_bomb(handler, reply):
    """100 MiB of spaces before the JSON, in 100 KiB."""
    body = gzip.compress(b" " * (100 << 20) + reply.content(), 9)
    handler.send(head("Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: %d" % len(body)))
    handler.send(body)


def gzipped(handler, reply):
    """A reply that is right but for its encoding, which was not asked for."""
    body = gzip.compress(reply.content())
    handler.send(head("Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: %d" % len(body)))
    handler.send(body)


def junk(handler, reply):
    """Not HTTP."""
    handler.send(os.urandom(200) + b"\r\n\r\n")
    handler.close_connection = True


def plain_status(text):
    """A reply whose status line is `text`."""
    def send(handler, reply):
        data = handler.serialize(reply)
        handler.send(text.encode() + data[data.index(b"\r\n"):])
    return send
