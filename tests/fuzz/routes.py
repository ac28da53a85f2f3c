"""The route a request is for, as the report names it: that of the gateway, without /api."""

import re

from gateway.routes import TABLE, Who

from tests.fuzz.cases import Case

_FIRST_LINE = re.compile(rb"([A-Z]+) (?:/api)?(/[^ ?#]*)\S* HTTP/1\.[01]\r\n")
_ROUTES = [
    (
        route.verb,
        route.path.removeprefix("/api"),
        re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path.removeprefix("/api"))),
    )
    for route in TABLE
    if route.who is not Who.OPS
]
EVERY = sorted({f"{verb} {path}" for verb, path, _ in _ROUTES})


def route_of(case: Case) -> str:
    """Verb and pattern of the route; or why it is none."""
    first = _FIRST_LINE.match(case.sent)
    if first is None:
        return "no request"
    verb, path = first[1].decode(), first[2].decode("latin-1")
    matching = [(own, pattern) for own, pattern, expression in _ROUTES if expression.fullmatch(path)]
    if not matching:
        return "no route"
    wanted = "GET" if verb == "HEAD" else verb
    return next((f"{own} {pattern}" for own, pattern in matching if own == wanted), "no verb of the route")
