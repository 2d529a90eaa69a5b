"""A server that says what comes before TLS in SMTP, IMAP, POP3 or FTP, and then presents a certificate.

    starttls.py PROTOCOL FILE     FILE holds key and chain and is read anew for each connection

Prints its port on stdout.
"""
import socket
import ssl
import sys

# A line to wait for, and what is answered; the first is the greeting.
DIALOGS = {
    "smtp": [(None, b"220-hello\r\n220 here\r\n"), (b"EHLO", b"250-here\r\n250-SIZE\r\n250 STARTTLS\r\n"),
             (b"STARTTLS", b"220 go\r\n")],
    "imap": [(None, b"* OK hello\r\n"), (b"a STARTTLS", b"* untagged\r\na OK go\r\n")],
    "pop3": [(None, b"+OK hello\r\n"), (b"STLS", b"+OK go\r\n")],
    "ftp": [(None, b"220 hello\r\n"), (b"AUTH TLS", b"234 go\r\n")],
}


def read_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)  # one by one: what follows is TLS
        if not byte:
            raise ConnectionError("closed")
        line += byte
    return line


def serve(connection, protocol, file):
    connection.settimeout(5)
    for expected, answer in DIALOGS[protocol]:
        if expected is not None and not read_line(connection).startswith(expected):
            raise ConnectionError("not what was expected")
        connection.sendall(answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with context.wrap_socket(connection, server_side=True) as secured:
        secured.recv(1)


def main():
    protocol, file = sys.argv[1:]
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            with connection:
                try:
                    serve(connection, protocol, file)
                except (OSError, ssl.SSLError):
                    pass


if __name__ == "__main__":
    main()
