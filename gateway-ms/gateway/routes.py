"""The one table of what the public may call. What is not in it does not exist.

A path is compared as the bytes that were sent, never decoded or normalised, so no two readings of it can differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from shop_kit.errors import ProblemError, UnknownEndpointError


class Who(Enum):
    """Who may call a route. OPS are admins, on routes that exist only where operators switched them on."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    ADMIN = "admin"
    OPS = "ops"


@dataclass(frozen=True, slots=True)
class Route:
    """One row: `upstream` names the service that answers at `target`, or is empty for the gateway's own routes.

    A body may have `max_body` bytes; None is the limit of the settings. The answer of a `stream` has no end of its own.
    """

    verb: str
    path: str
    who: Who
    upstream: str = ""
    target: str = ""
    max_body: int | None = None
    stream: bool = False


PICTURE = 5 * 1024 * 1024

A, S, ADM, OPS = Who.ANYONE, Who.SIGNED_IN, Who.ADMIN, Who.OPS

TABLE = (
    Route("POST", "/api/register", A, "authentication", "/register"),
    Route("POST", "/api/login", A, "authentication", "/login"),
    Route("POST", "/api/refresh", A, "authentication", "/refresh"),
    Route("POST", "/api/logout", A, "authentication", "/logout"),
    Route("POST", "/api/logout-everywhere", S, "authentication", "/logout-everywhere"),
    Route("GET", "/api/products", A, "products", "/products"),
    Route("POST", "/api/products", ADM, "products", "/products"),
    Route("GET", "/api/products/{slug}", A, "products", "/products/{slug}"),
    Route("POST", "/api/products/{slug}/restock", ADM, "products", "/products/{slug}/restock"),
    Route("PUT", "/api/products/{slug}/picture", ADM, "products", "/products/{slug}/picture", PICTURE),
    Route("GET", "/api/pictures/{file}", A, "products", "/pictures/{file}"),
    Route("GET", "/api/categories", A, "products", "/categories"),
    Route("POST", "/api/categories", ADM, "products", "/categories"),
    Route("GET", "/api/orders", S, "orders", "/orders"),
    Route("POST", "/api/orders", S, "orders", "/orders"),
    Route("GET", "/api/orders/events", S, "orders", "/orders/events", stream=True),
    Route("GET", "/api/orders/{order_id}", S, "orders", "/orders/{order_id}"),
    Route("GET", "/api/authentication_health", A, "authentication", "/health"),
    Route("GET", "/api/products_health", A, "products", "/health"),
    Route("GET", "/api/orders_health", A, "orders", "/health"),
    Route("GET", "/api/authentication_error", OPS, "authentication", "/error"),
    Route("GET", "/api/products_error", OPS, "products", "/error"),
    Route("GET", "/api/orders_error", OPS, "orders", "/error"),
    Route("GET", "/api/health", A),
    Route("GET", "/api/openapi.json", A),
    Route("GET", "/api/docs", A),
    Route("GET", "/health", A),
    Route("GET", "/health/live", A),
)

# Unreserved characters and encoded non-ASCII ones (RFC 3986, 2.3): no dot segment, and nothing that decodes to a
# slash, a percent sign or a control character.
_VALUE = rb"(?!\.{1,2}(?:/|$))((?:[A-Za-z0-9._~-]|%[89A-Fa-f][0-9A-Fa-f])+)"


class VerbNotAllowedError(ProblemError):
    """A known path, another verb (RFC 9110, 15.5.6)."""

    status, detail = 405, "Method Not Allowed"


class Routes:
    """Looks requests up in the table; the error routes are left out unless `with_ops`."""

    def __init__(self, table: tuple[Route, ...] = TABLE, *, with_ops: bool = False):
        self._exact: dict[bytes, dict[str, Route]] = {}
        self._patterns: list[tuple[re.Pattern[bytes], dict[str, Route]]] = []
        for route in table:
            if with_ops or route.who is not Who.OPS:
                self._exact.setdefault(route.path.encode(), {})[route.verb] = route
        for path in [path for path in self._exact if b"{" in path]:
            pattern = re.compile(re.sub(rb"\{\w+\}", lambda _: _VALUE, path))
            self._patterns.append((pattern, self._exact.pop(path)))

    def find(self, verb: str, path: bytes) -> Route:
        """The row for a request, its target filled in. HEAD is answered as GET without the body (RFC 9110, 9.3.2).

        Raises UnknownEndpointError, or VerbNotAllowedError with the verbs that the path has.
        """
        verbs = self._exact.get(path)
        if verbs is not None:
            return _choose(verbs, verb)
        for pattern, verbs in self._patterns:
            if match := pattern.fullmatch(path):
                route = _choose(verbs, verb)
                return replace(route, target=re.sub(r"\{\w+\}", match[1].decode(), route.target))
        raise UnknownEndpointError()


def _choose(verbs: Mapping[str, Route], verb: str) -> Route:
    route = verbs.get("GET" if verb == "HEAD" else verb)
    if route is None:
        allowed = [*verbs, "HEAD"] if "GET" in verbs else [*verbs]
        raise VerbNotAllowedError(headers={"Allow": ", ".join(sorted(allowed))})
    return route
