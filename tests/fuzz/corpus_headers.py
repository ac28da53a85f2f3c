"""Headers: floods in count and size, claims to be someone else, values that are no text."""

from random import Random

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, request

CLAIMS = [
    *(
        "X-User",
        "X-User-Email",
        "X-Forwarded-User",
        "X-Role",
        "X-Auth-Role",
        "X-Email",
        "X-Remote-User",
        "Forwarded",
        "Via",
    ),
    *(
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "Cookie",
        "Range",
    ),
    *(
        "Connection",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Proxy-Connection",
        "traceparent",
        "If-None-Match",
    ),
    *(
        "Content-Type",
        "Content-Encoding",
        "Accept",
        "Accept-Encoding",
        "Origin",
        "Max-Forwards",
        "HTTP2-Settings",
        "Date",
    ),
]
SAID: list[str | bytes] = [
    *(
        "admin",
        "admin@admin.com",
        "close",
        "keep-alive",
        "upgrade, authorization",
        "authorization",
        "100-continue",
        "h2c",
    ),
    *(
        "websocket",
        "trailers",
        "127.0.0.1",
        "/api/orders",
        "DELETE",
        "bytes=0-18446744073709551615",
        "00-" + "0" * 60,
        "*",
    ),
    *(b"\xff\xfe", "é", "", " ", "a" * 9_000, "\t", "=" * 100, ";;;;", "x" * 31_000, "gzip;q=NaN", "a\x0bb", "a\x7fb"),
]


class Headers:
    def __init__(self, callers: Callers):
        self._callers = callers

    def case(self, random: Random, number: int) -> Case:
        way = random.random()
        if way < 0.75:
            said: list[Header] = [(random.choice(CLAIMS), random.choice(SAID)) for _ in range(random.randint(1, 5))]
            path = random.choice(
                ["/api/products", "/api/categories", "/api/products/chair", "/api/orders", "/api/health"]
            )
            return Case("headers", "gateway-ms", (request("GET", path, said),), lone=True, most=2)
        flood = random.choice(
            [
                b"X: y\r\n" * random.choice([100, 1_000, 5_000, 20_000]),
                b"X-%s: y\r\n" % (b"a" * random.choice([1_000, 40_000, 200_000])),
                b"X: %s\r\n" % (b"a" * random.choice([1_000, 40_000, 200_000, 1_000_000])),
                b"Cookie: a=b\r\n" * 3_000,
                b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(2_000)),
            ]
        )
        ended = random.random() < 0.7
        sent = b"GET /api/categories HTTP/1.1\r\nHost: shop\r\n" + flood + (b"\r\n" if ended else b"")
        return Case("headers", "gateway-ms", (sent,), lone=True, whole=ended, allowed=frozenset({200, 400, 431}))
