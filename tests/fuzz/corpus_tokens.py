"""Tokens of every broken kind: each must be refused, on every route that needs one, and nothing may happen."""

from random import Random

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, chunked, dumps, request
from tests.fuzz.forgeries import Forger

NO_ENTRY = frozenset({401, 403})


class Tokens:
    def __init__(self, callers: Callers):
        self._callers = callers
        self._forger = Forger(callers)

    def case(self, random: Random, number: int) -> Case:
        slug = random.choice(self._callers.slugs)
        verb, path, body = random.choice(
            [
                ("POST", "/api/orders", {"products": [{"name": self._callers.names[0], "quantity": 1}]}),
                ("POST", "/api/products", {"product": {"name": f"forged {number}", "price": 1, "quantity": 1}}),
                ("POST", f"/api/products/{slug}/restock", {"delta": 1}),
                ("POST", "/api/categories", {"name": f"forged {number}"}),
                ("POST", "/api/logout-everywhere", {}),
                ("GET", "/api/orders", None),
                ("GET", f"/api/orders/{'7' * 24}", None),
            ]
        )
        data = None if body is None else dumps(body)
        way = random.random()
        if way < 0.15:
            token = random.choice([self._callers.signed_in["access_token"], *self._forger.refresh_refused(random)])
            return self._refresh(random, token) if random.random() < 0.6 else self._cookie(random, token)
        if way < 0.25:
            return self._odd_headers(random, verb, path, data)
        # A refresh token, however good, opens nothing.
        token = self._callers.signed_in["refresh_token"] if way < 0.3 else self._forger.forged(random)
        # What no header may hold is refused before anyone takes it for a token.
        allowed = NO_ENTRY if token.isprintable() else NO_ENTRY | {400}
        said: list[Header] = [("Authorization", "Bearer " + token)]
        return self._callers.call(random, "tokens", verb, path, data, said, role="", allowed=allowed)

    def _refresh(self, random: Random, token: str) -> Case:
        body = dumps({"refresh_token": token})
        return self._callers.call(random, "tokens", "POST", "/api/refresh", body, role="", allowed=NO_ENTRY)

    def _cookie(self, random: Random, token: str) -> Case:
        """As a browser sends it. Not even a good refresh token counts there, and signing out takes whatever it is."""
        token = random.choice([token, self._callers.signed_in["refresh_token"]])
        names = random.choice([["refresh_token"], ["refresh_token"] * 2, ["theme", "refresh_token", "__Host-x"]])
        said: list[Header] = [("Cookie", "; ".join(f"{name}={token}" for name in names))]
        path, allowed = random.choice([("/api/refresh", NO_ENTRY), ("/api/logout", frozenset({204}))])
        body = random.choice([None, b"", b"{}", b"null"])
        allowed = allowed if token.isprintable() else allowed | {400}
        return self._callers.call(random, "tokens", "POST", path, body, said, role="", allowed=allowed)

    def _odd_headers(self, random: Random, verb: str, path: str, data: bytes | None) -> Case:
        """Good tokens that are said in a way that does not count."""
        good = random.choice(list(self._callers.users.values()))
        ways: list[list[Header]] = [
            [("Authorization", f"Bearer {good}"), ("authorization", f"Bearer {self._callers.admin}")],
            [("Authorization", f"Basic {good}")],
            [("Authorization", good)],
            [("Authorization", f"Bearer{good}")],
            [("Authorization", f"Bearer {good} {good}")],
            [("Authorization", f"Bearer {good},Bearer {good}")],
            [("Proxy-Authorization", f"Bearer {good}")],
            [("X-Authorization", f"Bearer {good}")],
            [("Cookie", f"access_token={good}; Authorization=Bearer {good}")],
            [("Authorization", f"Bearer {good}"), ("Connection", "authorization")],
        ]
        said = random.choice(ways)
        allowed = NO_ENTRY | {400}
        if random.random() < 0.15 and verb == "POST":
            head = request(verb, path, [("Transfer-Encoding", "chunked")])
            trailer = b"0\r\nAuthorization: Bearer %s\r\n\r\n" % good.encode()
            sent = head + chunked(data or b"{}").removesuffix(b"0\r\n\r\n") + trailer
            return Case("tokens", "gateway-ms", (sent,), lone=True, allowed=allowed)
        return Case("tokens", "gateway-ms", (request(verb, path, said, data),), lone=True, allowed=allowed)
