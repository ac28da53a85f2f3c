"""Paths, queries and verbs: every route with every verb, and targets that are read in two ways."""

from random import Random
from urllib.parse import quote

from gateway.routes import TABLE, Who

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, request
from tests.fuzz.nasties import TEXTS, spoilt

VERBS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "BREW",
    "G\x00T",
]
SEGMENTS = [
    *(
        "%00",
        "%2e%2e",
        "..",
        ".",
        "..%2f..",
        "%252e%252e%252f",
        "%c0%ae%c0%ae",
        "%ff",
        "%ed%a0%80",
        "%",
        "%zz",
        "%2",
        ";a=b",
    ),
    *(
        "a" * 5_000,
        "a/b",
        "",
        "%20",
        "%0d%0aX:1",
        "\\",
        "é",
        "٣",
        "{}",
        "[$ne]=1",
        "null",
        "10fefe4a1cad4140785928a4",
        "'",
    ),
    *("0" * 24, "g" * 24, "%24gt", "*", "~", "-", "cutlery", "CUTLERY", "cutlery%E2%80%8B", "cutlery/", "cutlery#x"),
]
KEYS = [
    "name",
    "categoryName",
    "name[$gt]",
    "name[]",
    "",
    "%00",
    "__proto__",
    "limit",
    "a" * 3000,
    "categoryName%00",
    "NAME",
]
ODD = [
    *(
        "*",
        "http://shop/api/products",
        "HTTP://other/api/orders",
        "//other/api/products",
        "shop:443",
        "?",
        "#",
        "/",
        "",
    ),
    *("/api", "/api/", "/API/products", "/api//products", "/api/./products", "/api/x/../products", "/%61pi/products"),
    *("/api/products%3Fname=chair", "/api\\products", "/health", "/health/live", "/openapi.json", "/docs", "/metrics"),
    *(
        "/.well-known/jwks.json",
        "/api/.well-known/jwks.json",
        "/api/orders_error",
        "/error",
        "/api/docs/x",
        "/api/health",
    ),
    *(
        "/api/openapi.json",
        "/api/docs",
        "/orders",
        "/products",
        "/login",
        "/api/" + "a" * 60_000,
        "/api/products?" + "a" * 60_000,
    ),
]


class Targets:
    def __init__(self, callers: Callers):
        self._callers = callers

    def case(self, random: Random, number: int) -> Case:
        way = random.random()
        if way < 0.45:
            return self._route(random)
        if way < 0.75:
            path = "/api/products?" + "&".join(self._pair(random) for _ in range(random.randint(1, 4)))
            return self._callers.call(random, "targets", "GET", path, role="")
        target = random.choice(ODD).encode()
        if way < 0.9 or not target:
            route = random.choice(TABLE).path.encode()
            target = spoilt(random, route + b"?name=chair").replace(b"\r\n", b"")
        # What the bytes are is open: maybe a request, maybe two, maybe half a one.
        sent = request(random.choice(VERBS), target)
        return Case("targets", "gateway-ms", (sent,), lone=True, whole=False, most=2)

    def _route(self, random: Random) -> Case:
        """A route with any verb; with a verb of its own mostly."""
        route = random.choice([route for route in TABLE if route.who is not Who.OPS])
        known = self._callers.slugs if "slug" in route.path else list(self._callers.orders.values())
        segment = random.choice(SEGMENTS if random.random() < 0.7 else known)
        path = quote(
            route.path.replace("{slug}", segment).replace("{order_id}", segment), safe="/%?=&;:@!$'()*+,~[]{}#\\"
        )
        verb = route.verb if random.random() < 0.6 else random.choice(VERBS[:7])
        body = b"{}" if verb not in ("GET", "HEAD") else None
        role = random.choice(["user", "user", ""])
        return self._callers.call(random, "targets", verb, path, body, role=role)

    def _pair(self, random: Random) -> str:
        value = random.choice([*TEXTS, *self._callers.names, "kitchen", "KITCHEN"])
        return random.choice(KEYS[:4] if random.random() < 0.7 else KEYS) + "=" + quote(value[:3000], errors="replace")
