"""Requests that are two to one reader and one to another. None may be answered twice, and the hidden one, an order by a
good caller, must never be placed: what is hidden is not in the books, so the final check would find its order."""

from random import Random

from tests.fuzz.callers import Callers
from tests.fuzz.cases import REFUSED, Case, request

FRAMINGS = [
    *(b"Content-Length: %d\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Length: %d"),
    *(
        b"Content-Length: 5\r\nContent-Length: %d",
        b"Content-Length: %d\r\nContent-Length: 0",
        b"Content-Length: %d, %d",
    ),
    *(
        b"Content-Length: +%d",
        b"Content-Length: -%d",
        b"Content-Length: 0x%x",
        b"Content-Length: %d.0",
        b"Content-Length: %de0",
    ),
    *(
        b"Content-Length : %d",
        b"Content-Length:\r\n %d",
        b"Content-Length: \x0b%d",
        b"Content-Length: %d\x00",
    ),
    *(b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: gzip, chunked"),
    *(
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        b"Transfer-Encoding:\x0bchunked",
        b"Transfer-Encoding : chunked",
    ),
    *(
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"X: y\r\n Transfer-Encoding: chunked",
        b"Transfer-Encoding: \x00chunked",
    ),
    *(
        b"Transfer-Encoding: chunked;q=1",
        b'Transfer-Encoding: "chunked"',
        b"X: y\nTransfer-Encoding: chunked",
        b"\x00: y\r\nTransfer-Encoding: chunked",
    ),
    *(
        b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: -%d",
        b"Expect: 100-continue\r\nContent-Length: %d\r\nTransfer-Encoding: chunked",
    ),
]
CHUNKS = [
    *(
        b"0\r\n\r\n%s",
        b"0\n\n%s",
        b"0;a=b\r\n\r\n%s",
        b"00000000000000000000\r\n\r\n%s",
        b"-0\r\n\r\n%s",
        b"0x0\r\n\r\n%s",
        b"0\r\nX: y\r\n\r\n%s",
    ),
    *(b"fffffffffffffffff\r\n%s", b"5\r\n0\r\n\r\n%s", b"1;\n0\r\n\r\n%s", b"0 \r\n\r\n%s", b"\r\n0\r\n\r\n%s", b"%s"),
]
PREFACES = [
    *(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%s",
        b"GET /api/products\r\n%s",
        b"GET /api/products HTTP/0.9\r\n\r\n%s",
        b"\r\n\r\n\r\n\x00%s",
    ),
    *(
        b"CONNECT shop:80 HTTP/1.1\r\nHost: shop\r\n\r\n%s",
        b"POST /api/login HTTP/1.1\r\n Host: shop\r\n\r\n%s",
        b"\x16\x03\x01%s",
    ),
    *(
        b"GET /api/products HTTP/1.1\nHost: shop\n\x00\n%s",
        b"GET  /api/products HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nx%s",
        b"SSH-2.0-x\r\n%s",
    ),
]


class Smuggling:
    def __init__(self, callers: Callers):
        self._callers = callers

    def case(self, random: Random, number: int) -> Case:
        hidden = self._hidden(random, number)
        way = random.random()
        allowed = REFUSED
        if way < 0.2:
            # HTTP/0.9 is answered, once; then the connection closes.
            sent, allowed = random.choice(PREFACES) % hidden, REFUSED | {200}
        elif way < 0.3:
            return self._in_a_body(hidden)
        else:
            framing = random.choice(FRAMINGS)
            body = random.choice(CHUNKS) % hidden if random.random() < 0.7 else b"{}" + hidden
            length = random.choice([0, 2, len(body)])
            if count := framing.count(b"%"):
                framing %= (length,) * count
            sent = b"POST /api/login HTTP/1.1\r\nHost: shop\r\n%s\r\n\r\n%s" % (framing, body)
        return Case("smuggling", "gateway-ms", (sent,), lone=True, whole=False, allowed=allowed)

    def _in_a_body(self, hidden: bytes) -> Case:
        """One good request, whose body looks like another, with a trailer that speaks of the framing."""
        trailer = b"Content-Length: 0\r\nAuthorization: Bearer x\r\n"
        body = b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(hidden), hidden, trailer)
        head = request("POST", "/api/refresh", [("Transfer-Encoding", "chunked")])
        return Case("smuggling", "gateway-ms", (head + body,), lone=True, allowed=REFUSED)

    def _hidden(self, random: Random, number: int) -> bytes:
        path = random.choice(["/orders", "/api/orders"])
        token = random.choice(list(self._callers.users.values()))
        line = b'{"products":[{"name":"%s","quantity":1}]}' % random.choice(self._callers.names).encode()
        return request("POST", path, [("Authorization", f"Bearer {token}"), ("X-Hidden", str(number))], line)
