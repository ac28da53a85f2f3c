"""Bodies: one value of a good one replaced by a nasty one, JSON that is none, odd encodings and content types."""

import gzip
import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, chunked, dumps
from tests.fuzz.nasties import DEEP, TEXTS, VALUES, leaves, replaced, spoilt

TYPES: list[str | None] = [
    *(None, "", "application/json", "application/json; charset=utf-16", "text/plain", "application/xml"),
    *("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/problem+json", "x" * 300),
    *("application/octet-stream", "é/é", "application/json, text/html", "*/*", "application/vnd.shop+json"),
]
ENCODINGS: list[Callable[[str], bytes]] = [
    lambda text: text.encode("utf-16", "surrogatepass"),
    lambda text: text.encode("utf-32-le", "surrogatepass"),
    lambda text: text.encode("utf-7", "replace"),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: b"\xef\xbb\xbf" + text.encode(errors="replace"),
    lambda text: gzip.compress(text.encode(errors="replace"), mtime=0),
    lambda text: text.encode("utf-8", "surrogatepass"),
]
NO_JSON: list[bytes] = [
    *(
        b"",
        b" ",
        b"\x00",
        b"{",
        b"}",
        b"nul",
        b"NaN",
        b"-Infinity",
        b"'a'",
        b"[1,]",
        b"{,}",
        b'{"a"}',
        b'{"a":1}}',
        b"\xff\xfe",
    ),
    *(DEEP, DEEP + b"]" * 100_000, b'{"a":' * 100_000, b'{"products":' + DEEP, b"9" * 100_000, b"-" + b"9" * 5_000),
    *(
        b'{"products":[{"name":"' + b"a" * 900_000 + b'","quantity":1}]}',
        b" " * 900_000,
        b"x" * 1_100_000,
        b'"\\ud800"',
    ),
    b'{"products":[' + b",".join([b'{"name":"a","quantity":1}'] * 20_000) + b"]}",
]


class Bodies:
    """Every route with a body, and good bodies for it."""

    def __init__(self, callers: Callers):
        self._callers = callers

    def good(self, random: Random, number: int) -> tuple[str, str, Any]:
        """A path, the role that may post there, and a body that would be taken."""
        name, slug = random.choice(self._callers.names), random.choice(self._callers.slugs)
        account = {"email": f"nasty{number % 50}@example.test", "password": self._callers.password}
        lines = [{"name": name, "quantity": random.randint(1, 3)} for _ in range(random.randint(1, 3))]
        thing = {"name": f"fuzzed {number % 60}", "description": "d", "price": 1.5, "quantity": 50}
        return random.choices(
            [
                ("/api/orders", "user", {"products": lines}),
                ("/api/products", "admin", {"product": thing | {"categories": ["kitchen"]}}),
                (f"/api/products/{slug}/restock", "admin", {"delta": random.randint(-2, 9)}),
                ("/api/categories", "admin", {"name": f"fuzzed {number % 60}"}),
                ("/api/logout-everywhere", "user", {}),
                ("/api/login", "", {"email": "signed_in@example.test", "password": self._callers.password}),
                ("/api/refresh", "", {"refresh_token": self._callers.signed_in["refresh_token"]}),
                ("/api/login", "", account),
                ("/api/register", "", account),
            ],
            [40, 20, 6, 15, 2, 2, 10, 2, 2],
        )[0]

    def case(self, random: Random, number: int) -> Case:
        path, role, good = self.good(random, number)
        headers: list[Header] = [("Idempotency-Key", f"bodies-{number}")]
        if (content_type := random.choice(TYPES)) is not None and random.random() < 0.5:
            headers.append(("Content-Type", content_type))
        way = random.random()
        if way < 0.15:
            body = dumps(good)
        elif way < 0.6:
            body = dumps(replaced(good, random.choice(leaves(good)), random.choice(VALUES)))
        elif way < 0.7:
            body = dumps(good)[:-1] + b"," + dumps({random.choice(TEXTS): random.choice(VALUES)})[1:]
        elif way < 0.8:
            twice = json.dumps(good)
            body = random.choice(ENCODINGS)(twice)
            if random.random() < 0.5:
                headers.append(("Content-Encoding", random.choice(["gzip", "br", "identity", "gzip, gzip"])))
        elif way < 0.95:
            body = spoilt(random, dumps(good))
        else:
            body = random.choice(NO_JSON)
        if random.random() < 0.1 and "restock" not in path:
            return self._in_chunks(random, path, body, headers, role)
        return self._callers.call(random, "bodies", "POST", path, body, headers, role)

    def _in_chunks(self, random: Random, path: str, body: bytes, headers: list[Header], role: str) -> Case:
        case = self._callers.call(
            random, "bodies", "POST", path, None, [*headers, ("Transfer-Encoding", "chunked")], role
        )
        whole = case.sent + chunked(body, max(random.choice([1, 7, 4096]), len(body) // 50))
        return Case("bodies", case.door, (whole,), caller=case.caller, role=role, lone=True)
